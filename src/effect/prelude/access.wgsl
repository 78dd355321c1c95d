// Reading pictures. A picture is named by a number, and every read goes through `texel`, which the host
// writes for each effect: so one `load` serves 8-bit levels, float accumulators, motion and history alike.

// x modulo a positive n, by float division: integer division is slow on every GPU and slower on a CPU
// driver. Exact for |x| below 2^24, which pictures of at most 8192 pixels never reach.
fn modulo(x: vec2i, n: vec2i) -> vec2i {
    let rest = x - n * vec2i(floor(vec2f(x) / vec2f(n)));
    let raised = select(rest, rest + n, rest < vec2i(0));
    return select(raised, raised - n, raised >= n);
}

// Where a pixel outside the picture is read instead. MIRROR is that of ffmpeg's displace
// (libavfilter/vf_displace.c): the edge pixel is not repeated on the left, and is repeated on the right.
// Without branches, since CPU drivers run both sides of each: one division serves WRAP and MIRROR.
fn inside(p: vec2i, n: vec2i, edge: i32) -> vec2i {
    let mirror = vec2<bool>(edge == MIRROR);
    let rest = modulo(select(p, -p, mirror & (p < vec2i(0))), n);
    let folded = select(rest, n - 1 - rest, mirror & (p >= n));
    return select(clamp(p, vec2i(0), n - 1), folded, vec2<bool>(edge == WRAP || edge == MIRROR));
}

// The place within a picture of size n that stands for p where the picture is mirrored back and forth for ever; the
// MIRROR above, which is ffmpeg's, folds but once.
fn fold(p: vec2f, n: vec2i) -> vec2f {
    let extent = vec2f(n);
    let within = p - 2.0 * extent * floor(p / (2.0 * extent));
    return extent - abs(extent - within);
}

// The pixel within a picture of size n that stands for p where the picture is mirrored back and forth for ever and its
// border pixels stand but once: OpenCV's BORDER_REFLECT_101.
fn mirrored(p: vec2i, n: vec2i) -> vec2i {
    return n - 1 - abs(n - 1 - modulo(p, max(2 * n - 2, vec2i(1))));
}

fn outside(p: vec2i, n: vec2i) -> bool { return any(p < vec2i(0)) || any(p >= n); }

// The pixel at p: whole pixels, origin at the top left.
fn load(image: i32, p: vec2i, edge: i32) -> vec4f {
    let n = size(image);
    if (edge == BLANK && outside(p, n)) { return vec4f(0.0); }
    return texel(image, inside(p, n, edge));
}

// The pixel at p of the picture n pictures back: 0 is the current one. Before the first picture there
// was the first picture.
fn past(history: i32, n: i32, p: vec2i, edge: i32) -> vec4f {
    let extent = size(history);
    if (edge == BLANK && outside(p, extent)) { return vec4f(0.0); }
    return texel_past(history, n, inside(p, extent, edge));
}

// Bilinear, in pixels: the centre of the first pixel is (0.5, 0.5). By hand, because 32-bit floats cannot
// be filtered by base hardware, and because a sampler's fractions have 8 bits.
fn sample(image: i32, p: vec2f, edge: i32) -> vec4f {
    let corner = floor(p - 0.5);
    let f = p - 0.5 - corner;
    let i = vec2i(corner);
    let a = load(image, i, edge);
    let b = load(image, i + vec2i(1, 0), edge);
    let c = load(image, i + vec2i(0, 1), edge);
    let d = load(image, i + vec2i(1, 1), edge);
    let upper = a + (b - a) * f.x;
    let lower = c + (d - c) * f.x;
    return upper + (lower - upper) * f.y;
}

// The four weights of the Catmull-Rom spline at t = 0..1 (Catmull & Rom 1974, tension 1/2).
fn catmull_rom(t: f32) -> vec4f {
    let t2 = t * t;
    let t3 = t2 * t;
    return vec4f(-t + 2.0 * t2 - t3, 2.0 - 5.0 * t2 + 3.0 * t3, t + 4.0 * t2 - 3.0 * t3, t3 - t2) * 0.5;
}

// Bicubic (Catmull-Rom), in pixels like `sample`: sharper, and exact on pixel centres.
fn cubic(image: i32, p: vec2f, edge: i32) -> vec4f {
    let corner = floor(p - 0.5);
    let f = p - 0.5 - corner;
    let i = vec2i(corner) - 1;
    let x = catmull_rom(f.x);
    let y = catmull_rom(f.y);
    var sum = vec4f(0.0);
    for (var row = 0; row < 4; row++) {
        let a = load(image, i + vec2i(0, row), edge) * x.x;
        let b = load(image, i + vec2i(1, row), edge) * x.y;
        let c = load(image, i + vec2i(2, row), edge) * x.z;
        let d = load(image, i + vec2i(3, row), edge) * x.w;
        sum += (a + b + c + d) * y[row];
    }
    return sum;
}

// The Gaussian mean around p along one axis: `reach` points along it and ends where the weights do, at two standard
// deviations. Thirteen reads, however long it is; along x and then along y it is a blur.
fn gaussian(image: i32, p: vec2f, reach: vec2f, edge: i32) -> vec4f {
    var sum = sample(image, p, edge);
    var total = 1.0;
    for (var tap = 1; tap <= 6; tap++) {
        let far = f32(tap) / 6.0;
        let weight = exp(-2.0 * far * far);
        sum += weight * (sample(image, p + far * reach, edge) + sample(image, p - far * reach, edge));
        total += 2.0 * weight;
    }
    return sum / total;
}

// The largest in each component within reach along a line, both ways, or with way -1 the smallest. `axis` is a step of whole
// pixels. Along rows and columns, what lies outside the picture does not count.
fn extreme(image: i32, at: vec2i, axis: vec2i, reach: i32, way: f32) -> vec4f {
    var most = way * load(image, at, SMEAR);
    for (var far = 1; far <= reach; far++) {
        let ahead = way * load(image, at + far * axis, SMEAR);
        most = max(most, max(ahead, way * load(image, at - far * axis, SMEAR)));
    }
    return way * most;
}
