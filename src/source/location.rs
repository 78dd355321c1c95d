use std::fmt;
use std::path::PathBuf;

use super::{SourceError, clip};

/// Where pictures come from, as written on the command line or in a show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// `-`: YUV4MPEG2 on standard input.
    Stdin,
    /// `scheme://…`: a network stream.
    Stream(String),
    /// `camera`, `camera:N` or `camera:NAME`.
    Camera(Camera),
    /// `generator:NAME[:key=value…]`: an effect that needs no picture.
    Generator {
        /// The effect's stem.
        name: String,
        /// `key=value:key=value`, in the grammar of `-e`; empty for the defaults.
        settings: String,
    },
    /// A film, an image, or the pattern of an image sequence.
    Path(PathBuf),
}

/// Which camera.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Camera {
    /// The first one there is.
    First,
    /// By number, from 0.
    Number(u32),
    /// By a part of its name.
    Name(String),
}

const EMPTY: &str =
    "write a path, '-', 'camera', 'clip', 'generator:NAME' or an address like 'rtsp://host'";

impl Location {
    /// Reads a SOURCE of the command line; `clip` is the clip that comes with the program. `./` before a name makes it a path whatever it looks like.
    ///
    /// # Errors
    /// Empty text, and `camera:` or `generator:` with nothing after it.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let nothing = |cure| {
            let text = text.to_owned();
            Err(SourceError::NotALocation { text, cure })
        };
        if text.is_empty() {
            nothing(EMPTY)
        } else if text == "-" {
            Ok(Self::Stdin)
        } else if text == clip::WORD {
            Ok(Self::Path(clip::path()))
        } else if text == "camera" {
            Ok(Self::Camera(Camera::First))
        } else if let Some(camera) = text.strip_prefix("camera:") {
            match camera {
                "" => nothing("write 'camera', 'camera:0' or 'camera:NAME'"),
                _ => Ok(Self::Camera(Camera::parse(camera))),
            }
        } else if let Some(generator) = text.strip_prefix("generator:") {
            match generator.split_once(':').unwrap_or((generator, "")) {
                ("", _) => nothing("write 'generator:NAME', like 'generator:test_card'"),
                (name, settings) => Ok(Self::Generator {
                    name: name.to_owned(),
                    settings: settings.to_owned(),
                }),
            }
        } else if let Some(path) = text.strip_prefix("file://") {
            Ok(Self::Path(path.into()))
        } else if is_address(text) {
            Ok(Self::Stream(text.to_owned()))
        } else {
            Ok(Self::Path(text.into()))
        }
    }
}

impl Location {
    /// Whether it keeps its own time: its pictures cannot wait, and none can be had twice.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Camera(_) | Self::Stream(_))
    }
}

impl Camera {
    fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Name(text.to_owned()),
        }
    }
}

impl fmt::Display for Camera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => f.write_str("camera"),
            Self::Number(number) => write!(f, "camera:{number}"),
            Self::Name(name) => write!(f, "camera:{name}"),
        }
    }
}

/// Whether `text` starts with a scheme (RFC 3986, 3.1) and `://`.
fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("-"),
            Self::Stream(address) => f.write_str(address),
            Self::Camera(camera) => camera.fmt(f),
            Self::Generator { name, settings } if settings.is_empty() => {
                write!(f, "generator:{name}")
            }
            Self::Generator { name, settings } => write!(f, "generator:{name}:{settings}"),
            Self::Path(path) => {
                let text = path.to_string_lossy();
                let plain = Self::parse(&text).is_ok_and(|location| location == *self);
                write!(f, "{}{text}", if plain { "" } else { "./" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Location {
        Location::Path(text.into())
    }

    #[test]
    fn every_form_parses_and_prints_back() {
        let generator = |name: &str, settings: &str| Location::Generator {
            name: name.into(),
            settings: settings.into(),
        };
        assert!(path("clip") != Location::parse("clip").unwrap());
        let forms = [
            ("./clip", path("./clip")),
            ("-", Location::Stdin),
            (
                "rtsp://host:8554/x",
                Location::Stream("rtsp://host:8554/x".into()),
            ),
            ("camera", Location::Camera(Camera::First)),
            ("camera:2", Location::Camera(Camera::Number(2))),
            (
                "camera:USB Cam",
                Location::Camera(Camera::Name("USB Cam".into())),
            ),
            ("generator:gradient", generator("gradient", "")),
            (
                "generator:gradient:a=1:b=2",
                generator("gradient", "a=1:b=2"),
            ),
            ("film.mp4", path("film.mp4")),
            ("./camera", path("./camera")),
            ("dir/%05d.png", path("dir/%05d.png")),
            ("odd:name.mp4", path("odd:name.mp4")),
            ("a b://c", path("a b://c")),
        ];
        for (text, location) in forms {
            assert_eq!(Location::parse(text).unwrap(), location);
            assert_eq!(location.to_string(), text);
        }
    }

    #[test]
    fn a_path_that_looks_like_something_else_prints_as_a_path() {
        assert_eq!(path("camera").to_string(), "./camera");
        assert_eq!(path("-").to_string(), "./-");
        assert_eq!(
            Location::parse("file:///a/b.mp4").unwrap(),
            path("/a/b.mp4")
        );
    }

    #[test]
    fn nothing_after_the_colon_says_what_to_write() {
        for text in ["", "camera:", "generator:", "generator::a=1"] {
            let message = Location::parse(text).unwrap_err().to_string();
            assert!(message.contains("write "), "{message}");
        }
    }
}
