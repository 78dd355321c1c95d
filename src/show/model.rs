use std::path::PathBuf;
use std::sync::Arc;

use super::{Audio, Playback, Setting, SoundRef};
use crate::effect::{Effect, Image, Keys};
use crate::param::Param;
use crate::picture::{Capture, Fit, Size};
use crate::signal::{Expression, Heard, SignalDoc, heard, measured};

/// A show, checked: canvas, sources, controls, signals, layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Show {
    /// What the performer calls it; may be empty.
    pub title: String,
    /// What it does, what to feed it and what the trigger does; may be empty.
    pub description: String,
    /// The file it was read from; `None` for a built-in preset or one from the command line.
    pub path: Option<PathBuf>,
    /// The picture that is made.
    pub canvas: Canvas,
    /// In the order of the file; the first one is what the command line replaces.
    pub sources: Vec<SourceEntry>,
    /// What it listens to.
    pub audio: Audio,
    /// The show's own knobs, read by expressions as `controls.NAME`.
    pub controls: Vec<Param>,
    /// The show's own signals in the order in which they are evaluated: each may read those before it.
    pub signals: Vec<(String, Setting)>,
    /// In the order in which they run.
    pub layers: Vec<Layer>,
}

impl Show {
    /// What to call it: its title, else its file.
    #[must_use]
    pub fn name(&self) -> String {
        let file = self.path.as_ref().and_then(|path| path.file_stem());
        match (self.title.as_str(), file) {
            ("", Some(file)) => file.to_string_lossy().into_owned(),
            ("", None) => "untitled".to_owned(),
            (title, _) => title.to_owned(),
        }
    }
}

/// The picture that a show makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Pixels; the first source's display size where absent.
    pub size: Option<Size>,
    /// Ticks a second, as a fraction; the first source's rate where absent.
    pub fps: Option<(u32, u32)>,
    /// The arithmetic.
    pub bits: Bits,
    /// What every `random` starts from.
    pub seed: u64,
    /// Beats per minute, above 0; what is heard, or at first 120, where absent.
    pub tempo: Option<f64>,
    /// Whether pictures are written with alpha.
    pub alpha: bool,
}

impl Default for Canvas {
    fn default() -> Self {
        Self {
            size: None,
            fps: None,
            bits: Bits::Sixteen,
            seed: 0,
            tempo: None,
            alpha: false,
        }
    }
}

/// The arithmetic between layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bits {
    /// That of the 8-bit references: levels 0 to 255.
    Eight,
    /// Half floats.
    #[default]
    Sixteen,
}

/// A source as the show names it; opening it is another room's work.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceEntry {
    /// What layers call it.
    pub name: String,
    /// A SOURCE as on the command line: `-`, `scheme://…`, `camera`, `camera:0`, or a path, which is resolved
    /// against the show's folder.
    pub location: String,
    /// How its pictures are brought to the canvas's size.
    pub fit: Fit,
    /// Whether it begins again at its end.
    pub looping: bool,
    /// Seconds left out at its beginning, 0 or more.
    pub start: f64,
    /// What is asked of it if it is a camera.
    pub capture: Capture,
    /// One for each of [`Playback::params`], in their order.
    pub playback: Vec<Setting>,
}

impl SourceEntry {
    /// A source that fills the canvas and plays once from its beginning.
    #[must_use]
    pub fn new(name: &str, location: &str) -> Self {
        Self {
            name: name.to_owned(),
            location: location.to_owned(),
            fit: Fit::default(),
            looping: false,
            start: 0.0,
            capture: Capture::default(),
            playback: Playback::new().params.iter().map(default).collect(),
        }
    }

    /// Whether it is played as it was made, from its beginning to its end, whatever a controller may ask for later.
    #[must_use]
    pub fn plays_plainly(&self) -> bool {
        let plain = Playback::new()
            .params
            .iter()
            .map(default)
            .collect::<Vec<_>>();
        self.playback == plain
    }
}

fn default(param: &Param) -> Setting {
    Setting::Value(param.default)
}

/// One use of an effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Given, else the effect's stem, then `stem_2`, … Unique among layers and sources.
    pub name: String,
    /// The effect.
    pub effect: Arc<Effect>,
    /// What the effect is applied to, and composed with; a generator is composed over it.
    pub input: PictureRef,
    /// One picture for each of the effect's `header.images`, in their order, `inputImage` included.
    pub images: Vec<PictureRef>,
    /// Where the effect shows.
    pub matte: Option<Matte>,
    /// Whether it is the next layer's picture; else it is a side branch that others name.
    pub through: bool,
    /// One for each of [`Keys::params`], in their order.
    pub keys: Vec<Setting>,
    /// One for each of the effect's `header.params`, in their order.
    pub params: Vec<Setting>,
}

