// The equations of a pixel of a column (borders replicated).
fn found(x: i32, y: i32) -> Equations {
    let index = place_of(x, clamp(y, 0, EXTENT.y - 1), EXTENT.y);
    return Equations(equations_first[index], equations_h2[index]);
}
