use std::path::Path;

use super::Failure;
use crate::output::{Pattern, Target};
use crate::show::Show;
use crate::source::Location;

/// Refuses to write over a file that the show reads.
pub(super) fn refuse_own_source(
    target: &Target,
    show: &Show,
    sound: Option<&str>,
) -> Result<(), Failure> {
    let pictures = show.sources.iter().map(|source| source.location.as_str());
    let own = pictures.chain(sound).find(|location| {
        matches!(Location::parse(location), Ok(Location::Path(path)) if is_same(target, &path))
    });
    own.map_or(Ok(()), |own| {
        let advice = format!("'{own}' is read by this show: write to another name");
        Err(Failure::usage(advice))
    })
}

fn is_same(target: &Target, source: &Path) -> bool {
    let is_one = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    match target {
        Target::Null => false,
        Target::Film(path) | Target::Image(path) => is_one(path, source),
        Target::Sequence(pattern) => {
            let name = |pattern: &Pattern| pattern.path(0).file_name().map(ToOwned::to_owned);
            let other = source
                .to_str()
                .and_then(|source| Pattern::parse(source).ok());
            other.is_some_and(|other| {
                name(&other) == name(pattern) && is_one(other.folder(), pattern.folder())
            })
        }
    }
}
