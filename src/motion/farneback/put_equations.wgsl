fn put_equations(at: vec2i, flow: vec2f) {
    let found = equations(at * STRIDE, flow);
    let index = place_of(at.x, at.y, EXTENT.y);
    equations_first[index] = found.first;
    equations_h2[index] = found.h2;
}
