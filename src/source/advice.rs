use std::collections::HashMap;
use std::path::Path;

use super::pattern::Pattern;

/// What to do about a path that does not exist: the nearest name in its folder.
pub(super) fn for_missing(path: &Path) -> String {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Some(names) = names(folder) else {
        return format!("there is no folder {} either", folder.display());
    };
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    match nearest(&wanted, &names) {
        Some(name) => format!("did you mean {}?", path.with_file_name(name).display()),
        None => format!("look for its name with 'ls {}'", folder.display()),
    }
}

/// What to do about a folder: the pattern that most of its files have.
pub(super) fn for_directory(path: &Path) -> String {
    let names = names(path).unwrap_or_default();
    let mut patterns = HashMap::<String, usize>::new();
    for name in names.iter().filter(|name| is_image(name)) {
        if let Some(pattern) = Pattern::around_number(path, name) {
            *patterns.entry(pattern.to_string()).or_default() += 1;
        }
    }
    let commonest = patterns
        .into_iter()
        .max_by(|(a, many), (b, more)| many.cmp(more).then(b.cmp(a)));
    match (commonest, names.first()) {
        (Some((pattern, _)), _) => format!("for its images in order write {pattern}"),
        (None, Some(name)) => format!("name a file in it, like {}", path.join(name).display()),
        (None, None) => "and it is empty; name a film or an image".to_owned(),
    }
}

/// The names in a folder, sorted; none if it cannot be listed.
fn names(folder: &Path) -> Option<Vec<String>> {
    let entries = folder.read_dir().ok()?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_unstable();
    Some(names)
}

/// The name most like `wanted`, if one is like it at all.
fn nearest<'a>(wanted: &str, names: &'a [String]) -> Option<&'a String> {
    let likeness = |name: &String| strsim::normalized_damerau_levenshtein(wanted, name);
    let scored = names.iter().map(|name| (likeness(name), name));
    let (score, name) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (score >= 0.5).then_some(name)
}

fn is_image(name: &str) -> bool {
    ::image::ImageFormat::from_path(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        folder
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one() {
        let folder = folder(&["rabbit.mp4", "clouds.mkv"]);
        let advice = for_missing(&folder.path().join("rabit.mp4"));
        assert!(advice.ends_with("/rabbit.mp4?"), "{advice}");
        let advice = for_missing(&folder.path().join("zzzzzzzzzzzz"));
        assert!(advice.starts_with("look for"), "{advice}");
        let advice = for_missing(&folder.path().join("no/rabbit.mp4"));
        assert!(advice.contains("no folder"), "{advice}");
    }

    #[test]
    fn a_folder_gets_the_pattern_of_its_images() {
        let images = folder(&["a0001.png", "a0002.png", "other_1.png", "notes7.txt"]);
        let advice = for_directory(images.path());
        assert!(advice.ends_with("/a%04d.png"), "{advice}");
        let advice = for_directory(folder(&["film.mp4"]).path());
        assert!(advice.ends_with("/film.mp4"), "{advice}");
        assert!(for_directory(folder(&[]).path()).contains("empty"));
    }
}
