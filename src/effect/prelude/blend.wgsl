fn blend(a: vec3f, b: vec3f, mode: i32, opacity: f32) -> vec3f { return b + (a - b) * opacity; }
