//! Films as other programs see them: FFmpeg's own tools judge what was written.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use afterimage::output::{Finished, OutputError, Settings, Sound, Target, create};
use afterimage::picture::Size;

const SIZE: Size = Size::new(64, 36);
const RATE: (u32, u32) = (24_000, 1001);
const CONTAINERS: [&str; 4] = ["mp4", "mkv", "mov", "webm"];

/// Silence for half a second, then 400 Hz.
const TONE: &str = r"aevalsrc=if(gte(t\,0.5)\,0.5*sin(2513.27*t)\,0):s=44100";

/// Runs one of FFmpeg's programs and gives its standard output.
fn run(program: &str, arguments: &str, path: &Path) -> Vec<u8> {
    let arguments = arguments.split_whitespace().map(|word| match word {
        "FILE" => path.as_os_str(),
        word => word.as_ref(),
    });
    let mut command = Command::new(program);
    command.args(["-v", "error"]).args(arguments);
    let output = command.output().unwrap_or_else(|error| {
        panic!("cannot run {program} ({error}): apt-get install ffmpeg");
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{command:?}: {errors}"
    );
    output.stdout
}

/// What ffprobe says of the first stream of a kind (`v` or `a`), after reading the whole film.
fn probe(path: &Path, kind: &str) -> BTreeMap<String, String> {
    let arguments = format!("-count_frames -select_streams {kind}:0 -show_streams FILE");
    let text = String::from_utf8(run("ffprobe", &arguments, path)).unwrap();
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn duration(path: &Path) -> f64 {
    let text = run(
        "ffprobe",
        "-show_entries format=duration -of csv=p=0 FILE",
        path,
    );
    String::from_utf8(text).unwrap().trim().parse().unwrap()
}

/// A hash of each audio packet.
fn sound_packets(path: &Path) -> Vec<String> {
    let text = run("ffmpeg", "-i FILE -map 0:a -c copy -f framemd5 -", path);
    let text = String::from_utf8(text).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let hash = |line: &str| line.split(',').nth(5).unwrap().trim().to_owned();
    let hashes: Vec<_> = lines.map(hash).collect();
    assert!(!hashes.is_empty(), "no sound in {}", path.display());
    hashes
}

/// The sound as mono samples at 48 kHz, from the time 0 of the file's own stamps on.
fn sound_samples(path: &Path) -> Vec<f32> {
    let arguments = "-copyts -i FILE -map 0:a -af aresample=48000:first_pts=0 -ac 1 -f f32le -";
    let bytes = run("ffmpeg", arguments, path);
    let (samples, _) = bytes.as_chunks::<4>();
    samples
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect()
}

/// Seconds from the first picture to the first loud sample.
fn onset(path: &Path) -> f64 {
    let samples = sound_samples(path);
    let first = samples.iter().position(|sample| sample.abs() > 0.1);
    let pictures: f64 = probe(path, "v")["start_time"].parse().unwrap();
    first.unwrap() as f64 / 48_000.0 - pictures
}

/// The first picture's pixels as another program decodes them.
fn decoded(path: &Path, decoder: &str, format: &str) -> Vec<u8> {
    let flags = "-sws_flags bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
    let output = format!("-frames:v 1 {flags} -f rawvideo -pix_fmt {format} -");
    run("ffmpeg", &format!("{decoder} -i FILE {output}"), path)
}

fn settings() -> Settings {
    Settings::new(SIZE, RATE)
}

/// A picture that is another one for each number, with gradients in all channels.
fn picture(size: Size, number: u32) -> Vec<u8> {
    let pixels = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
    let level = |value: u32| (value % 256) as u8;
    let rgba = |(x, y)| {
        [
            level(x * 4 + number),
            level(y * 7),
            level(x + y + number * 3),
            level(x * 3),
        ]
    };
    pixels.flat_map(rgba).collect()
}

fn write(path: &Path, settings: &Settings, count: u32) -> Result<Finished, OutputError> {
    let target = Target::parse(path.to_str().unwrap())?;
    let mut output = create(&target, settings)?;
    for number in 0..count {
        output.write(&picture(settings.size, number))?;
    }
    output.finish()
}

/// A film of gray pictures at 25 a second with a tone that begins at half a second.
fn source(folder: &Path, name: &str, seconds: f64, codecs: &str) -> PathBuf {
    let path = folder.join(name);
    let picture = "-f lavfi -i color=gray:s=64x36:r=25";
    let arguments = format!("{picture} -f lavfi -i {TONE} -t {seconds} {codecs} FILE");
    run("ffmpeg", &arguments, &path);
    path
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn every_container_plays_with_its_rate_and_its_colors() {
    let folder = tempfile::tempdir().unwrap();
    for extension in CONTAINERS {
        let path = folder.path().join(format!("film.{extension}"));
        let finished = write(&path, &settings(), 30).unwrap();
        assert_eq!(finished.pictures, 30);
        assert_eq!(finished.bytes, fs::metadata(&path).unwrap().len());
        let found = probe(&path, "v");
        let codec = if extension == "webm" { "vp9" } else { "h264" };
        let expected = [
            ("codec_name", codec),
            ("nb_read_frames", "30"),
            ("avg_frame_rate", "24000/1001"),
            ("width", "64"),
            ("height", "36"),
            ("pix_fmt", "yuv420p"),
            ("color_range", "tv"),
            ("color_space", "bt709"),
            ("color_transfer", "bt709"),
            ("color_primaries", "bt709"),
        ];
        for (key, value) in expected {
            assert_eq!(found[key], value, "{extension} {key}");
        }
        let seconds = 30.0 * 1001.0 / 24_000.0;
        assert!((duration(&path) - seconds).abs() < 0.002, "{extension}");
    }
    assert_eq!(entries(folder.path()).len(), CONTAINERS.len());
}

#[test]
fn mp4_times_are_exact_and_its_index_is_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    write(&path, &settings(), 30).unwrap();
    let arguments = "-select_streams v -show_entries frame=pts -of csv=p=0 FILE";
    let text = String::from_utf8(run("ffprobe", arguments, &path)).unwrap();
    let stamps: Vec<u32> = text
        .lines()
        .filter_map(|it| it.trim_matches(',').parse().ok())
        .collect();
    assert_eq!(probe(&path, "v")["time_base"], "1/24000");
    assert_eq!(
        stamps,
        (0..30).map(|number| number * 1001).collect::<Vec<_>>()
    );
    let bytes = fs::read(&path).unwrap();
    let place = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(place(b"moov") < place(b"mdat"));
}

#[test]
fn the_same_pictures_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let sound = source(folder.path(), "in.mkv", 1.0, "-c:v libx264 -c:a pcm_s16le");
    for extension in CONTAINERS {
        let bytes = ["a", "b"].map(|name| {
            let path = folder.path().join(format!("{name}.{extension}"));
            let mut settings = settings();
            settings.sound = Some(Sound::of(&sound));
            write(&path, &settings, 20).unwrap();
            fs::read(path).unwrap()
        });
        assert!(bytes[0] == bytes[1], "{extension}");
    }
}

#[test]
fn colors_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let colors = [
        [0, 0, 0],
        [255, 255, 255],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [200, 90, 30],
    ];
    // Name, codec, crf, pixel format, largest error.
    let ways = [
        ("a.mp4", None, Some(0), Some("yuv444p"), 2),
        ("b.mp4", None, Some(0), None, 2),
        ("c.mkv", Some("ffv1"), None, Some("yuv444p"), 2),
        ("d.mkv", Some("ffv1"), None, None, 0),
        ("e.mov", Some("prores_ks"), None, None, 3),
        ("f.mkv", None, Some(0), Some("yuvj444p"), 2),
    ];
    for (name, codec, crf, format, largest) in ways {
        for color in colors {
            let path = folder.path().join(name);
            let mut settings = settings();
            settings.codec = codec.map(str::to_owned);
            settings.crf = crf;
            settings.pixel_format = format.map(str::to_owned);
            let mut output = create(&Target::Film(path.clone()), &settings).unwrap();
            let [red, green, blue] = color;
            output
                .write(&[red, green, blue, 77].repeat(SIZE.area() as usize))
                .unwrap();
            output.finish().unwrap();
            for pixel in decoded(&path, "", "rgb24").chunks_exact(3) {
                let errors = pixel.iter().zip(color).map(|(a, b)| a.abs_diff(b));
                assert!(errors.max() <= Some(largest), "{name}: {pixel:?} {color:?}");
            }
        }
    }
}

