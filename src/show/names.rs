use std::ops::Range;
use std::sync::Arc;

use super::branch::{branch_name, fields, is_branch};
use super::error::Place;
use super::written::Text;
use super::{Layer, Matte, PictureRef, Show, ShowError};
use crate::effect::{Effect, ImageKind, Output};
use crate::signal;

/// What the command line's SOURCE is called in a show without sources.
pub(super) const INPUT: &str = "in";

/// First words of addresses, which no layer or source may take.
const RESERVED: [&str; 7] = [
    INPUT, "canvas", "sources", "audio", "controls", "signals", "layers",
];

/// What other layers need to know of a layer before it is read.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) effect: Arc<Effect>,
    pub(super) through: bool,
}

impl From<&Layer> for Head {
    fn from(layer: &Layer) -> Self {
        Self {
            name: layer.name.clone(),
            effect: layer.effect.clone(),
            through: layer.through,
        }
    }
}

/// Everything that a layer may name, and where it is being named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) place: &'a Place<'a>,
    /// Its sources, controls and signals.
    pub(super) show: &'a Show,
    /// All layers, later ones too.
    pub(super) heads: &'a [Head],
    /// The layer that names.
    pub(super) current: usize,
}

/// What a picture is wanted for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    Colors,
    Past,
    Flow,
    Table,
}

impl From<ImageKind> for Wanted {
    fn from(kind: ImageKind) -> Self {
        match kind {
            ImageKind::Flow => Self::Flow,
            ImageKind::Table => Self::Table,
            ImageKind::History(_) => Self::Past,
            ImageKind::Image | ImageKind::Sound(_) => Self::Colors,
        }
    }
}

