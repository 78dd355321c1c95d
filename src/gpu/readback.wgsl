// Colours to 8 bits: clipped to 0..1 and rounded half to even, alpha straight; of a picture that has the frame's
// size, or fitted into it.

@group(0) @binding(0) var source: texture_2d<f32>;
// The frame's size.
@group(0) @binding(1) var<uniform> frame: vec2f;

@fragment
fn quantise(@builtin(position) position: vec4f) -> @location(0) vec4u {
    return levels(textureLoad(source, vec2i(position.xy), 0));
}

fn levels(color: vec4f) -> vec4u {
    return vec4u(round(clamp(color, vec4f(0.0), vec4f(1.0)) * 255.0));
}

/// The whole picture in the middle of the frame, as large as it can be; nothing beside it.
@fragment
fn fit(@builtin(position) position: vec4f) -> @location(0) vec4u {
    let size = vec2f(textureDimensions(source));
    let ratios = size / frame;
    let step = max(ratios.x, ratios.y);
    let place = (position.xy - 0.5 * frame) * step + 0.5 * size;
    if any(place < vec2f(0.0)) || any(place >= size) {
        return vec4u(0u);
    }
    return levels(average(place, max(step, 1.0)));
}

/// The mean of the pixels around a place, each by how much of it lies within `reach` pixels: linear between two
/// where the picture is enlarged, and no pixel is left out where it is reduced.
fn average(place: vec2f, reach: f32) -> vec4f {
    let last = vec2i(textureDimensions(source)) - 1;
    let begin = vec2i(floor(place - 0.5 * reach - 0.5));
    let end = vec2i(ceil(place + 0.5 * reach - 0.5));
    var sum = vec4f(0.0);
    var total = 0.0;
    for (var y = begin.y; y <= end.y; y++) {
        for (var x = begin.x; x <= end.x; x++) {
            let centre = vec2f(vec2i(x, y)) + 0.5;
            let within = clamp(0.5 * reach + 0.5 - abs(centre - place), vec2f(0.0), vec2f(1.0));
            let color = textureLoad(source, clamp(vec2i(x, y), vec2i(0), last), 0);
            let weight = within.x * within.y;
            sum += weight * vec4f(color.rgb * color.a, color.a);
            total += weight;
        }
    }
    return vec4f(sum.rgb / max(sum.a, 1e-6), sum.a / total);
}
