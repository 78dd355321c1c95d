use std::path::Path;

use super::control::constant;
use super::error::Place;
use super::layer::{Draft, Generator, layers};
use super::names::{Head, INPUT, Scope, advice, check_picture_name};
use super::source::GENERATOR;
use super::written::{Field, Text, Written};
use super::{Layer, PictureRef, Setting, Show, ShowError, SourceEntry};
use crate::effect::Library;

/// First words of an address of [`Show::set`] that are no layer's name.
const SECTIONS: [&str; 5] = ["canvas", "sources", "audio", "controls", "signals"];

/// What the command line says about a show.
impl Show {
    /// Adds a layer for each `EFFECT:key=value:key=value`: `:` separates and the first `=` splits; a `:` inside
    /// `()`, `[]` or `''` or after `\` is meant literally. Add the sources first: layers may name them.
    ///
    /// # Errors
    /// The first thing wrong, in the file `-e`; the line counts the texts. The show is as it was.
    pub fn append(&mut self, effects: &[String], library: &mut Library) -> Result<(), ShowError> {
        let drafts: Vec<_> = (1..)
            .zip(effects)
            .map(|(first_line, text)| {
                let place = Place {
                    first_line,
                    ..command_line("-e", text)
                };
                Draft::chain(&Text::plain(text, 0), &place)
            })
            .collect::<Result<_, _>>()?;
        let added = layers(&drafts, Path::new(""), self, library)?;
        self.layers.extend(added);
        Ok(())
    }

    /// Replaces the location of the first source, which keeps its name; a show without sources gets one that is
    /// called `in`. `generator:EFFECT:key=value` becomes a layer in front of all others.
    ///
    /// # Errors
    /// The generator is wrong, in the file `SOURCE`. The show is as it was.
    pub fn replace_first_source(
        &mut self,
        location: &str,
        library: &mut Library,
    ) -> Result<(), ShowError> {
        let name = self
            .sources
            .first()
            .map_or(INPUT, |source| source.name.as_str())
            .to_owned();
        self.put_source(&name, location, library)
    }

    /// Adds a source, or replaces the location of the one of that name.
    ///
    /// # Errors
    /// The name cannot be used, or the generator is wrong, in the file `-s`. The show is as it was.
    pub fn add_source(
        &mut self,
        name: &str,
        location: &str,
        library: &mut Library,
    ) -> Result<(), ShowError> {
        let is_source = self.sources.iter().any(|source| source.name == name);
        let layers = self.layers.iter().map(|layer| layer.name.as_str());
        let checked = check_picture_name(name, layers);
        if let Err(message) =
            checked.or_else(|message| if is_source { Ok(()) } else { Err(message) })
        {
            let text = format!("{name}={location}");
            let place = command_line("-s", &text);
            return Err(place.at(0, message));
        }
        self.put_source(name, location, library)
    }

    fn put_source(
        &mut self,
        name: &str,
        location: &str,
        library: &mut Library,
    ) -> Result<(), ShowError> {
        if location.starts_with(GENERATOR) {
            return self.put_generator(name, location, library);
        }
        if let Some(source) = self.sources.iter_mut().find(|source| source.name == name) {
            location.clone_into(&mut source.location);
            return Ok(());
        }
        self.sources.push(SourceEntry::new(name, location));
        if self.sources.len() == 1 {
            let first = PictureRef::Source(0);
            self.rewire(|picture| {
                if picture == PictureRef::Nothing {
                    first
                } else {
                    picture
                }
            });
        }
        Ok(())
    }

    /// A layer in front of all others takes the place of a source.
    fn put_generator(
        &mut self,
        name: &str,
        location: &str,
        library: &mut Library,
    ) -> Result<(), ShowError> {
        let place = command_line("SOURCE", location);
        let chain = Text::plain(location, 0)
            .after(GENERATOR)
            .unwrap_or_default();
        let replaced = self.sources.iter().position(|source| source.name == name);
        let draft = Draft {
            generator: Some(Generator {
                name: name.to_owned(),
                through: replaced.unwrap_or(self.sources.len()) == 0,
            }),
            ..Draft::chain(&chain, &place)?
        };
        let bare = Self::default();
        let mut added = layers(&[draft], Path::new(""), &bare, library)?;
        let was_empty = self.sources.is_empty();
        self.rewire(|picture| match picture {
            PictureRef::Nothing if was_empty => PictureRef::Layer(0),
            PictureRef::Source(source) if Some(source) == replaced => PictureRef::Layer(0),
            PictureRef::Source(source) if replaced.is_some_and(|gone| source > gone) => {
                PictureRef::Source(source - 1)
            }
            PictureRef::Layer(layer) => PictureRef::Layer(layer + 1),
            PictureRef::Previous(layer) => PictureRef::Previous(layer + 1),
            other => other,
        });
        if let Some(source) = replaced {
            self.sources.remove(source);
        }
        self.layers.splice(0..0, added.drain(..));
        Ok(())
    }

