//! Films, sequences and streams as the `ffmpeg` program makes them, read back by the sources and
//! compared with what that program itself decodes.
#![cfg(feature = "media")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use afterimage::picture::{Matrix, Picture, Range, Rotation, Siting, Size};
use afterimage::source::{Feed, Film, Location, Options, Source, Wait, Y4m, open};
use tempfile::TempDir;

/// A grey film whose picture N has the level 4·N.
const COUNTER: &str = "nullsrc=s=32x16:r=25:d=1,geq=lum=4*N:cb=128:cr=128";
/// A colourful film.
const EVEN: &str = "testsrc=s=64x48:r=25:d=0.2";
/// The same, of odd size.
const ODD: &str = "testsrc=s=63x47:r=25:d=0.2";

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y"]);
    command
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command
        .stdout(Stdio::piped())
        .output()
        .expect("the program ffmpeg makes the films of this test: apt-get install ffmpeg");
    assert!(output.status.success(), "{command:?} failed");
    output.stdout
}

/// Makes `name` from a lavfi graph, with further options of ffmpeg's.
fn make(folder: &TempDir, name: &str, graph: &str, options: &str) -> PathBuf {
    let path = folder.path().join(name);
    let options = options.split_whitespace();
    run(ffmpeg()
        .args(["-f", "lavfi", "-i", graph])
        .args(options)
        .arg(&path));
    path
}

