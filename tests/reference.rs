//! The program against what ffmpeg and Pillow make of the same pictures: see tests/reference/README.md.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "reference/edges.rs"]
mod edges;
#[path = "reference/opencv.rs"]
mod opencv;

use std::path::{Path, PathBuf};
use std::process::Command;

use afterimage::effect::BLEND_MODES;
use image::RgbImage;
use tempfile::TempDir;

/// 8-bit shows repeat the references' arithmetic; in float ones a formula is off by what they truncate.
const BITS: [(&str, u8); 2] = [("8", 0), ("16", 1)];

fn reference(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    folder.join(format!("{name}.png"))
}

fn picture(path: &Path) -> RgbImage {
    let read = image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    read.to_rgb8()
}

/// The frames that `afterimage render` makes, with the given arguments between source and output.
fn render(source: &Path, arguments: &[&str]) -> Vec<RgbImage> {
    let folder = TempDir::new().unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_afterimage"))
        .arg("render")
        .arg(source)
        .args(arguments)
        .arg("-o")
        .arg(folder.path().join("%05d.png"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{arguments:?}: {said}");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| picture(path)).collect()
}

/// One frame of one effect on the picture `hd`.
fn of_hd(effect: &str, sources: &[String], bits: &str) -> RgbImage {
    let mut arguments = vec!["-e", effect, "--bits", bits, "--frames", "1"];
    arguments.extend(sources.iter().flat_map(|source| ["-s", source]));
    render(&reference("inputs/hd"), &arguments).remove(0)
}

/// How the samples of two pictures differ, if by more than `most`.
fn difference(ours: &RgbImage, theirs: &RgbImage, most: u8) -> Option<String> {
    if ours.dimensions() != theirs.dimensions() {
        return Some(format!(
            "{:?} instead of {:?}",
            ours.dimensions(),
            theirs.dimensions()
        ));
    }
    let pairs = ours.as_raw().iter().zip(theirs.as_raw()).enumerate();
    let wrong: Vec<_> = pairs.filter(|(_, (a, b))| a.abs_diff(**b) > most).collect();
    let (at, (a, b)) = wrong.first()?;
    let (x, y) = (
        at / 3 % ours.width() as usize,
        at / 3 / ours.width() as usize,
    );
    Some(format!(
        "{} samples differ, first at {x},{y}: {a} instead of {b}",
        wrong.len()
    ))
}

#[track_caller]
fn assert_same(name: &str, ours: &RgbImage, theirs: &RgbImage, most: u8) {
    if let Some(how) = difference(ours, theirs, most) {
        panic!("{name}: {how}");
    }
}

#[test]
fn the_comparer_rejects_what_is_nearly_right() {
    let right = picture(&reference("inputs/hd"));
    assert_eq!(difference(&right, &right, 0), None);
    let (width, height) = right.dimensions();
    let shifted = RgbImage::from_fn(width, height, |x, y| {
        *right.get_pixel((x + 1).min(width - 1), y)
    });
    let swapped = RgbImage::from_fn(width, height, |x, y| {
        let [r, g, b] = right.get_pixel(x, y).0;
        image::Rgb([b, g, r])
    });
    let brighter = RgbImage::from_fn(width, height, |x, y| {
        let lift = |level: u8| (f64::from(level) * 1.02).round().min(255.0) as u8;
        image::Rgb(right.get_pixel(x, y).0.map(lift))
    });
    let cropped = image::imageops::crop_imm(&right, 0, 0, width - 1, height).to_image();
    for wrong in [shifted, swapped, brighter, cropped] {
        assert!(difference(&wrong, &right, 1).is_some());
    }
}

#[test]
fn channel_shift_is_imagechops_offset() {
    for (x, y) in [(37, 0), (-13, 25), (1000, -777)] {
        let effect = format!("channel_shift:red={x},{y}:green={x},{y}:blue={x},{y}:edge=wrap");
        let name = format!("imagechops_offset/offset_{x}_{y}");
        for (bits, _) in BITS {
            assert_same(
                &name,
                &of_hd(&effect, &[], bits),
                &picture(&reference(&name)),
                0,
            );
        }
    }
}

#[test]
fn channel_shift_is_rgbashift() {
    let offsets = [
        ("mixed", "red=12,-5:green=0,3:blue=-20,8"),
        ("far", "red=255,0:green=0,-200:blue=-255,0"),
    ];
    for (kind, offset) in offsets {
        for edge in ["smear", "wrap"] {
            let name = format!("rgbashift/{edge}_{kind}");
            let effect = format!("channel_shift:{offset}:edge={edge}");
            for (bits, _) in BITS {
                assert_same(
                    &name,
                    &of_hd(&effect, &[], bits),
                    &picture(&reference(&name)),
                    0,
                );
            }
        }
    }
}

/// The planes of Cb and Cr, each a grey picture of its own size.
#[test]
fn channel_shift_of_planes_is_chromashift() {
    for kind in ["yuv444p", "yuv420p"] {
        for (plane, offset) in [("u", "7,-3"), ("v", "-11,4")] {
            let source = reference(&format!("inputs/chromashift/{kind}_{plane}"));
            for edge in ["smear", "wrap"] {
                let name = format!("chromashift/{kind}_{edge}_{plane}");
                let shift =
                    format!("channel_shift:red={offset}:green={offset}:blue={offset}:edge={edge}");
                for (bits, _) in BITS {
                    let frames = render(&source, &["-e", &shift, "--bits", bits, "--frames", "1"]);
                    assert_same(&name, &frames[0], &picture(&reference(&name)), 0);
                }
            }
        }
    }
}

/// With the operations that the package drew, later ones over earlier ones.
#[test]
fn slice_is_glitch_this() {
    let cases = [
        ("a2", "glitch=2:color_offset=false"),
        ("a5_color", "glitch=5.5"),
        ("a10_color_scan", "glitch=10:scan_lines=true"),
    ];
    for (name, keys) in cases {
        let table = reference(&format!("inputs/glitch_this/{name}"));
        let operations = format!("drawn={}", table.display());
        let effect = format!("slice:mode=glitch_this:operations=drawn:{keys}");
        let name = format!("glitch_this/{name}");
        for (bits, _) in BITS {
            let ours = of_hd(&effect, std::slice::from_ref(&operations), bits);
            assert_same(&name, &ours, &picture(&reference(&name)), 0);
        }
    }
}

#[test]
fn displace_is_ffmpegs_at_every_edge() {
    for (maps, x, y) in [
        ("wave", "wave_xmap", "wave_ymap"),
        ("video", "frame000", "frame008"),
    ] {
        let source =
            |name, file: &str| format!("{name}={}", reference(&format!("inputs/{file}")).display());
        let sources = [source("x", x), source("y", y)];
        for edge in ["blank", "smear", "wrap", "mirror"] {
            let name = format!("displace/{maps}_{edge}");
            let effect = format!("displace:map_x=x:map_y=y:edge={edge}");
            for (bits, _) in BITS {
                assert_same(
                    &name,
                    &of_hd(&effect, &sources, bits),
                    &picture(&reference(&name)),
                    0,
                );
            }
        }
    }
}

#[test]
fn lagfun_is_ffmpegs() {
    let cases: [(&str, &str, &[usize]); 8] = [
        ("decay095", "decay=0.95", &[9, 19]),
        ("decay050", "decay=0.5", &[19]),
        ("decay099", "decay=0.99", &[19]),
        ("decay1", "decay=1", &[19]),
        ("decay090_planes4", "decay=0.9:channels=r", &[19]),
        ("decay090_planes3", "decay=0.9:channels=gb", &[19]),
        ("decay090_planes4", "decay=0.9:tint=#ff0000", &[19]),
        ("decay090_planes3", "decay=0.9:tint=#00ffff", &[19]),
    ];
    for (name, keys, kept) in cases {
        for (bits, most) in BITS {
            let frames = render(
                &reference("inputs/frame%03d"),
                &["-e", &format!("lagfun:{keys}"), "--bits", bits],
            );
            assert_eq!(frames.len(), 20);
            for &frame in kept {
                let name = format!("lagfun/{name}_{frame:02}");
                assert_same(
                    &format!("{name} {keys}"),
                    &frames[frame],
                    &picture(&reference(&name)),
                    most,
                );
            }
        }
    }
}

#[test]
fn tmix_is_ffmpegs() {
    let cases: [(&str, &str, &[usize]); 6] = [
        ("flat3", "frames=3", &[0, 1, 10, 19]),
        ("ramp5", "frames=5:oldest=1:middle=3:newest=5", &[2, 12]),
        ("sharp3", "frames=3:oldest=-1:middle=3:newest=-1", &[11]),
        ("triangle7", "frames=7:middle=4", &[13]),
        ("moved2", "frames=2:oldest=-2:newest=2:scale=1", &[10]),
        ("half4", "frames=4:scale=0.125", &[19]),
    ];
    for (name, keys, kept) in cases {
        for (bits, most) in BITS {
            let effect = format!("tmix:{keys}");
            let frames = render(
                &reference("inputs/frame%03d"),
                &["-e", &effect, "--bits", bits],
            );
            assert_eq!(frames.len(), 20);
            for &frame in kept {
                let name = format!("tmix/{name}_{frame:02}");
                assert_same(&name, &frames[frame], &picture(&reference(&name)), most);
            }
        }
    }
}

#[test]
fn channel_mixer_is_colorchannelmixer() {
    let names = ["red", "green", "blue"];
    let cells = names
        .iter()
        .flat_map(|to| names.map(|from| format!("{to}_from_{from}")));
    let cells: Vec<_> = cells.collect();
    let cases = [
        ("swap", [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]),
        ("infrared", [0.4, 0.9, -0.3, 0.2, 0.5, 0.3, 0.9, 0.0, 0.1]),
        (
            "sepia",
            [
                0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131,
            ],
        ),
    ];
    for (name, matrix) in cases {
        let keys = cells.iter().zip(matrix);
        let keys: String = keys
            .map(|(cell, share)| format!(":{cell}={share}"))
            .collect();
        let name = format!("colorchannelmixer/{name}");
        // The reference rounds each of three products.
        for (bits, most) in [("8", 0), ("16", 2)] {
            let ours = of_hd(&format!("channel_mixer{keys}"), &[], bits);
            assert_same(&name, &ours, &picture(&reference(&name)), most);
        }
    }
}

/// Off by what the reference truncates.
#[test]
fn lut_is_ffmpegs() {
    let input = |file: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/inputs");
        format!("t={}", folder.join(file).display())
    };
    let cases = [
        ("cube_trilinear", "look_17.cube", "trilinear"),
        ("cube_tetrahedral", "look_17.cube", "tetrahedral"),
        ("hald_trilinear", "hald_4.png", "trilinear"),
        ("hald_tetrahedral", "hald_4.png", "tetrahedral"),
        ("curves", "curves_33.cube", "tetrahedral"),
    ];
    for (name, file, interpolation) in cases {
        for (bits, _) in BITS {
            let effect = format!("lut:lut=t:interpolation={interpolation}");
            let ours = of_hd(&effect, &[input(file)], bits);
            let name = format!("lut/{name}");
            assert_same(&name, &ours, &picture(&reference(&name)), 1);
        }
    }
}

/// The share of samples that are at most one level off, and the ratio of signal to noise in dB.
fn likeness(ours: &RgbImage, theirs: &RgbImage) -> (f64, f64) {
    assert_eq!(ours.dimensions(), theirs.dimensions());
    let pairs = ours.as_raw().iter().zip(theirs.as_raw());
    let off: Vec<_> = pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).collect();
    let count = off.len() as f64;
    let near = off.iter().filter(|off| **off <= 1.0).count() as f64 / count;
    let square = off.iter().map(|off| off * off).sum::<f64>() / count;
    (near, 10.0 * (255.0f64.powi(2) / square.max(1e-12)).log10())
}