    /// Changes which pictures are read.
    fn rewire(&mut self, change: impl Fn(PictureRef) -> PictureRef) {
        for layer in &mut self.layers {
            layer.input = change(layer.input);
            for image in &mut layer.images {
                *image = change(*image);
            }
            if let Some(matte) = &mut layer.matte {
                matte.picture = change(matte.picture);
            }
        }
    }

    /// Sets one thing by its address: `LAYER.KEY`, `sources.NAME.KEY`, `controls.NAME`, `signals.NAME`,
    /// `audio.KEY` or `canvas.KEY`. The value is written as in the show, without quotes. Pictures of a layer that are the same as its image follow it.
    ///
    /// # Errors
    /// No such address, or a value that it does not take, in the file `--set`. The show is as it was.
    pub fn set(&mut self, address: &str, value: &str) -> Result<(), ShowError> {
        let text = format!("{address}={value}");
        let place = command_line("--set", &text);
        let Some((section, key)) = address.split_once('.') else {
            let message = format!(
                "'{address}' is no address: write LAYER.KEY=VALUE, controls.NAME=VALUE or canvas.KEY=VALUE"
            );
            return Err(place.at(0, message));
        };
        let key_start = section.len() + 1;
        let field = Field {
            key: key.to_owned(),
            key_span: key_start..address.len(),
            value: Written::from(Text::plain(value, address.len() + 1)),
        };
        match section {
            "canvas" => self.set_canvas(&field, &place),
            "sources" => self.set_source(&field, &place),
            "audio" => self.audio.read(&field, &self.sources, &place),
            "controls" => self.set_control(&field, &place),
            "signals" => self.set_signal(&field, &place),
            layer => self.set_layer(layer, &field, &place),
        }
    }

    fn set_canvas(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        self.canvas.read(field, place)
    }

    fn set_control(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let names = self.controls.iter().map(|param| param.name.as_str());
        let index = self
            .controls
            .iter()
            .position(|param| param.name == field.key);
        let index = index.ok_or_else(|| {
            let message = format!(
                "the show has no control '{}'{}",
                field.key,
                advice(&field.key, names)
            );
            place.on(&field.key_span, message)
        })?;
        let scope = self.scope(place, &[], 0);
        self.controls[index].default = constant(&self.controls[index], &field.value, &scope)?;
        Ok(())
    }

    fn set_source(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let (name, key) = field
            .key
            .split_once('.')
            .ok_or_else(|| place.on(&field.key_span, "write sources.NAME.KEY=VALUE"))?;
        let names = self.sources.iter().map(|source| source.name.as_str());
        let index = names.clone().position(|other| other == name);
        let index = index.ok_or_else(|| {
            let message = format!("the show has no source '{name}'{}", advice(name, names));
            place.on(&field.key_span, message)
        })?;
        let field = Field {
            key: key.to_owned(),
            key_span: field.key_span.start + name.len() + 1..field.key_span.end,
            value: field.value.clone(),
        };
        let mut source = self.sources[index].clone();
        source.change(&field, &self.scope(place, &[], 0))?;
        self.sources[index] = source;
        Ok(())
    }

    fn set_signal(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let names = self.signals.iter().map(|(name, _)| name.as_str());
        let index = self.signals.iter().position(|(name, _)| *name == field.key);
        let index = index.ok_or_else(|| {
            let message = format!(
                "the show has no signal '{}'{}",
                field.key,
                advice(&field.key, names)
            );
            place.on(&field.key_span, message)
        })?;
        let mut before = self.clone();
        before.signals.truncate(index);
        self.signals[index].1 = Setting::read_signal(&field.value, &before.scope(place, &[], 0))?;
        Ok(())
    }

    fn set_layer(&mut self, name: &str, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let heads: Vec<_> = self.layers.iter().map(Head::from).collect();
        let Some(index) = heads.iter().position(|head| head.name == name) else {
            let names = heads.iter().map(|head| head.name.as_str()).chain(SECTIONS);
            let message = format!("no layer is called '{name}'{}", advice(name, names));
            return Err(place.at(0, message));
        };
        if matches!(field.key.as_str(), "name" | "effect" | "through") {
            let message = format!(
                "'{}' is what the layers are joined by: change it in the show",
                field.key
            );
            return Err(place.on(&field.key_span, message));
        }
        let mut layer: Layer = self.layers[index].clone();
        layer.read(field, &self.scope(place, &heads, index))?;
        self.layers[index] = layer;
        Ok(())
    }

    fn scope<'a>(&'a self, place: &'a Place<'a>, heads: &'a [Head], current: usize) -> Scope<'a> {
        Scope {
            place,
            show: self,
            heads,
            current,
        }
    }
}

fn command_line<'a>(option: &str, text: &'a str) -> Place<'a> {
    Place {
        file: option.to_owned(),
        text,
        first_line: 1,
    }
}
