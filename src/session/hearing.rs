//! A whole sound heard as a show hears it.

use std::path::Path;

use super::Failure;
use crate::audio::{Frames, Moment, ONSET_LATENCY, Settings};
use crate::signal::Pulse;

/// What was heard in a file.
#[derive(Debug)]
pub struct Heard {
    /// Samples a second.
    pub rate: u32,
    /// Channels.
    pub channels: usize,
    /// How long it lasts.
    pub seconds: f64,
    /// What every hop was like.
    pub moments: Vec<Moment>,
    /// Loudness and bands in librosa's frames, of all channels' mean.
    pub frames: Frames,
}

/// So many beats in a row within this share of the tempo are no accident.
const SETTLED: (usize, f64) = (4, 0.04);

/// A first beat may be so much of a beat before the file.
const EARLY: f64 = 0.05;

/// Beats that are counted back at most: further off, the tempo may have been another.
const COUNTED_BACK: f64 = 16.0;

/// Hears a film's sound or an audio file.
///
/// # Errors
/// The file cannot be read, or holds no sound.
#[cfg(feature = "media")]
pub fn hear(path: &Path, settings: &Settings) -> Result<Heard, Failure> {
    let mut sound = crate::source::Sound::open(path).map_err(Failure::usage)?;
    let (rate, channels) = (sound.rate(), sound.channels());
    let mut analysis = crate::audio::Analysis::new(rate, channels, settings);
    let mut frames = Frames::new(rate);
    let (mut moments, mut samples) = (Vec::new(), 0);
    while let Some(piece) = sound.read() {
        analysis.hear(piece, |moment| moments.push(moment.clone()));
        let mean = |frame: &[f32]| frame.iter().sum::<f32>() / channels as f32;
        let mono: Vec<f32> = piece.chunks_exact(channels).map(mean).collect();
        frames.hear(&mono);
        samples += mono.len();
    }
    if samples == 0 {
        let empty = "holds no sound that can be decoded; test it with 'ffplay'";
        return Err(Failure::usage(format!("{}: {empty}", path.display())));
    }
    frames.finish();
    let seconds = samples as f64 / f64::from(rate);
    Ok(Heard {
        rate,
        channels,
        seconds,
        moments,
        frames,
    })
}

/// Says that this build cannot.
///
/// # Errors
/// Always.
#[cfg(not(feature = "media"))]
pub fn hear(_: &Path, _: &Settings) -> Result<Heard, Failure> {
    let advice = "sound needs a build with the feature 'media', which links FFmpeg's libraries";
    Err(Failure::usage(advice))
}

impl Heard {
    /// When something was struck, in seconds; the time that hearing takes is made up for.
    #[must_use]
    pub fn onsets(&self) -> Vec<f64> {
        let struck = self.moments.iter().filter(|moment| moment.onset);
        struck
            .map(|moment| (moment.time - ONSET_LATENCY).max(0.0))
            .collect()
    }

    /// Beats a minute: the median while the beat was sure; none where it never was.
    #[must_use]
    pub fn tempo(&self) -> Option<f64> {
        let sure = self.moments.iter().map(|moment| moment.beat);
        let sure =
            sure.filter(|beat| beat.tempo > 0.0 && f64::from(beat.confidence) >= Pulse::SURE);
        let mut tempos: Vec<_> = sure.map(|beat| beat.tempo).collect();
        tempos.sort_by(f64::total_cmp);
        tempos.get(tempos.len() / 2).copied()
    }

    /// When beats were, in seconds. Those before the clock had settled are counted back from there.
    #[must_use]
    pub fn beats(&self) -> Vec<f64> {
        let Some(tempo) = self.tempo() else {
            return Vec::new();
        };
        let passed = self.passed();
        let is_settled = |beats: &[(f64, f64)]| {
            let mut tempos = beats.iter().map(|(_, heard)| heard / tempo);
            tempos.all(|ratio| (ratio - 1.0).abs() < SETTLED.1)
        };
        let settled = passed.windows(SETTLED.0).position(is_settled);
        let first = settled.map_or(0, |at| at + SETTLED.0 / 2);
        let times = passed[first.min(passed.len())..]
            .iter()
            .map(|(time, _)| *time);
        let (begin, period) = (times.clone().next().unwrap_or(0.0), 60.0 / tempo);
        let earlier = (begin / period + EARLY).floor().min(COUNTED_BACK) as i32;
        let earlier = (1..=earlier)
            .rev()
            .map(|back| (begin - f64::from(back) * period).max(0.0));
        earlier.chain(times).collect()
    }

    /// When the clock passed whole beats, and its tempo then.
    fn passed(&self) -> Vec<(f64, f64)> {
        let pairs = self.moments.windows(2).map(|pair| (&pair[0], &pair[1]));
        let ticking = pairs.filter(|(_, now)| now.beat.tempo > 0.0);
        let at = |(before, now): (&Moment, &Moment)| {
            let moved = now.beat.count - before.beat.count;
            let since = (now.beat.count.fract() / moved).min(1.0) * (now.time - before.time);
            (now.time - since, now.beat.tempo)
        };
        let passes =
            |(before, now): &(&Moment, &Moment)| now.beat.count.floor() > before.beat.count.floor();
        ticking.filter(passes).map(at).collect()
    }
}
