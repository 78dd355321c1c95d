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
    /// A file whose sound is heard instead of a source's; `none` for silence.
    pub audio: Option<String>,
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
        if let Some(sound) = &self.audio {
            show.audio.sound = sound_ref(sound);
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

fn sound_ref(text: &str) -> SoundRef {
    match text {
        "none" => SoundRef::Silence,
        file => SoundRef::File {
            path: file.to_owned(),
            looping: false,
        },
    }
}

fn pair<'a>(text: &'a str, option: &str, form: &str) -> Result<(&'a str, &'a str), Failure> {
    let advice = || Failure::usage(format!("{option} '{text}': write {form}"));
    text.split_once('=').ok_or_else(advice)
}
