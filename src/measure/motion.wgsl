// A motion field as a coarse grid of cells: mean motion and mean length of each.

@group(0) @binding(0) var flow: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> cells: array<vec4f>;

@compute @workgroup_size(COLUMNS, ROWS)
fn average(@builtin(global_invocation_id) id: vec3u) {
    let size = textureDimensions(flow);
    if any(id.xy >= GRID) { return; }
    let begin = id.xy * size / GRID;
    let end = (id.xy + 1) * size / GRID;
    var sum = vec3f();
    for (var y = begin.y; y < end.y; y++) {
        for (var x = begin.x; x < end.x; x++) {
            // A flow says where things were; what moves goes the other way.
            let motion = -textureLoad(flow, vec2u(x, y), 0).xy;
            sum += vec3f(motion, length(motion));
        }
    }
    // Where there is no field, there are fewer pixels than cells.
    let area = f32((end - begin).x * (end - begin).y);
    cells[id.y * GRID.x + id.x] = vec4f(sum / max(area, 1.0), area);
}