/// A still that the motion of a film drags, as OpenCV's users do it; its state is not rounded.
#[test]
fn mosh_is_opencvs_flow_and_remap() {
    let folder = reference("inputs/hd").parent().unwrap().to_owned();
    for (film, still) in [("person", "hd"), ("rabbit", "still")] {
        let motion = format!(
            "motion={}",
            folder.join(film).join("gray%03d.png").display()
        );
        let arguments = [
            "-s",
            &motion,
            "-e",
            "flow:image=motion:direction=forward:height=0:accuracy=exact",
            "-e",
            "mosh:image=in:amount=1:gain=0:refresh=0:cut_score=0:edge=blank:interpolation=bilinear",
            "--bits",
            "8",
            "--fps",
            "25",
            "--frames",
            "31",
        ];
        let frames = render(&reference(&format!("inputs/{still}")), &arguments);
        for frame in [1, 10, 30] {
            let name = format!("mosh/{film}_on_{still}_{frame:02}");
            let (near, signal) = likeness(&frames[frame], &picture(&reference(&name)));
            assert!(
                near >= 0.999 && signal >= 60.0,
                "{name}: {near} within a level, {signal} dB"
            );
        }
    }
}

/// Two pictures that together hold every pair of levels: x is a, y is b.
fn all_pairs(folder: &Path) -> (PathBuf, PathBuf) {
    let save = |name: &str, level: fn(u32, u32) -> u32| {
        let path = folder.join(name);
        let gray = RgbImage::from_fn(256, 256, |x, y| image::Rgb([level(x, y) as u8; 3]));
        gray.save(&path).unwrap();
        path
    };
    (save("a.png", |x, _| x), save("b.png", |_, y| y))
}

