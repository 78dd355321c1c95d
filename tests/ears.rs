//! Shows that hear: clicks that are known move them, whatever the rates, in a render, live and over edits of the show.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drums;
mod program;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use afterimage::audio::{Moment, Settings};
use afterimage::effect::Library;
use afterimage::engine::{Command, Engine};
use afterimage::gpu::Gpu;
use afterimage::param::Value;
use afterimage::session::live::{Report, Session, run as perform};
use afterimage::session::{Options, Stage, Successor, hear};
use afterimage::show::Show;
use afterimage::source::Wait;
use drums::{Played, RATE, STYLES, play};
use program::{contents, make, run, tool};

/// Seconds of every film here.
const SECONDS: f64 = 4.0;

/// When the clicks are, in seconds.
const CLICKS: [f64; 7] = [0.31, 0.80, 1.30, 1.77, 2.35, 2.90, 3.41];

/// A click may be heard so much later, in seconds.
const LATE: f64 = 0.05;

/// Numbers that a show has at a tick.
type Numbers = [f64; 4];

/// A sound of hats at these times, as WAV.
fn clicks(times: &[f64], seconds: f64) -> Vec<u8> {
    let hats = STYLES.iter().find(|style| style.name == "clicks").unwrap();
    let plain = Played {
        tempo: 60.0,
        swing: 0.0,
        pad: 0.0,
        noise: 0.0,
    };
    let hat = play(hats, plain, 0.5);
    let begin = (hat.onsets[0] * f64::from(RATE)) as usize;
    let mut samples = vec![0.0; (seconds * f64::from(RATE)) as usize];
    for time in times {
        let at = (time * f64::from(RATE)) as usize;
        let hat = &hat.samples[begin..begin + RATE as usize / 10];
        for (sample, hat) in samples[at..].iter_mut().zip(hat) {
            *sample += 3.0 * hat;
        }
    }
    wav(&samples)
}

fn wav(samples: &[f32]) -> Vec<u8> {
    let size = 2 * samples.len() as u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + size).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((2 * RATE).to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(size.to_le_bytes());
    let levels = samples.iter().map(|sample| (sample * 32767.0) as i16);
    bytes.extend(levels.flat_map(i16::to_le_bytes));
    bytes
}

/// A film of noise with the sound of a file, at 24 pictures a second; `options` go to ffmpeg.
fn film(folder: &Path, sound: &str, options: &str, name: &str) {
    make(
        folder,
        &format!(
            "-f lavfi -i testsrc2=s=32x24:r=24:d={SECONDS} -i {sound} -map 0:v -map 1:a -c:v libx264 -preset ultrafast \
             -c:a pcm_s16le {options} {name}"
        ),
    );
}

/// A folder with `clicks.wav` and the film `clicks.mkv`, and what plays shows there.
struct Hall {
    folder: tempfile::TempDir,
    engine: Engine,
}

impl Hall {
    fn new() -> Self {
        let folder = program::folder();
        fs::write(folder.path().join("clicks.wav"), clicks(&CLICKS, SECONDS)).unwrap();
        film(folder.path(), "clicks.wav", "", "clicks.mkv");
        let gpu = Gpu::open(None, None).unwrap_or_else(|error| panic!("{error}"));
        let engine = Engine::new(&gpu);
        Self { folder, engine }
    }

    fn show(&self, text: &str) -> Arc<Show> {
        let path = self.folder.path().join("show.toml");
        let show = Show::parse(text, Some(&path), &mut Library::default());
        Arc::new(show.unwrap_or_else(|error| panic!("{error}")))
    }

    fn begin(&self, text: &str) -> Stage {
        Stage::new(self.engine.pipelines(), &self.show(text), None, (30, 1)).unwrap()
    }

    fn save(&self, stage: &mut Stage, text: &str) {
        let (show, score) = (self.show(text), stage.score());
        let successor = Successor::new(self.engine.pipelines(), &show, None, (30, 1), Some(&score));
        stage.succeed(successor.unwrap(), self.engine.pipelines());
    }

    /// What the first layer, a `channel_shift`, has as `red` and `green` in each of so many ticks.
    fn play(&mut self, stage: &mut Stage, ticks: u64) -> Vec<Numbers> {
        (0..ticks).map(|_| self.tick(stage)).collect()
    }

