//! The filters against what OpenCV makes of five pictures: `make_opencv.py`.

use std::path::{Path, PathBuf};

use afterimage::session::library;
use image::RgbImage;
use serde::Deserialize;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{BITS, assert_same, difference, picture, reference, render};

/// What OpenCV was asked, and where its answer lies.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Case {
    filter: String,
    pub(super) name: String,
    pub(super) picture: String,
    #[serde(flatten)]
    settings: Map<String, Value>,
}

impl Case {
    pub(super) fn expected(&self) -> RgbImage {
        picture(&reference(&format!("opencv/{}/{}", self.filter, self.name)))
    }

    pub(super) fn number(&self, setting: &str) -> f64 {
        self.settings[setting].as_f64().unwrap()
    }

    /// A setting as a show would have it.
    pub(super) fn text(&self, setting: &str) -> String {
        let value = &self.settings[setting];
        value.as_str().map_or(value.to_string(), str::to_owned)
    }
}

/// The cases of a filter, by their pictures.
pub(super) fn cases(filter: &str) -> Vec<Vec<Case>> {
    let path = reference("opencv/cases").with_extension("json");
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut pictures: Vec<Vec<Case>> = Vec::new();
    for case in cases.into_iter().filter(|case| case.filter == filter) {
        let same = |cases: &&mut Vec<Case>| cases[0].picture == case.picture;
        match pictures.iter_mut().find(same) {
            Some(cases) => cases.push(case),
            None => pictures.push(vec![case]),
        }
    }
    assert!(!pictures.is_empty(), "no case of {filter}");
    pictures
}

/// An effect that has other settings in each tick, so that all of them are compiled once.
fn played(effect: &str, ticks: &[Vec<(&str, String)>]) -> String {
    let params = &library().get(effect).unwrap().header.params;
    let key = |index: usize| {
        let name = ticks[0][index].0;
        let param = params.iter().find(|param| param.name == name).unwrap();
        let of_tick = |(tick, settings): (usize, &Vec<(&str, String)>)| {
            let value = param.parse(&settings[index].1).unwrap().lane(0);
            format!("(tick == {tick}) * {value}")
        };
        let each: Vec<_> = ticks.iter().enumerate().map(of_tick).collect();
        format!(":{name}=({})", each.join(" + "))
    };
    let keys: String = (0..ticks[0].len()).map(key).collect();
    format!("{effect}{keys}")
}

pub(super) fn pictures_of(
    input: &Path,
    effect: &str,
    ticks: &[Vec<(&str, String)>],
    bits: &str,
) -> Vec<RgbImage> {
    let count = ticks.len().to_string();
    let arguments = [
        "-e",
        &played(effect, ticks),
        "--bits",
        bits,
        "--frames",
        &count,
    ];
    let made = render(input, &arguments);
    assert_eq!(made.len(), ticks.len());
    made
}

