fn first_at(at: vec2i) -> Polynomial { return Polynomial(textureLoad(first, at, 0), textureLoad(first_mixed, at, 0).x); }
fn second_at(at: vec2i) -> Polynomial { return Polynomial(textureLoad(second, at, 0), textureLoad(second_mixed, at, 0).x); }
