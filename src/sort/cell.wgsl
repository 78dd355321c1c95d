// A cell's word: what it is sorted by, then what it is.

const KEY_BITS = 27u;
const KEY = (1u << KEY_BITS) - 1;
// A run begins with it.
const BEGINS = 1u << 27;
// The rule of interval holds here.
const MARKED = 1u << 28;
// It is sorted: it lies in the picture, and no mask keeps it.
const SORTED = 1u << 29;
// It is on another line than the cell before.
const CUT = 1u << 30;

// After the sort, the place in the line whose pixel comes here.
const PLACE_BITS = 13u;
const PLACE = (1u << PLACE_BITS) - 1;

// Chance that repeats: PCG (Jarzynski & Olano 2020, "Hash Functions for GPU Rendering"), from 0 to 1.
fn chance(line: i32, number: i32, stream: u32) -> f32 {
    var v = vec4u(u32(line), u32(number), u32(params.seed), stream) * 1664525u + 1013904223u;
    v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
    v ^= v >> vec4u(16u);
    v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
    return f32(v.x >> 8u) / 16777216.0;
}