pub(super) fn compare(
    filter: &str,
    effect: &str,
    most: u8,
    settings: fn(&Case) -> Vec<(&'static str, String)>,
) {
    for cases in cases(filter) {
        let input = reference(&format!("opencv/inputs/{}", cases[0].picture));
        let ticks: Vec<_> = cases.iter().map(settings).collect();
        for (bits, _) in BITS {
            for (case, ours) in cases.iter().zip(pictures_of(&input, effect, &ticks, bits)) {
                let what = format!("{} at {bits} bits", case.name);
                assert_same(&what, &ours, &case.expected(), most);
            }
        }
    }
}

#[test]
fn morphology_is_opencvs() {
    compare("morphology", "morphology", 0, |case| {
        let keys = ["operation", "shape", "radius"];
        keys.map(|key| (key, case.text(key))).to_vec()
    });
}

#[test]
fn a_box_is_opencvs_blur() {
    compare("box", "blur", 1, |case| {
        let kind = ("kind", "box".to_owned());
        vec![
            kind,
            ("radius", case.text("radius")),
            ("edge", case.text("edge")),
        ]
    });
}

#[test]
fn a_gaussian_is_opencvs() {
    compare("gaussian", "blur", 1, |case| {
        let kind = ("kind", "gaussian".to_owned());
        let spread = case.number("sigma") / case.number("radius");
        let spread = ("spread", spread.to_string());
        vec![
            kind,
            ("radius", case.text("radius")),
            spread,
            ("edge", case.text("edge")),
        ]
    });
}

/// One parameter at some values, one after the other.
fn at(input: &Path, effect: &str, keys: &[(&'static str, &str)], radii: &[f64]) -> Vec<RgbImage> {
    let settings = |radius: &f64| {
        let keys = keys.iter().map(|(key, value)| (*key, (*value).to_owned()));
        keys.chain([("radius", radius.to_string())]).collect()
    };
    let ticks: Vec<_> = radii.iter().map(settings).collect();
    pictures_of(input, effect, &ticks, "16")
}

#[test]
fn between_two_sizes_both_are_mixed() {
    let input = reference("opencv/inputs/shapes");
    for shape in ["box", "ellipse"] {
        let keys = [("operation", "dilate"), ("shape", shape)];
        let [none, three, four, between, nearly_none]: [RgbImage; 5] =
            at(&input, "morphology", &keys, &[0.0, 3.0, 4.0, 3.25, 0.004])
                .try_into()
                .unwrap();
        assert_same("radius 0", &none, &picture(&input), 0);
        assert_same("radius 0.004", &nearly_none, &none, 1);
        let mixed = three.as_raw().iter().zip(four.as_raw());
        let mixed =
            mixed.map(|(three, four)| ((3 * u32::from(*three) + u32::from(*four) + 2) / 4) as u8);
        let mixed = RgbImage::from_raw(three.width(), three.height(), mixed.collect()).unwrap();
        assert_same(shape, &between, &mixed, 1);
        assert!(difference(&three, &four, 20).is_some(), "the sizes differ");
    }
}

#[test]
fn an_outline_of_nothing_is_black_and_opening_adds_nothing() {
    let input = reference("opencv/inputs/shapes");
    let outline = at(&input, "morphology", &[("operation", "gradient")], &[0.0]).remove(0);
    assert!(outline.iter().all(|level| *level == 0));
    let now = picture(&input);
    for opened in at(&input, "morphology", &[("operation", "open")], &[0.5, 2.5]) {
        let pairs = opened.iter().zip(now.iter());
        assert!(pairs.clone().all(|(opened, now)| opened <= now));
        assert!(pairs.clone().any(|(opened, now)| opened < now));
    }
}

/// Pixels farther from the border than the rules for what lies behind it reach.
fn inner(picture: &RgbImage, border: u32) -> RgbImage {
    let [width, height] = [picture.width(), picture.height()].map(|side| side - 2 * border);
    image::imageops::crop_imm(picture, border, border, width, height).to_image()
}

#[test]
fn a_blur_grows_without_a_jump() {
    let input = reference("inputs/hd");
    for (kind, most) in [("box", 4), ("gaussian", 2), ("directional", 2), ("zoom", 2)] {
        let radii = [0.0, 0.004, 15.99, 16.01, 63.99, 64.01];
        let made = at(&input, "blur", &[("kind", kind)], &radii);
        assert_same(kind, &made[0], &picture(&input), 0);
        for (pair, most) in [(0, 1), (2, most), (4, most)] {
            let [before, after] = [&made[pair], &made[pair + 1]].map(|made| inner(made, 40));
            let what = format!("{kind} at {}", radii[pair]);
            assert_same(&what, &after, &before, most);
        }
        assert!(
            difference(&made[2], &made[0], 30).is_some(),
            "{kind} does nothing"
        );
        assert!(
            difference(&made[4], &made[2], 10).is_some(),
            "{kind} goes no further"
        );
    }
}

/// Saves a grey picture whose levels are 0 to 255 by how far x, y lie from its middle.
fn drawn(folder: &Path, name: &str, level: fn(f64, f64) -> f64) -> PathBuf {
    let path = folder.join(name).with_extension("png");
    let gray = RgbImage::from_fn(161, 121, |x, y| {
        let [x, y] = [f64::from(x) - 80.0, f64::from(y) - 60.0];
        image::Rgb([(127.5 + 127.5 * level(x, y)) as u8; 3])
    });
    gray.save(&path).unwrap();
    path
}

#[test]
fn lines_that_lie_along_a_blur_stay() {
    let folder = TempDir::new().unwrap();
    let upright = drawn(folder.path(), "upright", |x, _| (x / 2.0).sin());
    let rays = drawn(folder.path(), "rays", |x, y| (6.0 * y.atan2(x)).sin());
    let blurred =
        |input: &Path, effect: &str| render(input, &["-e", effect, "--frames", "1"]).remove(0);
    for (input, along, across) in [
        (
            upright,
            "blur:kind=directional:radius=20:angle=90",
            "blur:kind=directional:radius=20:angle=0",
        ),
        (
            rays,
            "blur:kind=zoom:radius=20:edge=smear",
            "blur:kind=directional:radius=20:angle=45",
        ),
    ] {
        // Away from the border, and from the middle of the rays.
        let part = |made: RgbImage| image::imageops::crop_imm(&made, 105, 30, 30, 60).to_image();
        let lines = part(picture(&input));
        assert_same(along, &part(blurred(&input, along)), &lines, 3);
        assert!(
            difference(&part(blurred(&input, across)), &lines, 60).is_some(),
            "{across}"
        );
    }
}
