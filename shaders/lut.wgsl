/*{
  "DESCRIPTION": "Looks each colour up in a table: a .cube file, a Hald picture, a strip of squares, or a row of curves.",
  "CREDIT": "ffmpeg haldclut and lut3d (libavfilter/vf_lut3d.c); Adobe Cube LUT Specification 1.0; Hald CLUT by Eskil Steenberg",
  "EXAMPLE": ["assets/rabbit.mp4", "-s grade=assets/teal_orange.cube", "-e lut:lut=grade"],
  "CATEGORIES": ["Color"],
  "NO_IDENTITY": "what a table holds is its own affair; mix = 0 leaves the picture",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "lut", "TYPE": "table",
     "DESCRIPTION": "The table, a source; its size says what it is. Square, with a cube number for its side, like 512: Hald. As wide as its height squared, like 256x16: a strip, blue from square to square. One row: curves. Without one, or of another size, nothing changes."},
    {"NAME": "interpolation", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["nearest", "trilinear", "tetrahedral"], "DEFAULT": "tetrahedral",
     "DESCRIPTION": "What lies between entries: the nearest one, which posterizes, all eight around, or the four that keep greys grey."}
  ]
}*/
const NEAREST: i32 = 0;
const TRILINEAR: i32 = 1;

// Entries along an edge of the table's cube; 0 where the picture is no table.
fn edge_entries() -> i32 {
    let extent = size(lut);
    if (extent.y == 1 || extent.x == extent.y * extent.y) { return select(extent.y, extent.x, extent.y == 1); }
    let level = i32(round(pow(f32(extent.x), 1.0 / 3.0)));
    return select(0, level * level, extent.x == extent.y && level * level * level == extent.x);
}

// One entry: red runs fastest, blue slowest.
fn entry(place: vec3i, entries: i32) -> vec3f {
    let extent = size(lut);
    if (extent.y == entries) { return load(lut, vec2i(place.b * entries + place.r, place.g), SMEAR).rgb; }
    let index = place.r + entries * (place.g + entries * place.b);
    return load(lut, vec2i(index % extent.x, index / extent.x), SMEAR).rgb;
}

// Through the tetrahedron between the darkest and the brightest of eight corners, along the largest share first.
fn tetrahedral(low: vec3i, share: vec3f, entries: i32) -> vec3f {
    let largest = max(share.r, max(share.g, share.b));
    let smallest = min(share.r, min(share.g, share.b));
    let middle = max(min(share.r, share.g), min(max(share.r, share.g), share.b));
    var first = vec3i(0, 0, 1);
    if (share.g == largest) { first = vec3i(0, 1, 0); }
    if (share.r == largest) { first = vec3i(1, 0, 0); }
    var both = vec3i(0, 1, 1);
    if (share.g == smallest) { both = vec3i(1, 0, 1); }
    if (share.b == smallest) { both = vec3i(1, 1, 0); }
    return entry(low, entries) * (1.0 - largest) + entry(low + first, entries) * (largest - middle)
        + entry(low + both, entries) * (middle - smallest) + entry(low + 1, entries) * smallest;
}

fn trilinear(low: vec3i, share: vec3f, entries: i32) -> vec3f {
    var sum = vec3f(0.0);
    for (var corner = 0; corner < 8; corner++) {
        let step = vec3i(corner, corner >> 1u, corner >> 2u) & vec3i(1);
        let weights = select(1.0 - share, share, step == vec3i(1));
        sum += entry(low + step, entries) * weights.r * weights.g * weights.b;
    }
    return sum;
}

// Each channel by its own curve.
fn curves(low: vec3i, share: vec3f) -> vec3f {
    let red = mix(load(lut, vec2i(low.r, 0), SMEAR).r, load(lut, vec2i(low.r + 1, 0), SMEAR).r, share.r);
    let green = mix(load(lut, vec2i(low.g, 0), SMEAR).g, load(lut, vec2i(low.g + 1, 0), SMEAR).g, share.g);
    let blue = mix(load(lut, vec2i(low.b, 0), SMEAR).b, load(lut, vec2i(low.b + 1, 0), SMEAR).b, share.b);
    return vec3f(red, green, blue);
}

fn effect(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    let entries = edge_entries();
    // Where there is no table yet, all of it is transparent.
    if (entries < 2 || load(lut, vec2i(0), SMEAR).a == 0.0) { return color; }
    var place = clamp(color.rgb, vec3f(0.0), vec3f(1.0)) * f32(entries - 1);
    if (params.interpolation == NEAREST) { place = round(place); }
    let low = min(vec3i(place), vec3i(entries - 2));
    let share = place - vec3f(low);
    if (size(lut).y == 1) { return vec4f(curves(low, share), color.a); }
    if (params.interpolation == TRILINEAR) { return vec4f(trilinear(low, share, entries), color.a); }
    return vec4f(tetrahedral(low, share, entries), color.a);
}