impl Scope<'_> {
    /// The picture that a text names: a source, an earlier layer, or any layer with `@prev`.
    pub(super) fn picture(&self, text: &Text, wanted: Wanted) -> Result<PictureRef, ShowError> {
        self.picture_in(text, 0..text.content.len(), wanted)
    }

    fn picture_in(
        &self,
        text: &Text,
        part: Range<usize>,
        wanted: Wanted,
    ) -> Result<PictureRef, ShowError> {
        let start = part.start;
        let refuse = |message: String| self.place.at(text.place(start), message);
        let whole = &text.content[part];
        let (name, previous) = match whole.split_once('@') {
            Some((name, "prev")) => (name, true),
            Some((name, other)) => {
                let message = format!("'@{other}' is unknown: only '@prev' can follow a name");
                return Err(self.place.at(text.place(start + name.len()), message));
            }
            None => (whole, false),
        };
        let picture = self.find(name, previous).map_err(refuse)?;
        if matches!(wanted, Wanted::Flow)
            && let Some(motion) = self.branch(whole)
        {
            return Ok(motion);
        }
        self.check_kind(name, picture, wanted).map_err(refuse)?;
        Ok(picture)
    }

    fn find(&self, name: &str, previous: bool) -> Result<PictureRef, String> {
        if let Some(source) = self.source(name) {
            let advice = "is a source: only a layer has '@prev'; 'tap' reaches its past pictures";
            return if previous {
                Err(format!("'{name}' {advice}"))
            } else {
                Ok(source)
            };
        }
        let Some(layer) = self.heads.iter().position(|head| head.name == name) else {
            let sources = self.show.sources.iter().map(|source| source.name.as_str());
            let layers = self.heads.iter().map(|head| head.name.as_str());
            let advice = advice(name, sources.chain(layers));
            return Err(format!("no source or layer is called '{name}'{advice}"));
        };
        match (previous, layer.cmp(&self.current)) {
            (true, _) => Ok(PictureRef::Previous(layer)),
            (_, std::cmp::Ordering::Less) => Ok(PictureRef::Layer(layer)),
            (_, std::cmp::Ordering::Equal) => Err(format!(
                "a layer cannot read its own picture: '{name}@prev' is the one of the last tick"
            )),
            (_, std::cmp::Ordering::Greater) => Err(format!(
                "'{name}' comes later: move it up, or write '{name}@prev' for its last tick"
            )),
        }
    }

    fn source(&self, name: &str) -> Option<PictureRef> {
        if name == INPUT && self.show.sources.is_empty() {
            return Some(PictureRef::Nothing);
        }
        let mut sources = self.show.sources.iter();
        sources
            .position(|source| source.name == name)
            .map(PictureRef::Source)
    }

    /// Whether a picture holds what is wanted; the message says what else to name.
    pub(super) fn check_kind(
        &self,
        name: &str,
        picture: PictureRef,
        wanted: Wanted,
    ) -> Result<(), String> {
        match (wanted, self.gives_motion(picture)) {
            (Wanted::Past, _) if matches!(picture, PictureRef::Previous(_)) => Err(format!(
                "'{name}@prev' has no past of its own: name a source or an earlier layer"
            )),
            (Wanted::Colors | Wanted::Past, true) => Err(format!(
                "'{name}' is a motion field: name a layer or source that gives colours"
            )),
            (Wanted::Table, _) if !matches!(picture, PictureRef::Source(_)) => Err(format!(
                "'{name}' is no source: name one that is a table, like a .cube file"
            )),
            (Wanted::Flow, false) => Err(format!(
                "'{name}' gives colours: name a layer whose effect gives a motion field"
            )),
            _ => Ok(()),
        }
    }

    /// What a picture is called.
    pub(super) fn name(&self, picture: PictureRef) -> &str {
        match picture {
            PictureRef::Nothing | PictureRef::Absent => INPUT,
            PictureRef::Source(source) => &self.show.sources[source].name,
            PictureRef::Layer(layer) | PictureRef::Previous(layer) => &self.heads[layer].name,
        }
    }

    /// What a layer reads where the show is silent: the nearest earlier through-layer, else the first source.
    pub(super) fn below(&self) -> PictureRef {
        let earlier = &self.heads[..self.current];
        let nearest = earlier.iter().rposition(|head| head.through);
        nearest.map_or_else(|| self.show.first_source(), PictureRef::Layer)
    }

    /// The motion that goes into an input which the show does not name and which stands for `picture` so far: the
    /// nearest earlier motion field that was written, else the motion of that picture.
    pub(super) fn motion_of(&self, picture: PictureRef) -> PictureRef {
        if self.gives_motion(picture) {
            return picture;
        }
        let written = fields(&self.heads[..self.current]).last();
        let previous = if matches!(picture, PictureRef::Previous(_)) {
            "@prev"
        } else {
            ""
        };
        let name = format!("{}{previous}", self.name(picture));
        let motion = written
            .map(PictureRef::Layer)
            .or_else(|| self.branch(&name));
        motion.unwrap_or(picture)
    }

    /// The side branch that gives the motion of a picture.
    fn branch(&self, picture: &str) -> Option<PictureRef> {
        let name = branch_name(picture);
        let mut earlier = self.heads[..self.current].iter();
        let found = earlier.position(|head| head.name == name && is_branch(head));
        found.map(PictureRef::Layer)
    }

    fn gives_motion(&self, picture: PictureRef) -> bool {
        match picture {
            PictureRef::Layer(layer) | PictureRef::Previous(layer) => {
                self.heads[layer].effect.header.output == Output::Flow
            }
            PictureRef::Nothing | PictureRef::Absent | PictureRef::Source(_) => false,
        }
    }

    /// A matte: `outline`, `outline.r`, `!outline@prev.r`.
    pub(super) fn matte(&self, text: &Text) -> Result<Matte, ShowError> {
        let content = text.content.as_str();
        let invert = content.starts_with('!');
        let (start, end) = (usize::from(invert), content.len());
        let dot = content.rfind('.').unwrap_or(end);
        let channel = match content.get(dot + 1..) {
            Some(letter) => Some(channel(letter).ok_or_else(|| {
                let message = format!("'{letter}' is no channel of a matte: use r, g, b or a");
                self.place.at(text.place(dot + 1), message)
            })?),
            None => None,
        };
        Ok(Matte {
            picture: self.picture_in(text, start..dot, Wanted::Colors)?,
            channel,
            invert,
        })
    }

    /// Refuses an expression that reads a signal which is not there.
    pub(super) fn check_signals(
        &self,
        text: &Text,
        expression: &signal::Expression,
    ) -> Result<(), ShowError> {
        let stranger = expression
            .names()
            .find(|(name, _)| !self.knows_signal(name));
        let Some((name, span)) = stranger else {
            return Ok(());
        };
        let controls = self.show.controls.iter();
        let controls: Vec<_> = controls
            .map(|control| format!("controls.{}", control.name))
            .collect();
        if let Some(source) = self.missing_source(name) {
            let names = self.show.sources.iter().map(|source| source.name.as_str());
            let message = format!("no source is called '{source}'{}", advice(source, names));
            return Err(self.place.at(text.place(span.start), message));
        }
        let own = self.show.signals.iter().map(|(name, _)| name.as_str());
        let built_in = signal::SIGNALS.iter().map(|signal| signal.name);
        let names = own
            .chain(built_in)
            .chain(controls.iter().map(String::as_str));
        let advice = nearest(name, names).map_or_else(
            || ": [signals] and [controls] add names to those of docs/expressions.md".to_owned(),
            |best| format!(": did you mean '{best}'?"),
        );
        Err(self.place.at(
            text.place(span.start),
            format!("unknown signal '{name}'{advice}"),
        ))
    }

    pub(super) fn knows_signal(&self, name: &str) -> bool {
        let own = |name: &str| self.show.signals.iter().any(|(signal, _)| signal == name);
        let control = |name: &str| self.show.controls.iter().any(|param| param.name == name);
        match name.strip_prefix("controls.") {
            Some(name) => control(name),
            None => own(name) || (signal::is_signal(name) && self.missing_source(name).is_none()),
        }
    }

    /// The source that a signal is to be measured on, if the show has none of that name.
    fn missing_source<'n>(&self, name: &'n str) -> Option<&'n str> {
        let source = signal::measured(name)?.source?;
        let is_there = self.show.sources.iter().any(|entry| entry.name == source);
        (!is_there).then_some(source)
    }
}

