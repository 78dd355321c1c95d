// The equations of a pixel of a column of the grid, by the field.
fn found(x: i32, y: i32) -> Equations {
    let at = vec2i(x, clamp(y, 0, EXTENT.y - 1));
    return equations(at * STRIDE, field_at(at));
}
