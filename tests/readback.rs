//! Pictures on their way back: every level, rounding, order, sizes and what is dropped.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;

use afterimage::gpu::{GpuError, Readback};
use afterimage::picture::{Picture, Size};

fn counted(size: Size, seed: u32) -> Vec<u8> {
    let bytes = 0..size.width * size.height * 4;
    bytes.map(|n| (n * 7 + seed) as u8).collect()
}

#[test]
fn every_level_comes_back_as_it_went() {
    let sizes = [(64, 4), (1, 1), (7, 5), (63, 3), (65, 2), (1919, 1081)];
    for size in sizes.map(|(width, height)| Size::new(width, height)) {
        let bytes = counted(size, 3);
        let frame = gpu::through(&Picture::rgba8(size, bytes.clone()));
        assert_eq!((frame.size, frame.number), (size, 0));
        assert!(frame.bytes == bytes, "{size}: bytes changed");
    }
}

#[test]
fn clips_and_rounds_half_to_even() {
    let cases = [
        (0.5, 128),
        (-3.0, 0),
        (7.0, 255),
        (0.499 / 255.0, 0),
        (0.501 / 255.0, 1),
        (253.499 / 255.0, 253),
        (254.501 / 255.0, 255),
    ];
    let device = gpu::open();
    let size = Size::new(cases.len() as u32, 1);
    let colors = cases.map(|(value, _)| [value, 0.0, 1.0, value]);
    let texture = gpu::colors(device, size, &colors);
    let mut readback = Readback::new(device);
    let mut encoder = device.device.create_command_encoder(&Default::default());
    readback.encode(&mut encoder, &gpu::view(&texture), size);
    device.queue.submit([encoder.finish()]);
    let frame = readback.take_blocking().unwrap().unwrap();
    let expected = cases.map(|(_, level)| [level, 0, 255, level]);
    assert_eq!(frame.bytes, expected.concat());
}

#[test]
fn frames_come_in_order_and_surplus_ones_are_dropped() {
    let device = gpu::open();
    let mut readback = Readback::new(device);
    let mut numbers = Vec::new();
    for side in 1..=5 {
        let size = Size::new(side, side);
        let texture = gpu::colors(
            device,
            size,
            &vec![[side as f32 / 255.0; 4]; size.area() as usize],
        );
        let mut encoder = device.device.create_command_encoder(&Default::default());
        numbers.push(readback.encode(&mut encoder, &gpu::view(&texture), size));
        device.queue.submit([encoder.finish()]);
    }
    assert_eq!(numbers, [Some(0), Some(1), Some(2), None, None]);
    assert_eq!((readback.dropped(), readback.pending()), (2, 3));
    for side in 1..=3u8 {
        let frame = readback.take_blocking().unwrap().unwrap();
        assert_eq!(frame.number, u64::from(side) - 1);
        assert_eq!(frame.bytes, vec![side; usize::from(side).pow(2) * 4]);
    }
    assert_eq!(readback.try_take(), Ok(None));
    assert_eq!(readback.take_blocking(), Ok(None));
}

#[test]
fn waiting_for_what_was_never_submitted_is_an_error() {
    let device = gpu::open();
    let size = Size::new(2, 2);
    let texture = gpu::target(device, size);
    let mut readback = Readback::new(device);
    let mut encoder = device.device.create_command_encoder(&Default::default());
    readback.encode(&mut encoder, &gpu::view(&texture), size);
    drop(encoder);
    assert!(matches!(
        readback.take_blocking(),
        Err(GpuError::NoFrame(_))
    ));
}

/// A picture of one colour with alpha, fitted into a frame.
fn fitted(size: Size, color: [f32; 4], frame: Size) -> Vec<[u8; 4]> {
    let device = gpu::open();
    let texture = gpu::colors(device, size, &vec![color; size.area() as usize]);
    let mut readback = Readback::new(device);
    let mut encoder = device.device.create_command_encoder(&Default::default());
    readback.encode_fitted(&mut encoder, &gpu::view(&texture), size, frame);
    device.queue.submit([encoder.finish()]);
    let taken = readback.take_blocking().unwrap().unwrap();
    assert_eq!(taken.size, frame);
    taken.bytes.as_chunks().0.to_vec()
}

#[test]
fn another_size_is_fitted_whole_with_nothing_beside_it() {
    let (color, level) = ([1.0, 0.4, 0.0, 1.0], [255, 102, 0, 255]);
    let cases = [
        ((4, 4), (12, 6), 3..9, 0..6),
        ((12, 6), (4, 4), 0..4, 1..3),
        ((9, 3), (3, 9), 0..3, 4..5),
    ];
    for (size, frame, columns, rows) in cases {
        let pixels = fitted(
            Size::new(size.0, size.1),
            color,
            Size::new(frame.0, frame.1),
        );
        for (index, pixel) in pixels.into_iter().enumerate() {
            let (x, y) = (index as u32 % frame.0, index as u32 / frame.0);
            let inside = columns.contains(&x) && rows.contains(&y);
            let expected = if inside { level } else { [0; 4] };
            assert_eq!(pixel, expected, "{size:?} {frame:?} at {x} {y}");
        }
    }
}

#[test]
fn every_pixel_counts_where_a_picture_is_reduced_and_alpha_weighs() {
    let device = gpu::open();
    let size = Size::new(6, 6);
    // One bright pixel in each square of three, at another place each, on transparent green.
    let bright = [(0, 0), (5, 1), (1, 4), (4, 5)];
    let colors: Vec<_> = (0..36)
        .map(|index| {
            if bright.contains(&(index % 6, index / 6)) {
                [1.0, 0.0, 0.0, 1.0]
            } else {
                [0.0, 1.0, 0.0, 0.0]
            }
        })
        .collect();
    let texture = gpu::colors(device, size, &colors);
    let mut readback = Readback::new(device);
    let mut encoder = device.device.create_command_encoder(&Default::default());
    readback.encode_fitted(&mut encoder, &gpu::view(&texture), size, Size::new(2, 2));
    device.queue.submit([encoder.finish()]);
    let frame = readback.take_blocking().unwrap().unwrap();
    for pixel in frame.bytes.as_chunks::<4>().0 {
        assert_eq!(*pixel, [255, 0, 0, 28]);
    }
}
