use std::cmp::Reverse;
use std::fmt;

use super::super::{Rate, fps};
use crate::picture::{Capture, Size, Wire};

/// What a camera can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode {
    /// How the pictures come.
    pub wire: Wire,
    /// Their size.
    pub size: Size,
    /// How many a second.
    pub rate: Rate,
}

impl Mode {
    fn fps(&self) -> f64 {
        frequency(self.rate)
    }

    /// What a picture costs until it is on the GPU: bytes to upload, and for a JPEG the decoding, which
    /// takes about six times as long as a raw picture's copy.
    fn cost(&self) -> u64 {
        let each = match self.wire {
            Wire::Nv12 | Wire::I420 => 3,
            Wire::Yuyv | Wire::Uyvy => 4,
            Wire::Mjpeg => 24,
        };
        self.size.area() * each
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wire, size, rate } = self;
        write!(f, "{} {size} {}", wire.name(), fps(*rate))
    }
}

/// What is asked for, in words.
pub(super) fn words(capture: &Capture) -> String {
    let parts = [
        capture.wire.map(|wire| wire.name().to_owned()),
        capture.size.map(|size| size.to_string()),
        capture.fps.map(fps),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(" ")
}

/// The size of a canvas that has none: it will take the camera's.
const USUAL_SIZE: Size = Size::new(1280, 720);

/// The rate that is enough where the canvas has none.
const USUAL_RATE: Rate = (30, 1);

/// The share of the best rate below which a mode is out, cheap or not.
const SLOW: f64 = 2.0 / 3.0;

/// The canvas that the pictures go to, as far as it is known before them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Canvas {
    pub(super) size: Option<Size>,
    pub(super) rate: Option<Rate>,
}

/// The mode that costs least and still fills the canvas without being much slower than another; none if
/// no mode has what is asked for.
pub(super) fn choose(modes: &[Mode], capture: &Capture, canvas: Canvas) -> Option<Mode> {
    let asked = |mode: &&Mode| {
        capture.size.is_none_or(|size| size == mode.size)
            && capture.wire.is_none_or(|wire| wire == mode.wire)
    };
    let asked: Vec<_> = modes.iter().filter(asked).copied().collect();
    let enough = canvas.rate.unwrap_or(USUAL_RATE);
    let quick = quick_enough(&asked, capture.fps, enough);
    let canvas = canvas.size.unwrap_or(USUAL_SIZE);
    let fills = |mode: &Mode| mode.size.width >= canvas.width && mode.size.height >= canvas.height;
    let area = |mode: &Mode| mode.size.area();
    let least = if quick.iter().any(fills) {
        0
    } else {
        quick.iter().map(area).max()?
    };
    let large = quick.into_iter().filter(|mode| match least {
        0 => fills(mode),
        least => area(mode) == least,
    });
    large.min_by_key(|mode| {
        (
            mode.cost(),
            Reverse(useful(mode, enough)),
            milli(mode.fps()),
        )
    })
}

/// The modes at the rate nearest to what was asked for, else those that are not much slower than the best.
fn quick_enough(modes: &[Mode], asked: Option<Rate>, enough: Rate) -> Vec<Mode> {
    let Some(asked) = asked else {
        let useful = |mode: &Mode| useful(mode, enough);
        let best = modes.iter().map(useful).max().unwrap_or(0);
        let least = (best as f64 * SLOW) as u64;
        let quick = modes.iter().filter(|mode| useful(mode) >= least);
        return quick.copied().collect();
    };
    let away = |mode: &Mode| milli((mode.fps() - frequency(asked)).abs());
    let nearest = modes.iter().map(away).min();
    let near = modes.iter().filter(|mode| Some(away(mode)) == nearest);
    near.copied().collect()
}

/// Pictures in a thousand seconds, as far as more of them are of use.
fn useful(mode: &Mode, enough: Rate) -> u64 {
    milli(mode.fps().min(frequency(enough)))
}

fn frequency((over, under): Rate) -> f64 {
    f64::from(over) / f64::from(under)
}

