// Buffers hold a picture in strips of STRIP columns, row by row: so they are read quickly both down and across.
fn place_of(x: i32, y: i32, rows: i32) -> u32 {
    return ((u32(x) / STRIP) * u32(rows) + u32(y)) * STRIP + u32(x) % STRIP;
}
