//! What goes wrong is said in one line with a cure, and has its exit status.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use program::{CLIP, Done, afterimage, film, folder, names, picture, run};

/// One small picture of the test card.
const CARD: &str = "render generator:test_card --frames 1";

/// Arguments, the exit status, and parts of the one line on standard error.
type Row = (&'static str, i32, &'static [&'static str]);

const SOURCES: &[Row] = &[
    (
        "render film.mp -o out.mp4",
        2,
        &["film.mp: no such file; did you mean film.mp4?"],
    ),
    (
        "render nowhere/film.mp4 -o out.mp4",
        2,
        &["nowhere/film.mp4: no such file"],
    ),
    (
        "render folder -o out.mp4",
        2,
        &["folder: is a directory; name a file in it"],
    ),
    (
        "render empty.mp4 -o out.mp4",
        2,
        &["empty.mp4: is empty; copy or render it again"],
    ),
    (
        "render text.mp4 -o out.mp4",
        2,
        &["text.mp4: is no film that FFmpeg reads"],
    ),
    ("render broken.png -o out.png", 2, &["broken.png: "]),
    (
        "render - -o out.mp4",
        2,
        &["standard input: is not YUV4MPEG2; pipe it with"],
    ),
    (
        "render camera:0 -o out.mp4",
        2,
        &[
            "'camera:0' keeps its own time: play it",
            "afterimage live camera:0",
        ],
    ),
    ("render -o out.mp4", 2, &["needs a picture: name a SOURCE"]),
    (
        "render film.mp4 -s x -o out.mp4",
        2,
        &["-s 'x': write NAME=SOURCE"],
    ),
    (
        "render film.mp4 --start 99 -o out.mp4",
        2,
        &["ends after 7.800 s; start earlier"],
    ),
];

const SHOWS: &[Row] = &[
    (
        "-e lagfum",
        2,
        &["-e:1:1: unknown effect 'lagfum': did you mean 'lagfun'?"],
    ),
    (
        "-e lagfun:deca=1",
        2,
        &["-e:1:8: 'lagfun' has no 'deca': did you mean 'decay'?"],
    ),
    (
        "-e lagfun:decay=7",
        2,
        &["-e:1:14: 'decay' takes 0 to 1, not 7"],
    ),
    (
        "-p rgb_drif",
        2,
        &["unknown preset 'rgb_drif': did you mean 'rgb_drift'?"],
    ),
    ("-p ./no.toml", 2, &["./no.toml:1:1: cannot be read"]),
    (
        "-p ./broken.toml",
        2,
        &["./broken.toml:3:1: ", "did you mean 'decay'?"],
    ),
    (
        "-p ./syntax.toml",
        2,
        &["./syntax.toml:3:11: unclosed array"],
    ),
    (
        "-p ./tap.toml",
        2,
        &["MiB of pictures at 7680x4320", "look back less far"],
    ),
    (
        "--set nothing",
        2,
        &["--set 'nothing': write LAYER.KEY=VALUE"],
    ),
    ("--set lagfun.decay=1", 2, &["lagfun"]),
];

const OUTPUTS: &[Row] = &[
    (
        "-o out.avi",
        2,
        &["'out.avi' is no output", ".mp4 .mkv .mov .webm"],
    ),
    ("-o out", 2, &["'out' is no output"]),
    ("-o folder", 2, &["'folder' is a folder: name a file in it"]),
    (
        "-o nowhere/out.mp4",
        2,
        &["the folder 'nowhere' does not exist: create it first"],
    ),
    ("-o /proc/out.png", 1, &["cannot write '/proc/out.png'"]),
    ("-o %5d.png", 2, &["write one %05d"]),
    (
        "-o out.mp4 --codec libx265x",
        2,
        &["there is no video encoder 'libx265x'", "libx265"],
    ),
    ("-o out.mp4 --crf 99", 2, &["crf 99 is out of range"]),
    (
        "-o out.mp4 --pixel-format nope",
        2,
        &["pixel format 'nope': choose one of"],
    ),
    (
        "-o out.mp4 --audio film.mp",
        2,
        &["no sound from 'film.mp'"],
    ),
    ("-o out.mp4 --alpha", 2, &["keeps no alpha"]),
    (
        "-o out.png --gpu nosuch",
        1,
        &["no GPU is called 'nosuch': there are "],
    ),
];

const ARGUMENTS: &[Row] = &[
    (
        "render generator:test_card",
        2,
        &["required", "--out <OUT>", "see 'afterimage --help'"],
    ),
    (
        "render generator:test_card -o out.mp4",
        2,
        &["say how long with --frames N"],
    ),
    (
        "render film.mp4 -o out.png --size 9000x5",
        2,
        &["'9000x5' is not a size", "1 to 8192"],
    ),
    ("render film.mp4 -o out.png --frames 0", 2, &["--frames"]),
    ("render film.mp4 -o out.png --fps 0", 2, &["'0' is no rate"]),
    ("render film.mp4 -o out.png --bits 9", 2, &["8 or 16"]),
    (
        "render film.mp4 -o out.png --start -1",
        2,
        &["'-1' is not a time"],
    ),
    ("rendr film.mp4", 2, &["'rendr'", "render"]),
    (
        "render film.mp4 --sise 5x5 -o out.png",
        2,
        &["--sise", "--size"],
    ),
    (
        "live --headless",
        2,
        &["--headless needs an end: say --seconds N or --frames N"],
    ),
    (
        "live --headless --seconds 0",
        2,
        &["--seconds must be above 0"],
    ),
    ("check", 2, &["required", "<FILES>"]),
    (
        "check folder",
        2,
        &["neither a show (.toml) nor an effect (.wgsl)"],
    ),
    ("effects lagfum", 2, &["did you mean 'lagfun'?"]),
];

fn fill(folder: &Path) {
    fs::copy(CLIP, folder.join("film.mp4")).unwrap();
    fs::create_dir(folder.join("folder")).unwrap();
    fs::copy(CLIP, folder.join("folder/film.mp4")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("empty.mp4", "");
    write("text.mp4", "once upon a time\n");
    fs::write(folder.join("broken.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    write(
        "broken.toml",
        "[[layers]]\neffect = \"lagfun\"\ndecai = 1\n",
    );
    write("syntax.toml", "[canvas]\nsize = [1280,\n[[layers]]\n");
    write(
        "tap.toml",
        "[canvas]\nsize = [7680, 4320]\n[[layers]]\neffect = \"lagfun\"\ntap = 255\n",
    );
}

/// Runs every row and tells all that failed.
fn check(before: &str, rows: &[Row]) {
    let folder = folder();
    fill(folder.path());
    let there = names(folder.path());
    let mut faults = String::new();
    for (arguments, status, parts) in rows {
        let done = run(folder.path(), &format!("{before} {arguments}"));
        let told =
            matches!(&done.errors[..], [line] if parts.iter().all(|part| line.contains(part)));
        if done.status != *status || !told || done.errors.concat().contains("panicked") {
            faults += &format!("\n{arguments}: {} {:#?}", done.status, done.errors);
        }
        assert_eq!(
            names(folder.path()),
            there,
            "'{arguments}' left something behind"
        );
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn wrong_sources_are_named_with_a_cure() {
    check("", SOURCES);
}

#[test]
fn wrong_shows_are_named_with_their_place() {
    check(&format!("{CARD} -o out.png"), SHOWS);
}

#[test]
fn wrong_outputs_are_refused_before_anything_is_rendered() {
    check(CARD, OUTPUTS);
}

#[test]
fn wrong_arguments_are_told_in_one_line() {
    check("", ARGUMENTS);
}

#[test]
fn without_a_driver_the_package_is_named() {
    let mut command = afterimage(CARD);
    command.args(["-o", "null"]).env("WGPU_BACKEND", "vulkan");
    for name in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "LIBGL_DRIVERS_PATH"] {
        command.env(name, "/nonexistent");
    }
    let done = Done::new(command.output().unwrap());
    assert_eq!((done.status, done.errors.len()), (1, 1));
    assert!(
        done.errors[0].contains("mesa-vulkan-drivers"),
        "{:?}",
        done.errors
    );
}

#[test]
fn a_truncated_film_gives_what_is_left_of_it() {
    let folder = folder();
    let whole = fs::read(CLIP).unwrap();
    fs::write(folder.path().join("cut.mp4"), &whole[..whole.len() / 2]).unwrap();
    let done = run(folder.path(), "render cut.mp4 --size 96x64 -o out.mp4");
    assert_eq!(
        (done.status, done.errors.len()),
        (0, 1),
        "{:?}",
        done.errors
    );
    assert!(
        done.errors[0].contains("cut.mp4: damaged near"),
        "{:?}",
        done.errors
    );
    let (frames, _) = film(folder.path(), "out.mp4");
    assert!((60..234).contains(&frames), "{frames} of 234 pictures");
}

#[test]
fn one_pixel_is_a_picture_and_a_film() {
    let folder = folder();
    for name in ["out.png", "out.mp4", "out.webm"] {
        let render = "render generator:test_card --size 1x1 --frames 1";
        run(folder.path(), &format!("{render} -o {name}")).well();
    }
    assert_eq!(picture(&folder.path().join("out.png")).dimensions(), (1, 1));
}

/// Runs the program on a disk that takes so many blocks of 512 bytes for each file.
fn run_on_a_full_disk(folder: &Path, blocks: u32, arguments: &str) -> Done {
    let program = env!("CARGO_BIN_EXE_afterimage");
    // The signal would end the program: a full disk has none, only the error.
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {arguments}");
    let mut command = Command::new("sh");
    command
        .args(["-c", &limited])
        .current_dir(folder)
        .stdin(Stdio::null());
    Done::new(command.output().unwrap())
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let render = "render generator:test_card --size 640x360 --frames 90";
    for out in ["out.mp4", "out.mkv", "out.png"] {
        let folder = folder();
        let done = run_on_a_full_disk(folder.path(), 4, &format!("{render} -o {out}"));
        assert_eq!(
            (done.status, done.errors.len()),
            (1, 1),
            "{out}: {:?}",
            done.errors
        );
        let told = format!("cannot write '{out}': file too large");
        assert!(done.errors[0].contains(&told), "{:?}", done.errors);
        assert_eq!(names(folder.path()), [""; 0], "{out}");
    }
}

#[test]
fn a_show_never_writes_over_what_it_reads() {
    let folder = folder();
    fs::copy(CLIP, folder.path().join("own.mp4")).unwrap();
    fs::create_dir(folder.path().join("frames")).unwrap();
    run(folder.path(), &format!("{CARD} -o frames/0000.png")).well();
    let cases = [
        ("own.mp4", "./own.mp4"),
        ("frames/0000.png", "frames/../frames/0000.png"),
        ("frames/%04d.png", "./frames/%04d.png"),
    ];
    for (source, out) in cases {
        let done = run(
            folder.path(),
            &format!("render {source} --frames 1 -o {out}"),
        );
        let told = format!("afterimage: '{source}' is read by this show: write to another name");
        assert_eq!((done.status, done.errors), (2, vec![told]));
    }
    assert!(fs::read(folder.path().join("own.mp4")).unwrap() == fs::read(CLIP).unwrap());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = afterimage("effects --json");
    let mut child = child
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    Done::new(output).well();
}
