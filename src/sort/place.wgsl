// Fetches each pixel from where the sort found it.

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> cells: array<u32>;
@group(0) @binding(3) var sorted: texture_storage_2d<rgba16float, write>;

@compute @workgroup_size(WIDE, HIGH)
fn place(@builtin(global_invocation_id) id: vec3u) {
    play();
    let at = vec2i(id.xy);
    if any(at >= SIZE) { return; }
    var grid = grid_of(at);
    if is_inside(grid, GRID) {
        let cell = cell_at(grid);
        let row = cell.y - FIRST;
        if row < 0 || row >= LINES { return; }
        if params.amount > 0.0 {
            let home = i32(cells[row * extent().y + cell.x] & PLACE);
            grid = clamp(grid + pixel_at(vec2i(home, cell.y)) - pixel_at(cell), vec2i(0), GRID - 1);
        }
    }
    let source = source_of(grid);
    var color = vec4f();
    if is_inside(grid, GRID) && is_inside(source, SIZE) { color = textureLoad(picture, source, 0); }
    textureStore(sorted, at, color);
}