#[test]
fn odd_sizes_are_written_or_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    for size in [
        Size::new(7, 5),
        Size::new(33, 18),
        Size::new(2, 2),
        Size::new(1, 1),
    ] {
        for extension in CONTAINERS {
            let path = folder.path().join(format!("{size}.{extension}"));
            write(&path, &Settings::new(size, (30, 1)), 3).unwrap();
            let found = probe(&path, "v");
            assert_eq!(found["nb_read_frames"], "3", "{}", path.display());
            assert_eq!(
                format!("{}x{}", found["width"], found["height"]),
                size.to_string()
            );
            assert_eq!(found["nb_read_frames"], "3");
        }
    }
    let mut settings = Settings::new(Size::new(7, 5), (30, 1));
    settings.pixel_format = Some("yuv420p".to_owned());
    let error = write(&folder.path().join("no.mp4"), &settings, 1)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("libx264 refuses 7x5 in yuv420p"),
        "{error}"
    );
    assert!(!folder.path().join("no.mp4").exists());
}

#[test]
fn a_short_film_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    for extension in CONTAINERS {
        let path = folder.path().join(format!("film.{extension}"));
        write(&path, &settings(), 1).unwrap();
        assert_eq!(probe(&path, "v")["nb_read_frames"], "1");
        assert!(
            (duration(&path) - 0.0417).abs() < 0.002,
            "{extension}: {}",
            duration(&path)
        );
    }
}

