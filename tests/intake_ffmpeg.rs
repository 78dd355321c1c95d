//! Film frames against FFmpeg's own conversion to RGB, on a real picture.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;

use std::process::{Command, Stdio};

use afterimage::picture::{
    Encoding, Format, Matrix, Picture, Plane, Range, Rotation, Siting, Size,
};

/// A frame of MDN's rabbit film (CC0).
const RABBIT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/rabbit_240x160.png"
);
const SIZE: Size = Size::new(240, 160);

/// The mean difference that is allowed, in levels of 255.
const MEAN: f64 = 0.7;

const MATRICES: [(&str, Matrix); 2] = [("bt601", Matrix::Bt601), ("bt709", Matrix::Bt709)];
const RANGES: [(&str, Range); 2] = [("tv", Range::Limited), ("pc", Range::Full)];

fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("ffmpeg: {error}; install it: apt-get install ffmpeg"));
    assert!(output.status.success(), "ffmpeg {arguments:?}");
    output.stdout
}

/// FFmpeg's name of a planar layout.
fn pixel_format(format: &Format) -> String {
    let shape = match format.chroma_shift {
        (0, 0) => "yuv444p",
        (1, 0) => "yuv422p",
        _ => "yuv420p",
    };
    match format.components[0].depth {
        8 => shape.to_owned(),
        depth => format!("{shape}{depth}le"),
    }
}

fn picture(format: &Format, encoding: Encoding, bytes: &[u8]) -> Picture {
    let mut rest = bytes;
    let mut plane = |(across, down): (u8, u8)| {
        let stride = SIZE.width.div_ceil(1 << across) as usize * format.sample_bytes();
        let (bytes, tail) = rest.split_at(stride * SIZE.height.div_ceil(1 << down) as usize);
        rest = tail;
        Plane {
            bytes: bytes.to_vec(),
            stride,
        }
    };
    let planes = vec![
        plane((0, 0)),
        plane(format.chroma_shift),
        plane(format.chroma_shift),
    ];
    assert!(rest.is_empty(), "ffmpeg wrote more than the planes");
    Picture {
        format: format.clone(),
        encoding,
        size: SIZE,
        pixel_aspect: 1.0,
        rotation: Rotation::None,
        planes,
        time: 0.0,
        sequence: 0,
        captured: None,
    }
}

/// The mean difference of the colours, in levels.
fn difference(rgba: &[u8], rgb: &[u8]) -> f64 {
    let ours = rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]);
    assert_eq!(rgba.len() / 4, rgb.len() / 3);
    let sum: f64 = ours.zip(rgb).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / rgb.len() as f64
}

/// Tells FFmpeg where chroma lies, in 1/256 of a luma pixel; it would take every film for centred.
fn chroma_position(format: &Format, siting: Siting) -> String {
    let across = if siting == Siting::Center { 128 } else { 0 };
    match format.chroma_shift {
        (0, 0) => String::new(),
        (_, 0) => format!(":in_h_chr_pos={across}"),
        _ => format!(":in_h_chr_pos={across}:in_v_chr_pos=128"),
    }
}

fn compare(format: &Format, matrix: (&str, Matrix), range: (&str, Range), siting: Siting) {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.yuv");
    let (film, pixels) = (film.to_str().unwrap(), pixel_format(format));
    let encode = format!("scale=out_color_matrix={}:out_range={}", matrix.0, range.0);
    ffmpeg(&[
        "-i", RABBIT, "-vf", &encode, "-pix_fmt", &pixels, "-f", "rawvideo", film,
    ]);
    let size = SIZE.to_string();
    let decode = format!(
        "scale=in_color_matrix={}:in_range={}{}:flags=accurate_rnd+full_chroma_int+bicubic",
        matrix.0,
        range.0,
        chroma_position(format, siting)
    );
    let input = [
        "-f", "rawvideo", "-pix_fmt", &pixels, "-s", &size, "-i", film,
    ];
    let output = ["-vf", &decode, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"];
    let rgb = ffmpeg(&[input.as_slice(), &output].concat());
    let encoding = Encoding {
        matrix: matrix.1,
        range: range.1,
        siting,
    };
    let frame = gpu::through(&picture(format, encoding, &std::fs::read(film).unwrap()));
    let mean = difference(&frame.bytes, &rgb);
    println!("{pixels} {decode}: mean {mean:.3}");
    assert!(mean <= MEAN, "{pixels} {decode}: mean {mean:.3} of 255");
}

#[test]
fn a_film_frame_has_ffmpegs_colours() {
    for depth in [8, 10] {
        for chroma_shift in [(1, 1), (1, 0), (0, 0)] {
            for matrix in MATRICES {
                for range in RANGES {
                    compare(
                        &Format::yuv(depth, chroma_shift),
                        matrix,
                        range,
                        Siting::Left,
                    );
                }
            }
        }
    }
}

#[test]
fn centred_chroma_has_ffmpegs_colours() {
    for chroma_shift in [(1, 1), (1, 0)] {
        compare(
            &Format::yuv(8, chroma_shift),
            MATRICES[0],
            RANGES[1],
            Siting::Center,
        );
    }
}

#[test]
fn the_comparison_rejects_the_wrong_matrix_and_range() {
    let rgb = ffmpeg(&["-i", RABBIT, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]);
    let yuv = ffmpeg(&[
        "-i",
        RABBIT,
        "-vf",
        "scale=out_color_matrix=bt601:out_range=tv",
        "-pix_fmt",
        "yuv444p",
        "-f",
        "rawvideo",
        "-",
    ]);
    let mean = |matrix, range| {
        let encoding = Encoding {
            matrix,
            range,
            siting: Siting::Left,
        };
        let frame = gpu::through(&picture(&Format::yuv(8, (0, 0)), encoding, &yuv));
        difference(&frame.bytes, &rgb)
    };
    assert!(mean(Matrix::Bt601, Range::Limited) <= MEAN);
    assert!(mean(Matrix::Bt709, Range::Limited) > MEAN);
    assert!(mean(Matrix::Bt601, Range::Full) > MEAN);
}
