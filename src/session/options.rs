use std::path::{Path, PathBuf};

use super::Failure;
use super::checkout::checkout;
use crate::effect::Library;
use crate::picture::Size;
use crate::show::{Bits, Show, SoundRef, preset};

/// What the command line says about a show, for every session.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What replaces the show's first source.
    pub source: Option<String>,
    /// A built-in preset's name or a show file.
    pub preset: Option<String>,
    /// Layers in ffmpeg's manner, added behind the preset's.
    pub effects: Vec<String>,
    /// More sources, as NAME=SOURCE.
    pub sources: Vec<String>,
    /// The canvas's size.
    pub size: Option<Size>,
    /// The canvas's rate.
    pub fps: Option<(u32, u32)>,
    /// The arithmetic.
    pub bits: Option<Bits>,
    /// Ticks, then it ends.
    pub frames: Option<u64>,
    /// Seconds left out at the first source's beginning.
    pub start: Option<f64>,
    /// What chance starts from.
    pub seed: Option<u64>,
    /// A file whose sound is heard instead of a source's, or a device's name; `none` for silence.
    pub audio: Option<String>,
    /// Whether sound devices are heard, as live by the wall clock: where `audio` names one, and the default input where a show
    /// listens and no source has sound.
    pub devices: bool,
    /// Settings, as ADDRESS=VALUE.
    pub set: Vec<String>,
    /// A part of the name of the GPU.
    pub gpu: Option<String>,
    /// Write alpha.
    pub alpha: bool,
}

impl Options {
    /// The show that the options ask for. `canvas.size` stays the show's own: [`Self::size`] is the session's.
    ///
    /// # Errors
    /// The first thing wrong in the preset or in an option.
    pub fn show(&self, library: &mut Library) -> Result<Show, Failure> {
        let mut show = self.base(library)?;
        if let Some(source) = &self.source {
            show.replace_first_source(source, library)
                .map_err(Failure::usage)?;
        }
        for text in &self.sources {
            let (name, location) = pair(text, "-s", "NAME=SOURCE")?;
            show.add_source(name, location, library)
                .map_err(Failure::usage)?;
        }
        show.append(&self.effects, library)
            .map_err(Failure::usage)?;
        for text in &self.set {
            let (address, value) = pair(text, "--set", "LAYER.KEY=VALUE")?;
            show.set(address, value).map_err(Failure::usage)?;
        }
        show.complete(library).map_err(Failure::usage)?;
        self.canvas(&mut show);
        show.audio.input = self.devices;
        if let Some(sound) = &self.audio {
            show.audio.sound = self.sound(sound);
        }
        Ok(show)
    }

    /// The file that the show is read from: a show file, or where the program runs from its checkout, that of
    /// the preset.
    pub(super) fn show_file(&self) -> Option<PathBuf> {
        let name = self.preset.as_ref()?;
        let is_file = name.ends_with(".toml") || Path::new(name).components().count() > 1;
        if is_file {
            return Some(PathBuf::from(name));
        }
        let file = checkout("presets")?.join(format!("{name}.toml"));
        file.is_file().then_some(file)
    }

    fn base(&self, library: &mut Library) -> Result<Show, Failure> {
        let Some(name) = &self.preset else {
            return Ok(Show::default());
        };
        if let Some(file) = self.show_file() {
            return Show::read(&file, library).map_err(Failure::usage);
        }
        let text = preset(name).map_err(Failure::usage)?;
        Show::parse(text, None, library).map_err(Failure::usage)
    }

    /// What `--audio` names.
    fn sound(&self, text: &str) -> SoundRef {
        match text {
            "none" => SoundRef::Silence,
            device if self.devices && !is_file(device) => SoundRef::Device(device.to_owned()),
            file => SoundRef::File {
                path: file.to_owned(),
                looping: false,
            },
        }
    }

    fn canvas(&self, show: &mut Show) {
        show.canvas.fps = self.fps.or(show.canvas.fps);
        show.canvas.bits = self.bits.unwrap_or(show.canvas.bits);
        show.canvas.seed = self.seed.unwrap_or(show.canvas.seed);
        show.canvas.alpha |= self.alpha;
        if let (Some(start), Some(first)) = (self.start, show.sources.first_mut()) {
            first.start = start;
        }
    }
}

/// Endings of files with sound.
const SOUNDS: [&str; 16] = [
    "aac", "aif", "aiff", "flac", "m4a", "mka", "mkv", "mov", "mp3", "mp4", "oga", "ogg", "opus",
    "wav", "webm", "wma",
];

/// Whether a file is meant, also one that is missing: it has a folder, or an ending as sounds have.
fn is_file(text: &str) -> bool {
    let path = Path::new(text);
    let extension = path.extension().unwrap_or_default();
    let is_sound = SOUNDS
        .iter()
        .any(|sound| extension.eq_ignore_ascii_case(sound));
    path.exists() || path.components().count() > 1 || is_sound
}

fn pair<'a>(text: &'a str, option: &str, form: &str) -> Result<(&'a str, &'a str), Failure> {
    let advice = || Failure::usage(format!("{option} '{text}': write {form}"));
    text.split_once('=').ok_or_else(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_no_file_is_a_device() {
        for file in ["song.flac", "./desk", "sounds/desk", "/", "a.b.MP3"] {
            assert!(is_file(file), "{file}");
        }
        for device in [
            "default",
            "desk",
            "stage.monitor",
            "stage.mon",
            "pulseaudio:alsa_input.usb-0.analog-stereo",
            "alsa:hw:CARD=1,DEV=0",
        ] {
            assert!(!is_file(device), "{device}");
        }
    }
}