/// What ffmpeg itself decodes, in `layout`.
fn decoded(path: &Path, layout: &str) -> Vec<u8> {
    let options = [
        "-vsync",
        "passthrough",
        "-f",
        "rawvideo",
        "-pix_fmt",
        layout,
        "-",
    ];
    run(ffmpeg().arg("-i").arg(path).args(options))
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

fn source(path: &Path) -> Box<dyn Source> {
    let location = Location::Path(path.to_owned());
    open(&location, &Options::default()).expect("the film opens")
}

fn refusal(path: &Path) -> String {
    let location = Location::Path(path.to_owned());
    let opened = open(&location, &Options::default());
    opened.err().expect("the file is refused").to_string()
}

fn pictures(source: &mut dyn Source) -> Vec<Picture> {
    std::iter::from_fn(|| source.next().expect("the film reads on")).collect()
}

fn bytes(pictures: &[Picture]) -> Vec<u8> {
    let planes = pictures.iter().flat_map(|picture| &picture.planes);
    planes
        .flat_map(|plane| plane.bytes.iter().copied())
        .collect()
}

/// The level in the middle of a picture, as the counter's number.
fn number(picture: &Picture) -> usize {
    let plane = &picture.planes[0];
    usize::from(plane.bytes[plane.stride * 8 + 16]) / 4
}

#[test]
fn planes_are_those_that_ffmpeg_decodes() {
    let folder = folder();
    let stored = "yuv420p yuv422p yuv444p yuv410p yuv411p yuv440p yuva420p nv12 nv21 yuyv422 \
                  uyvy422 yuv420p10le yuv422p10le yuv444p12le gray gray10le ya8 rgba bgra bgr0 \
                  gbrp gbrp10le gbrap rgba64le";
    for layout in stored.split_whitespace() {
        let options = format!("-c:v rawvideo -pix_fmt {layout}");
        let path = make(&folder, &format!("{layout}.nut"), ODD, &options);
        let mut film = source(&path);
        let description = film.info().description.clone();
        assert!(
            description.contains(&format!(", {layout},")),
            "{description}"
        );
        let found = pictures(&mut *film);
        assert_eq!(found.len(), 5, "{layout}");
        assert_eq!(found[0].size, Size::new(63, 47), "{layout}");
        assert!(bytes(&found) == decoded(&path, layout), "{layout} differs");
    }
}

#[test]
fn layouts_that_no_picture_holds_are_converted_without_loss() {
    let folder = folder();
    let converted = [
        ("rgb24", "rgba"),
        ("bgr24", "rgba"),
        ("rgb48le", "rgba64le"),
        ("yuv420p10be", "yuv420p10le"),
        ("gray16be", "gray16le"),
        ("gbrp12be", "gbrp12le"),
    ];
    for (layout, target) in converted {
        let options = format!("-c:v rawvideo -pix_fmt {layout}");
        let path = make(&folder, &format!("{layout}.nut"), ODD, &options);
        let found = bytes(&pictures(&mut *source(&path)));
        assert!(found == decoded(&path, target), "{layout} differs");
    }
    let graph = format!("{ODD},split[a][b];[a]palettegen[p];[b][p]paletteuse");
    let path = make(&folder, "palette.mkv", &graph, "-c:v png");
    let found = pictures(&mut *source(&path));
    assert!(
        !found.is_empty() && bytes(&found) == decoded(&path, "rgba"),
        "palette differs"
    );
    let path = make(&folder, "film.gif", ODD, "");
    assert!(
        bytes(&pictures(&mut *source(&path))) == decoded(&path, "bgra"),
        "gif differs"
    );
}

#[test]
fn a_compressed_film_comes_whole_and_in_order() {
    let folder = folder();
    let encoder = "-c:v libx264 -qp 0 -bf 3 -pix_fmt yuv420p";
    for name in ["a.mp4", "a.mkv", "a.ts", "a.h264"] {
        let path = make(&folder, name, COUNTER, encoder);
        let mut film = source(&path);
        let found = pictures(&mut *film);
        let numbers: Vec<_> = found.iter().map(number).collect();
        assert_eq!(numbers, (0..25).collect::<Vec<_>>(), "{name}");
        for (index, picture) in found.iter().enumerate() {
            assert_eq!(picture.sequence, index as u64, "{name}");
            assert!(
                (picture.time - index as f64 / 25.0).abs() < 0.001,
                "{name}: {}",
                picture.time
            );
        }
        assert!(
            (film.end() - 1.0).abs() < 0.001,
            "{name} ends at {}",
            film.end()
        );
        assert_eq!(film.info().rate, Some((25, 1)), "{name}");
        assert!(!film.info().has_sound);
        assert!(bytes(&found) == decoded(&path, "yuv420p"), "{name}");
    }
}

#[test]
fn stamps_of_a_film_with_varying_rate_count_from_its_first_picture() {
    let folder = folder();
    let graph = format!("{COUNTER},trim=end_frame=6,setpts=N*N*0.04/TB");
    let options = "-vsync passthrough -c:v ffv1 -output_ts_offset 5";
    let path = make(&folder, "vfr.mkv", &graph, options);
    let mut film = source(&path);
    assert!((film.info().start - 5.0).abs() < 0.001, "{:?}", film.info());
    let times: Vec<_> = pictures(&mut *film)
        .iter()
        .map(|picture| (picture.time * 100.0).round() as u32)
        .collect();
    assert_eq!(times, [0, 4, 16, 36, 64, 100]);
}

#[test]
fn a_loop_runs_on_without_a_gap_in_every_container() {
    let folder = folder();
    let encoder = "-c:v libx264 -qp 0 -bf 3 -g 10 -pix_fmt yuv420p";
    for name in ["a.mp4", "a.mkv", "a.ts", "a.h264", "a.y4m"] {
        let options = if name == "a.y4m" {
            "-pix_fmt yuv420p"
        } else {
            encoder
        };
        let path = make(&folder, name, COUNTER, options);
        let looping = Options {
            looping: true,
            ..Options::default()
        };
        let mut feed = Feed::open(&Location::Path(path), looping).expect("the film opens");
        for tick in 0..80_usize {
            let until = (tick as f64 + 0.5) / 25.0;
            let picture = feed.take(until, Wait::Block);
            let picture = picture.unwrap_or_else(|| panic!("{name} has no picture at tick {tick}"));
            assert_eq!(number(&picture), tick % 25, "{name}");
            assert_eq!(picture.sequence, tick as u64, "{name}");
            assert!(
                (picture.time - tick as f64 / 25.0).abs() < 0.002,
                "{name}: {}",
                picture.time
            );
            feed.recycle(picture);
        }
        assert!(!feed.ended() && feed.error().is_none() && feed.passed_over() == 0);
    }
}

#[test]
fn a_film_of_24_repeats_and_skips_nothing_at_60() {
    let folder = folder();
    let graph = COUNTER.replace("r=25:d=1", "r=24:d=2");
    let path = make(&folder, "film.mkv", &graph, "-c:v ffv1");
    let mut feed = Feed::open(&Location::Path(path), Options::default()).expect("it opens");
    let mut seen = Vec::new();
    for tick in 0.. {
        let picture = feed.take((f64::from(tick) + 0.5) / 60.0, Wait::Block);
        if feed.ended() {
            assert_eq!(tick, 120);
            break;
        }
        seen.extend(picture.map(|picture| (picture.sequence, tick)));
    }
    let expected: Vec<_> = (0..48)
        .map(|number| (number, (number as f64 * 2.5 - 0.5).ceil() as i32))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_start_in_the_middle_is_exact() {
    let folder = folder();
    let encoder = "-c:v libx264 -qp 0 -bf 3 -g 10 -pix_fmt yuv420p";
    for name in ["a.mp4", "a.mkv", "a.h264"] {
        let path = Location::Path(make(&folder, name, COUNTER, encoder));
        let options = Options {
            start: 0.57,
            ..Options::default()
        };
        let mut feed = Feed::open(&path, options).expect("the film opens");
        let first = feed.take(0.0, Wait::Block).expect("a picture at the start");
        assert_eq!((number(&first), first.time), (14, 0.0), "{name}");
        let second = feed.take(0.05, Wait::Block).expect("and the next");
        assert_eq!(number(&second), 15, "{name}");
        feed.take(0.42, Wait::Block);
        assert!(!feed.ended());
        feed.take(0.44, Wait::Block);
        assert!(feed.ended(), "{name} ends at {:?}", feed.end());
    }
}

#[test]
fn pixel_aspect_and_sound_are_seen() {
    let folder = folder();
    let graph = "testsrc2=s=72x58:d=0.2,setsar=16/15";
    let sound = "-f lavfi -i sine=d=0.2 -c:v libx264 -pix_fmt yuv420p -c:a aac -shortest";
    let path = make(&folder, "aspect.mp4", graph, sound);
    let film = source(&path);
    assert_eq!(film.info().size, Size::new(72, 58));
    assert_eq!(film.info().display_size, Size::new(77, 58));
    assert!(film.info().has_sound);
}

/// Writes a quarter turn clockwise into the track header of an MP4 (ISO/IEC 14496-12, 8.3.2).
fn turn(path: &Path) {
    let mut file = std::fs::read(path).expect("the film");
    let header = file
        .windows(4)
        .position(|four| four == b"tkhd")
        .expect("a track header");
    let matrix = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30];
    let matrix = matrix.map(i32::to_be_bytes).concat();
    file[header + 44..header + 80].copy_from_slice(&matrix);
    std::fs::write(path, file).expect("the film is written");
}

#[test]
fn rotation_is_the_one_that_ffmpeg_applies() {
    let folder = folder();
    let path = make(
        &folder,
        "turned.mp4",
        "testsrc2=s=64x48:d=0.04",
        "-pix_fmt yuv420p",
    );
    turn(&path);
    let mut film = source(&path);
    assert_eq!(film.info().display_size, Size::new(48, 64));
    let picture = film.next().expect("it reads").expect("a picture");
    assert_eq!(picture.rotation, Rotation::Clockwise90);
    let stored = &picture.planes[0].bytes;
    let upright: Vec<u8> = (0..64 * 48)
        .map(|at| stored[(47 - at % 48) * 64 + at / 48])
        .collect();
    assert!(upright == decoded(&path, "yuv420p")[..64 * 48]);
}

#[test]
fn colours_follow_the_tags_or_say_what_was_assumed() {
    let folder = folder();
    let tagged = "-c:v libx264 -pix_fmt yuv420p -colorspace bt2020nc -color_range pc \
                  -chroma_sample_location topleft";
    let mut film = source(&make(&folder, "tagged.mp4", EVEN, tagged));
    let encoding = pictures(&mut *film)[0].encoding;
    let found = (encoding.matrix, encoding.range, encoding.siting);
    assert_eq!(found, (Matrix::Bt2020, Range::Full, Siting::TopLeft));
    assert!(
        !film.info().description.contains("assumed"),
        "{}",
        film.info().description
    );

    let plain = "-c:v libx264 -pix_fmt yuv420p";
    for (size, matrix) in [("720x576", Matrix::Bt601), ("1280x720", Matrix::Bt709)] {
        let graph = format!("testsrc2=s={size}:d=0.04");
        let mut film = source(&make(&folder, "plain.mp4", &graph, plain));
        let encoding = pictures(&mut *film)[0].encoding;
        assert_eq!((encoding.matrix, encoding.range), (matrix, Range::Limited));
        assert!(
            film.info().description.contains("assumed"),
            "{}",
            film.info().description
        );
    }
    let jpeg = make(&folder, "jpeg.avi", ODD, "-c:v mjpeg -pix_fmt yuvj420p");
    let encoding = pictures(&mut *source(&jpeg))[0].encoding;
    let found = (encoding.matrix, encoding.range, encoding.siting);
    assert_eq!(found, (Matrix::Bt601, Range::Full, Siting::Center));
}

#[test]
fn a_cut_film_gives_what_it_has_and_ends() {
    let folder = folder();
    let options = "-c:v libx264 -g 5 -pix_fmt yuv420p -movflags +faststart";
    for name in ["cut.mp4", "cut.mkv", "cut.ts"] {
        let path = make(&folder, name, "testsrc2=s=128x96:r=25:d=2", options);
        let whole = std::fs::read(&path).expect("the film");
        std::fs::write(&path, &whole[..whole.len() * 6 / 10]).expect("it is cut");
        let found = pictures(&mut *source(&path)).len();
        assert!((15..50).contains(&found), "{name} gives {found}");
    }
}

#[test]
fn damage_in_the_middle_is_passed_over() {
    let folder = folder();
    let options = "-c:v libx264 -g 5 -pix_fmt yuv420p -movflags +faststart";
    for name in ["damaged.mp4", "damaged.ts"] {
        let path = make(&folder, name, "testsrc2=s=128x96:r=25:d=2", options);
        let mut film = std::fs::read(&path).expect("the film");
        let middle = film.len() / 2;
        film[middle..middle + 3000].fill(0x55);
        std::fs::write(&path, &film).expect("it is damaged");
        let found = pictures(&mut *source(&path));
        let last = found.last().expect("pictures").time;
        assert!(
            found.len() > 30 && last > 1.9,
            "{name} gives {} to {last}",
            found.len()
        );
    }
}

#[test]
fn files_that_are_no_films_say_what_to_do() {
    let folder = folder();
    let write = |name: &str, contents: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).expect("a file");
        path
    };
    let text = write("notes.txt", "Bring the cable.\n".repeat(40).as_bytes());
    let empty = write("empty.mp4", b"");
    let sound = make(&folder, "sound.wav", "sine=d=0.1", "");
    let film = make(&folder, "late.mp4", COUNTER, "-c:v libx264");
    let whole = std::fs::read(&film).expect("the film");
    let cut = write("unfinished.mp4", &whole[..whole.len() / 2]);
    let expected = [
        (text, "film"),
        (empty, "is empty"),
        (sound, "only sound"),
        (cut, "its index is cut off"),
        (folder.path().join("lat.mp4"), "did you mean"),
        (folder.path().to_owned(), "is a directory"),
    ];
    for (path, words) in expected {
        let message = refusal(&path);
        assert!(message.contains(words), "{message}");
        assert!(
            message.starts_with(&path.display().to_string()),
            "{message}"
        );
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn yuv4mpeg_planes_are_those_that_ffmpeg_decodes() {
    let folder = folder();
    let layouts = "yuv420p yuv422p yuv444p yuv411p gray yuv420p10 yuv422p10 yuv444p10 gray10";
    for layout in layouts.split_whitespace() {
        let options = format!("-strict -1 -pix_fmt {layout}");
        // ffmpeg's own writer rounds the chroma of odd sizes wrongly when samples are deep.
        let graph = if layout.ends_with("10") { EVEN } else { ODD };
        let path = make(&folder, &format!("{layout}.y4m"), graph, &options);
        let mut stream = source(&path);
        assert_eq!(stream.info().frames, Some(5), "{layout}");
        assert!(
            bytes(&pictures(&mut *stream)) == decoded(&path, layout),
            "{layout} differs"
        );
    }
}

#[test]
fn yuv4mpeg_comes_through_a_pipe() {
    let folder = folder();
    let path = make(&folder, "film.mkv", ODD, "-c:v ffv1 -pix_fmt yuv420p");
    let mut child = ffmpeg()
        .arg("-i")
        .arg(&path)
        .args(["-f", "yuv4mpegpipe", "-"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("apt-get install ffmpeg");
    let pipe = child.stdout.take().expect("it is piped");
    let mut stream = Y4m::over(Box::new(pipe), "pipe".to_owned()).expect("a stream");
    assert!(!stream.info().rewinds);
    assert!(bytes(&pictures(&mut stream)) == decoded(&path, "yuv420p"));
    assert!(child.wait().expect("it ends").success());
}

#[cfg(unix)]
#[test]
fn yuv4mpeg_comes_through_a_named_pipe() {
    let folder = folder();
    let path = make(&folder, "film.mkv", ODD, "-c:v ffv1 -pix_fmt yuv420p");
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("coreutils")
            .success()
    );
    let mut writer = ffmpeg();
    writer
        .arg("-i")
        .arg(&path)
        .args(["-f", "yuv4mpegpipe"])
        .arg(&pipe);
    let mut child = writer.spawn().expect("apt-get install ffmpeg");
    assert!(bytes(&pictures(&mut *source(&pipe))) == decoded(&path, "yuv420p"));
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_sequence_plays_like_a_film_and_names_what_is_missing() {
    let folder = folder();
    let options = "-frames:v 6 -start_number 3 -pix_fmt rgb24";
    make(&folder, "%03d.png", "testsrc2=s=20x10:r=25", options);
    let pattern = folder.path().join("%03d.png");
    let options = Options {
        rate: Some((10, 1)),
        ..Options::default()
    };
    let mut feed = Feed::open(&Location::Path(pattern.clone()), options).expect("it opens");
    assert_eq!(feed.info().duration, Some(0.6));
    let last = feed.take(0.55, Wait::Block).expect("a picture");
    assert_eq!(last.sequence, 5);
    let expected = decoded(&folder.path().join("008.png"), "rgba");
    assert!(last.planes[0].bytes == expected);

    std::fs::remove_file(folder.path().join("005.png")).expect("it is there");
    let message = refusal(&pattern);
    assert!(message.contains("005.png: is missing"), "{message}");
}

#[test]
fn the_bundled_clip_plays_to_its_end() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rabbit.mp4");
    assert!(path.metadata().expect("the clip").len() <= 2_000_000);
    let mut film = Film::open(&path).expect("the clip opens");
    assert_eq!(film.info().size, Size::new(704, 480));
    assert_eq!(film.info().rate, Some((30, 1)));
    let mut count = 0;
    while let Some(picture) = film.next().expect("it reads on") {
        count += 1;
        film.recycle(picture);
    }
    assert_eq!(Some(count), film.info().frames);
    assert!((film.end() - 7.8).abs() < 1e-6);
}
