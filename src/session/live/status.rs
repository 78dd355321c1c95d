use super::hands::HandsStatus;
use crate::gpu::{Panel, Row};
use crate::picture::Size;
use crate::session::recorder::{FilmStatus, RecordingStatus};
use crate::session::{Device, SourceHealth};
use crate::signal::BEATS_PER_BAR;

/// What a performer wants to know of a session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Status {
    /// The show's title, or the name it was asked for by.
    pub(super) show: String,
    pub(super) size: Size,
    /// Ticks a second that there should be, and that there are.
    pub(super) rate: f64,
    pub(super) fps: f64,
    /// Ticks that were left out.
    pub(super) left_out: u64,
    /// Milliseconds a tick.
    pub(super) cpu: f64,
    pub(super) gpu: Option<f64>,
    pub(super) gpu_name: String,
    /// The passes that take longest, with their milliseconds.
    pub(super) passes: Vec<(String, f64)>,
    /// In BPM.
    pub(super) tempo: f64,
    /// Since the start.
    pub(super) beat: f64,
    pub(super) sources: Vec<SourceHealth>,
    /// The device that is heard, if one is.
    pub(super) sound: Option<Device>,
    /// The device that a film's own sound is played to, if it is.
    pub(super) played: Option<Device>,
    /// Of ports that are open.
    pub(super) hands: Option<HandsStatus>,
    pub(super) recording: RecordingStatus,
    pub(super) black: bool,
    pub(super) frozen: bool,
    /// What is wrong with the show as it was saved last.
    pub(super) fault: Option<String>,
    /// The last thing that went wrong.
    pub(super) trouble: Option<String>,
}

impl Status {
    /// As it stands on the window.
    pub(super) fn panel(&self) -> Panel {
        let mut rows = self.speed();
        rows.extend(
            self.passes
                .iter()
                .map(|(label, milliseconds)| Row::new("", format!("{milliseconds:.1} ms {label}"))),
        );
        let beat = self.beat.rem_euclid(BEATS_PER_BAR).floor() + 1.0;
        let tempo = format!("{:.1} BPM, beat {beat} of {BEATS_PER_BAR}", self.tempo);
        rows.push(Row::new("tempo", tempo));
        rows.extend(self.sources.iter().map(source));
        rows.extend(self.sound.iter().map(|device| sound("sound", device)));
        rows.extend(self.played.iter().map(|device| sound("played", device)));
        rows.extend(self.hands.iter().flat_map(hands));
        rows.extend(recording(&self.recording));
        let switches = [(self.black, "blackout: B"), (self.frozen, "frozen: Z")];
        let on = switches.iter().filter(|(on, _)| *on);
        rows.extend(on.map(|(_, text)| Row::warning("output", *text)));
        let wrong = [("saved", &self.fault), ("trouble", &self.trouble)];
        let told = wrong
            .iter()
            .filter_map(|(label, text)| Some((label, text.as_ref()?)));
        rows.extend(told.map(|(label, text)| Row::warning(*label, text)));
        Panel {
            title: self.show.clone(),
            rows,
        }
    }

    fn speed(&self) -> Vec<Row> {
        let Size { width, height } = self.size;
        // Whole, or one of NTSC's.
        let rate = (self.rate * 1000.0).round() / 1000.0;
        let shown = format!("{:.1} of {rate} fps, {} left out", self.fps, self.left_out);
        let gpu = match self.gpu {
            Some(milliseconds) => format!("{milliseconds:.1} ms, {}", self.gpu_name),
            None => self.gpu_name.clone(),
        };
        vec![
            Row::new("canvas", format!("{width}x{height}")),
            Row::new("shown", shown),
            Row::new("CPU", format!("{:.1} ms", self.cpu)),
            Row::new("GPU", gpu),
        ]
    }
}

/// The film, what was saved before, and what went wrong.
fn recording(status: &RecordingStatus) -> Vec<Row> {
    let film = match &status.film {
        Some(FilmStatus {
            seconds, dropped, ..
        }) => {
            format!("{seconds:.0} s, {dropped} frames left out")
        }
        None => "off".to_owned(),
    };
    let file = status.film.as_ref().and_then(|film| film.file.as_ref());
    let file = file.or(status.saved.as_ref());
    let mut rows = vec![Row::new("recording", film)];
    rows.extend(file.map(|file| Row::new("", file.display().to_string())));
    rows.extend(status.error.iter().map(|error| Row::warning("", error)));
    rows
}

/// The ports, what came in, and what was not understood.
fn hands(hands: &HandsStatus) -> Vec<Row> {
    let counts = &hands.counts;
    let messages = format!("{} messages", counts.messages);
    let mut rows = vec![Row::new("control", &*hands.ports), Row::new("", messages)];
    let wrong = [
        (counts.unknown, "to unknown addresses"),
        (counts.malformed, "malformed"),
        (counts.dropped, "dropped"),
        (counts.refused, "callers refused"),
    ];
    let wrong = wrong.iter().filter(|(count, _)| *count > 0);
    rows.extend(wrong.map(|(count, what)| Row::warning("", format!("{count} {what}"))));
    rows
}

