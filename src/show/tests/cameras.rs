use super::*;
use crate::picture::{Capture, Size, Wire};

fn sources(body: &str) -> String {
    format!("[sources]\n{body}\n")
}

#[test]
fn a_camera_takes_size_rate_format_and_driver() {
    let show = parse(&sources(
        "cam = { camera = 'C920', size = [640, 480], fps = 30, format = 'yuyv', driver = 'nokhwa' }\n\
         other = { camera = 1, size = '1280x720', fps = '30000/1001', loop = true, fit = 'contain' }\n\
         plain = 'camera'",
    ))
    .unwrap();
    let cam = &show.sources[0];
    let asked = Capture {
        size: Some(Size::new(640, 480)),
        fps: Some((30, 1)),
        wire: Some(Wire::Yuyv),
        driver: Some("nokhwa".to_owned()),
    };
    assert_eq!(
        (cam.location.as_str(), &cam.capture),
        ("camera:C920", &asked)
    );
    let other = &show.sources[1].capture;
    assert_eq!(other.size, Some(Size::new(1280, 720)));
    assert_eq!(other.fps, Some((30000, 1001)));
    assert_eq!(show.sources[2].capture, Capture::default());
}

#[test]
fn wrong_camera_keys_are_refused_with_their_place() {
    for (body, told) in [
        (
            "a = { camera = 0, size = 640 }",
            "2:26: 'size' is [width, height]",
        ),
        (
            "a = { camera = 0, size = [0, 480] }",
            "2:27: 'size' is [width, height]",
        ),
        (
            "a = { camera = 0, fps = 'x' }",
            "2:25: 'fps' is a number or a fraction",
        ),
        (
            "a = { camera = 0, format = 'yuyw' }",
            "2:28: unknown format 'yuyw': did you mean 'yuyv'?",
        ),
        (
            "a = { camera = 0, format = 3 }",
            "2:28: 'format' is one of nv12, i420, yuyv",
        ),
        ("a = { camera = 0, driver = 3 }", "2:28: 'driver' is a text"),
        (
            "a = { camera = 0, sise = [1, 1] }",
            "2:19: unknown key 'sise' of a source: did you mean 'size'?",
        ),
        (
            "a = { file = 'a.mp4', fps = 30 }",
            "2:23: unknown key 'fps' of a source: only a camera has it",
        ),
        (
            "a = { size = [1, 1] }",
            "2:5: a source has one of camera, clip, file, stream and generator",
        ),
    ] {
        refused(&sources(body), told);
    }
}