    fn tick(&mut self, stage: &mut Stage) -> Numbers {
        self.tick_with(stage, &[])
    }

    fn tick_with(&mut self, stage: &mut Stage, commands: &[Command]) -> Numbers {
        let tick = stage.tick(&mut self.engine, commands, Wait::Block).unwrap();
        let tick = tick.expect("the show has not ended");
        let params = &tick.values.layers[0].params;
        let numbers = [0, 1].map(|param: usize| [0, 1].map(|lane| params[param].lane(lane)));
        self.engine.submit(tick);
        let [[a, b], [c, d]] = numbers;
        [a, b, c, d]
    }
}

/// A show of a film at a rate that counts clicks, with other numbers.
fn show(fps: u32, source: &str, numbers: [&str; 3]) -> String {
    let [a, b, c] = numbers;
    format!(
        "[canvas]\nfps = {fps}\n[sources]\nfilm = {source}\n[[layers]]\neffect = 'channel_shift'\n\
         red = ['count(audio.onset)', '{a}']\ngreen = ['{b}', '{c}']\n"
    )
}

const FILM: &str = "{ file = 'clicks.mkv' }";
const ROUND: &str = "{ file = 'clicks.mkv', loop = true }";
const NOTHING: [&str; 3] = ["0"; 3];

/// Fails unless a count goes up once for each time, and then at once.
#[track_caller]
fn assert_counts(counts: impl Iterator<Item = f64>, fps: f64, times: &[f64], what: &str) {
    let counts: Vec<_> = counts.collect();
    for (tick, count) in counts.iter().enumerate() {
        let time = tick as f64 / fps;
        let before = |slack: f64| times.iter().filter(|it| **it + slack <= time).count() as f64;
        let (least, most) = (before(LATE), before(0.0));
        assert!(
            (least..=most).contains(count),
            "{what}: {count} clicks heard at {time} s instead of {least} to {most}"
        );
    }
    assert_eq!(counts.last(), Some(&(times.len() as f64)), "{what}");
}

fn heard(path: &Path) -> Vec<Moment> {
    hear(path, &Settings::default()).unwrap().moments
}

#[test]
fn every_click_counts_once_at_any_rate() {
    let mut hall = Hall::new();
    for fps in [24, 30, 60] {
        let mut stage = hall.begin(&show(fps, FILM, NOTHING));
        let played = hall.play(&mut stage, u64::from(fps) * SECONDS as u64);
        let counts = played.iter().map(|numbers| numbers[0]);
        assert_counts(counts, f64::from(fps), &CLICKS, &format!("{fps} fps"));
    }
}

#[test]
fn no_click_is_lost_with_ticks_that_are_left_out() {
    let mut hall = Hall::new();
    let mut stage = hall.begin(&show(60, ROUND, NOTHING));
    let mut events = 0.0;
    for skipped in [0, 3, 40, 1, 90, 0, 100] {
        stage.skip(skipped);
        events = hall.tick(&mut stage)[0];
    }
    assert_eq!((stage.next_tick(), events), (241, CLICKS.len() as f64));
}

#[test]
fn numbers_are_those_of_the_tick() {
    let mut hall = Hall::new();
    let moments = heard(&hall.folder.path().join("clicks.wav"));
    let numbers = [
        "1000 * audio.level",
        "1000 * audio.band(12)",
        "1000 * hydra.fft(3)",
    ];
    for fps in [100, 40] {
        let mut stage = hall.begin(&show(fps, FILM, numbers));
        let played = hall.play(&mut stage, 3 * u64::from(fps));
        for (tick, [_, level, band, fft]) in played.iter().enumerate().skip(1) {
            // 40 ticks a second fall on moments and, every second one, in the middle of two.
            let (at, apart) = (tick * 100 / fps as usize, tick * 100 % fps as usize > 0);
            let share = if apart { 0.5 } else { 0.0 };
            let between = |number: fn(&Moment) -> f32| {
                let [before, after] = [at - 1, at].map(|at| f64::from(number(&moments[at])));
                1000.0 * (before + share * (after - before))
            };
            let wanted = [
                between(|moment| moment.level),
                between(|moment| moment.bands[12]),
                between(|moment| moment.hydra[3]),
            ];
            for (found, wanted) in [level, band, fft].into_iter().zip(wanted) {
                assert!((found - wanted).abs() < 1e-3, "{tick}: {found} {wanted}");
            }
        }
        assert!(played.iter().any(|numbers| numbers[1] > 100.0));
    }
}

