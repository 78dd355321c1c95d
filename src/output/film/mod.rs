//! Films: pictures and sound through FFmpeg's encoders and muxers.

mod container;
mod convert;
mod encoder;
mod muxer;
mod picture;
mod pixel;
mod reader;
mod sound;
mod sound_codec;
mod synchronizer;
mod transcode;
mod tuning;

use std::path::Path;

use ffmpeg_next as ffmpeg;

use super::{Finished, Output, OutputError, Settings};
use container::Container;
use muxer::Muxer;
use picture::PictureTrack;
use sound::SoundTrack;

/// A film being written. The same pictures, settings and sound give the same bytes, unless it grows.
pub(super) struct Film {
    settings: Settings,
    picture: PictureTrack,
    sound: Option<SoundTrack>,
    muxer: Muxer,
    pictures: u64,
}

impl Film {
    pub(super) fn create(path: &Path, settings: &Settings) -> Result<Self, OutputError> {
        initialize(path)?;
        let (numerator, denominator) = settings.rate;
        let possible = 1..=i32::MAX as u32;
        if !possible.contains(&numerator) || !possible.contains(&denominator) {
            return Err(OutputError::Rate(numerator, denominator));
        }
        let container = Container::of(path)?;
        let mut muxer = Muxer::create(path, container, settings)?;
        let picture = PictureTrack::create(&mut muxer, settings)?;
        let sound = match &settings.sound {
            Some(sound) => SoundTrack::create(&mut muxer, sound)?,
            None => None,
        };
        muxer.write_header()?;
        Ok(Self {
            settings: settings.clone(),
            picture,
            sound,
            muxer,
            pictures: 0,
        })
    }

    /// The end of the last picture, in seconds.
    fn end(&self) -> f64 {
        let (numerator, denominator) = self.settings.rate;
        self.pictures as f64 * f64::from(denominator) / f64::from(numerator)
    }
}

impl Output for Film {
    fn write(&mut self, frame: &[u8]) -> Result<(), OutputError> {
        self.write_times(frame, 1)
    }

    fn write_times(&mut self, frame: &[u8], times: u64) -> Result<(), OutputError> {
        self.settings.check_frame(frame)?;
        self.picture.write(&mut self.muxer, frame, times)?;
        self.pictures += times;
        let end = self.end();
        match &mut self.sound {
            Some(sound) => sound.write_until(&mut self.muxer, end),
            None => Ok(()),
        }
    }

    fn file(&self) -> Option<&Path> {
        self.muxer.file()
    }

    fn finish(mut self: Box<Self>) -> Result<Finished, OutputError> {
        if self.pictures == 0 {
            return Err(OutputError::Nothing(self.muxer.path().to_owned()));
        }
        self.picture.finish(&mut self.muxer)?;
        if let Some(sound) = &mut self.sound {
            sound.finish(&mut self.muxer)?;
        }
        let Self {
            muxer, pictures, ..
        } = *self;
        let (path, bytes) = muxer.finish()?;
        Ok(Finished {
            pictures,
            bytes,
            file: Some(path),
        })
    }
}

/// Makes FFmpeg ready, and quiet unless someone debugs: its word comes with our errors.
fn initialize(path: &Path) -> Result<(), OutputError> {
    let result = ffmpeg::init();
    result.map_err(|error| OutputError::Encode {
        encoder: "FFmpeg".to_owned(),
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    if !log::log_enabled!(log::Level::Debug) {
        ffmpeg::log::set_level(ffmpeg::log::Level::Quiet);
    }
    Ok(())
}
