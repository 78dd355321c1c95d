use std::path::Path;
use std::sync::Arc;

use super::branch::branches;
use super::error::Place;
use super::names::{Head, Scope, advice, check_picture_name, nearest};
use super::setting::Setting;
use super::written::{Field, Text, Written};
use super::{Layer, PictureRef, Show, ShowError, chain, channels};
use crate::effect::{Effect, ImageKind, Keys, Library, Output};

/// What WGSL calls a layer's `image`.
pub(super) const INPUT_IMAGE: &str = "inputImage";

/// The most layers of one show.
const MOST_LAYERS: usize = 256;

/// A layer as it was written, with the text that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) place: Place<'a>,
    /// The byte to which errors about the whole layer point.
    pub(super) at: usize,
    pub(super) fields: Vec<Field>,
    /// The source that it stands for, if it is a generator.
    pub(super) generator: Option<Generator>,
}

/// A source that is a layer.
#[derive(Clone, Debug)]
pub(super) struct Generator {
    /// The source's name.
    pub(super) name: String,
    /// It is the first source: what the first layer reads.
    pub(super) through: bool,
}

impl<'a> Draft<'a> {
    /// A layer written as `EFFECT:key=value`.
    pub(super) fn chain(text: &Text, place: &Place<'a>) -> Result<Self, ShowError> {
        Ok(Self {
            place: place.clone(),
            at: text.place(0),
            fields: chain::fields(text, place)?,
            generator: None,
        })
    }

    fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What is written for a key, if it is a text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let text = self.field(key)?.value.as_text()?;
        Some(text.content.as_str())
    }

    fn head(
        &self,
        folder: &Path,
        earlier: &[Head],
        show: &Show,
        library: &mut Library,
    ) -> Result<Head, ShowError> {
        let effect = self.field("effect").ok_or_else(|| {
            self.place
                .at(self.at, "a layer needs an effect: effect = \"lagfun\"")
        })?;
        let name = effect
            .value
            .text(&self.place, "'effect' is a name or a path of a .wgsl file")?;
        let refuse = |message: String| self.place.on(&effect.value.span, message);
        let effect = library
            .get(&effect_name(&name.content, folder))
            .map_err(|error| refuse(error.to_string()))?;
        if self.generator.is_some() && !effect.is_generator() {
            let message = format!("'{}' is no generator: it needs a picture", effect.name);
            return Err(refuse(message));
        }
        Ok(Head {
            name: self.name(&effect, earlier, show)?,
            through: self.through(&effect)?,
            effect,
        })
    }

    /// The name it is given, else its effect's stem, then `stem_2`, …
    fn name(&self, effect: &Effect, earlier: &[Head], show: &Show) -> Result<String, ShowError> {
        let sources = show.sources.iter().map(|source| source.name.as_str());
        let taken = || {
            sources
                .clone()
                .chain(earlier.iter().map(|head| head.name.as_str()))
        };
        if let Some(generator) = &self.generator {
            return Ok(generator.name.clone());
        }
        if let Some(field) = self.field("name") {
            let text = field.value.text(&self.place, "'name' is a text")?;
            check_picture_name(&text.content, taken())
                .map_err(|message| self.place.at(text.place(0), message))?;
            return Ok(text.content.clone());
        }
        let is_taken = |name: &str| taken().any(|other| other == name);
        let numbered = (2..).map(|number| format!("{}_{number}", effect.name));
        let mut names = std::iter::once(effect.name.clone()).chain(numbered);
        Ok(names
            .find(|name| !is_taken(name))
            .expect("numbers do not run out"))
    }

    fn through(&self, effect: &Effect) -> Result<bool, ShowError> {
        match (&self.generator, self.field("through")) {
            (_, Some(field)) => field
                .value
                .switch(&self.place, "'through' is true or false"),
            (Some(generator), None) => Ok(generator.through),
            // A motion field is something to name, not a picture to go on with.
            (None, None) => Ok(effect.header.output != Output::Flow),
        }
    }
}

