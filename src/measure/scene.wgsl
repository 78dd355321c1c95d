// What a picture says in numbers, and how it differs from the one before.
//
// Pictures are compared as 8-bit levels, in whole numbers: sums of them have no rounding, in whatever order they are
// made. Each of the three kernels makes less of its input: a pixel, a tile of pixels, a row of tiles.

// How much each primary adds to luma (ITU-R BT.709).
const LUMA = vec3f(0.2126, 0.7152, 0.0722);

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var packed: texture_storage_2d<r32uint, write>;

// Red, green, blue and luma of a pixel as levels, a byte each.
@compute @workgroup_size(COLUMNS, ROWS)
fn pack(@builtin(global_invocation_id) id: vec3u) {
    if any(id.xy >= textureDimensions(picture)) { return; }
    let color = saturate(textureLoad(picture, id.xy, 0).rgb);
    textureStore(packed, id.xy, vec4u(pack4x8unorm(vec4f(color, dot(color, LUMA)))));
}

@group(0) @binding(0) var now: texture_2d<u32>;
@group(0) @binding(1) var before: texture_2d<u32>;
@group(0) @binding(2) var<storage, read_write> tiles: array<Tile>;

struct Tile {
    // Sums of the differences of red, green, blue and luma, without their signs.
    differences: vec4u,
    // How many pixels have each sixteenth of the range of luma, a byte each: a tile has 128 pixels.
    histogram: vec4u,
    // Sum of luma.
    light: u32,
}

fn levels(packed: u32) -> vec4u { return (vec4u(packed) >> vec4u(0, 8, 16, 24)) & vec4u(255); }

@compute @workgroup_size(COLUMNS, ROWS)
fn compare(@builtin(global_invocation_id) id: vec3u) {
    if any(id.xy >= TILING) { return; }
    let begin = id.xy * TILE;
    let end = min(begin + TILE, textureDimensions(now));
    var tile = Tile();
    for (var y = begin.y; y < end.y; y++) {
        for (var x = begin.x; x < end.x; x++) {
            let a = levels(textureLoad(now, vec2u(x, y), 0).r);
            let b = levels(textureLoad(before, vec2u(x, y), 0).r);
            tile.differences += max(a, b) - min(a, b);
            tile.light += a.a;
            let step = a.a / 16;
            let one = vec4u(1u << (step % 4 * 8));
            tile.histogram += select(vec4u(), one, vec4u(0, 1, 2, 3) == vec4u(step / 4));
        }
    }
    tiles[id.y * TILING.x + id.x] = tile;
}

@group(0) @binding(0) var<storage, read> compared: array<Tile>;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;

struct Row {
    differences: vec4u,
    histogram: array<vec4u, 4>,
    light: u32,
}

// A row of tiles: its sums fit 32 bits for every picture that fits a texture.
@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= TILING.y { return; }
    var row = Row();
    for (var x = 0u; x < TILING.x; x++) {
        let tile = compared[id.x * TILING.x + x];
        row.differences += tile.differences;
        row.light += tile.light;
        row.histogram[0] += levels(tile.histogram.x);
        row.histogram[1] += levels(tile.histogram.y);
        row.histogram[2] += levels(tile.histogram.z);
        row.histogram[3] += levels(tile.histogram.w);
    }
    rows[id.x] = row;
}