fn assert_modes(frames: &[RgbImage], suffix: &str, most: impl Fn(&str) -> u8) {
    assert_eq!(frames.len(), BLEND_MODES.len());
    for (mode, frame) in BLEND_MODES.iter().zip(frames) {
        let name = format!("blend_lut/{mode}{suffix}");
        assert_same(&name, frame, &picture(&reference(&name)), most(mode));
    }
}

const OPACITIES: [(&str, &str); 3] = [("1", ""), ("0.5", "_050"), ("0.25", "_025")];

/// Only `interpolate` has ties that hang on the cosine.
fn most_of_levels(mode: &str) -> u8 {
    u8::from(mode == "interpolate")
}

/// These double products that ffmpeg has truncated before: up to two levels each.
fn most_of_floats(mode: &str) -> u8 {
    match mode {
        "overlay" | "hardlight" => 2,
        "softlight" => 4,
        _ => 1,
    }
}

#[test]
fn all_blend_modes_are_ffmpegs() {
    let folder = TempDir::new().unwrap();
    let (a, b) = all_pairs(folder.path());
    let other = format!("b={}", b.display());
    for (opacity, suffix) in OPACITIES {
        let effect = format!("blend:other=b:mode=tick:opacity={opacity}");
        let rendered = |bits| {
            render(
                &a,
                &[
                    "-s", &other, "-e", &effect, "--frames", "40", "--bits", bits,
                ],
            )
        };
        assert_modes(&rendered("8"), suffix, most_of_levels);
        assert_modes(&rendered("16"), suffix, most_of_floats);
    }
}