/// A path of an effect file is found from the show's folder.
fn effect_name(name: &str, folder: &Path) -> String {
    if name.ends_with(".wgsl") {
        folder.join(name).to_string_lossy().into_owned()
    } else {
        name.to_owned()
    }
}

/// Reads layers that follow those of the show; they are returned, not added.
pub(super) fn layers(
    drafts: &[Draft<'_>],
    folder: &Path,
    show: &Show,
    library: &mut Library,
) -> Result<Vec<Layer>, ShowError> {
    let first = show.layers.len();
    let mut heads: Vec<Head> = show.layers.iter().map(Head::from).collect();
    let mut all: Vec<Draft<'_>> = Vec::new();
    for draft in drafts {
        let head = draft.head(folder, &heads, show, library)?;
        for branch in branches(draft, &head, &heads, show) {
            heads.push(branch.head(folder, &heads, show, library)?);
            all.push(branch);
        }
        heads.push(head);
        all.push(draft.clone());
        if heads.len() > MOST_LAYERS {
            let message = format!("too many layers: a show has at most {MOST_LAYERS}");
            return Err(draft.place.at(draft.at, message));
        }
    }
    let read = |(index, draft): (usize, &Draft<'_>)| {
        let scope = Scope {
            place: &draft.place,
            show,
            heads: &heads,
            current: first + index,
        };
        layer(draft, &scope)
    };
    all.iter().enumerate().map(read).collect()
}

fn layer(draft: &Draft<'_>, scope: &Scope<'_>) -> Result<Layer, ShowError> {
    let head = &scope.heads[scope.current];
    let mut layer = Layer::new(&head.name, head.effect.clone(), scope.below());
    layer.through = head.through;
    let mut fields: Vec<_> = draft.fields.iter().collect();
    fields.retain(|field| !matches!(field.key.as_str(), "name" | "effect" | "through"));
    // The other pictures follow the image, and letters of channels are those of the space.
    fields.sort_by_key(|field| !matches!(field.key.as_str(), "image" | "space"));
    for field in fields {
        layer.read(field, scope)?;
    }
    layer.check_images(draft, scope)?;
    Ok(layer)
}

impl Layer {
    /// Reads one key that is not `name`, `effect` or `through`.
    pub(super) fn read(&mut self, field: &Field, scope: &Scope<'_>) -> Result<(), ShowError> {
        let header = &self.effect.header;
        let key = field.key.as_str();
        if let Some(index) = header.params.iter().position(|param| param.name == key) {
            self.params[index] = Setting::read(&header.params[index], &field.value, scope)?;
            return Ok(());
        }
        let named = |image: &crate::effect::Image| image.name == key && key != INPUT_IMAGE;
        if let Some(index) = header.images.iter().position(named) {
            if header.images[index].is_sound() {
                let message = format!("'{key}' is what the show hears: leave it out");
                return Err(scope.place.on(&field.key_span, message));
            }
            let text = field
                .value
                .text(scope.place, &format!("'{key}' names a picture"))?;
            let picture = scope.picture(text, header.images[index].kind.into())?;
            self.give(index, picture);
            return Ok(());
        }
        match key {
            "image" => self.read_image(&field.value, scope),
            "matte" => {
                self.check_composed(field, scope)?;
                let wanted = "'matte' names a picture, like \"outline\", \"!cam.r\"";
                self.matte = Some(scope.matte(field.value.text(scope.place, wanted)?)?);
                Ok(())
            }
            _ => self.read_key(field, scope),
        }
    }

    /// Gives the effect a picture, and the pasts of that picture with it.
    fn give(&mut self, index: usize, picture: PictureRef) {
        let images = &self.effect.header.images;
        let name = images[index].name.as_str();
        for (slot, image) in self.images.iter_mut().zip(images) {
            if image.name == name || image.of.as_deref() == Some(name) {
                *slot = picture;
            }
        }
    }

    /// The pictures that follow the input go with it.
    fn read_image(&mut self, written: &Written, scope: &Scope<'_>) -> Result<(), ShowError> {
        let kind = self.effect.header.input_kind().unwrap_or(ImageKind::Image);
        let text = written.text(scope.place, "'image' names a picture")?;
        let (before, input) = (self.input, scope.picture(text, kind.into())?);
        self.input = input;
        for image in self.images.iter_mut().filter(|image| **image == before) {
            *image = input;
        }
        Ok(())
    }

    fn read_key(&mut self, field: &Field, scope: &Scope<'_>) -> Result<(), ShowError> {
        self.check_composed(field, scope)?;
        let keys = Keys::new().params;
        let Some(index) = keys.iter().position(|param| param.name == field.key) else {
            return Err(self.unknown(field, scope));
        };
        let space = self.keys[Keys::SPACE]
            .constant()
            .map_or(0, |space| space.lane(0) as usize);
        self.keys[index] = match index {
            Keys::CHANNELS => Setting::Value(channels::read(&field.value, space, scope)?),
            _ => Setting::read(&keys[index], &field.value, scope)?,
        };
        if index == Keys::SPACE && self.keys[index].constant().is_none() {
            let message = "'space' must be a plain name: the letters of 'channels' depend on it";
            return Err(scope.place.on(&field.value.span, message));
        }
        Ok(())
    }

    /// A host stage's motion is written by itself: there is nothing to compose.
    fn check_composed(&self, field: &Field, scope: &Scope<'_>) -> Result<(), ShowError> {
        let composing = ["matte", "mix", "blend", "channels", "space"];
        let (key, effect) = (field.key.as_str(), &self.effect);
        let header = &effect.header;
        let composes = header.stage.is_none() || header.staged.is_some();
        if composes || !composing.contains(&key) {
            return Ok(());
        }
        let message = format!(
            "'{}' has no '{key}': it gives its picture whole, or not at all by 'on'",
            effect.name
        );
        Err(scope.place.on(&field.key_span, message))
    }

    fn unknown(&self, field: &Field, scope: &Scope<'_>) -> ShowError {
        let (key, header) = (field.key.as_str(), &self.effect.header);
        if key == "release" {
            let message = "'release' is an address for controllers, not a key of the show";
            return scope.place.on(&field.key_span, message);
        }
        let images = header.images.iter().filter(|image| !image.is_sound());
        let images = images.map(|image| image.name.as_str());
        let params = header.params.iter().map(|param| param.name.as_str());
        let own: Vec<_> = params
            .chain(images.filter(|name| *name != INPUT_IMAGE))
            .collect();
        let keys = Keys::NAMES
            .iter()
            .copied()
            .filter(|name| *name != "release");
        let advice = match nearest(key, own.iter().copied().chain(keys)) {
            Some(best) => format!(": did you mean '{best}'?"),
            None => advice(key, own),
        };
        let message = format!("'{}' has no '{key}'{advice}", self.effect.name);
        scope.place.on(&field.key_span, message)
    }

    /// Pictures that the show does not name must be of the right kind too.
    fn check_images(&mut self, draft: &Draft<'_>, scope: &Scope<'_>) -> Result<(), ShowError> {
        let effect = Arc::clone(&self.effect);
        for (index, image) in effect.header.images.iter().enumerate() {
            let key = if image.name == INPUT_IMAGE {
                "image"
            } else {
                &image.name
            };
            if draft.field(key).is_some() || image.of.is_some() || image.is_sound() {
                continue;
            }
            if image.optional {
                self.images[index] = PictureRef::Absent;
                continue;
            }
            if image.kind == ImageKind::Table {
                let message = format!("'{key}' needs a table: name a source, like a .cube file");
                return Err(draft.place.at(draft.at, message));
            }
            if image.kind == ImageKind::Flow {
                let motion = scope.motion_of(self.images[index]);
                self.give(index, motion);
                if image.name == INPUT_IMAGE {
                    self.input = motion;
                }
            }
            let slot = self.images[index];
            let name = scope.name(slot);
            scope
                .check_kind(name, slot, image.kind.into())
                .map_err(|message| {
                    draft
                        .place
                        .at(draft.at, format!("'{key}' is not named: {message}"))
                })?;
        }
        Ok(())
    }
}
