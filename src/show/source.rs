use std::path::Path;

use super::canvas::{rate, size};
use super::error::Place;
use super::names::{Scope, advice, check_picture_name};
use super::written::{Field, Form, Text, Written};
use super::{Playback, Setting, ShowError, SourceEntry};
use crate::picture::{Fit, Wire};

/// What a source is; the table has one of them.
const KINDS: [&str; 5] = ["camera", "clip", "file", "stream", "generator"];

/// How it is opened; how it is played says [`Playback`].
const KEYS: [&str; 3] = ["loop", "fit", "start"];

/// What a camera takes beside them.
const CAMERA_KEYS: [&str; 4] = ["size", "fps", "format", "driver"];

/// The SOURCE that comes with the program.
const CLIP: &str = "clip";

/// The scheme of a SOURCE that is a layer: an effect which makes pictures of its own.
pub(super) const GENERATOR: &str = "generator:";

/// A source as the show has it.
#[derive(Debug)]
pub(super) enum Origin {
    /// Opened by another room, and played as these fields say.
    Entry(SourceEntry, Vec<Field>),
    /// `EFFECT:key=value`, which becomes a layer.
    Generator { name: String, chain: Text },
}

/// Reads `[sources]`.
pub(super) fn sources(
    fields: &[Field],
    folder: &Path,
    place: &Place<'_>,
) -> Result<Vec<Origin>, ShowError> {
    let mut names: Vec<&str> = Vec::new();
    let mut read = Vec::new();
    for field in fields {
        check_picture_name(&field.key, names.iter().copied())
            .map_err(|message| place.on(&field.key_span, message))?;
        names.push(&field.key);
        read.push(source(field, folder, place)?);
    }
    Ok(read)
}

fn source(field: &Field, folder: &Path, place: &Place<'_>) -> Result<Origin, ShowError> {
    match &field.value.form {
        Form::Text(text) => from_text(&field.key, text, folder, place),
        Form::Table(fields) => from_table(&field.key, &field.value, fields, folder, place),
        _ => {
            let wanted = "a source is a path, \"camera\", or a table like { file = \"loop.mp4\", loop = true }";
            Err(field.value.wrong(place, wanted))
        }
    }
}

fn from_text(
    name: &str,
    text: &Text,
    folder: &Path,
    place: &Place<'_>,
) -> Result<Origin, ShowError> {
    let location = text.content.as_str();
    if location.is_empty() {
        return Err(place.at(
            text.place(0),
            "the source is empty: name a file or \"camera\"",
        ));
    }
    if let Some(chain) = text.after(GENERATOR) {
        return Ok(Origin::Generator {
            name: name.to_owned(),
            chain,
        });
    }
    let location = if is_special(location) {
        location.to_owned()
    } else {
        path(location, folder)
    };
    Ok(Origin::Entry(SourceEntry::new(name, &location), Vec::new()))
}

fn from_table(
    name: &str,
    table: &Written,
    fields: &[Field],
    folder: &Path,
    place: &Place<'_>,
) -> Result<Origin, ShowError> {
    let is_kind = |field: &&Field| KINDS.contains(&field.key.as_str());
    let mut kinds = fields.iter().filter(is_kind);
    let wanted = "a source has one of camera, clip, file, stream and generator";
    let Some(kind) = kinds.next() else {
        return Err(place.on(&table.span, wanted));
    };
    if let Some(second) = kinds.next() {
        return Err(place.on(&second.key_span, format!("{wanted}: this is a second one")));
    }
    let rest = fields.iter().filter(|field| field.key != kind.key);
    if kind.key == "generator" {
        return generator(name, &kind.value, rest, place);
    }
    let mut entry = SourceEntry::new(name, &location(kind, folder, place)?);
    let camera_keys: &[&str] = match kind.key.as_str() {
        "camera" => &CAMERA_KEYS,
        _ => &[],
    };
    let opens = |key: &str| KEYS.iter().chain(camera_keys).any(|own| *own == key);
    let (own, playback): (Vec<_>, _) = rest.partition(|field| opens(&field.key));
    for field in own {
        entry.read(field, place)?;
    }
    for field in &playback {
        known(field, place)?;
    }
    Ok(Origin::Entry(
        entry,
        playback.into_iter().cloned().collect(),
    ))
}

/// The number of a field in [`Playback`].
fn known(field: &Field, place: &Place<'_>) -> Result<usize, ShowError> {
    let params = Playback::new().params;
    let index = params.iter().position(|param| param.name == field.key);
    index.ok_or_else(|| {
        let names = params.iter().map(|param| param.name.as_str());
        let advice = match CAMERA_KEYS.contains(&field.key.as_str()) {
            true => ": only a camera has it".to_owned(),
            false => {
                let keys = KINDS.into_iter().chain(KEYS).chain(CAMERA_KEYS);
                advice(&field.key, keys.chain(names))
            }
        };
        let message = format!("unknown key '{}' of a source{advice}", field.key);
        place.on(&field.key_span, message)
    })
}

fn generator<'a>(
    name: &str,
    value: &Written,
    mut rest: impl Iterator<Item = &'a Field>,
    place: &Place<'_>,
) -> Result<Origin, ShowError> {
    if let Some(field) = rest.next() {
        let message = format!(
            "a generator has no '{}': its keys follow it, like gradient:angle=90",
            field.key
        );
        return Err(place.on(&field.key_span, message));
    }
    let chain = value.text(
        place,
        "'generator' is an effect, like \"gradient:angle=90\"",
    )?;
    Ok(Origin::Generator {
        name: name.to_owned(),
        chain: chain.clone(),
    })
}

