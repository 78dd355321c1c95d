/*{
  "DESCRIPTION": "Noise of seven kinds in up to eight octaves, that boils, loops and tiles: a generator, for clouds, cells, static, maps and mattes.",
  "CREDIT": "perlin is that of the Python package noise (pnoise2, pnoise3; Perlin 2002, 'Improving noise', with his table of permutations); simplex that of Gustavson and McEwan 2022, 'Tiling simplex noise and flow noise', JCGT 11(1); worley, edges and cells after Worley 1996, 'A cellular texture basis function'; hydra noise and voronoi",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5, 6], "LABELS": ["white", "value", "perlin", "simplex", "worley", "edges", "cells"], "DEFAULT": "simplex",
     "DESCRIPTION": "white is static: each pixel on its own, new on each tick unless speed is 0. value, perlin and simplex are clouds, from soft to crisp. worley is the distance to the nearest of scattered points, edges a web between them, bright where two are equally near, cells a level for each point's surroundings."},
    {"NAME": "cell", "TYPE": "float", "UNIT": "px", "DEFAULT": 320, "MIN": 1, "MAX": 16384, "SOFT": [8, 1000],
     "DESCRIPTION": "From one point of its lattice to the next: small is fine, large coarse."},
    {"NAME": "octaves", "TYPE": "long", "DEFAULT": 4, "MIN": 1, "MAX": 8, "DESCRIPTION": "How many layers are added, each finer than the one before: 1 is smooth, 8 as rough as rock."},
    {"NAME": "lacunarity", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 2, "MIN": 1, "MAX": 8, "SOFT": [1.5, 4], "DESCRIPTION": "How many times finer each octave is: 1 not at all."},
    {"NAME": "gain", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1, "SOFT": [0.2, 0.8], "DESCRIPTION": "How strong each octave is beside the one before: 0 leaves the first alone, 1 gives all the same weight."},
    {"NAME": "warp", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -64, "MAX": 64, "SOFT": [0, 2],
     "DESCRIPTION": "How far, in cells, other noise bends the place before it is looked up: 0 not at all, 1 marble, 2 smoke, negative the other way."},
    {"NAME": "jitter", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1, "DESCRIPTION": "How far the points of worley, edges and cells are scattered: 0 is a board of squares, 1 a crowd."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 0.2, "MIN": -64, "MAX": 64, "SOFT": [-2, 2], "DESCRIPTION": "How many cells it passes through in a second, into the depth: 0 stands, 1 boils, negative backwards. The points of worley circle as often."},
    {"NAME": "depth", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.3, "MIN": -65536, "MAX": 65536, "SOFT": [0, 4], "DESCRIPTION": "Where it is cut, in cells: whole numbers show the lattice of perlin, 0 is pnoise2. With speed 0 an expression can play it without a jump."},
    {"NAME": "period", "TYPE": "float", "UNIT": "s", "DEFAULT": 0, "MIN": 0, "MAX": 86400, "SOFT": [0, 60], "DESCRIPTION": "After so many seconds it is where it began, without a seam; speed is rounded to whole cells on the way. 0 never comes back."},
    {"NAME": "tile", "TYPE": "bool", "DEFAULT": false, "DESCRIPTION": "On: its right side meets its left and its bottom its top; whole cells fill the picture."},
    {"NAME": "offset", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1048576, -1048576], "MAX": [1048576, 1048576], "SOFT": [[-1000, -1000], [1000, 1000]], "DESCRIPTION": "Moves it: positive right and down, negative left and up."},
    {"NAME": "seed", "TYPE": "long", "DEFAULT": 0, "MIN": 0, "MAX": 255, "DESCRIPTION": "Another number is other noise; the same one is the same in every show. It is the base of pnoise3."},
    {"NAME": "output", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["grey", "color", "signed"], "DEFAULT": "grey",
     "DESCRIPTION": "grey: one noise. color: another one for each channel. signed: the same, from -1 to 1, as it is before levels and colours: numbers to calculate with."},
    {"NAME": "low", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.2, "MIN": -16, "MAX": 16, "SOFT": [0, 1], "DESCRIPTION": "The level, 0 to 1, from which it is dark. Low 0 and high 1 leave it as it is; both the same make two colours with a hard edge."},
    {"NAME": "high", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.8, "MIN": -16, "MAX": 16, "SOFT": [0, 1], "DESCRIPTION": "The level from which it is bright; below low the other way round."},
    {"NAME": "dark", "TYPE": "color", "DEFAULT": [0, 0, 0, 1], "DESCRIPTION": "What becomes of low levels; alpha goes with the first noise."},
    {"NAME": "bright", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "What becomes of high levels."}
  ]
}*/
const WHITE_NOISE: i32 = 0;
const VALUE: i32 = 1;
const PERLIN: i32 = 2;
const SIMPLEX: i32 = 3;
const WORLEY: i32 = 4;
const EDGES: i32 = 5;
const CELLS: i32 = 6;
const GREY: i32 = 0;
const SIGNED: i32 = 2;
const TAU: f32 = 6.2831853;
// Streams 0 to 2 are the channels, and these two bend the place. Octaves are 8 apart.
const WARP: u32 = 3u;
// Perlin's permutation of 0 to 255, four to a word, the first in the lowest byte. A constant is indexed in a copy,
// and a copy at each call is fifty times slower on a CPU driver.
var<private> permutation: array<u32, 64> = array(
    0x5b89a097u, 0x0d830f5au, 0x35605fc9u, 0xe107e9c2u, 0x1e67248cu, 0x63088e45u, 0x0a15f025u, 0x9406be17u, 0x4bea78f7u, 0x3ec51a00u,
    0xcbdbfc5eu, 0x200b2375u, 0x5821b139u, 0x573895edu, 0x887d14aeu, 0xaf44a8abu, 0x8647a54au, 0xa61b308bu, 0xe79e924du, 0x7ae56f53u,
    0xe685d33cu, 0x295c69dcu, 0x28f52e37u, 0x368f66f4u, 0xa13f1941u, 0x4950d801u, 0xbb844cd1u, 0xa91259d0u, 0x8287c4c8u, 0x569fbc74u,
    0xc66d64a4u, 0x4003baadu, 0xfae2d934u, 0xca057b7cu, 0x7e769326u, 0xd45552ffu, 0xe33bcecfu, 0x113a102fu, 0x2a1cbdb6u, 0xd5aab7dfu,
    0x0298f877u, 0x46a39a2cu, 0x9b6599ddu, 0x09ac2ba7u, 0xfd271681u, 0x6e6c6213u, 0xe8e0714fu, 0x6870b9b2u, 0xe461f6dau, 0xc1f222fbu,
    0x0c90d2eeu, 0xf1a2b3bfu, 0xeb913351u, 0x6bef0ef9u, 0x1fd6c031u, 0x9d6ac7b5u, 0xb0cc54b8u, 0x2d327973u, 0xfe96047fu, 0x5dcdec8au,
    0x1d4372deu, 0x8df34818u, 0x424ec380u, 0xb49c3dd7u,
);

