// One line winds out of the centre, clockwise, a pixel further with each turn. It is cut into lines that can be sorted.

const HALF_TURN = 3.14159265;

fn extent() -> vec2i {
    let reach = reach() + 1.0;
    return vec2i(i32(ceil(HALF_TURN * reach * reach / f32(PITCH))), PITCH);
}

fn cells_of(line: i32) -> i32 { return PITCH; }

// A turn further out is a pixel further, and the way there is the area within.
fn cell_at(at: vec2i) -> vec2i {
    let away = away(at);
    let share = share(away, params.angle);
    let radius = max(0.0, round(length(away) - share) + share);
    let along = u32(min(i32(HALF_TURN * radius * radius), extent().x * PITCH - 1));
    return vec2i(vec2u(along % u32(PITCH), along / u32(PITCH)));
}

fn pixel_at(cell: vec2i) -> vec2i {
    let radius = sqrt((f32(cell.y * PITCH + cell.x) + 0.5) / HALF_TURN);
    return there(radius, fract(radius), params.angle);
}

fn is_cut(cell: vec2i) -> bool { return cell.x == 0; }