#[test]
fn sound_begins_with_the_first_picture_that_is_played() {
    let mut hall = Hall::new();
    let after = |times: &[f64], start: f64| -> Vec<f64> {
        let times = times.iter().map(|time| time - start);
        times.filter(|time| *time > 0.0).collect()
    };
    let source = "{ file = 'clicks.mkv', start = 1 }";
    let mut stage = hall.begin(&show(30, source, NOTHING));
    let played = hall.play(&mut stage, 90);
    let counts = played.iter().map(|numbers| numbers[0]);
    assert_counts(counts, 30.0, &after(&CLICKS, 1.0), "start");
    // A place that is sought, and a codec that needs a run-up and is heard a little before its strokes.
    let later = [6.417, 7.117, 8.217];
    let folder = hall.folder.path();
    fs::write(folder.join("later.wav"), clicks(&later, 9.0)).unwrap();
    for (codec, name) in [("pcm_s16le", "far.mkv"), ("aac", "far.mp4")] {
        make(
            folder,
            &format!(
                "-f lavfi -i testsrc2=s=32x24:r=24:d=9 -i later.wav -map 0:v -map 1:a -c:v libx264 -preset ultrafast \
                 -g 24 -c:a {codec} {name}"
            ),
        );
    }
    for name in ["far.mkv", "far.mp4"] {
        let source = format!("{{ file = '{name}', start = 6 }}");
        let mut stage = hall.begin(&show(30, &source, NOTHING));
        let played = hall.play(&mut stage, 85);
        let counts = played.iter().map(|numbers| numbers[0]);
        assert_counts(counts, 30.0, &after(&later, 6.0), name);
    }
    // The sound has stamps that are half a second later, or earlier, than the pictures.
    for (late, name) in [(0.5, "late.mkv"), (-0.5, "early.mkv")] {
        let shift = format!("-itsoffset {late} -i clicks.wav");
        let inputs = "-f lavfi -i testsrc2=s=32x24:r=24:d=4";
        let outputs = "-map 0:v -map 1:a -c:v libx264 -preset ultrafast -c:a flac -copyts -avoid_negative_ts make_non_negative";
        make(
            hall.folder.path(),
            &format!("{inputs} {shift} {outputs} {name}"),
        );
        let mut stage = hall.begin(&show(30, &format!("'{name}'"), NOTHING));
        let played = hall.play(&mut stage, 100);
        let times: Vec<_> = after(&CLICKS, -late)
            .into_iter()
            .filter(|time| *time < 3.2)
            .collect();
        let counts = played.iter().map(|numbers| numbers[0]);
        assert_counts(counts, 30.0, &times, name);
    }
}

#[test]
fn sound_loops_where_the_pictures_do() {
    let mut hall = Hall::new();
    // The sound is longer than the pictures, or shorter.
    for (seconds, pictures) in [(1.0, 1.5), (1.0, 0.75)] {
        fs::write(
            hall.folder.path().join("short.wav"),
            clicks(&[0.3], seconds),
        )
        .unwrap();
        make(
            hall.folder.path(),
            &format!(
                "-f lavfi -i testsrc2=s=32x24:r=24:d={pictures} -i short.wav -map 0:v -map 1:a -c:v libx264 \
                 -preset ultrafast -c:a pcm_s16le round.mkv"
            ),
        );
        let source = "{ file = 'round.mkv', loop = true }";
        let mut stage = hall.begin(&show(24, source, NOTHING));
        let played = hall.play(&mut stage, 24 * 9);
        let times = (0..).map(|pass| 0.3 + f64::from(pass) * pictures);
        let times: Vec<_> = times.take_while(|time| *time < 8.9).collect();
        let counts = played.iter().map(|numbers| numbers[0]);
        assert_counts(counts, 24.0, &times, &format!("{pictures} s"));
    }
}

