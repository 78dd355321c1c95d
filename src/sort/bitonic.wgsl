// Sorts a line in each workgroup, in its memory (Batcher 1968): pairs of words, by where the run begins, the key, and the
// number among what takes part, so that equal keys keep their order.

@group(0) @binding(1) var<storage, read_write> cells: array<u32>;

// Key bits in the lower word, above the number.
const LOW_BITS = 8u;
const NOTHING = 0xffffffffu;

var<workgroup> upper: array<u32, SLOTS>;
var<workgroup> under: array<u32, SLOTS>;

// What a lane knows when it comes to its share of the line.
struct Share { begin: u32, end: u32, before: u32, run: Run, count: u32, total: u32 }

// A run as a number that is larger the later it begins.
fn packed(run: Run) -> u32 { return u32(run.begin) << 1u | u32(run.anchored); }

fn unpacked(number: u32) -> Run { return Run(i32(number >> 1u), (number & 1) == 1); }

// Goes on by one cell of a share; whether it takes part.
fn advance(share: ptr<function, Share>, word: u32, place: u32, line: i32) -> bool {
    if begins(word, (*share).before) { (*share).run = Run(i32(place), is_rising(word, (*share).before)); }
    (*share).before = word;
    return takes_part(word, i32(place), (*share).run, line);
}

// The latest run of all lanes before.
fn scan_runs(lane: u32, run: Run) -> Run {
    upper[lane] = packed(run);
    workgroupBarrier();
    for (var step = 1u; step < LANES; step <<= 1u) {
        var earlier = 0u;
        if lane >= step { earlier = upper[lane - step]; }
        workgroupBarrier();
        upper[lane] = max(upper[lane], earlier);
        workgroupBarrier();
    }
    var latest = 0u;
    if lane > 0 { latest = upper[lane - 1]; }
    workgroupBarrier();
    return unpacked(latest);
}

// The count of all lanes before, and that of all.
fn scan_counts(lane: u32, count: u32) -> vec2u {
    upper[lane] = count;
    workgroupBarrier();
    for (var step = 1u; step < LANES; step <<= 1u) {
        var earlier = 0u;
        if lane >= step { earlier = upper[lane - step]; }
        workgroupBarrier();
        upper[lane] += earlier;
        workgroupBarrier();
    }
    var sum = 0u;
    if lane > 0 { sum = upper[lane - 1]; }
    return vec2u(sum, workgroupUniformLoad(&upper[LANES - 1]));
}

fn share_of(lane: u32, line: i32, first: u32, length: u32) -> Share {
    let each = (length + LANES - 1) / LANES;
    let begin = min(lane * each, length);
    var share = Share(begin, min(begin + each, length), 0u, NO_RUN, 0u, 0u);
    if begin > 0 && begin < length { share.before = cells[first + begin - 1]; }
    var ahead = share;
    for (var place = share.begin; place < share.end; place++) {
        _ = advance(&ahead, cells[first + place], place, line);
    }
    share.run = scan_runs(lane, ahead.run);
    ahead = share;
    var count = 0u;
    for (var place = share.begin; place < share.end; place++) {
        if advance(&ahead, cells[first + place], place, line) { count++; }
    }
    let counts = scan_counts(lane, count);
    share.count = counts.x;
    share.total = counts.y;
    return share;
}

fn is_after(a: u32, b: u32) -> bool {
    return upper[a] > upper[b] || (upper[a] == upper[b] && under[a] > under[b]);
}

fn order(lane: u32, slots: u32) {
    for (var size = 2u; size <= slots; size <<= 1u) {
        for (var stride = size >> 1u; stride > 0; stride >>= 1u) {
            workgroupBarrier();
            for (var pair = lane; pair < slots / 2; pair += LANES) {
                let a = 2 * pair - (pair & (stride - 1));
                let b = a + stride;
                if is_after(a, b) == ((a & size) == 0) {
                    let swap = vec2u(upper[a], under[a]);
                    upper[a] = upper[b];
                    under[a] = under[b];
                    upper[b] = swap.x;
                    under[b] = swap.y;
                }
            }
        }
    }
    workgroupBarrier();
}

fn fill(lane: u32, start: Share, line: i32, first: u32, slots: u32) {
    for (var slot = start.total + lane; slot < slots; slot += LANES) {
        upper[slot] = NOTHING;
        under[slot] = NOTHING;
    }
    var share = start;
    for (var place = share.begin; place < share.end; place++) {
        let word = cells[first + place];
        if advance(&share, word, place, line) {
            let key = key_of(word);
            upper[share.count] = u32(share.run.begin) << (KEY_BITS - LOW_BITS) | key >> LOW_BITS;
            under[share.count] = (key & ((1u << LOW_BITS) - 1)) << PLACE_BITS | share.count;
            share.count++;
        }
    }
}

fn go_part_of_the_way(lane: u32, slots: u32, count: u32) {
    for (var slot = lane; slot < count; slot += LANES) {
        let number = under[slot] & PLACE;
        upper[slot] = between(number, slot);
        under[slot] = number;
    }
    order(lane, slots);
}

// From numbers to places; what takes no part comes from its own.
fn spread(lane: u32, start: Share, line: i32, first: u32) {
    var share = start;
    for (var place = share.begin; place < share.end; place++) {
        if advance(&share, cells[first + place], place, line) {
            upper[share.count] = place;
            share.count++;
        }
    }
    workgroupBarrier();
    share = start;
    for (var place = share.begin; place < share.end; place++) {
        let at = first + place;
        if advance(&share, cells[at], place, line) {
            cells[at] = upper[under[share.count] & PLACE];
            share.count++;
        } else {
            cells[at] = place;
        }
    }
}

@compute @workgroup_size(LANES)
fn sort(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    play();
    let line = FIRST + i32(group.x);
    let extent = extent();
    if line >= extent.x || params.amount <= 0.0 { return; }
    let first = group.x * u32(extent.y);
    let share = share_of(lane, line, first, u32(cells_of(line)));
    var slots = 1u;
    while slots < share.total { slots <<= 1u; }
    fill(lane, share, line, first, slots);
    order(lane, slots);
    if params.amount < 1.0 { go_part_of_the_way(lane, slots, share.total); }
    spread(lane, share, line, first);
}