#[test]
fn alpha_comes_back_where_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let ways = [
        ("a.webm", "-c:v libvpx-vp9", 12),
        ("b.mov", "", 3),
        ("c.mkv", "", 0),
    ];
    for (name, decoder, largest) in ways {
        let path = folder.path().join(name);
        let mut settings = settings();
        settings.alpha = true;
        write(&path, &settings, 3).unwrap();
        let got = decoded(&path, decoder, "rgba");
        let expected = picture(SIZE, 0);
        for (a, b) in got.chunks_exact(4).zip(expected.chunks_exact(4)) {
            assert!(a[3].abs_diff(b[3]) <= largest, "{name}: {a:?} {b:?}");
        }
        assert_eq!(got.len(), expected.len());
    }
    let mut settings = settings();
    settings.alpha = true;
    let error = write(&folder.path().join("d.mp4"), &settings, 1)
        .unwrap_err()
        .to_string();
    assert!(error.contains("keeps no alpha: write .webm"), "{error}");
}

#[test]
fn sound_is_copied_packet_for_packet() {
    let folder = tempfile::tempdir().unwrap();
    let ways = [
        ("a.mp4", "-c:v libx264 -c:a aac", "mp4"),
        ("b.mp4", "-c:v libx264 -c:a aac", "mkv"),
        ("c.mkv", "-c:v libx264 -c:a aac", "mp4"),
        ("d.mkv", "-c:v libx264 -c:a libmp3lame", "mp4"),
        ("e.mov", "-c:v libx264 -c:a pcm_s16le", "mov"),
        ("f.mkv", "-c:v libx264 -c:a flac", "mkv"),
        ("g.webm", "-c:v libvpx-vp9 -c:a libopus", "webm"),
        ("h.mkv", "-c:v libx264 -c:a libvorbis", "webm"),
    ];
    for (name, codecs, extension) in ways {
        let input = source(folder.path(), name, 2.0, codecs);
        let path = folder.path().join(format!("out_{name}.{extension}"));
        let mut settings = Settings::new(SIZE, (25, 1));
        settings.sound = Some(Sound::of(&input));
        write(&path, &settings, 50).unwrap();
        assert_eq!(
            probe(&path, "a")["codec_name"],
            probe(&input, "a")["codec_name"]
        );
        assert_eq!(
            sound_packets(&path),
            sound_packets(&input),
            "{name} to {extension}"
        );
        assert!(
            (duration(&path) - duration(&input)).abs() < 0.03,
            "{name} to {extension}"
        );
        let (before, after) = (onset(&input), onset(&path));
        assert!((after - before).abs() < 0.002, "{name}: {before} {after}");
    }
}