impl Layer {
    /// An effect with every key and parameter at its default, reading `input` throughout.
    #[must_use]
    pub fn new(name: &str, effect: Arc<Effect>, input: PictureRef) -> Self {
        Self {
            name: name.to_owned(),
            input,
            images: (effect.header.images.iter())
                .map(|image| {
                    if image.is_sound() {
                        PictureRef::Absent
                    } else {
                        input
                    }
                })
                .collect(),
            matte: None,
            through: true,
            keys: Keys::new().params.iter().map(default).collect(),
            params: effect.header.params.iter().map(default).collect(),
            effect,
        }
    }
}

/// A picture that says how much of a layer shows at each pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matte {
    /// The picture.
    pub picture: PictureRef,
    /// The component read: 0 red to 3 alpha; `None` is luma times alpha.
    pub channel: Option<usize>,
    /// Whether the layer shows where the matte is dark.
    pub invert: bool,
}

/// Which picture is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PictureRef {
    /// The first source of a show that has none: transparent black until the command line gives it one.
    #[default]
    Nothing,
    /// What no show names: a table that a layer does without, which is transparent black, or what the show hears.
    Absent,
    /// Index into [`Show::sources`].
    Source(usize),
    /// This tick's picture of an earlier layer, as an index into [`Show::layers`].
    Layer(usize),
    /// Last tick's picture of any layer, as an index into [`Show::layers`].
    Previous(usize),
}

impl Show {
    /// The picture that goes out: the last through-layer's, else the first source's.
    #[must_use]
    pub fn output(&self) -> PictureRef {
        let last = self.layers.iter().rposition(|layer| layer.through);
        last.map_or_else(|| self.first_source(), PictureRef::Layer)
    }

    /// The picture of the first source, [`PictureRef::Nothing`] where there is none.
    #[must_use]
    pub fn first_source(&self) -> PictureRef {
        if self.sources.is_empty() {
            PictureRef::Nothing
        } else {
            PictureRef::Source(0)
        }
    }

    /// The layer that a layer of an earlier or later show is here: of the same name, with the effect of the same
    /// name.
    #[must_use]
    pub fn counterpart(&self, layer: &Layer) -> Option<usize> {
        self.layers
            .iter()
            .position(|other| other.name == layer.name && other.effect.name == layer.effect.name)
    }

    /// The signals that its expressions measure on pictures, each with the index of its source.
    #[must_use]
    pub fn measured(&self) -> Vec<(&'static SignalDoc, usize)> {
        let measured = self.names().filter_map(|name| {
            let measured = measured(name)?;
            let is_it =
                |source: &SourceEntry| measured.source.is_none_or(|name| source.name == name);
            Some((measured.signal, self.sources.iter().position(is_it)?))
        });
        measured.collect()
    }

    /// Whether it listens: to any sound for what is heard or looked at alone, for the beat only to a sound that was chosen.
    #[must_use]
    pub fn listens(&self) -> bool {
        let is_chosen = self.audio.sound != SoundRef::First;
        let listens = |name| match heard(name) {
            Some(Heard::Leads) => is_chosen,
            heard => heard.is_some(),
        };
        let on_beat = |layer: &Layer| layer.effect.reads_beat();
        self.looks_at_sound()
            || self.names().any(listens)
            || is_chosen && self.layers.iter().any(on_beat)
    }

    /// Whether the effect of some layer looks at sound as a picture.
    #[must_use]
    pub fn looks_at_sound(&self) -> bool {
        let looks = |layer: &Layer| layer.effect.header.images.iter().any(Image::is_sound);
        self.layers.iter().any(looks)
    }

    /// The names in all its expressions.
    fn names(&self) -> impl Iterator<Item = &str> {
        let layers = self.layers.iter();
        let layers = layers.flat_map(|layer| layer.keys.iter().chain(&layer.params));
        let sources = self.sources.iter().flat_map(|source| &source.playback);
        let signals = self.signals.iter().map(|(_, setting)| setting);
        let settings = layers.chain(sources).chain(signals);
        let expressions = settings.flat_map(Setting::expressions);
        expressions
            .flat_map(Expression::names)
            .map(|(name, _)| name)
    }

    /// Whether a picture must come from the command line: a layer that is no generator, or the output, reads
    /// [`PictureRef::Nothing`].
    #[must_use]
    pub fn needs_source(&self) -> bool {
        let reads = |layer: &Layer| layer.images.contains(&PictureRef::Nothing);
        let matte = |layer: &Layer| {
            layer
                .matte
                .is_some_and(|matte| matte.picture == PictureRef::Nothing)
        };
        self.output() == PictureRef::Nothing
            || self.layers.iter().any(|layer| reads(layer) || matte(layer))
    }
}