// The place in its period, where it has one: 0 is none.
fn wrapped(place: vec3f, period: vec3f) -> vec3f {
    let n = max(period, vec3f(1.0));
    return select(place - n * floor(place / n), place, period == vec3f(0.0));
}

fn chance(place: vec3f, stream: u32) -> vec4u { return pcg4d(vec4u(vec3u(vec3i(place)), u32(params.seed) * 128u + stream)); }

// Hashes as numbers from -1 to 1.
fn spread(hash: vec4u) -> vec4f { return vec4f(hash >> vec4u(8u)) / 8388607.5 - 1.0; }

fn fade(t: vec3f) -> vec3f { return t * t * t * (t * (t * 6.0 - 15.0) + 10.0); }

// Eight corners of a cube, x first.
fn inside_cube(corner: array<f32, 8>, t: vec3f) -> f32 {
    let front = mix(mix(corner[0], corner[1], t.x), mix(corner[2], corner[3], t.x), t.y);
    let back = mix(mix(corner[4], corner[5], t.x), mix(corner[6], corner[7], t.x), t.y);
    return mix(front, back, t.z);
}

fn value_noise(p: vec3f, period: vec3f, stream: u32) -> f32 {
    let cube = floor(p);
    var corner: array<f32, 8>;
    for (var i = 0; i < 8; i++) {
        let step = vec3f(vec3i(i, i >> 1u, i >> 2u) & vec3i(1));
        corner[i] = spread(chance(wrapped(cube + step, period), stream)).x;
    }
    return inside_cube(corner, fade(p - cube));
}