fn source(source: &SourceHealth) -> Row {
    match (source.health.fault(), source.late) {
        (Some(fault), _) => Row::warning(&source.name, &*fault.why),
        (None, 0) => Row::new(&source.name, "plays"),
        (None, late) => Row::new(&source.name, format!("plays, {late} pictures late")),
    }
}

fn sound(label: &str, (name, health): &Device) -> Row {
    match health.fault() {
        Some(fault) => Row::warning(label, &*fault.why),
        None => Row::new(label, &**name),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::control::Counts;
    use crate::gpu::Tone;
    use crate::health::{Fault, Health};

    /// All is well.
    fn quiet() -> Status {
        Status {
            show: "a show".to_owned(),
            size: Size::new(1280, 720),
            rate: 60.0,
            fps: 60.0,
            left_out: 0,
            cpu: 1.0,
            gpu: None,
            gpu_name: "a GPU".to_owned(),
            passes: Vec::new(),
            tempo: 120.0,
            beat: 0.0,
            sources: Vec::new(),
            sound: None,
            played: None,
            hands: None,
            recording: RecordingStatus::default(),
            black: false,
            frozen: false,
            fault: None,
            trouble: None,
        }
    }

    fn text(status: &Status, label: &str) -> Vec<(String, Tone)> {
        let rows = status.panel().rows.into_iter();
        let named = rows.filter(|row| row.label == label);
        named.map(|row| (row.text, row.tone)).collect()
    }

    #[test]
    fn what_is_wrong_stands_out() {
        let mut status = quiet();
        assert!(
            status
                .panel()
                .rows
                .iter()
                .all(|row| row.tone == Tone::Plain)
        );
        assert_eq!(
            text(&status, "recording"),
            [("off".to_owned(), Tone::Plain)]
        );
        status.frozen = true;
        status.trouble = Some("the disk is full".to_owned());
        status.fault = Some("show.toml:1:1: what?".to_owned());
        let unplugged = Fault {
            why: "unplugged".into(),
            since: Instant::now(),
        };
        let source = |name: &str, health: Health| SourceHealth {
            name: name.to_owned(),
            health,
            late: 0,
        };
        status.sources = vec![
            source("a", Health::Playing),
            source("b", Health::Reconnecting(unplugged)),
        ];
        let device = |health: Health| Some(("desk".into(), health));
        status.sound = device(Health::Playing);
        assert_eq!(text(&status, "sound"), [("desk".to_owned(), Tone::Plain)]);
        let fault = status.sources[1].health.clone();
        status.sound = device(fault);
        assert_eq!(
            text(&status, "sound"),
            [("unplugged".to_owned(), Tone::Warning)]
        );
        assert_eq!(text(&status, "a"), [("plays".to_owned(), Tone::Plain)]);
        assert_eq!(
            text(&status, "b"),
            [("unplugged".to_owned(), Tone::Warning)]
        );
        assert_eq!(
            text(&status, "output"),
            [("frozen: Z".to_owned(), Tone::Warning)]
        );
        assert_eq!(text(&status, "trouble")[0].1, Tone::Warning);
        assert_eq!(text(&status, "saved")[0].1, Tone::Warning);
    }

    #[test]
    fn hands_tell_their_ports_and_what_nobody_understood() {
        let mut status = quiet();
        let counts = Counts {
            messages: 12,
            unknown: 3,
            ..Counts::default()
        };
        status.hands = Some(HandsStatus {
            ports: "OSC on UDP 127.0.0.1:9000".to_owned(),
            counts,
        });
        let ports = ("OSC on UDP 127.0.0.1:9000".to_owned(), Tone::Plain);
        assert_eq!(text(&status, "control"), [ports]);
        let below = [
            ("12 messages", Tone::Plain),
            ("3 to unknown addresses", Tone::Warning),
        ];
        assert_eq!(
            text(&status, ""),
            below.map(|(text, tone)| (text.to_owned(), tone))
        );
    }

    #[test]
    fn a_recording_tells_its_length_its_file_and_its_end() {
        let mut status = quiet();
        status.recording.film = Some(FilmStatus {
            file: Some("a.mkv".into()),
            seconds: 12.4,
            dropped: 3,
        });
        let film = text(&status, "recording");
        assert_eq!(film[0].0, "12 s, 3 frames left out");
        status.recording.film = None;
        status.recording.saved = Some("b.png".into());
        status.recording.error = Some("the disk is full".to_owned());
        assert_eq!(text(&status, "recording")[0].0, "off");
        let below = [("b.png", Tone::Plain), ("the disk is full", Tone::Warning)];
        assert_eq!(
            text(&status, ""),
            below.map(|(text, tone)| (text.to_owned(), tone))
        );
    }

    #[test]
    fn the_beat_counts_from_one_in_its_bar() {
        let at = |beat| {
            let status = Status {
                beat,
                tempo: 128.0,
                ..quiet()
            };
            text(&status, "tempo").remove(0).0
        };
        assert_eq!(at(0.0), "128.0 BPM, beat 1 of 4");
        assert_eq!(at(6.9), "128.0 BPM, beat 3 of 4");
    }
}
