const PRESETS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// There is no preset of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown preset '{name}'{advice}")]
pub struct UnknownPreset {
    name: String,
    advice: String,
}

/// The names of the built-in presets, sorted: keys 1 to 9 of the live window.
pub fn presets() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// The text of a built-in preset.
///
/// # Errors
/// No preset has that name; the message gives the nearest one.
pub fn preset(name: &str) -> Result<&'static str, UnknownPreset> {
    let found = PRESETS.iter().find(|(stem, _)| *stem == name);
    found.map(|(_, text)| *text).ok_or_else(|| UnknownPreset {
        name: name.to_owned(),
        advice: super::names::advice(name, presets()),
    })
}
