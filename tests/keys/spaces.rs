//! Colour spaces in double precision.

/// A colour space: its name, its letters, and the way there and back in double precision.
pub(crate) struct Space {
    pub(crate) name: &'static str,
    pub(crate) letters: [&'static str; 3],
    pub(crate) to: fn([f64; 3]) -> [f64; 3],
    pub(crate) from: fn([f64; 3]) -> [f64; 3],
}

/// ITU-R BT.709, full range.
pub(crate) const YCBCR: Space = Space {
    name: "ycbcr",
    letters: ["y", "cb", "cr"],
    to: |[r, g, b]| {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [y, (b - y) / 1.8556, (r - y) / 1.5748]
    },
    from: |[y, cb, cr]| {
        let (r, b) = (y + 1.5748 * cr, y + 1.8556 * cb);
        [r, (y - 0.2126 * r - 0.0722 * b) / 0.7152, b]
    },
};

/// Smith 1978, hue in turns.
pub(crate) const HSV: Space = Space {
    name: "hsv",
    letters: ["h", "s", "v"],
    to: |[r, g, b]| {
        let (high, low) = (r.max(g).max(b), r.min(g).min(b));
        let range = high - low;
        if range == 0.0 {
            return [0.0, 0.0, high];
        }
        let sextant = if high == r {
            (g - b) / range
        } else if high == g {
            2.0 + (b - r) / range
        } else {
            4.0 + (r - g) / range
        };
        [(sextant / 6.0).rem_euclid(1.0), range / high, high]
    },
    from: |[h, s, v]| {
        let channel = |n: f64| {
            let k = (n + h * 6.0).rem_euclid(6.0);
            v - v * s * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        [channel(5.0), channel(3.0), channel(1.0)]
    },
};

pub(crate) fn linear(c: f64) -> f64 {
    if c <= 0.04045 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

/// Odd around 0: a lightness from elsewhere may make a colour that no screen has.
pub(crate) fn encoded(c: f64) -> f64 {
    let size = c.abs();
    let curve = 1.055 * size.powf(1.0 / 2.4) - 0.055;
    c.signum()
        * if size <= 0.003_130_8 {
            size * 12.92
        } else {
            curve
        }
}

/// The sRGB primaries' matrix to XYZ, and D65 (IEC 61966-2-1).
pub(crate) const XYZ: [[f64; 3]; 3] = [
    [0.412_390_8, 0.357_584_34, 0.180_480_79],
    [0.212_639_01, 0.715_168_68, 0.072_192_32],
    [0.019_330_82, 0.119_194_78, 0.950_532_15],
];
pub(crate) const RGB: [[f64; 3]; 3] = [
    [3.240_969_94, -1.537_383_18, -0.498_610_76],
    [-0.969_243_64, 1.875_967_5, 0.041_555_06],
    [0.055_630_08, -0.203_976_96, 1.056_971_51],
];

pub(crate) fn product(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

pub(crate) fn white() -> [f64; 3] {
    product(XYZ, [1.0; 3])
}

/// CIE 1976, divided by 100.
pub(crate) const LAB: Space = Space {
    name: "lab",
    letters: ["l", "a", "b"],
    to: |rgb| {
        let (xyz, white) = (product(XYZ, rgb.map(linear)), white());
        let f: [f64; 3] = std::array::from_fn(|i| {
            let t = xyz[i] / white[i];
            if t > 216.0 / 24389.0 {
                t.cbrt()
            } else {
                (24389.0 / 27.0 * t + 16.0) / 116.0
            }
        });
        [1.16 * f[1] - 0.16, 5.0 * (f[0] - f[1]), 2.0 * (f[1] - f[2])]
    },
    from: |[l, a, b]| {
        let (y, white) = ((l + 0.16) / 1.16, white());
        let f = [y + a / 5.0, y, y - b / 2.0];
        let t = f.map(|f| {
            if f > 6.0 / 29.0 {
                f.powi(3)
            } else {
                (116.0 * f - 16.0) * 27.0 / 24389.0
            }
        });
        product(RGB, std::array::from_fn(|i| t[i] * white[i])).map(encoded)
    },
};
