// The canvas on the window: fitted, in the middle, black around it, over black where it is transparent.

struct Place { scale: vec2f, unused: vec2f };
@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var bilinear: sampler;
@group(0) @binding(2) var<uniform> place: Place;

struct Corner { @builtin(position) position: vec4f, @location(0) uv: vec2f };

// One triangle that covers the window.
@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2f(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0);
    let uv = vec2f(at.x, -at.y) / place.scale * 0.5 + 0.5;
    return Corner(vec4f(at, 0.0, 1.0), uv);
}

@fragment
fn color(in: Corner) -> @location(0) vec4f {
    let c = textureSampleLevel(picture, bilinear, in.uv, 0.0);
    let shown = all(in.uv >= vec2f(0.0)) && all(in.uv <= vec2f(1.0));
    let rgb = clamp(c.rgb * clamp(c.a, 0.0, 1.0), vec3f(0.0), vec3f(1.0));
    return vec4f(select(vec3f(0.0), rgb, shown), 1.0);
}