#[test]
fn a_sound_of_its_own_is_heard_instead() {
    let hall = Hall::new();
    let folder = hall.folder.path();
    fs::write(folder.join("one.wav"), clicks(&[0.5], 1.0)).unwrap();
    let counts = "channel_shift:red=(count(audio.onset),0)";
    let last = |arguments: &str| {
        let pictures = format!("render clicks.mkv --frames 60 {arguments} -o out/%05d.png");
        run(folder, &pictures).well();
        contents(&folder.join("out")).pop().unwrap()
    };
    let by = |clicks: u32| last(&format!("-e channel_shift:red={clicks},0"));
    let with = |sound: &str| last(&format!("-e {counts} {sound}"));
    let before = CLICKS.iter().filter(|time| **time < 2.4).count() as u32;
    assert!(with("") == by(before), "the film's");
    assert!(with("--audio one.wav") == by(1), "a file's");
    assert!(with("--audio none") == by(0), "none");
    assert!(by(0) != by(1) && by(1) != by(before));
}

#[test]
fn a_render_and_a_stepped_session_give_the_same_bytes() {
    let hall = Hall::new();
    let folder = hall.folder.path();
    fs::write(
        folder.join("show.toml"),
        show(
            60,
            FILM,
            [
                "9 * audio.high",
                "9 * decay(audio.onset, 0.2)",
                "hydra.fft(2)",
            ],
        ),
    )
    .unwrap();
    let of = |command: &str, name: &str| {
        run(
            folder,
            &format!("{command} -p ./show.toml --frames 90 -o {name}/%05d.png"),
        )
        .well();
        contents(&folder.join(name))
    };
    let rendered = of("render", "a");
    assert_eq!(rendered.len(), 90);
    assert!(rendered == of("render", "b"), "another render");
    assert!(rendered == of("live --headless --stepped", "c"), "stepped");
}

#[test]
fn a_show_that_is_deaf_opens_nothing() {
    let hall = Hall::new();
    let folder = hall.folder.path();
    let live = "live clicks.mkv --headless --stepped --frames 3 --audio no.wav";
    run(folder, live).well();
    let hears = "-e channel_shift:red=(9*audio.level,0)";
    let done = run(folder, &format!("{live} {hears}"));
    assert_eq!((done.status, done.errors.len()), (2, 1));
    assert!(
        done.errors[0].contains("no.wav: no such file"),
        "{:?}",
        done.errors
    );
    let opens = |effect: &str| {
        let done = run(
            folder,
            &format!("render clicks.mkv --frames 3 -v -o null {effect}"),
        );
        assert_eq!(done.status, 0);
        done.errors
            .iter()
            .any(|line| line.contains("its sound is heard"))
    };
    assert!(opens(hears));
    assert!(!opens("-e channel_shift:red=(9*beat,0)"));
}

#[test]
fn an_edit_of_the_show_loses_no_click() {
    let mut hall = Hall::new();
    let mut stage = hall.begin(&show(30, FILM, NOTHING));
    let mut played = hall.play(&mut stage, 23);
    // Its gain is another, so that another ear hears the same film on; the second click is amid the edits.
    let [fixed, adaptive] = ["[audio]\ngain = 'fixed'\n", ""];
    let edits = (0..8).map(|edit| (1, [fixed, adaptive][edit % 2]));
    for (ticks, audio) in edits.chain([(20, adaptive), (30, fixed), (35, adaptive)]) {
        let text = show(30, FILM, ["audio.level", "0", "0"]);
        hall.save(&mut stage, &format!("{audio}{text}"));
        played.extend(hall.play(&mut stage, ticks));
    }
    let counts = played.iter().map(|numbers| numbers[0]);
    assert_counts(counts, 30.0, &CLICKS[..CLICKS.len()], "edits");
}

