//! Pictures of every layout against a plain conversion in double precision.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;

use afterimage::gpu::{GpuError, Intake};
use afterimage::picture::{
    Component, Encoding, Fit, Format, Matrix, Model, Picture, Plane, Range, Rotation, Siting, Size,
};

/// Half a unit in the last place of a half float below 1, and what 32-bit floats add.
const ROUNDING: f64 = 0.000_25;

const BROADCAST: Encoding = Encoding {
    matrix: Matrix::Bt709,
    range: Range::Limited,
    siting: Siting::Left,
};

fn format(model: Model, chroma_shift: (u8, u8), components: &[[u8; 5]]) -> Format {
    let component = |&[plane, step, offset, depth, shift]: &[u8; 5]| Component {
        plane,
        step,
        offset,
        depth,
        shift,
    };
    Format {
        model,
        components: components.iter().map(component).collect(),
        chroma_shift,
    }
}

/// The layouts of FFmpeg's `pix_fmt` of these names: plane, step, offset, depth, shift.
fn formats() -> Vec<(&'static str, Format)> {
    use Model::{Gray, Rgb, Yuv};
    let named = |model, shift, components: &[[u8; 5]]| format(model, shift, components);
    vec![
        ("gray", Format::gray8()),
        ("gray10", named(Gray, (0, 0), &[[0, 1, 0, 10, 0]])),
        ("ya8", Format::packed(Gray, 2, 8)),
        ("rgb24", Format::packed(Rgb, 3, 8)),
        (
            "bgra",
            named(
                Rgb,
                (0, 0),
                &[
                    [0, 4, 2, 8, 0],
                    [0, 4, 1, 8, 0],
                    [0, 4, 0, 8, 0],
                    [0, 4, 3, 8, 0],
                ],
            ),
        ),
        ("rgb48", Format::packed(Rgb, 3, 16)),
        ("rgba64", Format::rgba16()),
        (
            "gbrp10",
            named(
                Rgb,
                (0, 0),
                &[[2, 1, 0, 10, 0], [0, 1, 0, 10, 0], [1, 1, 0, 10, 0]],
            ),
        ),
        ("yuv24", Format::packed(Yuv, 3, 8)),
        ("yuv444p", Format::yuv(8, (0, 0))),
        ("yuv444p12", Format::yuv(12, (0, 0))),
        ("yuv422p", Format::yuv(8, (1, 0))),
        ("yuv420p", Format::yuv(8, (1, 1))),
        ("yuv420p10", Format::yuv(10, (1, 1))),
        ("yuv440p", Format::yuv(8, (0, 1))),
        ("yuv411p", Format::yuv(8, (2, 0))),
        ("yuv410p", Format::yuv(8, (2, 2))),
        (
            "nv12",
            named(
                Yuv,
                (1, 1),
                &[[0, 1, 0, 8, 0], [1, 2, 0, 8, 0], [1, 2, 1, 8, 0]],
            ),
        ),
        (
            "nv21",
            named(
                Yuv,
                (1, 1),
                &[[0, 1, 0, 8, 0], [1, 2, 1, 8, 0], [1, 2, 0, 8, 0]],
            ),
        ),
        (
            "p010",
            named(
                Yuv,
                (1, 1),
                &[[0, 1, 0, 10, 6], [1, 2, 0, 10, 6], [1, 2, 1, 10, 6]],
            ),
        ),
        (
            "yuyv422",
            named(
                Yuv,
                (1, 0),
                &[[0, 2, 0, 8, 0], [0, 4, 1, 8, 0], [0, 4, 3, 8, 0]],
            ),
        ),
        (
            "uyvy422",
            named(
                Yuv,
                (1, 0),
                &[[0, 2, 1, 8, 0], [0, 4, 0, 8, 0], [0, 4, 2, 8, 0]],
            ),
        ),
        (
            "yuva420p",
            named(
                Yuv,
                (1, 1),
                &[
                    [0, 1, 0, 8, 0],
                    [1, 1, 0, 8, 0],
                    [2, 1, 0, 8, 0],
                    [3, 1, 0, 8, 0],
                ],
            ),
        ),
    ]
}