fn permuted(index: i32) -> i32 {
    return i32((permutation[(index >> 2u) & 63] >> (8u * u32(index & 3))) & 255u);
}

// The dot product with one of twelve gradients, to the middles of a cube's edges. Perlin 2002 fills up to sixteen
// with four of them twice; the package has other four.
fn gradient(hash: i32, away: vec3f) -> f32 {
    var h = hash & 15;
    if (h >= 12) { h = (0x8976 >> u32(4 * (h - 12))) & 15; }
    let first = select(away.y, away.x, h < 8);
    let second = select(away.z, away.y, h < 4);
    return select(first, -first, (h & 1) != 0) + select(second, -second, (h & 2) != 0);
}

fn perlin(p: vec3f, period: vec3f, base: i32) -> f32 {
    let cube = floor(p);
    let near = (vec3i(wrapped(cube, period)) & vec3i(255)) + base;
    let far = (vec3i(wrapped(cube + 1.0, period)) & vec3i(255)) + base;
    var corner: array<f32, 8>;
    for (var i = 0; i < 4; i++) {
        let step = vec2i(i, i >> 1u) & vec2i(1);
        let at = select(near.xy, far.xy, step == vec2i(1));
        let edge = permuted(permuted(at.x) + at.y);
        let away = p - cube - vec3f(vec2f(step), 0.0);
        corner[i] = gradient(permuted(edge + near.z), away);
        corner[i + 4] = gradient(permuted(edge + far.z), away - vec3f(0.0, 0.0, 1.0));
    }
    return inside_cube(corner, fade(p - cube));
}

// From the lattice of tetrahedra, skewed so that every whole number is a period, to cubes and back.
fn to_cubes(p: vec3f) -> vec3f { return p.yxx + p.zzy; }
fn to_lattice(p: vec3f) -> vec3f { return 0.5 * (p.yxx + p.zzy - p); }

fn simplex(p: vec3f, period: vec3f, stream: u32) -> f32 {
    let skewed = to_cubes(p);
    let cube = floor(skewed);
    let part = skewed - cube;
    // The corners on the way from the cube's first to its last, along its axes in the order of their parts.
    let above = vec3f(vec3<bool>(part.x >= part.y, part.y >= part.z, part.z > part.x));
    let rank = above + 1.0 - above.zxy;
    var sum = 0.0;
    for (var i = 0; i < 4; i++) {
        let corner = to_lattice(cube + step(vec3f(2.5 - f32(i)), rank));
        let away = p - corner;
        let weight = max(0.5 - dot(away, away), 0.0);
        let hash = chance(round(2.0 * wrapped(corner, period)), stream);
        sum += weight * weight * weight * dot(away, normalize(spread(hash).xyz));
    }
    // To -1 to 1 (Gustavson and McEwan).
    return 39.5 * sum;
}

// The distances to the nearest two points, at most 1, and the square of the nearest. Points circle in their squares, so
// that time has no lattice of its own. One in the next square but one is never nearer than 1.
fn nearest(p: vec3f, period: vec3f, stream: u32) -> vec4f {
    let square = floor(p.xy);
    var found = vec4f(1.0, 1.0, square);
    for (var i = 0; i < 9; i++) {
        let here = square + vec2f(f32(i % 3), f32(i / 3)) - 1.0;
        let hash = spread(chance(wrapped(vec3f(here, 0.0), period), stream));
        let circle = 0.15 * sin(TAU * (p.z + hash.x + vec2f(0.0, 0.25)));
        let distance = length(here + 0.5 + params.jitter * (0.35 * hash.zw + circle) - p.xy);
        found.y = min(found.y, max(distance, found.x));
        if (distance < found.x) { found = vec4f(distance, found.y, here); }
    }
    return found;
}

