// What the sums of a window's equations say has moved.
fn solution(sums: Equations) -> vec2f {
    let g = sums.first.xyz * SHARE;
    let h = vec2f(sums.first.w, sums.h2) * SHARE;
    let determinant = g.x * g.z - g.y * g.y + 1e-3;
    // Where rounding leaves no determinant, nothing is known of far away.
    return clamp(vec2f(g.x * h.y - g.y * h.x, g.z * h.x - g.y * h.y) / determinant, vec2f(-FAR), vec2f(FAR));
}
