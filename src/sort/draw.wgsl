// Draws where runs begin, a line for each invocation, as satyarth/pixelsort does: one after the other, so that lines
// that begin alike drift apart.

@group(0) @binding(1) var<storage, read_write> drawn: array<u32>;

fn next(line: i32, number: i32) -> i32 {
    let share = chance(line, number, 0u);
    let waves = params.length + floor(share * 11.0);
    return max(1, i32(select(params.length * share, waves, params.interval == INTERVAL_WAVES)));
}

@compute @workgroup_size(LINES_ABREAST)
fn draw(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    play();
    let number = i32(line_of(group, local));
    let line = FIRST + number;
    if number >= LINES || line >= extent().x { return; }
    if params.interval != INTERVAL_RANDOM && params.interval != INTERVAL_WAVES { return; }
    let begin = number * WORDS;
    for (var word = 0; word < WORDS; word++) { drawn[begin + word] = 0u; }
    let cells = cells_of(line);
    var place = next(line, 0);
    for (var number = 1; place < cells; number++) {
        drawn[begin + (place >> 5u)] |= 1u << u32(place & 31);
        place += next(line, number);
    }
}
