// What the coarsest level begins with: the last field, the mean over what each pixel covers of it, SCALE times as long
// (OpenCV: INTER_AREA).
fn begun(at: vec2i) -> vec2f {
    let ratio = vec2f(textureDimensions(last)) / vec2f(LEVEL);
    let low = vec2f(at) * ratio;
    let high = low + ratio;
    let end = min(vec2u(ceil(high - 1e-3)), textureDimensions(last));
    var sum = vec3f();
    for (var y = u32(low.y + 1e-3); y < end.y; y++) {
        let share = covered(y, low.y, high.y);
        for (var x = u32(low.x + 1e-3); x < end.x; x++) {
            sum += share * covered(x, low.x, high.x) * vec3f(textureLoad(last, vec2u(x, y), 0).xy, 1.0);
        }
    }
    return sum.xy / sum.z * SCALE;
}
