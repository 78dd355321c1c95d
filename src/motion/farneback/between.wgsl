// OpenCV's INTER_LINEAR: the pixel of `from` before the middle of pixel `at` of `to`, and how far behind it that is.
struct Place { first: i32, part: f32 }

fn between(at: i32, from_length: i32, to_length: i32) -> Place {
    // In whole numbers, in halves of new pixels: floats lose a thousandth of a pixel far to the right.
    let place = (2 * at + 1) * from_length - to_length;
    let first = place / (2 * to_length);
    if (place < 0) { return Place(0, 0.0); }
    if (first >= from_length - 1) { return Place(from_length - 1, 0.0); }
    return Place(first, f32(place - first * 2 * to_length) / f32(2 * to_length));
}