fn halvings(format: &Format, index: usize) -> (u8, u8) {
    match (format.model, index) {
        (Model::Yuv, 1 | 2) => format.chroma_shift,
        _ => (0, 0),
    }
}

/// A picture of noise in which every code of the format may occur, with padded rows.
fn noise(format: &Format, size: Size, encoding: Encoding) -> Picture {
    let mut state = 0x2545_f491_u32;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    let planes = 1 + format.components.iter().map(|c| c.plane).max().unwrap();
    let bytes = format.sample_bytes();
    let plane = |plane| {
        let parts = format
            .components
            .iter()
            .enumerate()
            .filter(|(_, c)| c.plane == plane);
        let mut row = 0;
        let mut rows = 0;
        let mut bits = (0, 0);
        for (index, component) in parts {
            let (across, down) = halvings(format, index);
            row = row.max(size.width.div_ceil(1 << across) as usize * usize::from(component.step));
            rows = rows.max(size.height.div_ceil(1 << down) as usize);
            bits = (component.depth, component.shift);
        }
        let stride = row * bytes + 6;
        let sample = |_| ((random() & ((1 << bits.0) - 1)) << bits.1) as u16;
        let samples: Vec<u16> = (0..rows * stride / bytes).map(sample).collect();
        let data = samples
            .iter()
            .flat_map(|s| s.to_le_bytes()[..bytes].to_vec());
        let mut data: Vec<u8> = data.collect();
        data.truncate((rows - 1) * stride + row * bytes);
        Plane {
            bytes: data,
            stride,
        }
    };
    Picture {
        planes: (0..planes).map(plane).collect(),
        encoding,
        size,
        ..Picture::packed(format.clone(), size, Vec::new())
    }
}

/// The code of a component at one of its own samples, the outermost repeated beyond the edge.
fn code(picture: &Picture, index: usize, x: i64, y: i64) -> f64 {
    let component = picture.format.components[index];
    let (across, down) = halvings(&picture.format, index);
    let last = |length: u32, halvings: u8| i64::from(length.div_ceil(1 << halvings)) - 1;
    let x = x.clamp(0, last(picture.size.width, across)) as usize;
    let y = y.clamp(0, last(picture.size.height, down)) as usize;
    let plane = &picture.planes[usize::from(component.plane)];
    let sample = x * usize::from(component.step) + usize::from(component.offset);
    let raw = match picture.format.sample_bytes() {
        1 => u16::from(plane.bytes[y * plane.stride + sample]),
        _ => {
            let at = y * plane.stride + sample * 2;
            u16::from_le_bytes([plane.bytes[at], plane.bytes[at + 1]])
        }
    };
    f64::from(raw >> component.shift)
}

/// The code at a pixel, bilinear where the component is halved.
fn code_at(picture: &Picture, index: usize, x: u32, y: u32) -> f64 {
    let (across, down) = halvings(&picture.format, index);
    let siting = picture.encoding.siting;
    let place = |at: u32, halvings: u8, centred: bool| {
        let length = f64::from(1 << halvings);
        let shift = if centred { 0.5 } else { 0.5 / length };
        (f64::from(at) + 0.5) / length - shift
    };
    let x = place(x, across, siting == Siting::Center);
    let y = place(y, down, siting != Siting::TopLeft);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let (x, y) = (x.floor() as i64, y.floor() as i64);
    let row = |y| code(picture, index, x, y) * (1.0 - fx) + code(picture, index, x + 1, y) * fx;
    row(y) * (1.0 - fy) + row(y + 1) * fy
}

