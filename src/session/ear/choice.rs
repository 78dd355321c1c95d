use std::path::PathBuf;

use super::{Ear, Listener};
use crate::audio::{Hydra, Settings};
use crate::session::Failure;
use crate::session::part::Part;
use crate::show::{Show, SoundRef, SourceEntry};
use crate::source::{Info, Location};

/// Which sound a show hears, and how.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) struct Choice {
    sound: Chosen,
    settings: Settings,
}

#[derive(Clone, Debug, PartialEq)]
enum Chosen {
    Silence,
    /// A device of this name, else the default input.
    Device(Option<String>),
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

    /// Begins to listen. Blocks while the sound is opened.
    ///
    /// # Errors
    /// A file or a device that was asked for cannot be heard; a film whose sound cannot is silent.
    pub(in crate::session) fn open(&self) -> Result<Listener, Failure> {
        let ear = self.sound.ear(&self.settings)?;
        Ok(Listener::new(ear, &self.settings))
    }
}

fn chosen<'a>(show: &Show, sources: impl IntoIterator<Item = &'a Info>) -> Chosen {
    let mut sources = show.sources.iter().zip(sources).enumerate();
    let found = match &show.audio.sound {
        SoundRef::Silence => None,
        SoundRef::Device(name) => return Chosen::Device(Some(name.clone())),
        SoundRef::File { path, looping } => {
            return Chosen::File {
                path: path.into(),
                looping: *looping,
            };
        }
        SoundRef::First => {
            let input = show.audio.input.then_some(Chosen::Device(None));
            sources.find_map(of_source).or(input)
        }
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

/// The sound of a source, if it has one.
fn of_source((index, (entry, info)): (usize, (&SourceEntry, &Info))) -> Option<Chosen> {
    let path = film_with_sound(entry, info)?;
    Some(Chosen::Source {
        index,
        path,
        start: entry.start,
        looping: entry.looping,
    })
}

/// Where the sound of a source lies, if it can be read beside its pictures: cameras and streams are read once.
pub(in crate::session) fn film_with_sound(entry: &SourceEntry, info: &Info) -> Option<PathBuf> {
    let Ok(Location::Path(path)) = Location::parse(&entry.location) else {
        return None;
    };
    info.has_sound.then_some(path)
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

impl Chosen {
    /// Who hears it; nobody in silence.
    fn ear(&self, settings: &Settings) -> Result<Option<Box<dyn Ear>>, Failure> {
        let part = |path: &PathBuf, start, looping| Part::of(path.clone(), start, looping);
        match self {
            Self::Silence => Ok(None),
            Self::Device(name) => device_ear(name.as_deref(), settings),
            Self::File { path, looping } => {
                file_ear(&part(path, 0.0, *looping), settings).map(Some)
            }
            Self::Source {
                path,
                start,
                looping,
                ..
            } => {
                let ear = file_ear(&part(path, *start, *looping), settings);
                Ok(ear
                    .inspect_err(|cause| log::warn!("{cause}; the show hears silence"))
                    .ok())
            }
        }
    }
}

#[cfg(feature = "media")]
fn file_ear(part: &Part, settings: &Settings) -> Result<Box<dyn Ear>, Failure> {
    Ok(Box::new(super::file::FileEar::open(part, settings)?))
}

#[cfg(not(feature = "media"))]
fn file_ear(_: &Part, _: &Settings) -> Result<Box<dyn Ear>, Failure> {
    let advice = "sound needs a build with the feature 'media', which links FFmpeg's libraries";
    Err(Failure::usage(advice))
}

#[cfg(feature = "audio")]
fn device_ear(name: Option<&str>, settings: &Settings) -> Result<Option<Box<dyn Ear>>, Failure> {
    Ok(Some(Box::new(super::device::DeviceEar::open(
        name, settings,
    )?)))
}

#[cfg(not(feature = "audio"))]
fn device_ear(name: Option<&str>, _: &Settings) -> Result<Option<Box<dyn Ear>>, Failure> {
    let advice = "this build hears no sound devices; build with the feature 'audio'";
    match name {
        Some(name) => Err(Failure::usage(format!("'{name}' is no file, and {advice}"))),
        None => {
            log::warn!("{advice}: the show hears silence");
            Ok(None)
        }
    }
}
