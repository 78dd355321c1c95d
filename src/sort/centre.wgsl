// Paths around a centre. Their cells are no pixels but lie over them, so that a pixel is moved as its cell is.

const TURN = 6.2831853;

fn centre() -> vec2f { return params.centre * vec2f(GRID); }

// To the corner that is furthest away.
fn reach() -> f32 {
    let centre = centre();
    return length(max(centre, vec2f(GRID) - centre)) + 1.0;
}

fn away(at: vec2i) -> vec2f { return vec2f(at) + 0.5 - centre(); }

// Of a turn, 0 to 1 and clockwise, where angle begins it.
fn share(away: vec2f, angle: f32) -> f32 {
    if all(away == vec2f()) { return 0.0; }
    return fract(atan2(away.y, away.x) / TURN - angle / 360.0);
}

fn there(radius: f32, share: f32, angle: f32) -> vec2i {
    let direction = TURN * fract(share + angle / 360.0);
    return vec2i(floor(centre() + radius * vec2f(cos(direction), sin(direction))));
}
