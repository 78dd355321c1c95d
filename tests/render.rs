//! The program renders films, and other programs judge them.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use image::imageops::{FilterType, resize};
use program::{
    CLIP, Done, afterimage, contents, difference, film, folder, make, names, picture, run, signal,
    start, tool, wait_for_output,
};

/// Two seconds of the bundled film, small, with a tone.
fn clip_with_sound(folder: &Path) {
    make(
        folder,
        &format!(
            "-t 2 -i {CLIP} -f lavfi -i sine=440:d=2 -map 0:v -map 1:a -vf scale=96:64 \
             -c:v libx264 -preset ultrafast -c:a aac clip.mp4"
        ),
    );
}

/// A hash of every sound packet.
fn sound_packets(folder: &Path, name: &str) -> Vec<String> {
    let text = tool(
        folder,
        "ffmpeg",
        &format!("-i {name} -map 0:a -c copy -f framemd5 -"),
    );
    let text = String::from_utf8(text).unwrap();
    let packets = text.lines().filter(|line| !line.starts_with('#'));
    packets
        .map(|line| line.split(',').nth(5).unwrap().trim().to_owned())
        .collect()
}

#[test]
fn two_renders_are_the_same_bytes() {
    let folder = folder();
    let show = format!("render {CLIP} -p echo_trails --size 96x64 --frames 12 --seed 7");
    for name in ["a", "b"] {
        run(folder.path(), &format!("{show} -o {name}.mp4")).well();
        run(folder.path(), &format!("{show} -o {name}/%05d.png")).well();
    }
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("a.mp4") == read("b.mp4"), "the films differ");
    let pictures = |name: &str| contents(&folder.path().join(name));
    assert_eq!(pictures("a").len(), 12);
    assert!(pictures("a") == pictures("b"), "the pictures differ");
    assert!(
        pictures("a")[10] != pictures("a")[11],
        "the show stands still"
    );
}

#[test]
fn a_film_keeps_its_sound_and_its_length() {
    let folder = folder();
    clip_with_sound(folder.path());
    let of = |name: &str| sound_packets(folder.path(), name);
    assert!(of("clip.mp4").len() > 50);
    for name in ["out.mp4", "out.mkv", "out.mov"] {
        run(
            folder.path(),
            &format!("render clip.mp4 -e channel_shift -o {name}"),
        )
        .well();
        assert_eq!(of(name), of("clip.mp4"), "{name}");
        let (frames, seconds) = film(folder.path(), name);
        assert_eq!(frames, 60, "{name}");
        assert!(
            (seconds - film(folder.path(), "clip.mp4").1).abs() < 0.04,
            "{name}: {seconds} s"
        );
    }
    run(folder.path(), "render clip.mp4 -o out.webm").well();
    assert!(
        !of("out.webm").is_empty(),
        "AAC was not encoded anew for WebM"
    );
}

#[test]
fn sound_is_left_out_or_taken_from_elsewhere() {
    let folder = folder();
    clip_with_sound(folder.path());
    make(folder.path(), "-f lavfi -i sine=880:d=2 -c:a aac other.m4a");
    run(folder.path(), "render clip.mp4 --audio none -o mute.mp4").well();
    let kinds = tool(
        folder.path(),
        "ffprobe",
        "-show_entries stream=codec_type -of csv=p=0 mute.mp4",
    );
    assert_eq!(String::from_utf8(kinds).unwrap().trim(), "video");
    run(
        folder.path(),
        "render clip.mp4 --audio other.m4a -o other.mp4",
    )
    .well();
    let packets = sound_packets(folder.path(), "other.mp4");
    assert_ne!(packets, sound_packets(folder.path(), "clip.mp4"));
    let known = sound_packets(folder.path(), "other.m4a");
    assert!(packets.iter().all(|packet| known.contains(packet)));
}

#[test]
fn start_leaves_the_beginning_out() {
    let folder = folder();
    clip_with_sound(folder.path());
    run(folder.path(), "render clip.mp4 -o all/%05d.png").well();
    run(folder.path(), "render clip.mp4 --start 1 -o late/%05d.png").well();
    let (all, late) = (
        contents(&folder.path().join("all")),
        contents(&folder.path().join("late")),
    );
    assert_eq!((all.len(), late.len()), (60, 30));
    assert!(all[30..] == late[..]);
}

#[test]
fn a_picture_becomes_a_picture() {
    let folder = folder();
    let pixel = |x, y| image::Rgb([x as u8, y as u8, 99]);
    let picture_in = image::RgbImage::from_fn(61, 33, pixel);
    picture_in.save(folder.path().join("in.png")).unwrap();
    run(folder.path(), "render in.png -o out.png").well();
    assert!(picture(&folder.path().join("out.png")) == picture_in);
    run(folder.path(), "render in.png --alpha -o alpha.png").well();
    let alpha = image::open(folder.path().join("alpha.png")).unwrap();
    assert_eq!(alpha.color(), image::ColorType::Rgba8);
    assert!(alpha.to_rgba8().pixels().all(|pixel| pixel[3] == 255));
}

