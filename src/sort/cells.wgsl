// What each cell is sorted by, and whether a run may begin there.

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var mask: texture_2d<f32>;
@group(0) @binding(3) var<storage, read> drawn: array<u32>;
@group(0) @binding(4) var<storage, read_write> cells: array<u32>;

fn is_masked(source: vec2i) -> bool {
    if params.mask_level <= 0.0 { return false; }
    return lightness(levels(textureLoad(mask, source, 0))) < at_least(params.mask_level);
}

@compute @workgroup_size(64)
fn cells_of_picture(@builtin(global_invocation_id) id: vec3u) {
    play();
    let number = i32(id.y * COLUMNS + id.x);
    let extent = extent();
    let row = quotient(number, extent.y);
    let cell = vec2i(number - row * extent.y, FIRST + row);
    if row >= LINES || cell.y >= extent.x || params.amount <= 0.0 { return; }
    let at = pixel_at(cell);
    let source = source_of(at);
    let color = levels(textureLoad(picture, source, 0));
    var word = 0u;
    if cell.x < cells_of(cell.y) {
        if is_inside(at, GRID) && is_inside(source, SIZE) && !is_masked(source) {
            word = SORTED | u32(key(color.rgb, at));
        }
        if is_marked(at, row, cell.x) { word |= MARKED; }
        if is_cut(cell) { word |= CUT; }
    }
    cells[number] = word;
}
