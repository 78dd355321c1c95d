// The pixel before pixel `at` on a grid of every second pixel, and how far behind it that is.
struct Place { first: i32, part: f32 }

fn between(at: i32, from_length: i32, to_length: i32) -> Place {
    return Place(at / 2, f32(at % 2) * 0.5);
}