#[test]
fn sound_of_a_stream_that_begins_late_keeps_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let input = source(folder.path(), "in.ts", 2.0, "-c:v libx264 -c:a aac");
    let path = folder.path().join("out.mp4");
    let mut settings = Settings::new(SIZE, (25, 1));
    settings.sound = Some(Sound::of(&input));
    write(&path, &settings, 50).unwrap();
    assert_eq!(sound_packets(&path).len(), sound_packets(&input).len());
    assert!((onset(&path) - onset(&input)).abs() < 0.002);
}

#[test]
fn sound_that_does_not_fit_is_encoded_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let input = source(folder.path(), "in.mkv", 2.0, "-c:v libx264 -c:a pcm_s16le");
    let aac = source(folder.path(), "in.mp4", 2.0, "-c:v libx264 -c:a aac");
    for (input, extension, codec) in [
        (&input, "mp4", "aac"),
        (&input, "webm", "opus"),
        (&aac, "webm", "opus"),
    ] {
        let path = folder.path().join(format!("out.{extension}"));
        let mut settings = Settings::new(SIZE, (25, 1));
        settings.sound = Some(Sound::of(input));
        write(&path, &settings, 50).unwrap();
        assert_eq!(probe(&path, "a")["codec_name"], codec);
        assert!(
            (duration(&path) - 2.0).abs() < 0.03,
            "{extension}: {}",
            duration(&path)
        );
        assert!(
            (onset(&path) - 0.5).abs() < 0.003,
            "{extension}: {}",
            onset(&path)
        );
    }
}

#[test]
fn sound_ends_with_the_picture_and_begins_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let input = source(folder.path(), "in.mkv", 3.0, "-c:v libx264 -c:a pcm_s16le");
    let aac = source(folder.path(), "in.mp4", 3.0, "-c:v libx264 -c:a aac");
    let opus = source(
        folder.path(),
        "in.webm",
        3.0,
        "-c:v libvpx-vp9 -c:a libopus",
    );
    for (input, extension) in [
        (&opus, "webm"),
        (&input, "mkv"),
        (&input, "mp4"),
        (&input, "webm"),
        (&aac, "mp4"),
    ] {
        let path = folder.path().join(format!("out.{extension}"));
        let mut settings = Settings::new(SIZE, (25, 1));
        settings.sound = Some(Sound {
            path: input.clone(),
            start: 0.3,
        });
        write(&path, &settings, 25).unwrap();
        assert!(
            (duration(&path) - 1.0).abs() < 0.03,
            "{extension}: {}",
            duration(&path)
        );
        assert!(
            (onset(&path) - (onset(input) - 0.3)).abs() < 0.003,
            "{extension}: {}",
            onset(&path)
        );
    }
}

#[test]
fn a_silent_source_gives_a_silent_film_and_a_broken_one_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let silent = folder.path().join("silent.mp4");
    write(&silent, &settings(), 2).unwrap();
    let mut settings = settings();
    settings.sound = Some(Sound::of(&silent));
    let path = folder.path().join("out.mp4");
    write(&path, &settings, 2).unwrap();
    assert!(probe(&path, "a").is_empty());
    let broken = folder.path().join("broken.mp4");
    fs::write(&broken, "no film").unwrap();
    settings.sound = Some(Sound::of(&broken));
    let error = write(&path, &settings, 2).unwrap_err().to_string();
    assert!(error.contains("broken.mp4"), "{error}");
}

