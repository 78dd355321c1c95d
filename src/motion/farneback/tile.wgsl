// The window's sums along each row (borders replicated) by way of the workgroup's memory, and what follows from them.
const SPAN = COLUMNS + 2 * REACH;
var<workgroup> tile_first: array<vec4f, SPAN>;
var<workgroup> tile_h2: array<f32, SPAN>;

@compute @workgroup_size(COLUMNS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let y = i32(group.y);
    let begin = i32(group.x) * COLUMNS;
    for (var place = i32(lane); place < SPAN; place += COLUMNS) {
        let index = place_of(clamp(begin + place - REACH, 0, EXTENT.x - 1), y, EXTENT.y);
        tile_first[place] = sums_first[index];
        tile_h2[place] = sums_h2[index];
    }
    workgroupBarrier();
    let x = begin + i32(lane);
    if (x >= EXTENT.x) { return; }
    var sums = Equations();
    for (var tap = 0; tap <= 2 * REACH; tap++) {
        let place = i32(lane) + tap;
        sums = plus(sums, Equations(tile_first[place], tile_h2[place]), weight(tap));
    }
    finish(vec2i(x, y), sums);
}