fn worley(p: vec3f, period: vec3f, stream: u32, kind: i32) -> f32 {
    // All channels share the cells.
    let found = nearest(p, period, select(stream & ~7u, stream, kind != CELLS));
    if (kind == WORLEY) { return 2.0 * found.x - 1.0; }
    if (kind == EDGES) { return 1.0 - min(4.0 * (found.y - found.x), 2.0); }
    return spread(chance(wrapped(vec3f(found.zw, 0.0), period), stream)).y;
}

fn octave(p: vec3f, period: vec3f, stream: u32, kind: i32) -> f32 {
    switch kind {
        case VALUE: { return value_noise(p, period, stream); }
        case PERLIN: { return perlin(p, period, params.seed + 85 * i32(stream & 7u)); }
        case SIMPLEX: { return simplex(p, period, stream); }
        default: { return worley(p, period, stream, kind); }
    }
}

// Octaves added, each finer and fainter, and divided by what they weigh: -1 to 1 at most. In a period fits a whole
// number of cells of each.
fn octaves(p: vec3f, period: vec3f, stream: u32, kind: i32) -> f32 {
    var sum = 0.0;
    var weight = 0.0;
    var gain = 1.0;
    var finer = 1.0;
    for (var i = 0; i < params.octaves; i++) {
        let fitting = round(period * finer);
        let scale = select(fitting / max(period, vec3f(1.0)), vec3f(finer), period == vec3f(0.0));
        sum += gain * octave(p * scale, fitting, stream + 8u * u32(i), kind);
        weight += gain;
        gain *= params.gain;
        finer *= params.lacunarity;
    }
    return sum / weight;
}

// Where the noise is cut, and after how much it comes back, in cells; 0 is never.
struct Cut { place: vec3f, period: vec3f }

fn cut(at: vec2i) -> Cut {
    let extent = vec2f(frame.size);
    let away = vec2f(at) + 0.5 - 0.5 * extent - params.offset;
    let whole = max(round(extent / params.cell), vec2f(1.0));
    let tiled = params.tile != 0u;
    let across = select(away / params.cell, away * whole / extent, tiled);
    let tiles = select(vec2f(0.0), whole, tiled);
    if (params.period == 0.0 || params.speed == 0.0) {
        return Cut(vec3f(across, params.depth + params.speed * frame.time), vec3f(tiles, 0.0));
    }
    let rounds = max(round(params.period * abs(params.speed)), 1.0);
    let depth = params.depth + sign(params.speed) * rounds * fract(frame.time / params.period);
    return Cut(vec3f(across, depth), vec3f(tiles, rounds));
}

// One of three numbers for each pixel and tick.
fn static_noise(at: vec2i) -> vec3f {
    var tick = select(frame.tick, 0u, params.speed == 0.0);
    if (params.period > 0.0) { tick %= max(u32(round(params.period / frame.delta)), 1u); }
    return spread(chance(vec3f(vec2f(at), f32(tick)), 0u)).xyz;
}

fn noise(at: vec2i) -> vec3f {
    if (params.kind == WHITE_NOISE) { return static_noise(at); }
    let c = cut(at);
    var place = c.place;
    if (params.warp != 0.0) {
        for (var axis = 0; axis < 2; axis++) {
            place[axis] += params.warp * octaves(c.place, c.period, WARP + u32(axis), SIMPLEX);
        }
    }
    var found = vec3f(0.0);
    for (var channel = 0; channel < select(3, 1, params.output == GREY); channel++) {
        found[channel] = octaves(place, c.period, u32(channel), params.kind);
    }
    return found;
}

fn effect(at: vec2i) -> vec4f {
    let found = noise(at);
    if (params.output == SIGNED) { return vec4f(found, 1.0); }
    let level = 0.5 + 0.5 * select(found, found.xxx, params.output == GREY);
    let width = params.high - params.low;
    let stretched = select(saturate((level - params.low) / width), step(vec3f(params.low), level), width == 0.0);
    return mix(params.dark, params.bright, vec4f(stretched, stretched.x));
}
