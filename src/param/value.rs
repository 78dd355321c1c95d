use std::fmt;
use std::str::FromStr;

/// One to four numbers: a number, a point, a colour. Booleans are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    lanes: [f64; 4],
    width: u8,
}

impl Value {
    /// One number.
    #[must_use]
    pub const fn number(number: f64) -> Self {
        Self {
            lanes: [number, 0.0, 0.0, 0.0],
            width: 1,
        }
    }

    /// Two numbers.
    #[must_use]
    pub const fn point(x: f64, y: f64) -> Self {
        Self {
            lanes: [x, y, 0.0, 0.0],
            width: 2,
        }
    }

    /// As many lanes as numbers are given: 1 to 4, further ones are left out.
    #[must_use]
    pub fn lanes(numbers: &[f64]) -> Self {
        let mut lanes = [0.0; 4];
        let width = numbers.len().clamp(1, 4);
        for (lane, number) in lanes.iter_mut().zip(numbers) {
            *lane = *number;
        }
        Self {
            lanes,
            width: width as u8,
        }
    }

    /// How many lanes there are: 1 to 4.
    #[must_use]
    pub const fn width(self) -> usize {
        self.width as usize
    }

    /// One lane; a single number stands for every lane, a lane that is missing is 0.
    #[must_use]
    pub const fn lane(self, lane: usize) -> f64 {
        if self.width == 1 {
            return self.lanes[0];
        }
        if lane < 4 { self.lanes[lane] } else { 0.0 }
    }

    /// All lanes.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        &self.lanes[..self.width()]
    }

    /// Applies a function to every lane.
    #[must_use]
    pub fn map(self, function: impl Fn(f64) -> f64) -> Self {
        let mut result = self;
        for lane in &mut result.lanes[..self.width as usize] {
            *lane = function(*lane);
        }
        result
    }
}

impl From<bool> for Value {
    fn from(on: bool) -> Self {
        Self::number(f64::from(u8::from(on)))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, number) in self.as_slice().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{number}")?;
        }
        Ok(())
    }
}

/// The text is not a literal.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number, a point (8,0), a colour (#ff8000) or true/false")]
pub struct NotALiteral;

impl FromStr for Value {
    type Err = NotALiteral;

    fn from_str(text: &str) -> Result<Self, NotALiteral> {
        match text {
            "true" | "on" => return Ok(Self::from(true)),
            "false" | "off" => return Ok(Self::from(false)),
            _ => {}
        }
        if let Some(digits) = text.strip_prefix('#') {
            return color(digits).ok_or(NotALiteral);
        }
        let bare = text
            .trim_start_matches(['(', '['])
            .trim_end_matches([')', ']']);
        let numbers: Result<Vec<f64>, _> =
            bare.split(',').map(|part| number(part.trim())).collect();
        let numbers = numbers?;
        if numbers.len() > 4 {
            return Err(NotALiteral);
        }
        Ok(Self::lanes(&numbers))
    }
}

/// Rust also reads "inf" and "nan"; in a show these are names.
fn number(text: &str) -> Result<f64, NotALiteral> {
    let number: f64 = text.parse().map_err(|_| NotALiteral)?;
    if number.is_finite() {
        Ok(number)
    } else {
        Err(NotALiteral)
    }
}

fn color(digits: &str) -> Option<Value> {
    if !matches!(digits.len(), 6 | 8) || !digits.is_ascii() {
        return None;
    }
    let lanes: Option<Vec<f64>> = (0..digits.len())
        .step_by(2)
        .map(|at| {
            u8::from_str_radix(&digits[at..at + 2], 16)
                .ok()
                .map(|byte| f64::from(byte) / 255.0)
        })
        .collect();
    let mut lanes = lanes?;
    lanes.resize(4, 1.0);
    Some(Value::lanes(&lanes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_survive_print_and_parse() {
        for text in ["0.5", "8,-2", "1,0,0.25,1", "-3"] {
            assert_eq!(text.parse::<Value>().expect("a literal").to_string(), text);
        }
        assert_eq!("#ff0000".parse(), Ok(Value::lanes(&[1.0, 0.0, 0.0, 1.0])));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "nan", "inf", "#ff", "1,2,3,4,5", "beat", "1,,2"] {
            assert_eq!(text.parse::<Value>(), Err(NotALiteral), "{text}");
        }
    }
}
