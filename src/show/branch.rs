//! Side branches that a show need not write: the motion of a picture that a layer or a signal asks for.

use std::collections::BTreeSet;
use std::path::Path;

use super::error::Place;
use super::layer::{Draft, INPUT_IMAGE, layers};
use super::names::{Head, INPUT};
use super::read::NO_FILE;
use super::written::{Field, Text};
use super::{Layer, PictureRef, Show, ShowError};
use crate::effect::{Image, ImageKind, Library, Output};
use crate::signal::Gauge;

/// The effect that gives a picture's motion, and what the side branch's name ends in.
const EFFECT: &str = "flow";

/// What the layer is called that gives the motion of a picture: `cam_flow` for `cam`, `melt_prev_flow` for
/// `melt@prev`.
pub(super) fn branch_name(picture: &str) -> String {
    format!("{}_{EFFECT}", picture.replace('@', "_"))
}

/// Whether a layer gives motion because another asked for it.
pub(super) fn is_branch(head: &Head) -> bool {
    head.effect.name == EFFECT && head.name.ends_with(&format!("_{EFFECT}"))
}

/// The layers that must run before a layer can have the motion that it asks for, and are not there yet.
pub(super) fn branches<'a>(
    draft: &Draft<'a>,
    head: &Head,
    earlier: &[Head],
    show: &Show,
) -> Vec<Draft<'a>> {
    let flows = head.effect.header.images.iter();
    let flows = flows.filter(|image| image.kind == ImageKind::Flow);
    let mut missing: Vec<String> = Vec::new();
    for picture in flows.filter_map(|image| wanted(draft, head, image, earlier, show)) {
        let name = branch_name(&picture);
        let is_there = earlier.iter().any(|head| head.name == name) || missing.contains(&picture);
        if gives_colors(&picture, earlier, show) && !is_there {
            missing.push(picture);
        }
    }
    let branch = |picture: &String| branch(draft, picture);
    missing.iter().map(branch).collect()
}

/// The picture whose motion goes into an input; none where a motion field is there to be used.
fn wanted(
    draft: &Draft<'_>,
    head: &Head,
    image: &Image,
    earlier: &[Head],
    show: &Show,
) -> Option<String> {
    let is_input = image.name == INPUT_IMAGE;
    let key = if is_input { "image" } else { &image.name };
    if let Some(picture) = draft.text(key) {
        return Some(picture.to_owned());
    }
    let follows_input = !is_input && head.effect.header.input_kind() == Some(ImageKind::Flow);
    if follows_input || fields(earlier).next().is_some() {
        return None;
    }
    let own = draft.text("image").filter(|_| !is_input);
    Some(own.map_or_else(|| below(earlier, show), ToOwned::to_owned))
}

/// The layers that give motion and were written, nearest last.
pub(super) fn fields(earlier: &[Head]) -> impl Iterator<Item = usize> {
    let is_field = |head: &Head| head.effect.header.output == Output::Flow && !is_branch(head);
    let places = earlier.iter().enumerate();
    places.filter_map(move |(place, head)| is_field(head).then_some(place))
}

/// What a layer reads where the show is silent.
fn below(earlier: &[Head], show: &Show) -> String {
    let through = earlier.iter().rev().find(|head| head.through);
    let source = || show.sources.first().map(|source| source.name.clone());
    through
        .map(|head| head.name.clone())
        .or_else(source)
        .unwrap_or_else(|| INPUT.to_owned())
}

fn gives_colors(picture: &str, earlier: &[Head], show: &Show) -> bool {
    let name = picture.split('@').next().unwrap_or(picture);
    let head = earlier.iter().find(|head| head.name == name);
    let source = show.sources.iter().any(|source| source.name == name);
    let input = name == INPUT && show.sources.is_empty();
    head.map_or(source || input, |head| {
        head.effect.header.output != Output::Flow
    })
}

fn branch<'a>(draft: &Draft<'a>, picture: &str) -> Draft<'a> {
    flow_of(&draft.place, draft.at, picture)
}

fn flow_of<'a>(place: &Place<'a>, at: usize, picture: &str) -> Draft<'a> {
    let field = |key: &str, value: &str| Field {
        key: key.to_owned(),
        key_span: at..at,
        value: Text::plain(value, at).into(),
    };
    Draft {
        place: place.clone(),
        at,
        fields: vec![
            field("effect", EFFECT),
            field("name", &branch_name(picture)),
            field("image", picture),
        ],
        generator: None,
    }
}

impl Show {
    /// The layer on which the motion of a source is measured: the first that gives it.
    #[must_use]
    pub fn motion_of(&self, source: usize) -> Option<usize> {
        let gives_it = |layer: &Layer| {
            layer.effect.header.output == Output::Flow && layer.input == PictureRef::Source(source)
        };
        self.layers.iter().position(gives_it)
    }

    /// Adds a flow of each source whose motion some signal says and no layer gives. Wanted last: whatever changes
    /// the show may name such a signal.
    ///
    /// # Errors
    /// The effect `flow` is not right, or a layer of another kind has the name of one that is added.
    pub fn complete(&mut self, library: &mut Library) -> Result<(), ShowError> {
        let measured = self.measured().into_iter();
        let motion = measured.filter(|(signal, _)| signal.gauge == Some(Gauge::Motion));
        let sources: BTreeSet<usize> = motion.map(|(_, source)| source).collect();
        let place = Place {
            file: NO_FILE.to_owned(),
            text: "",
            first_line: 1,
        };
        for source in sources {
            if self.motion_of(source).is_none() {
                let draft = flow_of(&place, 0, &self.sources[source].name);
                let added = layers(&[draft], Path::new(""), self, library)?;
                self.layers.extend(added);
            }
        }
        Ok(())
    }
}
