// Sorts a line in each invocation, by counting, nine bits of the key at a time, then each into its run. What takes part is
// first moved together, so that its number is its place among its like.

@group(0) @binding(1) var<storage, read_write> cells: array<u32>;
@group(0) @binding(2) var<storage, read_write> scratch: array<u32>;
@group(0) @binding(3) var<storage, read_write> counts: array<u32>;

const DIGIT = 9u;
const BINS = 1u << DIGIT;

// Where the line is in `cells`, both its parts in `scratch`, and its bins.
struct Line { cells: u32, first: u32, second: u32, bins: u32 }

fn digit(line: Line, number: u32, shift: u32) -> u32 {
    return line.bins + ((cells[line.cells + number] & KEY) >> shift & (BINS - 1));
}

fn write(line: Line, number: u32, word: u32) {
    let at = line.cells + number;
    cells[at] = (cells[at] & SORTED) | word;
}

// Keys of what takes part, moved together; what does not is no longer SORTED. Returns how many there are.
fn gather(line: Line, row: i32, length: u32) -> u32 {
    var count = 0u;
    var before = 0u;
    var run = NO_RUN;
    var flag = BEGINS;
    for (var place = 0u; place < length; place++) {
        let word = cells[line.cells + place];
        if begins(word, before) {
            run = Run(i32(place), is_rising(word, before));
            flag = BEGINS;
        }
        before = word;
        if takes_part(word, i32(place), run, row) {
            cells[line.cells + place] = word;
            if count == place {
                cells[line.cells + place] = SORTED | flag | key_of(word);
            } else {
                write(line, count, flag | key_of(word));
            }
            flag = 0u;
            count++;
        } else if (word & SORTED) != 0 {
            cells[line.cells + place] = word & ~SORTED;
        }
    }
    return count;
}

fn tally(line: Line, count: u32, shift: u32) {
    for (var bin = 0u; bin < BINS; bin++) { counts[line.bins + bin] = 0u; }
    for (var number = 0u; number < count; number++) { counts[digit(line, number, shift)] += 1u; }
    var sum = 0u;
    for (var bin = 0u; bin < BINS; bin++) {
        let here = counts[line.bins + bin];
        counts[line.bins + bin] = sum;
        sum += here;
    }
}

// Into the order of one digit; an element is its number and, above that, where its run begins.
fn distribute(line: Line, count: u32, shift: u32, source: u32, goal: u32) {
    var begin = 0u;
    for (var turn = 0u; turn < count; turn++) {
        var element: u32;
        if shift == 0 {
            if (cells[line.cells + turn] & BEGINS) != 0 { begin = turn; }
            element = begin << PLACE_BITS | turn;
        } else {
            element = scratch[source + turn];
        }
        let bin = digit(line, element & PLACE, shift);
        let slot = counts[bin];
        counts[bin] = slot + 1;
        scratch[goal + slot] = element;
    }
}

// Puts all in order of their keys' lowest `bits`, each within its run.
fn order(line: Line, count: u32, bits: u32) {
    var sorted = line.second;
    var free = line.first;
    for (var shift = 0u; shift < bits; shift += DIGIT) {
        tally(line, count, shift);
        distribute(line, count, shift, sorted, free);
        let swap = sorted;
        sorted = free;
        free = swap;
    }
    for (var number = 0u; number < count; number++) { scratch[free + number] = number; }
    for (var turn = 0u; turn < count; turn++) {
        let element = scratch[sorted + turn];
        let cursor = free + (element >> PLACE_BITS);
        let slot = scratch[cursor];
        scratch[cursor] = slot + 1;
        write(line, slot, element & PLACE);
    }
}

fn go_part_of_the_way(line: Line, count: u32) {
    for (var slot = 0u; slot < count; slot++) {
        scratch[line.first + (cells[line.cells + slot] & PLACE)] = slot;
    }
    for (var number = 0u; number < count; number++) {
        write(line, number, between(number, scratch[line.first + number]));
    }
    order(line, count, KEY_BITS);
}

// From numbers to places; what takes no part comes from its own.
fn spread(line: Line, count: u32, length: u32) {
    var number = 0u;
    for (var place = 0u; place < length; place++) {
        if (cells[line.cells + place] & SORTED) != 0 {
            scratch[line.first + number] = place;
            number++;
        }
    }
    for (var end = length; end > 0; end--) {
        let place = end - 1;
        if (cells[line.cells + place] & SORTED) != 0 {
            number--;
            cells[line.cells + place] = scratch[line.first + (cells[line.cells + number] & PLACE)];
        } else {
            cells[line.cells + place] = place;
        }
    }
}

@compute @workgroup_size(LINES_ABREAST)
fn sort(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    play();
    let number = line_of(group, local);
    let row = FIRST + i32(number);
    let extent = extent();
    if i32(number) >= LINES || row >= extent.x || params.amount <= 0.0 { return; }
    let pitch = u32(extent.y);
    let first = 2 * number * pitch;
    let line = Line(number * pitch, first, first + pitch, number * BINS);
    let length = u32(cells_of(row));
    let count = gather(line, row, length);
    order(line, count, key_bits());
    if params.amount < 1.0 { go_part_of_the_way(line, count); }
    if count < length { spread(line, count, length); }
}