#[test]
fn an_unfinished_film_leaves_the_old_one_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, "old").unwrap();
    let mut output = create(&Target::Film(path.clone()), &settings()).unwrap();
    for number in 0..60 {
        output.write(&picture(SIZE, number)).unwrap();
    }
    assert_eq!(entries(folder.path()).len(), 2);
    drop(output);
    let empty = create(&Target::Film(path.clone()), &settings()).unwrap();
    assert!(matches!(empty.finish(), Err(OutputError::Nothing(_))));
    assert_eq!(entries(folder.path()), std::slice::from_ref(&path));
    assert_eq!(fs::read(path).unwrap(), b"old");
}

/// A limit on the size of files, in a process of its own, is a full disk that needs no rights.
#[cfg(unix)]
#[test]
fn a_full_disk_is_named_and_nothing_stays() {
    const FOLDER: &str = "AFTERIMAGE_TEST_FULL_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        return fill(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let name = "a_full_disk_is_named_and_nothing_stays";
    let mut child = Command::new("sh");
    child
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap());
    child
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, folder.path());
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    assert_eq!(entries(folder.path()).len(), 0);
}

/// Writes noise to each kind of target until the limit is reached.
#[cfg(unix)]
fn fill(folder: &Path) {
    let size = Size::new(256, 144);
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let frame: Vec<u8> = (0..size.area() * 4).map(|_| noise()).collect();
    for name in ["a.mp4", "b.mkv", "c.webm", "d.mov", "e.png", "f/%d.png"] {
        let target = Target::parse(folder.join(name).to_str().unwrap()).unwrap();
        let mut output = create(&target, &Settings::new(size, (30, 1))).unwrap();
        let frames = if name == "e.png" { 1 } else { 90 };
        let written = (0..frames).try_for_each(|_| output.write(&frame));
        let error = match written {
            Ok(()) => output.finish().unwrap_err(),
            Err(error) => error,
        };
        let text = error.to_string();
        assert!(matches!(error, OutputError::Write { .. }), "{name}: {text}");
        assert!(
            text.contains("file too large") && text.contains("choose another"),
            "{text}"
        );
    }
}

/// Every option of every encoder is known to this FFmpeg, and hardly anything is held back.
#[test]
fn a_growing_film_plays_while_it_is_written_and_stays_when_it_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let ways = [
        ("a.mkv", None, false),
        ("b.mp4", None, false),
        ("c.mov", None, false),
        ("d.webm", None, false),
        ("e.mkv", Some("mpeg4"), false),
        ("f.mkv", Some("libx265"), false),
        ("g.mkv", None, true),
        ("h.mov", None, true),
    ];
    for (name, codec, alpha) in ways {
        let path = folder.path().join(name);
        let mut settings = Settings::new(SIZE, (30, 1));
        (settings.growing, settings.alpha) = (true, alpha);
        settings.codec = codec.map(str::to_owned);
        let mut output = create(&Target::Film(path.clone()), &settings).unwrap();
        assert!(!path.exists(), "{name}: there is no picture in it");
        for number in 0..75 {
            output.write(&picture(SIZE, number)).unwrap();
        }
        assert_eq!(output.file(), Some(path.as_path()));
        let played = |path: &Path| probe(path, "v")["nb_read_frames"].parse::<u32>().unwrap();
        assert!((60..=75).contains(&played(&path)), "{name}");
        drop(output);
        assert!((60..=75).contains(&played(&path)), "{name}");
    }
    assert_eq!(entries(folder.path()).len(), ways.len());
}

#[test]
fn a_finished_growing_film_is_whole_and_spares_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    for extension in CONTAINERS {
        let path = folder.path().join(format!("film.{extension}"));
        fs::write(&path, "old").unwrap();
        let mut settings = Settings::new(SIZE, (30, 1));
        (settings.growing, settings.replace) = (true, false);
        let finished = write(&path, &settings, 45).unwrap();
        let file = folder.path().join(format!("film_2.{extension}"));
        assert_eq!((finished.pictures, finished.file), (45, Some(file.clone())));
        assert_eq!(probe(&file, "v")["nb_read_frames"], "45");
        assert!((duration(&file) - 1.5).abs() < 0.04, "{extension}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
    assert_eq!(entries(folder.path()).len(), 2 * CONTAINERS.len());
}