fn location(kind: &Field, folder: &Path, place: &Place<'_>) -> Result<String, ShowError> {
    if kind.key == "camera" {
        let wanted = "'camera' is a number, 0 the first one, or a name";
        return match &kind.value.form {
            Form::Text(text) if !text.content.is_empty() => Ok(format!("camera:{}", text.content)),
            _ => {
                let number = kind.value.number(place, (0.0, 255.0), wanted)?;
                Ok(format!("camera:{}", number as u8))
            }
        };
    }
    if kind.key == CLIP {
        let wanted = "'clip' is true: the clip that comes with the program";
        return match kind.value.switch(place, wanted)? {
            true => Ok(CLIP.to_owned()),
            false => Err(kind.value.wrong(place, wanted)),
        };
    }
    let wanted = format!("'{}' is a text", kind.key);
    let text = kind.value.text(place, &wanted)?.content.as_str();
    match (kind.key.as_str(), text.contains("://")) {
        ("stream", true) => Ok(text.to_owned()),
        ("stream", false) => Err(kind
            .value
            .wrong(place, "'stream' is an address like \"rtsp://…\"")),
        _ if text.is_empty() => Err(place.on(&kind.value.span, "'file' is empty: name a file")),
        _ => Ok(path(text, folder)),
    }
}

impl SourceEntry {
    /// Reads one key but those that say what the source is, which is not changed.
    pub(super) fn change(&mut self, field: &Field, scope: &Scope<'_>) -> Result<(), ShowError> {
        if KINDS.contains(&field.key.as_str()) {
            let message = "what a source is stands in the show, or in -s NAME=SOURCE";
            return Err(scope.place.on(&field.key_span, message));
        }
        match KEYS.contains(&field.key.as_str()) {
            true => self.read(field, scope.place),
            false => self.read_playback(field, scope),
        }
    }

    /// Reads how it is played; expressions may name controls and signals.
    pub(super) fn read_playback(
        &mut self,
        field: &Field,
        scope: &Scope<'_>,
    ) -> Result<(), ShowError> {
        let index = known(field, scope.place)?;
        let param = &Playback::new().params[index];
        self.playback[index] = Setting::read(param, &field.value, scope)?;
        let place = |index: usize| Some(self.playback[index].constant()?.lane(0));
        match (place(Playback::IN), place(Playback::OUT)) {
            (Some(start), Some(end)) if end <= start => {
                let message = format!("'out' must be after 'in': {end} is not after {start}");
                Err(scope.place.on(&field.value.span, message))
            }
            _ => Ok(()),
        }
    }

    fn read(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let value = &field.value;
        match field.key.as_str() {
            "loop" => self.looping = value.switch(place, "'loop' is true or false")?,
            "start" => {
                let wanted = "'start' is in seconds, 0 or more";
                self.start = value.number(place, (0.0, f64::from(u32::MAX)), wanted)?;
            }
            "size" => self.capture.size = Some(size(value, place)?),
            "fps" => self.capture.fps = Some(rate(value, place)?),
            "format" => self.capture.wire = Some(wire(value, place)?),
            "driver" => {
                let driver = value.text(place, "'driver' is a text, like \"nokhwa\"")?;
                self.capture.driver = Some(driver.content.clone());
            }
            _ => self.fit = fit(value, place)?,
        }
        Ok(())
    }
}

fn fit(value: &Written, place: &Place<'_>) -> Result<Fit, ShowError> {
    named("fit", &Fit::NAMES, value, place)
}

fn wire(value: &Written, place: &Place<'_>) -> Result<Wire, ShowError> {
    let names = Wire::NAMES.map(|(name, _, wire)| (name, wire));
    named("format", &names, value, place)
}

/// The one of `names` that `value` must be.
fn named<T: Copy>(
    key: &str,
    names: &[(&'static str, T)],
    value: &Written,
    place: &Place<'_>,
) -> Result<T, ShowError> {
    let all: Vec<_> = names.iter().map(|(name, _)| *name).collect();
    let wanted = format!("'{key}' is one of {}", all.join(", "));
    let text = &value.text(place, &wanted)?.content;
    let found = names.iter().find(|(name, _)| name == text);
    found.map(|(_, found)| *found).ok_or_else(|| {
        let message = format!("unknown {key} '{text}'{}", advice(text, all));
        place.on(&value.span, message)
    })
}

/// Whether a SOURCE is anything but a path.
fn is_special(location: &str) -> bool {
    let prefixes = ["camera:", GENERATOR];
    location == "-"
        || location == "camera"
        || location == CLIP
        || location.contains("://")
        || prefixes.iter().any(|prefix| location.starts_with(prefix))
}

/// A path as a SOURCE: found from the show's folder, and never taken for anything else.
fn path(text: &str, folder: &Path) -> String {
    let found = folder.join(text).to_string_lossy().into_owned();
    if is_special(&found) {
        format!("./{found}")
    } else {
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_from_the_folder_of_the_show() {
        let folder = Path::new("shows");
        assert_eq!(path("a.mp4", folder), "shows/a.mp4");
        assert_eq!(path("/a.mp4", folder), "/a.mp4");
        assert_eq!(path("camera:1.mp4", Path::new("")), "./camera:1.mp4");
    }
}
