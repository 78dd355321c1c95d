use super::error::Place;
use super::names::advice;
use super::written::{Field, Form, Written};
use super::{ShowError, SourceEntry};

const KEYS: [&str; 6] = ["source", "gain", "bins", "cutoff", "scale", "smooth"];

/// What loudness counts from, and whether that is what was loud of late.
const GAINS: [(&str, bool); 2] = [("adaptive", true), ("fixed", false)];

/// What a show listens to, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Audio {
    /// Which sound it is.
    pub sound: SoundRef,
    /// Whether loudness counts from what was loud of late, instead of from full scale.
    pub adaptive_gain: bool,
    /// Numbers that `hydra.fft` has, 1 to 24; Hydra's default where absent, as for the three below.
    pub bins: Option<usize>,
    /// Loudness below which `hydra.fft` is 0, 0 and up.
    pub cutoff: Option<f64>,
    /// Loudness above the cutoff at which it is 1, above 0.
    pub scale: Option<f64>,
    /// What it keeps in a sixtieth of a second: 0 follows at once, 1 stands still.
    pub smooth: Option<f64>,
}

/// Which sound is heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SoundRef {
    /// That of the first source that has any.
    #[default]
    First,
    /// That of the source of this name.
    Source(String),
    /// A file of its own, from the beginning of the show on.
    File {
        /// Its path.
        path: String,
        /// Whether it begins again at its end.
        looping: bool,
    },
    /// None.
    Silence,
}

impl Default for Audio {
    fn default() -> Self {
        Self {
            sound: SoundRef::default(),
            adaptive_gain: true,
            bins: None,
            cutoff: None,
            scale: None,
            smooth: None,
        }
    }
}

impl Audio {
    /// Reads one key of `[audio]`; `sources` are those that may be named.
    pub(super) fn read(
        &mut self,
        field: &Field,
        sources: &[SourceEntry],
        place: &Place<'_>,
    ) -> Result<(), ShowError> {
        let value = &field.value;
        let number = |ends, wanted| value.number(place, ends, wanted).map(Some);
        match field.key.as_str() {
            "source" => self.sound = source(value, sources, place)?,
            "gain" => self.adaptive_gain = gain(value, place)?,
            "bins" => self.bins = Some(bins(value, place)?),
            "cutoff" => {
                self.cutoff = number((0.0, 1000.0), "'cutoff' is a loudness, 0 to 1000")?;
            }
            "scale" => {
                self.scale = number((0.001, 1000.0), "'scale' is a loudness, 0.001 to 1000")?;
            }
            "smooth" => self.smooth = number((0.0, 1.0), "'smooth' is a share, 0 to 1")?,
            other => {
                let message = format!("unknown key '{other}' of the audio{}", advice(other, KEYS));
                return Err(place.on(&field.key_span, message));
            }
        }
        Ok(())
    }
}

fn source(
    value: &Written,
    sources: &[SourceEntry],
    place: &Place<'_>,
) -> Result<SoundRef, ShowError> {
    let wanted = "'source' is the name of a source whose sound is heard";
    let name = &value.text(place, wanted)?.content;
    let names = sources.iter().map(|source| source.name.as_str());
    if names.clone().any(|other| other == name) {
        return Ok(SoundRef::Source(name.clone()));
    }
    let message = format!("no source is called '{name}'{}", advice(name, names));
    Err(place.on(&value.span, message))
}

fn gain(value: &Written, place: &Place<'_>) -> Result<bool, ShowError> {
    let names = GAINS.map(|(name, _)| name);
    let wanted = format!("'gain' is {}", names.join(" or "));
    let found = match &value.form {
        Form::Text(text) => GAINS.iter().find(|(name, _)| *name == text.content),
        _ => None,
    };
    found
        .map(|(_, adaptive)| *adaptive)
        .ok_or_else(|| value.wrong(place, &wanted))
}

fn bins(value: &Written, place: &Place<'_>) -> Result<usize, ShowError> {
    let wanted = "'bins' is a whole number from 1 to 24";
    let number = value.number(place, (1.0, 24.0), wanted)?;
    if number.fract() == 0.0 {
        Ok(number as usize)
    } else {
        Err(value.wrong(place, wanted))
    }
}