/// The colour of a stored pixel, by the formulas of BT.601 and BT.709.
fn color(picture: &Picture, x: u32, y: u32) -> [f64; 4] {
    let format = &picture.format;
    let unit = |index: usize| 2f64.powi(i32::from(format.components[index].depth) - 8);
    let largest = |index: usize| 2f64.powi(format.components[index].depth.into()) - 1.0;
    let limited = picture.encoding.range == Range::Limited;
    let light = |index| match (code_at(picture, index, x, y), limited) {
        (code, true) => (code - 16.0 * unit(index)) / (219.0 * unit(index)),
        (code, false) => code / largest(index),
    };
    let difference = |index| match (code_at(picture, index, x, y) - 128.0 * unit(index), limited) {
        (code, true) => code / (224.0 * unit(index)),
        (code, false) => code / largest(index),
    };
    let [red, green, blue] = match format.model {
        Model::Gray => [light(0); 3],
        Model::Rgb => [light(0), light(1), light(2)],
        Model::Yuv => {
            let (kr, kb) = picture.encoding.matrix.weights();
            let (y, cb, cr) = (light(0), difference(1), difference(2));
            let (red, blue) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
            [red, (y - kr * red - kb * blue) / (1.0 - kr - kb), blue]
        }
    };
    let last = format.components.len() - 1;
    let alpha = match format.has_alpha() {
        true => code_at(picture, last, x, y) / largest(last),
        false => 1.0,
    };
    [red, green, blue, alpha].map(|value| value.clamp(0.0, 1.0))
}

/// The colours as they are shown, by walking the shown picture back to the stored one.
fn reference(picture: &Picture) -> Vec<[f64; 4]> {
    let Size { width, height } = picture.size;
    let shown = picture.display_size();
    let stored = |x, y| match picture.rotation {
        Rotation::None => (x, y),
        Rotation::Clockwise90 => (y, height - 1 - x),
        Rotation::Half => (width - 1 - x, height - 1 - y),
        Rotation::Clockwise270 => (width - 1 - y, x),
    };
    let pixels = (0..shown.height).flat_map(|y| (0..shown.width).map(move |x| stored(x, y)));
    pixels.map(|(x, y)| color(picture, x, y)).collect()
}

fn assert_converts(name: &str, picture: &Picture) {
    let size = picture.display_size();
    let colors = gpu::take_in(picture, Fit::Cover, false, size);
    let expected = reference(picture);
    assert_eq!(colors.len(), expected.len());
    for (index, (color, expected)) in colors.iter().zip(&expected).enumerate() {
        for (value, expected) in color.iter().zip(expected) {
            let error = (f64::from(*value) - expected).abs();
            let place = (index as u32 % size.width, index as u32 / size.width);
            assert!(
                error <= ROUNDING,
                "{name} {size} at {place:?}: {value}, not {expected}"
            );
        }
    }
}

#[test]
fn every_layout_at_odd_sizes() {
    for (name, format) in formats() {
        for size in [Size::new(1, 1), Size::new(7, 5), Size::new(37, 18)] {
            assert_converts(name, &noise(&format, size, BROADCAST));
        }
    }
}

#[test]
fn full_hd_and_one_more() {
    for (name, format) in formats() {
        if ["yuv420p", "p010", "yuyv422", "rgb24"].contains(&name) {
            assert_converts(name, &noise(&format, Size::new(1919, 1081), BROADCAST));
        }
    }
}

#[test]
fn every_matrix_and_range() {
    for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
        for range in [Range::Full, Range::Limited] {
            let encoding = Encoding {
                matrix,
                range,
                ..BROADCAST
            };
            for format in [
                Format::yuv(8, (0, 0)),
                Format::yuv(10, (0, 0)),
                Format::packed(Model::Gray, 2, 8),
            ] {
                assert_converts(
                    &format!("{encoding:?}"),
                    &noise(&format, Size::new(19, 9), encoding),
                );
            }
        }
    }
}

#[test]
fn every_siting() {
    for siting in [Siting::Center, Siting::TopLeft] {
        let encoding = Encoding {
            siting,
            ..BROADCAST
        };
        for (name, format) in formats() {
            if format.chroma_shift != (0, 0) {
                let picture = noise(&format, Size::new(35, 9), encoding);
                assert_converts(&format!("{name} {siting:?}"), &picture);
            }
        }
    }
}

