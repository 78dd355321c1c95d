use std::path::PathBuf;

use super::Listener;
use crate::audio::{Hydra, Settings};
use crate::session::Failure;
use crate::show::{Show, SoundRef, SourceEntry};
use crate::source::{Info, Location};

#[cfg(feature = "media")]
use super::file::{FileEar, Part};

/// Which sound a show hears, and how.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) struct Choice {
    sound: Chosen,
    settings: Settings,
}

#[derive(Clone, Debug, PartialEq)]
enum Chosen {
    Silence,
    /// A file of its own.
    File {
        path: PathBuf,
        looping: bool,
    },
    /// A source's, by its index, and what it was opened from.
    Source {
        index: usize,
        path: PathBuf,
        start: f64,
        looping: bool,
    },
}

impl Choice {
    /// What a show hears, whose sources are these; none where it does not listen.
    pub(in crate::session) fn of<'a>(
        show: &Show,
        sources: impl IntoIterator<Item = &'a Info>,
    ) -> Option<Self> {
        show.listens().then(|| Self {
            sound: chosen(show, sources),
            settings: settings(show),
        })
    }

    /// The index of the source whose sound it is, if it is one's.
    pub(in crate::session) const fn source(&self) -> Option<usize> {
        match self.sound {
            Chosen::Source { index, .. } => Some(index),
            _ => None,
        }
    }

    /// Whether another one hears the same in the same way, wherever the source stands in its show.
    pub(in crate::session) fn is_same(&self, other: &Self) -> bool {
        let placed = |choice: &Self| {
            let mut choice = choice.clone();
            if let Chosen::Source { index, .. } = &mut choice.sound {
                *index = 0;
            }
            choice
        };
        placed(self) == placed(other)
    }
}

fn chosen<'a>(show: &Show, sources: impl IntoIterator<Item = &'a Info>) -> Chosen {
    let mut sources = show.sources.iter().zip(sources).enumerate();
    let found = match &show.audio.sound {
        SoundRef::Silence => None,
        SoundRef::File { path, looping } => {
            return Chosen::File {
                path: path.into(),
                looping: *looping,
            };
        }
        SoundRef::First => sources.find_map(of_source),
        SoundRef::Source(name) => {
            let named = sources.find(|(_, (entry, _))| entry.name == *name);
            let found = named.and_then(of_source);
            if found.is_none() {
                log::warn!("{name}: has no sound that can be heard; the show hears silence");
            }
            found
        }
    };
    found.unwrap_or(Chosen::Silence)
}

/// The sound of a source, if it can be read beside its pictures: cameras and streams are read once.
fn of_source((index, (entry, info)): (usize, (&SourceEntry, &Info))) -> Option<Chosen> {
    let Ok(Location::Path(path)) = Location::parse(&entry.location) else {
        return None;
    };
    info.has_sound.then_some(Chosen::Source {
        index,
        path,
        start: entry.start,
        looping: entry.looping,
    })
}

fn settings(show: &Show) -> Settings {
    let audio = &show.audio;
    let hydra = Hydra::default();
    let number = |own: Option<f64>, usual: f32| own.map_or(usual, |own| own as f32);
    Settings {
        adaptive_gain: audio.adaptive_gain,
        hydra: Hydra {
            bins: audio.bins.unwrap_or(hydra.bins),
            cutoff: number(audio.cutoff, hydra.cutoff),
            scale: number(audio.scale, hydra.scale),
            smooth: number(audio.smooth, hydra.smooth),
        },
        looks: show.looks_at_sound(),
        ..Settings::default()
    }
}

#[cfg(feature = "media")]
impl Choice {
    /// Begins to listen. Blocks while the sound is opened.
    ///
    /// # Errors
    /// A file that was asked for cannot be heard; a film whose sound cannot is silent.
    pub(in crate::session) fn open(&self) -> Result<Listener, Failure> {
        let (path, start, looping) = match &self.sound {
            Chosen::Silence => return Ok(Listener::new(None, &self.settings)),
            Chosen::File { path, looping } => (path, 0.0, *looping),
            Chosen::Source {
                path,
                start,
                looping,
                ..
            } => (path, *start, *looping),
        };
        let part = Part {
            path: path.clone(),
            start,
            looping,
        };
        match FileEar::open(&part, &self.settings) {
            Ok(ear) => Ok(Listener::new(Some(Box::new(ear)), &self.settings)),
            Err(cause) if self.source().is_none() => Err(cause),
            Err(cause) => {
                log::warn!("{cause}; the show hears silence");
                Ok(Listener::new(None, &self.settings))
            }
        }
    }
}

#[cfg(not(feature = "media"))]
impl Choice {
    /// Listens to silence: this build decodes nothing.
    ///
    /// # Errors
    /// A file was asked for.
    pub(in crate::session) fn open(&self) -> Result<Listener, Failure> {
        match self.sound {
            Chosen::File { .. } => {
                let advice =
                    "sound needs a build with the feature 'media', which links FFmpeg's libraries";
                Err(Failure::usage(advice))
            }
            _ => Ok(Listener::new(None, &self.settings)),
        }
    }
}