#[test]
fn yuv4mpeg_comes_in_by_a_pipe() {
    let folder = folder();
    let stream = tool(
        folder.path(),
        "ffmpeg",
        &format!("-t 1 -i {CLIP} -vf scale=96:64 -f yuv4mpegpipe -"),
    );
    fs::write(folder.path().join("in.y4m"), stream).unwrap();
    let stdin = fs::File::open(folder.path().join("in.y4m")).unwrap();
    let mut command = afterimage("render - -e lagfun -o out.mkv");
    Done::new(
        command
            .current_dir(folder.path())
            .stdin(Stdio::from(stdin))
            .output()
            .unwrap(),
    )
    .well();
    assert_eq!(film(folder.path(), "out.mkv").0, 30);
}

#[test]
fn a_slow_film_loses_and_doubles_nothing_on_a_fast_canvas() {
    let folder = folder();
    let counter = "nullsrc=s=32x16:r=24:d=1,geq=lum=16+8*N:cb=128:cr=128";
    make(
        folder.path(),
        &format!("-f lavfi -i {counter} -c:v libx264 -qp 0 counter.mp4"),
    );
    run(folder.path(), "render counter.mp4 --fps 60 -o out/%05d.png").well();
    let shown = contents(&folder.path().join("out"));
    let runs: Vec<_> = shown.chunk_by(|a, b| a == b).map(<[_]>::len).collect();
    assert_eq!(runs, [2, 3].repeat(12));
}

#[test]
fn a_show_looks_the_same_at_twice_the_size() {
    let folder = folder();
    let show = |shift: u32| {
        format!(
            "[canvas]\nsize = [180, 120]\n[sources]\nclip = \"{CLIP}\"\n[[layers]]\n\
             effect = \"channel_shift\"\nred = [{shift}, 0]\nblue = [0, {shift}]\n"
        )
    };
    for (name, shift) in [("show", 20), ("farther", 40)] {
        fs::write(folder.path().join(format!("{name}.toml")), show(shift)).unwrap();
        run(
            folder.path(),
            &format!("render -p ./{name}.toml -o {name}.png"),
        )
        .well();
    }
    run(
        folder.path(),
        "render -p ./show.toml --size 360x240 -o large.png",
    )
    .well();
    let read = |name: &str| picture(&folder.path().join(name));
    let large = resize(&read("large.png"), 180, 120, FilterType::Triangle);
    let (same, other) = (
        difference(&large, &read("show.png")),
        difference(&large, &read("farther.png")),
    );
    assert!(
        same < 3.0 && other > 2.0 * same,
        "{same} of 255; with another shift {other}"
    );
}

#[test]
fn ctrl_c_completes_the_film() {
    let folder = folder();
    let endless = "render generator:test_card --size 160x90 --frames 1000000 -o out.mp4";
    let child = start(folder.path(), endless);
    wait_for_output(folder.path());
    signal(&child, "INT");
    let done = Done::new(child.wait_with_output().unwrap());
    assert_eq!(done.status, 130);
    assert_eq!(names(folder.path()), ["out.mp4"]);
    let (frames, _) = film(folder.path(), "out.mp4");
    assert_eq!(
        done.errors,
        [format!("afterimage: stopped at frame {frames}")]
    );
}

#[test]
fn a_killed_render_leaves_no_file_that_looks_whole() {
    let folder = folder();
    let endless = "render generator:test_card --size 160x90 --frames 1000000 -o out.mp4";
    let mut child = start(folder.path(), endless);
    wait_for_output(folder.path());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.path().join("out.mp4").exists());
}

#[test]
fn the_clip_that_comes_with_the_program_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let show = "[sources]\na = { clip = true, loop = true }\nb = 'clip'\n[[layers]]\neffect = 'blend'\nother = 'b'\nmode = 'normal'\n";
    fs::write(folder.path().join("two.toml"), show).unwrap();
    run(
        folder.path(),
        "render -p two.toml -o out/%02d.png --frames 2",
    )
    .well();
    run(folder.path(), "render clip -o alone/%02d.png --frames 2").well();
    let shown = |name: &str| image::open(folder.path().join(name)).unwrap().to_rgb8();
    assert_eq!(shown("alone/00.png").dimensions(), (704, 480));
    assert!(shown("alone/00.png") != shown("alone/01.png"));
    assert!(
        shown("out/00.png") == shown("alone/00.png"),
        "over itself it is itself"
    );
}