#[test]
fn a_show_that_begins_to_listen_hears_its_film_where_it_is() {
    let mut hall = Hall::new();
    let deaf = show(30, FILM, NOTHING).replace("count(audio.onset)", "0");
    let mut stage = hall.begin(&deaf);
    hall.play(&mut stage, 60);
    hall.save(&mut stage, &show(30, FILM, NOTHING));
    let played = hall.play(&mut stage, 58);
    let after: Vec<_> = CLICKS
        .iter()
        .map(|time| time - 2.0)
        .filter(|time| *time > 0.0)
        .collect();
    assert_counts(
        played.iter().map(|numbers| numbers[0]),
        30.0,
        &after,
        "from 2 s on",
    );
}

#[test]
fn a_sound_of_its_own_plays_on_with_another_preset() {
    let mut hall = Hall::new();
    let listening = |hall: &Hall, text: &str| {
        let path = hall.folder.path().join("show.toml");
        fs::write(&path, text).unwrap();
        let options = Options {
            preset: Some(path.display().to_string()),
            audio: Some(hall.folder.path().join("clicks.wav").display().to_string()),
            ..Options::default()
        };
        let show = Arc::new(options.show(&mut Library::default()).unwrap());
        Stage::new(hall.engine.pipelines(), &show, None, (30, 1)).unwrap()
    };
    let text = show(30, ROUND, NOTHING);
    let deaf = text.replace("count(audio.onset)", "0");
    let mut stage = listening(&hall, &text);
    hall.play(&mut stage, 31);
    for (text, ticks) in [(&text, 29), (&deaf, 15), (&text, 45)] {
        let passed = 31.0 / 30.0;
        let mut next = listening(&hall, text);
        next.follow(std::mem::replace(&mut stage, hall.begin(&deaf)));
        stage = next;
        let played = hall.play(&mut stage, ticks);
        let last = played.last().unwrap()[0];
        let (from, to) = match ticks {
            29 => (passed, 2.0),
            15 => (0.0, 0.0),
            _ => (2.5, 4.0),
        };
        let heard = |time: &&f64| **time > from && **time < to;
        assert_eq!(last, CLICKS.iter().filter(heard).count() as f64, "{from} s");
    }
}

/// What the show below has: beats, bars, tempo, and how many beats were counted.
const BEATS: [&str; 3] = ["bar", "tempo", "count(every(beat, 1))"];

/// A stage that hears a song of this tempo as its own sound, with [`BEATS`] and `beat` for the clicks.
fn on_a_song(hall: &Hall, tempo: f64, canvas: &str) -> Stage {
    let house = STYLES.iter().find(|style| style.name == "house").unwrap();
    let plain = Played {
        tempo,
        swing: 0.0,
        pad: 0.3,
        noise: 0.0,
    };
    let song = hall.folder.path().join("song.wav");
    fs::write(&song, wav(&play(house, plain, 16.0).samples)).unwrap();
    let text = show(60, ROUND, BEATS).replace("count(audio.onset)", "beat");
    let path = hall.folder.path().join("song.toml");
    fs::write(
        &path,
        text.replace("[canvas]", &format!("[canvas]\n{canvas}")),
    )
    .unwrap();
    let options = Options {
        preset: Some(path.display().to_string()),
        audio: Some(song.display().to_string()),
        ..Options::default()
    };
    let show = Arc::new(options.show(&mut Library::default()).unwrap());
    Stage::new(hall.engine.pipelines(), &show, None, (30, 1)).unwrap()
}

#[test]
fn the_beat_falls_in_step_with_a_song() {
    let mut hall = Hall::new();
    for tempo in [124.0, 96.0] {
        let mut stage = on_a_song(&hall, tempo, "");
        let played = hall.play(&mut stage, 15 * 60);
        let pairs = played.windows(2).map(|pair| (pair[0], pair[1]));
        for (before, now) in pairs {
            assert!(now[0] > before[0] && now[1] > before[1], "it goes back");
            let passed = now[0].floor() - before[0].floor();
            assert_eq!(
                now[3] - before[3],
                passed,
                "beats that are counted at {now:?}"
            );
        }
        for (tick, [beat, bar, heard, _]) in played.iter().enumerate().skip(9 * 60) {
            let off = beat - tick as f64 / 60.0 * tempo / 60.0;
            assert!((off - off.round()).abs() < 0.1, "{tempo}: {off} beats off");
            assert!(
                (heard / tempo - 1.0).abs() < 0.02,
                "{heard} instead of {tempo}"
            );
            assert!((4.0 * bar - beat - (4.0 * bar - beat).round()).abs() < 1e-6);
        }
    }
}

