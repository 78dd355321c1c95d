// What a pixel of a level begins with: the coarser field between its pixels, GROWTH times as long.
fn begun(at: vec2i) -> vec2f {
    let x = between(at.x, COARSER.x, LEVEL.x);
    let y = between(at.y, COARSER.y, LEVEL.y);
    let next = min(vec2i(x.first, y.first) + 1, COARSER - 1);
    let a = textureLoad(coarser, vec2i(x.first, y.first), 0).xy;
    let b = textureLoad(coarser, vec2i(next.x, y.first), 0).xy;
    let c = textureLoad(coarser, vec2i(x.first, next.y), 0).xy;
    let d = textureLoad(coarser, next, 0).xy;
    return mix(mix(a, b, x.part), mix(c, d, x.part), y.part) * GROWTH;
}
