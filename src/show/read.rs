use std::fs;
use std::io::Read as _;
use std::path::Path;

use toml_edit::Document;

use super::control::control;
use super::error::Place;
use super::layer::{Draft, Generator, layers};
use super::names::{Scope, advice, check_word};
use super::source::{Origin, sources};
use super::written::{self, Field};
use super::{Setting, Show, ShowError};
use crate::effect::Library;
use crate::frame_loop::may_block;
use crate::signal;

const KEYS: [&str; 8] = [
    "title",
    "description",
    "canvas",
    "sources",
    "audio",
    "controls",
    "signals",
    "layers",
];

/// The most bytes of a show file.
const MOST_BYTES: u64 = 1 << 20;

/// Words of the expression language.
const WORDS: [&str; 9] = [
    "and", "or", "not", "true", "false", "on", "off", "controls", "prev",
];

/// What a show without a file is called in errors.
pub(super) const NO_FILE: &str = "show";

impl Show {
    /// Reads a show file.
    ///
    /// # Errors
    /// The file cannot be read, or the first thing wrong in it, with line and column.
    pub fn read(path: &Path, library: &mut Library) -> Result<Self, ShowError> {
        may_block("read a show");
        let text = load(path)?;
        Self::parse(&text, Some(path), library)
    }

    /// Reads a show from its text. Paths in it are found from the folder of `path`.
    ///
    /// # Errors
    /// The first thing wrong, with line and column.
    pub fn parse(
        text: &str,
        path: Option<&Path>,
        library: &mut Library,
    ) -> Result<Self, ShowError> {
        let place = Place {
            file: path.map_or_else(|| NO_FILE.to_owned(), |path| path.display().to_string()),
            text,
            first_line: 1,
        };
        let document = Document::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            place.at(at, error.message().replace('\n', ", "))
        })?;
        let fields = written::fields(text, document.as_table());
        let reader = Reader {
            place,
            folder: path.and_then(Path::parent).unwrap_or_else(|| Path::new("")),
            show: Self {
                path: path.map(Path::to_owned),
                ..Self::default()
            },
        };
        reader.read(&fields, library)
    }
}

fn load(path: &Path) -> Result<String, ShowError> {
    let refuse = |message: String| ShowError {
        file: path.display().to_string(),
        line: 1,
        column: 1,
        message,
    };
    if path.is_dir() {
        return Err(refuse(
            "this is a folder: name a show file, like my_show.toml".to_owned(),
        ));
    }
    let file = fs::File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refuse("larger than 1 MiB: this is no show file".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let place = Place {
            file: path.display().to_string(),
            text: &before,
            first_line: 1,
        };
        place.at(valid, "not UTF-8 here: save the show as UTF-8 text")
    })
}

/// For each source the fields that say how it is played.
type Playbacks = Vec<Vec<Field>>;

/// A show on its way from the fields of its file.
struct Reader<'a> {
    place: Place<'a>,
    folder: &'a Path,
    show: Show,
}

impl<'a> Reader<'a> {
    fn read(mut self, fields: &[Field], library: &mut Library) -> Result<Show, ShowError> {
        if let Some(field) = fields
            .iter()
            .find(|field| !KEYS.contains(&field.key.as_str()))
        {
            let message = format!("unknown key '{}'{}", field.key, advice(&field.key, KEYS));
            return Err(self.place.on(&field.key_span, message));
        }
        let field = |key: &str| fields.iter().find(|field| field.key == key);
        let text = |key: &str| -> Result<String, ShowError> {
            let wanted = format!("'{key}' is a text");
            let text = field(key).map(|field| field.value.text(&self.place, &wanted));
            Ok(text
                .transpose()?
                .map_or_else(String::new, |text| text.content.clone()))
        };
        (self.show.title, self.show.description) = (text("title")?, text("description")?);
        for field in self.table(field("canvas"))? {
            self.show.canvas.read(field, &self.place)?;
        }
        let (generators, playback) = self.sources(self.table(field("sources"))?)?;
        for field in self.table(field("audio"))? {
            let Show { audio, sources, .. } = &mut self.show;
            audio.read(field, sources, &self.place)?;
        }
        for field in self.table(field("controls"))? {
            let control = control(field, &self.scope())?;
            self.show.controls.push(control);
        }
        for field in self.table(field("signals"))? {
            self.signal(field)?;
        }
        self.playback(&playback)?;
        let drafts = self.drafts(generators, field("layers"))?;
        self.show.layers = layers(&drafts, self.folder, &self.show, library)?;
        if self.show.layers.is_empty() && self.show.sources.is_empty() {
            return Err(self
                .place
                .at(0, "the show has no layers and no sources: nothing to see"));
        }
        self.show.complete(library)?;
        Ok(self.show)
    }

