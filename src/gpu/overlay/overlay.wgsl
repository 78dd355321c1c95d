// Letters in equal cells over the window's picture. A cell is 0 where there is no panel; else its low half is
// the letter's place in the atlas, counted from 1, and its high half the tone.

@group(0) @binding(0) var cells: texture_2d<u32>;
// SIDE rows of SIDE letters, each in a cell.
@group(0) @binding(1) var atlas: texture_2d<f32>;

// How much of the picture a panel hides: white on white is legible through it.
const PANEL = 0.8;
const TONES = array(vec3f(1.0), vec3f(0.66), vec3f(1.0, 0.72, 0.2));

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    let at = vec2f(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0);
    return vec4f(at, 0.0, 1.0);
}

@fragment
fn letter(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let pixel = vec2u(position.xy);
    let cell = textureDimensions(atlas) / SIDE;
    let at = pixel / cell;
    if any(at >= textureDimensions(cells)) {
        return vec4f(0.0);
    }
    let content = textureLoad(cells, at, 0).r;
    if content == 0u {
        return vec4f(0.0);
    }
    let place = (content & 0xffffu) - 1u;
    let inked = textureLoad(atlas, vec2u(place % SIDE, place / SIDE) * cell + pixel % cell, 0).r;
    return vec4f(TONES[content >> 16u] * inked, mix(PANEL, 1.0, inked));
}
