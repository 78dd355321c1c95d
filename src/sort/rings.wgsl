// Lines go around the centre, clockwise, a pixel apart.

fn extent() -> vec2i { return vec2i(i32(ceil(reach())), cells_of(i32(ceil(reach())) - 1)); }

fn cells_of(line: i32) -> i32 { return min(i32(ceil(TURN * (f32(line) + 0.5))), PITCH); }

fn cell_at(at: vec2i) -> vec2i {
    let away = away(at);
    let line = min(i32(length(away)), extent().x - 1);
    let cells = cells_of(line);
    return vec2i(min(i32(share(away, params.angle) * f32(cells)), cells - 1), line);
}

fn pixel_at(cell: vec2i) -> vec2i {
    return there(f32(cell.y) + 0.5, (f32(cell.x) + 0.5) / f32(cells_of(cell.y)), params.angle);
}

fn is_cut(cell: vec2i) -> bool { return cell.x == 0; }