fn milli(value: f64) -> u64 {
    (value * 1000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> Mode {
        let parts: Vec<_> = text.split(' ').collect();
        Mode {
            wire: Wire::named(parts[0]).unwrap(),
            size: parts[1].parse().unwrap(),
            rate: (parts[2].parse().unwrap(), 1),
        }
    }

    /// What a usual webcam for USB 2 offers.
    const WEBCAM: &[&str] = &[
        "mjpeg 1920x1080 30",
        "mjpeg 1280x720 60",
        "mjpeg 1280x720 30",
        "mjpeg 640x480 30",
        "yuyv 1920x1080 5",
        "yuyv 1280x720 10",
        "yuyv 640x480 30",
        "yuyv 640x480 15",
    ];

    /// A capture card for USB 3.
    const CARD: &[&str] = &[
        "yuyv 1920x1080 60",
        "nv12 1920x1080 60",
        "yuyv 1280x720 60",
        "nv12 1280x720 60",
        "mjpeg 3840x2160 30",
    ];

    fn chosen(modes: &[&str], capture: &Capture, size: Option<&str>) -> Option<Mode> {
        let modes: Vec<_> = modes.iter().map(|text| mode(text)).collect();
        let canvas = Canvas {
            size: size.map(|size| size.parse().unwrap()),
            rate: None,
        };
        choose(&modes, capture, canvas)
    }

    #[test]
    fn the_canvas_decides_where_nothing_is_asked_for() {
        let rows = [
            (WEBCAM, "640x480", "yuyv 640x480 30"),
            (WEBCAM, "320x240", "yuyv 640x480 30"),
            (WEBCAM, "1280x720", "mjpeg 1280x720 30"),
            (WEBCAM, "960x540", "mjpeg 1280x720 30"),
            (WEBCAM, "1920x1080", "mjpeg 1920x1080 30"),
            (WEBCAM, "3840x2160", "mjpeg 1920x1080 30"),
            (CARD, "1280x720", "nv12 1280x720 60"),
            (CARD, "1920x1080", "nv12 1920x1080 60"),
            (CARD, "3840x2160", "mjpeg 3840x2160 30"),
            // Raw pictures of a larger size cost less than a JPEG of the right one.
            (
                &["mjpeg 1280x720 30", "yuyv 1920x1080 30"],
                "1280x720",
                "yuyv 1920x1080 30",
            ),
            // 24 of 30 is not much slower, 15 of 30 is.
            (
                &["mjpeg 1280x720 30", "yuyv 1280x720 24"],
                "1280x720",
                "yuyv 1280x720 24",
            ),
            (
                &["mjpeg 1280x720 30", "yuyv 1280x720 15"],
                "1280x720",
                "mjpeg 1280x720 30",
            ),
            // A large mode at five pictures a second is no reason to be slow.
            (
                &["yuyv 1600x1200 5", "yuyv 1280x720 30"],
                "1920x1080",
                "yuyv 1280x720 30",
            ),
        ];
        for (modes, canvas, expected) in rows {
            let chosen = chosen(modes, &Capture::default(), Some(canvas));
            assert_eq!(chosen, Some(mode(expected)), "{canvas}");
        }
    }

    #[test]
    fn a_canvas_that_is_not_known_yet_is_high_definition() {
        for (modes, expected) in [(WEBCAM, "mjpeg 1280x720 30"), (CARD, "nv12 1280x720 60")] {
            assert_eq!(
                chosen(modes, &Capture::default(), None),
                Some(mode(expected))
            );
        }
    }

    #[test]
    fn what_is_asked_for_is_given_or_nothing() {
        let rows = [
            ("", "", Some(60), Some("mjpeg 1280x720 60")),
            ("", "", Some(12), Some("yuyv 1280x720 10")),
            ("yuyv", "", None, Some("yuyv 640x480 30")),
            ("yuyv", "1920x1080", None, Some("yuyv 1920x1080 5")),
            ("mjpeg", "640x480", None, Some("mjpeg 640x480 30")),
            ("", "1024x768", None, None),
            ("nv12", "", None, None),
        ];
        for (wire, size, fps, expected) in rows {
            let capture = Capture {
                wire: Wire::named(wire),
                size: size.parse().ok(),
                fps: fps.map(|fps| (fps, 1)),
                driver: None,
            };
            let chosen = chosen(WEBCAM, &capture, None);
            assert_eq!(chosen, expected.map(mode), "{capture:?}");
        }
    }

    #[test]
    fn a_camera_without_modes_gives_none() {
        assert_eq!(chosen(&[], &Capture::default(), None), None);
    }

    #[test]
    fn a_quick_canvas_wants_a_quick_camera() {
        let modes = ["mjpeg 1280x720 60", "mjpeg 1280x720 30", "yuyv 1280x720 10"].map(mode);
        for (rate, expected) in [(None, 30), (Some((25, 1)), 30), (Some((60, 1)), 60)] {
            let canvas = Canvas { size: None, rate };
            let chosen = choose(&modes, &Capture::default(), canvas).unwrap();
            assert_eq!(chosen.rate, (expected, 1), "{rate:?}");
        }
    }
}
