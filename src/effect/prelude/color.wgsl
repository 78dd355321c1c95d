const LUMA: vec3f = vec3f(0.2126, 0.7152, 0.0722);
fn rgb_to_ycbcr(c: vec3f) -> vec3f { return c; }
fn ycbcr_to_rgb(c: vec3f) -> vec3f { return c; }
fn rgb_to_hsv(c: vec3f) -> vec3f { return c; }
fn hsv_to_rgb(c: vec3f) -> vec3f { return c; }
fn rgb_to_lab(c: vec3f) -> vec3f { return c; }
fn lab_to_rgb(c: vec3f) -> vec3f { return c; }