fn channel(letter: &str) -> Option<usize> {
    ["r", "g", "b", "a"].iter().position(|name| *name == letter)
}

/// A name that addresses and expressions can hold: letters, digits and `_`, beginning with a letter.
pub(super) fn check_word(name: &str) -> Result<(), String> {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if letters && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(());
    }
    Err(format!(
        "'{name}' is not a name: use letters, digits and _, beginning with a letter"
    ))
}

/// A name for a layer or source, which share one space of names.
pub(super) fn check_picture_name<'a>(
    name: &str,
    mut taken: impl Iterator<Item = &'a str>,
) -> Result<(), String> {
    check_word(name)?;
    if RESERVED.contains(&name) {
        return Err(format!("'{name}' is reserved: choose another name"));
    }
    if taken.any(|other| other == name) {
        return Err(format!(
            "'{name}' is used twice: layers and sources need names of their own"
        ));
    }
    Ok(())
}

/// The name most like the one written, if any is like it at all.
pub(super) fn nearest<'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let rated = names.into_iter().map(|name| (name, likeness(wrong, name)));
    let best = rated.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 > 0.75).then_some(best.0)
}

/// 0 to 1; one slip of the finger in a short word counts as little as in a long one.
fn likeness(wrong: &str, name: &str) -> f64 {
    let one_slip = name.len() > 2 && strsim::damerau_levenshtein(wrong, name) == 1;
    strsim::jaro_winkler(wrong, name).max(if one_slip { 0.9 } else { 0.0 })
}

/// Ends a message about an unknown name: the nearest one, else all of them.
pub(super) fn advice<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match nearest(wrong, names.iter().copied()) {
        Some(best) => format!(": did you mean '{best}'?"),
        None if names.is_empty() => String::new(),
        None => format!(": there is {}", names.join(", ")),
    }
}
