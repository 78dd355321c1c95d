//! Cameras as the program meets them: what they send, what it takes, how they come back.
#![cfg(all(target_os = "linux", feature = "camera", feature = "media"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod camera;
mod program;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::RgbImage;

use camera::{Behaviour, Cameras, Mode, counter};
use program::{Done, afterimage, folder, names, picture, signal, wait_until};

/// What most of these cameras can do; small, so that a busy machine keeps up.
const YUYV: &[Mode] = &[(b"YUYV", 64, 48, 20)];

/// Runs the program among `cameras`.
fn run(cameras: &Cameras, folder: &Path, arguments: &str) -> Done {
    let mut command = afterimage(arguments);
    cameras.show_to(&mut command);
    Done::new(command.current_dir(folder).output().unwrap())
}

/// Starts the program among `cameras`; it writes every tick as a picture.
fn start(cameras: &Cameras, folder: &Path, arguments: &str) -> Child {
    let mut command = afterimage(&format!(
        "-v live {arguments} --headless --seconds 3600 -o %05d.png"
    ));
    cameras.show_to(&mut command);
    command
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Ends it as Ctrl-C does; gives what it said.
fn stop(child: Child) -> Vec<String> {
    signal(&child, "INT");
    let done = Done::new(child.wait_with_output().unwrap());
    assert_eq!(done.status, 130, "{:?}", done.errors);
    done.errors
}

/// The counters in the pictures of a folder, in order.
fn counters(folder: &Path) -> Vec<u32> {
    let names = names(folder);
    let pictures = names.iter().filter(|name| name.ends_with(".png"));
    pictures
        .map(|name| counter(&picture(&folder.join(name))))
        .collect()
}

/// The newest picture that was written.
fn newest(folder: &Path) -> Option<RgbImage> {
    let names = names(folder);
    let is_picture = |name: &&String| name.ends_with(".png") && !name.starts_with('.');
    let newest = names.iter().rfind(is_picture);
    newest.map(|name| picture(&folder.join(name)))
}

/// Its counter.
fn shown(folder: &Path) -> u32 {
    newest(folder).as_ref().map_or(0, counter)
}

/// Waits until a later picture than `counter` is shown; how long that took.
fn wait_for_later(folder: &Path, counter: u32) -> Duration {
    let begun = Instant::now();
    wait_until("a later picture is shown", || shown(folder) > counter);
    begun.elapsed()
}

/// How many of the lines contain `text`.
fn count(lines: &[String], text: &str) -> usize {
    lines.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn pictures_come_in_order_each_new_one_once() {
    let cameras = Cameras::new();
    let fake = cameras.plug(0, "Fake", "usb-1", YUYV);
    let folder = folder();
    let child = start(&cameras, folder.path(), "camera --fps 20");
    wait_until("the camera has taken pictures", || fake.counter() > 60);
    let said = stop(child);
    let shown = counters(folder.path());
    assert!(shown.is_sorted(), "{shown:?}");
    let mut new = shown.clone();
    new.dedup();
    // A busy machine leaves ticks out, but not most of them.
    assert!(new.len() > 30, "{shown:?}");
    assert_eq!(
        count(&said, "camera 'Fake', yuyv 64x48 20 fps"),
        1,
        "{said:?}"
    );
    assert_eq!(
        count(&said, "from camera or network to the screen"),
        1,
        "{said:?}"
    );
    println!("{said:#?}");
}

#[test]
fn a_stall_and_an_unplugged_camera_that_comes_back_under_another_number_end_nothing() {
    let cameras = Cameras::new();
    let fake = cameras.plug(0, "Fake", "usb-1", YUYV);
    let folder = folder();
    let child = start(&cameras, folder.path(), "camera:fake --fps 20");
    wait_for_later(folder.path(), 10);

    fake.behave(Behaviour::Stall);
    let opens = fake.opens();
    wait_until("the stalled camera is opened again", || {
        fake.opens() > opens
    });
    let held = shown(folder.path());
    sleep(Duration::from_millis(500));
    assert_eq!(
        shown(folder.path()),
        held,
        "a stalled camera's last picture is held"
    );
    fake.behave(Behaviour::Run);
    let after_stall = wait_for_later(folder.path(), held);

    fake.unplug();
    sleep(Duration::from_millis(1500));
    let held = shown(folder.path());
    sleep(Duration::from_millis(500));
    assert_eq!(
        shown(folder.path()),
        held,
        "a lost camera's last picture is held"
    );
    let fake = fake.replug(2);
    let after_replug = wait_for_later(folder.path(), held);
    println!("back {after_stall:.1?} after the stall, {after_replug:.1?} after the replug");
    assert!(fake.opens() > opens);

    fake.behave(Behaviour::Fail);
    sleep(Duration::from_millis(500));
    fake.behave(Behaviour::Run);
    wait_for_later(folder.path(), fake.counter());
    let said = stop(child);
    assert_eq!(
        count(&said, "gives no pictures: its last picture is held"),
        1,
        "{said:#?}"
    );
    assert_eq!(count(&said, "camera 'Fake': is gone"), 2, "{said:#?}");
    assert_eq!(count(&said, "camera 'Fake': plays again"), 3, "{said:#?}");
    let shown = counters(folder.path());
    assert!(shown.is_sorted(), "{shown:?}");
}

/// What the GPU makes of the two colours of a fake camera (ITU-R BT.601).
fn colors(full_range: bool) -> [[u8; 3]; 2] {
    let color = |[y, u, v]: [f64; 3]| {
        let (y, scale) = match full_range {
            true => (y, 1.0),
            false => ((y - 16.0) * 255.0 / 219.0, 255.0 / 224.0),
        };
        let (u, v) = ((u - 128.0) * scale, (v - 128.0) * scale);
        [
            y + 1.402 * v,
            y - 0.344_136 * u - 0.714_136 * v,
            y + 1.772 * u,
        ]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
    };
    [color([40.0, 150.0, 120.0]), color([190.0, 110.0, 150.0])]
}

#[test]
fn every_format_has_the_same_pictures_in_its_own_colours() {
    let cameras = Cameras::new();
    let modes: &[Mode] = &[
        (b"YUYV", 64, 48, 20),
        (b"NV12", 64, 48, 20),
        (b"MJPG", 128, 48, 20),
    ];
    let fake = cameras.plug(0, "Fake", "usb-1", modes);
    for (driver, format, full_range) in [
        ("v4l2", "yuyv", false),
        ("v4l2", "nv12", false),
        ("v4l2", "mjpeg", true),
        ("nokhwa", "yuyv", false),
        ("nokhwa", "mjpeg", true),
    ] {
        let folder = folder();
        let camera = format!("{{ camera = 0, driver = \"{driver}\", format = \"{format}\" }}");
        fs::write(
            folder.path().join("a.toml"),
            format!("[sources]\ncam = {camera}\n"),
        )
        .unwrap();
        let before = fake.counter();
        let live = "live -p ./a.toml --headless --seconds 1 -o %05d.png";
        run(&cameras, folder.path(), live).well();
        let shown = counters(folder.path());
        let what = format!("{driver} {format}: {shown:?}");
        assert!(shown.is_sorted() && shown.last() > shown.first(), "{what}");
        assert!(shown[0] > before, "{what}");
        let picture = newest(folder.path()).unwrap();
        for x in (4..picture.width()).step_by(8) {
            let color = picture.get_pixel(x, 36).0;
            let near = |other: &[u8; 3]| {
                let off = color.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
                off.max() <= Some(3)
            };
            assert!(
                colors(full_range).iter().any(near),
                "{driver} {format}: {color:?}"
            );
        }
    }
}

#[test]
fn damaged_pictures_are_left_out_and_told_once() {
    let cameras = Cameras::new();
    let mjpeg: &[Mode] = &[(b"MJPG", 128, 48, 20)];
    for (modes, behaviour) in [
        (YUYV, Behaviour::Short),
        (mjpeg, Behaviour::Short),
        (mjpeg, Behaviour::Corrupt),
    ] {
        let fake = cameras.plug(0, "Fake", "usb-1", modes);
        fake.behave(behaviour);
        let folder = folder();
        let live = "live camera --headless --fps 20 --seconds 2 -o %05d.png";
        let done = run(&cameras, folder.path(), live);
        let shown = counters(folder.path());
        assert!(
            shown.iter().all(|counter| counter % 2 == 0),
            "{behaviour:?}: {shown:?}"
        );
        assert!(shown.last() > shown.first(), "{behaviour:?}: {shown:?}");
        assert_eq!(done.errors.len(), 1, "{:?}", done.errors);
        assert_eq!(
            count(&done.errors, "a picture came damaged"),
            1,
            "{:?}",
            done.errors
        );
        fake.unplug();
    }
}

#[test]
fn a_camera_that_never_gives_a_picture_hangs_neither_the_start_nor_the_end() {
    let cameras = Cameras::new();
    let fake = cameras.plug(0, "Fake", "usb-1", YUYV);
    fake.behave(Behaviour::Stall);
    let folder = folder();
    let live = "live camera --headless --frames 5 -o a.mkv";
    assert_eq!(run(&cameras, folder.path(), live).status, 0);
    assert!(fake.opens() > 0 && fake.counter() == 0);
}

#[test]
fn several_play_at_once_and_twins_are_told_apart() {
    let cameras = Cameras::new();
    cameras.plug(0, "Twin", "usb-1", &[]);
    let first = cameras.plug(1, "Twin", "usb-1", YUYV);
    let second = cameras.plug(3, "Twin", "usb-2", YUYV);
    second.count_from(0x4000);
    let folder = folder();
    let show = "[sources]\na = { camera = \"usb-1\" }\nb = { camera = \"USB-2\" }\n\
                [[layers]]\neffect = \"transform\"\nimage = \"b\"\n";
    fs::write(folder.path().join("a.toml"), show).unwrap();
    let live = "live -p ./a.toml --headless --seconds 1 -o %05d.png";
    run(&cameras, folder.path(), live).well();
    let shown = counters(folder.path());
    assert!(shown.iter().all(|counter| *counter >= 0x4000), "{shown:?}");
    assert!(first.counter() > 0 && first.opens() > 0);
}

#[test]
fn without_a_source_the_first_camera_plays() {
    let cameras = Cameras::new();
    let fake = cameras.plug(4, "Fake", "usb-1", YUYV);
    fake.count_from(1000);
    let folder = folder();
    run(
        &cameras,
        folder.path(),
        "live --headless --seconds 1 -o %05d.png",
    )
    .well();
    assert!(shown(folder.path()) > 1000);
}

#[test]
fn devices_lists_cameras_with_what_they_can_do() {
    let cameras = Cameras::new();
    cameras.plug(
        0,
        "Fake",
        "usb-1",
        &[(b"MJPG", 64, 48, 30), (b"YUYV", 64, 48, 15)],
    );
    cameras.plug(1, "Fake", "usb-1", &[]);
    let folder = folder();
    let json = run(&cameras, folder.path(), "devices --json").well().stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mode = |format: &str, fps: u32| serde_json::json!({"format": format, "size": [64, 48], "fps": [fps, 1]});
    let fake = serde_json::json!({
        "name": "Fake", "bus": "usb-1", "node": "/dev/video0",
        "modes": [mode("mjpeg", 30), mode("yuyv", 15)]
    });
    assert_eq!(json["cameras"], serde_json::json!([fake]));
    let text = run(&cameras, folder.path(), "devices").well().stdout;
    assert!(text.contains("0  Fake at usb-1 (/dev/video0)"), "{text}");
    assert!(text.contains("mjpeg 64x48 30 fps"), "{text}");
}

#[test]
fn wrong_cameras_are_named_with_what_is_there() {
    let cameras = Cameras::new();
    let folder = folder();
    let refusal = |source: &str| {
        let done = run(
            &cameras,
            folder.path(),
            &format!("live {source} --headless --seconds 1"),
        );
        assert_eq!(
            (done.status, done.errors.len()),
            (2, 1),
            "{:?}",
            done.errors
        );
        done.errors[0].clone()
    };
    assert!(refusal("camera").contains("no camera is there: plug one in"));
    cameras.plug(0, "Fake", "usb-1", YUYV);
    assert!(refusal("camera:3").contains("no such camera: there are 0 'Fake' at usb-1"));
    assert!(refusal("camera:brio").contains("no such camera"));
    let show = "[sources]\ncam = { camera = 0, size = [32, 32] }\n";
    fs::write(folder.path().join("a.toml"), show).unwrap();
    let message = refusal("-p ./a.toml");
    assert!(
        message.contains("has no 32x32: it has yuyv 64x48 20 fps"),
        "{message}"
    );
}
