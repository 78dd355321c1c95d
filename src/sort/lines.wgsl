// Lines at any angle: rows, or columns where that is nearer, each moved along itself by a whole number of pixels at every
// step, so that each pixel is in one line and none is between two. What leaves the picture comes in on its other side,
// as a line of its own. Around the middle, where a played angle moves least.

struct Course { upright: bool, backward: bool, slope: i32, along: i32, aside: i32 }

fn course() -> Course {
    let quarter = round(params.angle / 90.0);
    let turns = i32(quarter) & 3;
    let upright = (turns & 1) == 1;
    let slope = i32(round(tan(radians(params.angle - 90.0 * quarter)) * 65536.0));
    return Course(upright, turns >= 2, select(slope, -slope, upright), select(GRID.x, GRID.y, upright), select(GRID.y, GRID.x, upright));
}

fn drift(course: Course, along: i32) -> i32 { return ((along - course.along / 2) * course.slope + 32768) >> 16; }

fn along(course: Course, place: i32) -> i32 { return select(place, course.along - 1 - place, course.backward); }

// Lines, and the most cells of one.
fn extent() -> vec2i {
    let course = course();
    return vec2i(course.aside, course.along);
}

fn cells_of(line: i32) -> i32 { return extent().y; }

// x is a place in the line, y the line.
fn cell_at(at: vec2i) -> vec2i {
    let course = course();
    let turned = select(at, at.yx, course.upright);
    return vec2i(along(course, turned.x), modulo(turned.y - drift(course, turned.x), course.aside));
}

fn pixel_at(cell: vec2i) -> vec2i {
    let course = course();
    let x = along(course, cell.x);
    let turned = vec2i(x, modulo(cell.y + drift(course, x), course.aside));
    return select(turned, turned.yx, course.upright);
}

// Whether it is another line than the cell before.
fn is_cut(cell: vec2i) -> bool {
    if cell.x == 0 { return true; }
    let course = course();
    let here = cell.y + drift(course, along(course, cell.x));
    let before = cell.y + drift(course, along(course, cell.x - 1));
    return quotient(here, course.aside) != quotient(before, course.aside);
}
