// How much of the pixel `at` lies between two places.
fn covered(at: u32, low: f32, high: f32) -> f32 {
    return min(f32(at) + 1.0, high) - max(f32(at), low);
}