    fn table<'f>(&self, field: Option<&'f Field>) -> Result<&'f [Field], ShowError> {
        field.map_or(Ok(&[]), |field| {
            let wanted = format!("'{0}' is a table, [{0}]", field.key);
            field.value.table(&self.place, &wanted)
        })
    }

    /// Nothing but controls and signals can be named here.
    fn scope(&self) -> Scope<'_> {
        Scope {
            place: &self.place,
            show: &self.show,
            heads: &[],
            current: 0,
        }
    }

    /// Adds the sources. Those that are generators come back as the first layers, and what says how the others are
    /// played comes back until its expressions can be understood.
    fn sources(&mut self, fields: &[Field]) -> Result<(Vec<Draft<'a>>, Playbacks), ShowError> {
        let (mut generators, mut playbacks) = (Vec::new(), Vec::new());
        for (index, origin) in sources(fields, self.folder, &self.place)?
            .into_iter()
            .enumerate()
        {
            match origin {
                Origin::Entry(entry, playback) => {
                    self.show.sources.push(entry);
                    playbacks.push(playback);
                }
                Origin::Generator { name, chain } => {
                    let through = index == 0;
                    generators.push(Draft {
                        generator: Some(Generator { name, through }),
                        ..Draft::chain(&chain, &self.place)?
                    });
                }
            }
        }
        Ok((generators, playbacks))
    }

    fn playback(&mut self, playbacks: &[Vec<Field>]) -> Result<(), ShowError> {
        let mut sources = self.show.sources.clone();
        for (source, fields) in sources.iter_mut().zip(playbacks) {
            for field in fields {
                source.read_playback(field, &self.scope())?;
            }
        }
        self.show.sources = sources;
        Ok(())
    }

    fn signal(&mut self, field: &Field) -> Result<(), ShowError> {
        let name = field.key.as_str();
        let refuse = |message: String| self.place.on(&field.key_span, message);
        check_word(name).map_err(refuse)?;
        let constant = signal::CONSTANTS
            .iter()
            .any(|constant| constant.name == name);
        if signal::is_signal(name) || signal::is_function(name) || constant || WORDS.contains(&name)
        {
            let message =
                format!("'{name}' already means something in expressions: choose another name");
            return Err(refuse(message));
        }
        let setting = Setting::read_signal(&field.value, &self.scope())?;
        self.show.signals.push((name.to_owned(), setting));
        Ok(())
    }

    fn drafts(
        &self,
        mut drafts: Vec<Draft<'a>>,
        field: Option<&Field>,
    ) -> Result<Vec<Draft<'a>>, ShowError> {
        let Some(field) = field else {
            return Ok(drafts);
        };
        let wanted = "layers are tables: write [[layers]] above each";
        for item in field.value.list(&self.place, wanted)? {
            drafts.push(Draft {
                place: self.place.clone(),
                at: item.span.start,
                fields: item.table(&self.place, wanted)?.to_vec(),
                generator: None,
            });
        }
        Ok(drafts)
    }
}
