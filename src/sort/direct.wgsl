// Sorts a line in each invocation, by counting, and puts each pixel where it goes at once: for a CPU, where each cell is a
// pixel of its own, none is masked, and all go the whole way. Lines that are sorted side by side lie side by side, cell by cell.

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> drawn: array<u32>;
@group(0) @binding(3) var<storage, read_write> words: array<u32>;
@group(0) @binding(4) var<storage, read_write> scratch: array<u32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
@group(0) @binding(6) var sorted: texture_storage_2d<rgba16float, write>;

fn rounds() -> u32 { return (key_bits() + MOST_BITS - 1) / MOST_BITS; }

fn digit_bits() -> u32 { return (key_bits() + rounds() - 1) / rounds(); }

// The number `n` of a line that begins at `first`.
fn beside(first: u32, n: u32) -> u32 { return first + n * LINES_ABREAST; }

// Where a line's numbers begin, of which there are so many for each line.
fn first_of(line: u32, each: u32) -> u32 {
    let abreast = line % LINES_ABREAST;
    return (line - abreast) * each + abreast;
}

// Where a word's digit is counted.
fn bin_of(bins: u32, word: u32, shift: u32) -> u32 {
    return beside(bins, (word & KEY) >> shift & ((1u << digit_bits()) - 1));
}

fn clear(bins: u32) {
    for (var bin = 0u; bin < 1u << digit_bits(); bin++) { counts[beside(bins, bin)] = 0u; }
}

// Keys and runs; what takes no part stays. The lowest digits are counted.
fn read_line(row: i32, line: u32, bins: u32, length: i32) {
    var before = 0u;
    var run = NO_RUN;
    var flag = BEGINS;
    for (var place = 0; place < length; place++) {
        let cell = vec2i(place, row);
        let at = pixel_at(cell);
        let color = textureLoad(picture, at, 0);
        var word = SORTED | u32(key(levels(color).rgb, at));
        if is_marked(at, row - FIRST, place) { word |= MARKED; }
        if is_cut(cell) { word |= CUT; }
        if begins(word, before) {
            run = Run(place, is_rising(word, before));
            flag = BEGINS;
        }
        before = word;
        if takes_part(word, place, run, row) {
            let key = SORTED | flag | key_of(word);
            words[beside(line, u32(place))] = key;
            counts[bin_of(bins, key, 0u)] += 1u;
            flag = 0u;
        } else {
            words[beside(line, u32(place))] = 0u;
            textureStore(sorted, at, color);
        }
    }
}

// From how many there are of each digit to where the first of them goes. Returns how many there are in all.
fn add_up(bins: u32) -> u32 {
    var sum = 0u;
    for (var bin = 0u; bin < 1u << digit_bits(); bin++) {
        let at = beside(bins, bin);
        let here = counts[at];
        counts[at] = sum;
        sum += here;
    }
    return sum;
}

// Into the order of the lowest digit; an element is its place and, above that, where its run begins.
fn distribute(line: u32, bins: u32, goal: u32, length: u32) {
    var begin = 0u;
    for (var place = 0u; place < length; place++) {
        let word = words[beside(line, place)];
        if (word & BEGINS) != 0 { begin = place; }
        if (word & SORTED) != 0 {
            let bin = bin_of(bins, word, 0u);
            let slot = counts[bin];
            counts[bin] = slot + 1;
            scratch[beside(goal, slot)] = begin << PLACE_BITS | place;
        }
    }
}

// From the order of the lower digits into that of the next.
fn distribute_again(line: u32, bins: u32, source: u32, goal: u32, count: u32, shift: u32) {
    clear(bins);
    for (var turn = 0u; turn < count; turn++) {
        let element = scratch[beside(source, turn)];
        counts[bin_of(bins, words[beside(line, element & PLACE)], shift)] += 1u;
    }
    _ = add_up(bins);
    for (var turn = 0u; turn < count; turn++) {
        let element = scratch[beside(source, turn)];
        let bin = bin_of(bins, words[beside(line, element & PLACE)], shift);
        let slot = counts[bin];
        counts[bin] = slot + 1;
        scratch[beside(goal, slot)] = element;
    }
}

// Each into its run. The word of a run's first cell becomes the place of the next pixel, once its key has served.
fn place(row: i32, line: u32, source: u32, count: u32) {
    for (var turn = 0u; turn < count; turn++) {
        let element = scratch[beside(source, turn)];
        let begin = element >> PLACE_BITS;
        let cursor = beside(line, begin);
        let word = words[cursor];
        let slot = select(word, begin, (word & SORTED) != 0);
        words[cursor] = slot + 1;
        let color = textureLoad(picture, pixel_at(vec2i(i32(element & PLACE), row)), 0);
        textureStore(sorted, pixel_at(vec2i(i32(slot), row)), color);
    }
}

@compute @workgroup_size(LINES_ABREAST)
fn sort_pixels(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    play();
    let number = line_of(group, local);
    let row = FIRST + i32(number);
    let extent = extent();
    if i32(number) >= LINES || row >= extent.x { return; }
    let line = first_of(number, u32(extent.y));
    let bins = first_of(number, 1u << MOST_BITS);
    clear(bins);
    read_line(row, line, bins, extent.y);
    let count = add_up(bins);
    var source = line;
    distribute(line, bins, source, u32(extent.y));
    for (var round = 1u; round < rounds(); round++) {
        let goal = line + select(0u, HALF, source == line);
        distribute_again(line, bins, source, goal, count, round * digit_bits());
        source = goal;
    }
    place(row, line, source, count);
}