#[test]
fn all_temporal_blend_modes_are_ffmpegs() {
    let folder = TempDir::new().unwrap();
    let (a, b) = all_pairs(folder.path());
    for tick in 0..80 {
        let from = if tick % 2 == 0 { &b } else { &a };
        std::fs::hard_link(from, folder.path().join(format!("{tick:02}.png"))).unwrap();
    }
    for (opacity, suffix) in OPACITIES {
        let effect = format!("tblend:mode=floor(tick / 2):opacity={opacity}");
        let frames = render(
            &folder.path().join("%02d.png"),
            &["-e", &effect, "--bits", "8"],
        );
        let later: Vec<_> = frames.into_iter().skip(1).step_by(2).collect();
        assert_modes(&later, suffix, most_of_levels);
    }
}

#[test]
fn tblend_of_two_pictures_is_ffmpegs() {
    let folder = TempDir::new().unwrap();
    for (index, name) in ["inputs/frame000", "inputs/hd"].iter().enumerate() {
        std::fs::copy(reference(name), folder.path().join(format!("{index}.png"))).unwrap();
    }
    for mode in ["difference", "screen", "softlight", "stain"] {
        for (bits, most) in [("8", 0), ("16", most_of_floats(mode))] {
            let effect = format!("tblend:mode={mode}");
            let frames = render(
                &folder.path().join("%d.png"),
                &["-e", &effect, "--bits", bits],
            );
            let name = format!("tblend/{mode}");
            assert_same(&name, &frames[1], &picture(&reference(&name)), most);
        }
    }
}

/// Where the references truncate twice, float shows are held to the formula itself.
#[test]
fn doubled_products_are_the_formulas_in_float() {
    fn overlay(a: f64, b: f64) -> f64 {
        if a < 0.5 {
            2.0 * a * b
        } else {
            1.0 - 2.0 * (1.0 - a) * (1.0 - b)
        }
    }
    type Formula = fn(f64, f64) -> f64;
    let formulas: [(&str, Formula); 3] = [
        ("overlay", overlay),
        ("hardlight", |a, b| overlay(b, a)),
        ("softlight", |a, b| a * a + 2.0 * b * a * (1.0 - a)),
    ];
    let folder = TempDir::new().unwrap();
    let (a, b) = all_pairs(folder.path());
    let other = format!("b={}", b.display());
    for (mode, formula) in formulas {
        let frames = render(
            &a,
            &[
                "-s",
                &other,
                "-e",
                &format!("blend:other=b:mode={mode}"),
                "--frames",
                "1",
            ],
        );
        let exact = RgbImage::from_fn(256, 256, |x, y| {
            let value = formula(f64::from(x) / 255.0, f64::from(y) / 255.0);
            image::Rgb([(value.clamp(0.0, 1.0) * 255.0).round() as u8; 3])
        });
        assert_same(mode, &frames[0], &exact, 1);
    }
}
