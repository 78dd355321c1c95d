// The grid is the picture, turned where the show says so. Its pixels are fetched in 16.16 fixed point.

fn source_of(at: vec2i) -> vec2i { return (THERE + at.x * THERE_COLUMN + at.y * THERE_ROW) >> vec2u(16); }

// Where on the grid a pixel of the picture is fetched.
fn grid_of(at: vec2i) -> vec2i { return (BACK + at.x * BACK_COLUMN + at.y * BACK_ROW) >> vec2u(16); }

fn is_inside(at: vec2i, extent: vec2i) -> bool { return all(at >= vec2i(0)) && all(at < extent); }

// Rounded down, of numbers up to 2^24. A CPU divides floats eight at a time, and whole numbers one by one.
fn quotient(number: i32, divisor: i32) -> i32 {
    let about = i32(floor(f32(number) / f32(divisor)));
    let rest = number - about * divisor;
    return about + select(0, 1, rest >= divisor) - select(0, 1, rest < 0);
}

// Which of a band's lines an invocation has. A CPU gives each of its threads one stretch of the workgroups; they come to lines
// from all over the picture, so that none has the sky and another the crowd.
fn line_of(group: vec3u, local: vec3u) -> u32 {
    return (group.x % SWEEP * APART + group.x / SWEEP) * LINES_ABREAST + local.x;
}

fn modulo(number: i32, divisor: i32) -> i32 { return number - quotient(number, divisor) * divisor; }
