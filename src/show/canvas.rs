use super::error::Place;
use super::names::advice;
use super::written::{Field, Form, Written};
use super::{Bits, Canvas, ShowError};
use crate::picture::Size;

const KEYS: [&str; 6] = ["size", "fps", "bits", "seed", "tempo", "alpha"];

/// The largest whole number up to which a TOML number is exact here.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;

impl Canvas {
    /// Reads one key of `[canvas]`.
    pub(super) fn read(&mut self, field: &Field, place: &Place<'_>) -> Result<(), ShowError> {
        let value = &field.value;
        match field.key.as_str() {
            "size" => self.size = Some(size(value, place)?),
            "fps" => self.fps = Some(rate(value, place)?),
            "bits" => self.bits = bits(value, place)?,
            "seed" => self.seed = seed(value, place)?,
            "tempo" => {
                let wanted = "'tempo' is in beats per minute, 1 to 1000";
                self.tempo = Some(value.number(place, (1.0, 1000.0), wanted)?);
            }
            "alpha" => self.alpha = value.switch(place, "'alpha' is true or false")?,
            other => {
                let message = format!("unknown key '{other}' of the canvas{}", advice(other, KEYS));
                return Err(place.on(&field.key_span, message));
            }
        }
        Ok(())
    }
}

/// A size: `[width, height]`, or a text like `1280x720`.
pub(super) fn size(value: &Written, place: &Place<'_>) -> Result<Size, ShowError> {
    let wanted = "'size' is [width, height], 1 to 8192 each";
    let side = |side: &Written| {
        let number = side.number(place, (1.0, f64::from(Size::LARGEST_SIDE)), wanted)?;
        if number.fract() == 0.0 {
            Ok(number as u32)
        } else {
            Err(side.wrong(place, wanted))
        }
    };
    match &value.form {
        Form::List(sides) if sides.len() == 2 => Ok(Size::new(side(&sides[0])?, side(&sides[1])?)),
        Form::Text(text) => text
            .content
            .parse()
            .map_err(|error| place.on(&value.span, format!("{error}"))),
        _ => Err(value.wrong(place, wanted)),
    }
}

/// A rate: a number or a fraction such as `30000/1001`, from 1 to 1000.
pub(super) fn rate(value: &Written, place: &Place<'_>) -> Result<(u32, u32), ShowError> {
    let wanted = "'fps' is a number or a fraction like \"30000/1001\", from 1 to 1000";
    let fraction = match &value.form {
        Form::Text(text) => match text.content.split_once('/') {
            Some((over, under)) => over.trim().parse().ok().zip(under.trim().parse().ok()),
            None => text.content.parse().ok().and_then(fraction),
        },
        Form::Number(number) => fraction(*number),
        _ => None,
    };
    fraction
        .filter(|(over, under)| {
            *under > 0 && (1.0..=1000.0).contains(&(f64::from(*over) / f64::from(*under)))
        })
        .ok_or_else(|| value.wrong(place, wanted))
}

/// A decimal rate as a fraction: 29.97 and its kin are n·1000/1001, as broadcasters mean them.
fn fraction(number: f64) -> Option<(u32, u32)> {
    if !(1.0..=1000.0).contains(&number) {
        return None;
    }
    let nominal = number.ceil();
    let is_ntsc = number.fract() != 0.0 && (number - nominal / 1.001).abs() < 0.005;
    Some(match number.fract() {
        0.0 => (number as u32, 1),
        _ if is_ntsc => ((nominal * 1000.0) as u32, 1001),
        _ => ((number * 1000.0).round() as u32, 1000),
    })
}

fn bits(value: &Written, place: &Place<'_>) -> Result<Bits, ShowError> {
    let wanted = "'bits' is 8 or 16";
    match value.number(place, (8.0, 16.0), wanted)? {
        8.0 => Ok(Bits::Eight),
        16.0 => Ok(Bits::Sixteen),
        _ => Err(value.wrong(place, wanted)),
    }
}

fn seed(value: &Written, place: &Place<'_>) -> Result<u64, ShowError> {
    if let Form::Text(text) = &value.form
        && let Ok(seed) = text.content.parse()
    {
        return Ok(seed);
    }
    let wanted = "'seed' is a whole number from 0 to 9007199254740992";
    let number = value.number(place, (0.0, LARGEST_SEED), wanted)?;
    if number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(value.wrong(place, wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_become_fractions() {
        for (number, wanted) in [
            (25.0, (25, 1)),
            (29.97, (30000, 1001)),
            (59.94, (60000, 1001)),
            (23.976, (24000, 1001)),
            (12.5, (12500, 1000)),
        ] {
            assert_eq!(fraction(number), Some(wanted), "{number}");
        }
        assert_eq!(fraction(0.5), None);
        assert_eq!(fraction(f64::NAN), None);
    }
}
