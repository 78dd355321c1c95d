// Lines go out of the centre, as many as reach pixels at the rim.

fn extent() -> vec2i { return vec2i(GRID.x + GRID.y, min(i32(ceil(reach())), PITCH)); }

fn cells_of(line: i32) -> i32 { return extent().y; }

fn step() -> f32 { return max(1.0, reach() / f32(PITCH)); }

fn cell_at(at: vec2i) -> vec2i {
    let away = away(at);
    let extent = extent();
    let cell = vec2i(i32(length(away) / step()), i32(share(away, 0.0) * f32(extent.x)));
    return min(cell, extent.yx - 1);
}

fn pixel_at(cell: vec2i) -> vec2i {
    return there((f32(cell.x) + 0.5) * step(), (f32(cell.y) + 0.5) / f32(extent().x), 0.0);
}

fn is_cut(cell: vec2i) -> bool { return cell.x == 0; }
