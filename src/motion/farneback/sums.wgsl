// Normal equations of a pixel, or their sums over a window: second moments G11, G12, G22 and right sides h1, h2, of which 1 is
// y and 2 is x.
struct Equations { first: vec4f, h2: f32 }

fn plus(a: Equations, b: Equations, weight: f32) -> Equations {
    return Equations(a.first + b.first * weight, a.h2 + b.h2 * weight);
}
