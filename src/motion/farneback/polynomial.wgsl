// Coefficients: of y, x, y², x², and of xy.
struct Polynomial { first: vec4f, mixed: f32 }
