fn unpacked(bits: vec4u) -> Polynomial {
    return Polynomial(vec4f(unpack2x16float(bits.x), unpack2x16float(bits.y)), unpack2x16float(bits.z).x);
}
fn first_at(at: vec2i) -> Polynomial { return unpacked(textureLoad(first, at, 0)); }
fn second_at(at: vec2i) -> Polynomial { return unpacked(textureLoad(second, at, 0)); }