#[test]
fn a_tempo_by_hand_leads_until_it_is_released() {
    let mut hall = Hall::new();
    let mut tempo_after = |canvas: &str, commands: &[Command]| {
        let mut stage = on_a_song(&hall, 124.0, canvas);
        hall.play(&mut stage, 5 * 60);
        for command in commands {
            hall.tick_with(&mut stage, std::slice::from_ref(command));
        }
        hall.play(&mut stage, 5)[4][2].round()
    };
    let typed = Command::new("/tempo", Value::number(150.0));
    let released = Command::event("/tempo/release");
    assert_eq!(tempo_after("", &[]), 124.0);
    assert_eq!(tempo_after("", std::slice::from_ref(&typed)), 150.0);
    assert_eq!(tempo_after("", &[typed, released.clone()]), 124.0);
    assert_eq!(tempo_after("tempo = 99", &[]), 99.0);
    assert_eq!(tempo_after("tempo = 99", &[released]), 124.0);
}

/// Plays a show of counted clicks by the wall clock, and says what was counted in each picture of the recording.
fn live(hall: &Hall, text: &str, audio: Option<&str>, session: Session) -> (Report, Vec<u32>) {
    let folder = hall.folder.path();
    let path = folder.join("live.toml");
    fs::write(&path, text).unwrap();
    let options = Options {
        preset: Some(path.display().to_string()),
        audio: audio.map(|name| folder.join(name).display().to_string()),
        ..Options::default()
    };
    let session = Session {
        out: Some(folder.join("live.mkv").display().to_string()),
        ..session
    };
    let (_performer, requests) = channel();
    let report = perform(&options, &session, &requests, None).unwrap();
    let levels = "-i live.mkv -vf scale=1:1 -f rawvideo -pix_fmt gray -";
    let levels = tool(folder, "ffmpeg", levels);
    let counts = levels
        .iter()
        .map(|level| (f64::from(*level) / 25.5).round() as u32);
    (report, counts.collect())
}

/// A layer that is the brighter the more clicks there were: ten are white.
const BRIGHTER: &str = "[[layers]]\neffect = 'solid'\ncolor = ['count(audio.onset) / 10', 'count(audio.onset) / 10', \
                        'count(audio.onset) / 10', 1]\n";

#[test]
fn film_and_sound_stay_together_by_the_wall_clock_and_nothing_waits() {
    let hall = Hall::new();
    let text = format!("[canvas]\nfps = 30\n[sources]\nfilm = {ROUND}\n{BRIGHTER}");
    let session = Session {
        seconds: Some(3.8),
        ..Session::default()
    };
    let (report, counts) = live(&hall, &text, None, session);
    assert!(report.blocked.is_empty(), "{:?}", report.blocked);
    assert!(counts.is_sorted(), "{counts:?}");
    for (picture, count) in counts.iter().enumerate() {
        let time = (picture + 1) as f64 / 30.0;
        let most = CLICKS.iter().filter(|click| **click < time).count();
        assert!(*count as usize <= most, "{count} clicks at {time} s");
    }
    assert_eq!(counts.last(), Some(&(CLICKS.len() as u32)), "{counts:?}");
}

#[test]
fn the_loss_of_a_gpu_loses_no_click() {
    let hall = Hall::new();
    let sound = clicks(&CLICKS, 60.0);
    fs::write(hall.folder.path().join("long.wav"), sound).unwrap();
    let text = format!("[canvas]\nfps = 30\nsize = [32, 24]\n{BRIGHTER}");
    let session = Session {
        seconds: Some(10.0),
        losses: vec![1.0],
        ..Session::default()
    };
    let (report, counts) = live(&hall, &text, Some("long.wav"), session);
    assert_eq!((report.rebuilt, report.blocked), (1, Vec::new()));
    assert!(counts.is_sorted(), "{counts:?}");
    assert_eq!(counts.last(), Some(&(CLICKS.len() as u32)), "{counts:?}");
}
