use crate::effect::SoundImage;

/// What the right edge of a spectrum's picture stands for, in Hz, at whatever rate the sound has: half of 48 kHz.
pub const HIGHEST_FREQUENCY: f32 = 24_000.0;

/// What a show hears in a tick, for effects that look at it. Without channels it is silence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sound {
    /// The newest samples of each channel, the oldest first: full scale is ±1.
    pub waves: Vec<Vec<f32>>,
    /// The spectrum of each channel.
    pub spectra: Vec<Spectrum>,
}

/// How strong frequencies are, evenly spaced from 0 Hz up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spectrum {
    /// A sine of full scale is 1, silence 0.
    pub magnitudes: Vec<f32>,
    /// From one to the next, in Hz.
    pub spacing: f32,
}

impl Sound {
    /// A picture's rows, one for each channel and at least one; silence is 0 everywhere.
    #[must_use]
    pub fn rows(&self, image: SoundImage) -> Vec<Vec<f32>> {
        let columns = image.columns() as usize;
        let rows: Vec<_> = match image {
            SoundImage::Wave(_) => {
                let waves = self.waves.iter();
                waves.map(|wave| newest(wave, columns)).collect()
            }
            SoundImage::Spectrum(_) => {
                let spectra = self.spectra.iter();
                spectra.map(|spectrum| spectrum.row(columns)).collect()
            }
        };
        match rows.is_empty() {
            true => vec![vec![0.0; columns]],
            false => rows,
        }
    }
}

/// So many of the last samples; before the first there was silence.
fn newest(wave: &[f32], columns: usize) -> Vec<f32> {
    let surplus = wave.len().saturating_sub(columns);
    let mut row = vec![0.0; columns - (wave.len() - surplus)];
    row.extend_from_slice(&wave[surplus..]);
    row
}

impl Spectrum {
    /// Column x is the strongest of the frequencies around `x * HIGHEST_FREQUENCY / columns`, so that no tone is lost in a
    /// narrow picture; between two magnitudes it is on the line from one to the other.
    fn row(&self, columns: usize) -> Vec<f32> {
        let column = HIGHEST_FREQUENCY / columns as f32 / self.spacing.max(f32::MIN_POSITIVE);
        let edge = |x: f32| (x * column).round().max(0.0) as usize;
        let value = |x: usize| {
            let x = x as f32;
            if column < 1.0 {
                return self.between(x * column);
            }
            let (low, high) = (edge(x - 0.5), edge(x + 0.5).min(self.magnitudes.len()));
            let inside = self.magnitudes.get(low..high).unwrap_or_default();
            inside.iter().copied().fold(0.0, f32::max)
        };
        (0..columns).map(value).collect()
    }

    /// Between two magnitudes; 0 above the last one.
    fn between(&self, place: f32) -> f32 {
        let at = |index: usize| self.magnitudes.get(index).copied().unwrap_or(0.0);
        let (below, share) = (place as usize, place.fract());
        at(below) + (at(below + 1) - at(below)) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(magnitudes: &[f32], spacing: f32) -> Sound {
        Sound {
            spectra: vec![Spectrum {
                magnitudes: magnitudes.to_vec(),
                spacing,
            }],
            ..Sound::default()
        }
    }

    #[test]
    fn silence_is_a_row_of_nothing() {
        for image in [SoundImage::Wave(3), SoundImage::Spectrum(3)] {
            assert_eq!(Sound::default().rows(image), [[0.0; 3]]);
        }
    }

    #[test]
    fn waves_are_right_aligned_rows_of_channels() {
        let sound = Sound {
            waves: vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]],
            ..Sound::default()
        };
        assert_eq!(sound.rows(SoundImage::Wave(2)), [[2.0, 3.0], [5.0, 6.0]]);
        assert_eq!(
            sound.rows(SoundImage::Wave(4)),
            [[0.0, 1.0, 2.0, 3.0], [0.0, 4.0, 5.0, 6.0]]
        );
    }

    #[test]
    fn columns_take_the_strongest_of_their_frequencies() {
        let bins = [0.1, 0.2, 0.9, 0.4, 0.5, 0.3, 0.7, 0.6];
        let own = spectrum(&bins, 3000.0);
        assert_eq!(own.rows(SoundImage::Spectrum(8)), [bins]);
        assert_eq!(own.rows(SoundImage::Spectrum(4)), [[0.1, 0.9, 0.5, 0.7]]);
        assert_eq!(
            own.rows(SoundImage::Spectrum(1)),
            [[0.9]],
            "up to half a column, 12 kHz"
        );
    }

    #[test]
    fn wide_pictures_lie_between_the_magnitudes() {
        let rows = spectrum(&[0.0, 1.0, 0.0], 6000.0).rows(SoundImage::Spectrum(8));
        assert_eq!(rows, [[0.0, 0.5, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0]]);
    }

    /// 44.1 and 48 kHz have other spacings, and a tone the same place.
    #[test]
    fn a_tone_stays_where_it_is_at_any_rate() {
        for rate in [22_050.0, 44_100.0, 48_000.0, 96_000.0] {
            let spacing = rate / 4096.0;
            let mut bins = vec![0.0; 2049];
            bins[(3000.0f32 / spacing).round() as usize] = 1.0;
            let row = spectrum(&bins, spacing)
                .rows(SoundImage::Spectrum(512))
                .remove(0);
            let loudest = (0..512).max_by(|a, b| row[*a].total_cmp(&row[*b]));
            assert_eq!(loudest, Some(64), "{rate}");
        }
    }
}
