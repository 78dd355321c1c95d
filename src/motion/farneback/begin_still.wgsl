// What the coarsest level begins with: nothing has moved.
fn begun(at: vec2i) -> vec2f { return vec2f(); }
