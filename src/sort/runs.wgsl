// Where runs begin, and which of them are sorted, going along a line.

// Where the run began, and above that whether an edge began it.
struct Run { begin: i32, anchored: bool }

const NO_RUN = Run(0, false);

fn is_rising(word: u32, before: u32) -> bool {
    let each = params.interval == INTERVAL_THRESHOLD || params.interval == INTERVAL_RANDOM || params.interval == INTERVAL_WAVES;
    return (word & MARKED) != 0 && (each || (before & MARKED) == 0 || (word & CUT) != 0);
}

fn begins(word: u32, before: u32) -> bool { return (word & CUT) != 0 || is_rising(word, before); }

// Whether a cell of a run takes part.
fn takes_part(word: u32, place: i32, run: Run, line: i32) -> bool {
    if (word & SORTED) == 0 { return false; }
    if params.interval == INTERVAL_ANCHORED && (!run.anchored || place - run.begin >= i32(params.length)) { return false; }
    return params.randomness <= 0.0 || chance(line, run.begin, 1u) >= params.randomness;
}

// Bits of the key that is sorted by.
fn key_bits() -> u32 {
    switch params.key {
        case KEY_LIGHTNESS: { return 9u; }
        case KEY_HUE: { return 21u; }
        case KEY_LUMINANCE: { return 22u; }
        case KEY_INTENSITY, KEY_WARMTH: { return 10u; }
        case KEY_DISTANCE: { return 18u; }
        default: { return 8u; }
    }
}

fn key_of(word: u32) -> u32 {
    let key = word & KEY;
    return select(key, (1u << key_bits()) - 1 - key, params.reverse != 0);
}

// On the way, each has the place between its own and that where it is going; all are put in order of these, so that
// they are a permutation at any time.
const STEPS = 1u << 14;

fn between(own: u32, sorted: u32) -> u32 {
    let amount = u32(round(params.amount * f32(STEPS)));
    return (STEPS - amount) * own + amount * sorted;
}
