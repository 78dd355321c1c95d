use std::path::{Path, PathBuf};

/// A file name with one number in it, in printf's manner: `%d`, or `%05d` for a number of at least
/// five digits. `%%` is a percent sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    folder: PathBuf,
    before: String,
    digits: usize,
    after: String,
}

impl Pattern {
    /// The pattern in the last part of `path`, if it holds one.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (start, digits, rest) = first_conversion(name)?;
        Some(Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            before: name[..start].replace("%%", "%"),
            digits,
            after: rest.replace("%%", "%"),
        })
    }

    /// The pattern of `name` in `folder`: its last run of digits becomes the number.
    pub(super) fn around_number(folder: &Path, name: &str) -> Option<Self> {
        let end = name.rfind(|c: char| c.is_ascii_digit())? + 1;
        let start = name[..end]
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| {
                at + name[at..].chars().next().map_or(1, char::len_utf8)
            });
        Some(Self {
            folder: folder.to_owned(),
            before: name[..start].to_owned(),
            digits: if name[start..].starts_with('0') {
                end - start
            } else {
                0
            },
            after: name[end..].to_owned(),
        })
    }

    /// The folder that holds the files.
    pub(super) fn folder(&self) -> &Path {
        match self.folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.folder,
        }
    }

    /// The path of file `number`.
    pub(super) fn path(&self, number: u64) -> PathBuf {
        let Self {
            before,
            digits,
            after,
            ..
        } = self;
        self.folder
            .join(format!("{before}{number:0digits$}{after}"))
    }

    /// The number in `name`, if the name is one of this pattern's.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let text = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let number = text.parse().ok()?;
        let exact = format!("{number:0digits$}", digits = self.digits) == text;
        exact.then_some(number)
    }

    /// The numbers of the files that exist, in order.
    pub(super) fn numbers(&self) -> std::io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in self.folder().read_dir()? {
            numbers.extend(
                entry?
                    .file_name()
                    .to_str()
                    .and_then(|name| self.number(name)),
            );
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let escape = |text: &str| text.replace('%', "%%");
        let number = match self.digits {
            0 => "%d".to_owned(),
            digits => format!("%0{digits}d"),
        };
        let name = escape(&self.before) + &number + &escape(&self.after);
        self.folder.join(name).display().fmt(f)
    }
}

/// Where the first conversion starts, its digits, and what follows it; `%%` is none.
fn first_conversion(name: &str) -> Option<(usize, usize, &str)> {
    let mut at = 0;
    loop {
        at += name[at..].find('%')?;
        let after = &name[at + 1..];
        if let Some((digits, rest)) = conversion(after) {
            return Some((at, digits, rest));
        }
        at += if after.starts_with('%') { 2 } else { 1 };
    }
}

/// Reads `d` or `0Nd` after a percent sign: the digits at least, and what follows.
fn conversion(text: &str) -> Option<(usize, &str)> {
    if let Some(rest) = text.strip_prefix('d') {
        return Some((0, rest));
    }
    let (digits, rest) = text.strip_prefix('0')?.split_once('d')?;
    let digits = digits
        .parse()
        .ok()
        .filter(|digits| (1..=18).contains(digits))?;
    Some((digits, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_go_both_ways() {
        let pattern = Pattern::of(Path::new("dir/a%03d.png")).unwrap();
        assert_eq!(pattern.path(7), Path::new("dir/a007.png"));
        assert_eq!(pattern.path(1234), Path::new("dir/a1234.png"));
        assert_eq!(pattern.number("a007.png"), Some(7));
        assert_eq!(pattern.number("a1234.png"), Some(1234));
        for name in [
            "a7.png",
            "a0007.png",
            "b007.png",
            "a007.jpg",
            "a.png",
            "a+07.png",
        ] {
            assert_eq!(pattern.number(name), None, "{name}");
        }
        assert_eq!(pattern.to_string(), "dir/a%03d.png");
    }

    #[test]
    fn only_d_is_a_pattern() {
        for name in [
            "a.png", "100%.png", "%s.png", "%5d.png", "%%d.png", "%0d.png",
        ] {
            assert_eq!(Pattern::of(Path::new(name)), None, "{name}");
        }
        let pattern = Pattern::of(Path::new("50%%_%d.png")).unwrap();
        assert_eq!(pattern.path(3), Path::new("50%_3.png"));
    }

    #[test]
    fn the_pattern_of_a_name_is_found() {
        let pattern = |name| {
            Pattern::around_number(Path::new("x"), name)
                .unwrap()
                .to_string()
        };
        assert_eq!(pattern("shot2_00041.png"), "x/shot2_%05d.png");
        assert_eq!(pattern("é41.png"), "x/é%d.png");
        assert_eq!(Pattern::around_number(Path::new("x"), "a.png"), None);
    }
}