#[test]
fn every_rotation() {
    use Rotation::{Clockwise90, Clockwise270, Half};
    for rotation in [Rotation::None, Clockwise90, Half, Clockwise270] {
        for format in [Format::yuv(8, (1, 1)), Format::rgba8()] {
            let mut picture = noise(&format, Size::new(21, 6), BROADCAST);
            picture.rotation = rotation;
            assert_converts(&format!("{rotation:?}"), &picture);
        }
    }
}

#[test]
fn eight_bit_rgb_is_exact_in_both_precisions() {
    let bytes: Vec<u8> = (0..=255)
        .flat_map(|n: u8| [n, 255 - n, n ^ 85, n])
        .collect();
    let picture = Picture::rgba8(Size::new(64, 4), bytes.clone());
    for bits8 in [false, true] {
        let colors = gpu::take_in(&picture, Fit::Cover, bits8, picture.size);
        let expected: Vec<f32> = bytes.iter().map(|&n| gpu::level(n)).collect();
        assert_eq!(colors.concat(), expected);
    }
    let levels: Vec<u8> = bytes
        .iter()
        .map(|&n| (gpu::level(n) * 255.0).round() as u8)
        .collect();
    assert_eq!(levels, bytes);
}

#[test]
fn levels_are_rounded_half_to_even() {
    let picture = noise(&Format::yuv(10, (1, 1)), Size::new(40, 30), BROADCAST);
    let colors = gpu::take_in(&picture, Fit::Cover, true, picture.size);
    for (color, expected) in colors
        .concat()
        .into_iter()
        .zip(reference(&picture).concat())
    {
        let level = expected * 255.0;
        // Within 32-bit rounding of a tie either neighbour is right.
        let tie = (level.fract() - 0.5).abs() < 1e-4;
        let close = [level.floor(), level.ceil()].map(|n| gpu::level(n as u8));
        match tie {
            true => assert!(close.contains(&color), "{color} for level {level}"),
            false => assert_eq!(color, gpu::level(level.round_ties_even() as u8)),
        }
    }
}

#[test]
fn one_intake_takes_pictures_of_changing_kind() {
    let mut intake = Intake::new();
    for round in 0..3 {
        for (name, format) in formats() {
            let picture = noise(&format, Size::new(9 + round, 4), BROADCAST);
            let fresh = gpu::take_in(&picture, Fit::Cover, false, picture.size);
            let again = gpu::take_in_with(&mut intake, &picture, Fit::Cover, false, picture.size);
            assert_eq!(fresh, again, "{name}");
        }
    }
}

#[test]
fn refuses_broken_and_too_large_pictures() {
    let device = gpu::open();
    let size = Size::new(4, 4);
    let texture = gpu::target(device, size);
    let mut encoder = device.device.create_command_encoder(&Default::default());
    let mut refusal = |picture: &Picture, canvas| {
        let view = gpu::view(&texture);
        Intake::new()
            .encode(
                device,
                &mut encoder,
                picture,
                Fit::Cover,
                false,
                &view,
                canvas,
            )
            .unwrap_err()
    };
    let large = Picture::rgba8(Size::new(8193, 1), vec![0; 8193 * 4]);
    assert_eq!(refusal(&large, size), GpuError::TooLarge(large.size));
    let small = Picture::rgba8(size, vec![0; 64]);
    let canvas = Size::new(16, 9000);
    assert_eq!(refusal(&small, canvas), GpuError::TooLarge(canvas));
    let short = Picture::rgba8(size, vec![0; 60]);
    assert!(matches!(refusal(&short, size), GpuError::Malformed(_)));
}

#[test]
fn a_drawn_picture_and_a_dispatched_one_are_the_same() {
    let others = gpu::open().clone().dispatching();
    for (name, format) in formats() {
        for size in [Size::new(1, 1), Size::new(37, 5), Size::new(64, 3)] {
            let picture = noise(&format, size, BROADCAST);
            let here = gpu::take_in(&picture, Fit::Cover, false, size);
            let mut intake = Intake::new();
            let there = gpu::take_in_on(&others, &mut intake, &picture, Fit::Cover, false, size);
            assert_eq!(here, there, "{name} at {size}");
        }
    }
}
