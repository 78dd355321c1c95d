//! Who may know whom: the rooms of `src/`, and the only places where an outside library is named.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that drive the others, and so may know every one.
const EVERYTHING: &[&str] = &[
    "audio",
    "cli",
    "control",
    "effect",
    "engine",
    "frame_loop",
    "gpu",
    "health",
    "measure",
    "motion",
    "output",
    "param",
    "picture",
    "plan",
    "session",
    "show",
    "signal",
    "sort",
    "source",
    "ui",
];

/// Each room and the rooms it may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("param", &[]),
    ("picture", &[]),
    // Whatever may wait says so: it knows nobody.
    ("frame_loop", &[]),
    // How cameras, streams and sound devices are, and when they are opened again: it knows nobody.
    ("health", &[]),
    ("audio", &["frame_loop", "health"]),
    ("signal", &["param"]),
    // The sizes and repeats in a header are expressions, refused on the author's own line.
    ("effect", &["frame_loop", "param", "picture", "signal"]),
    (
        "show",
        &["effect", "frame_loop", "param", "picture", "signal"],
    ),
    ("plan", &["effect", "param", "picture", "show"]),
    ("gpu", &["effect", "frame_loop", "param", "picture", "plan"]),
    ("measure", &["picture", "plan", "signal"]),
    ("motion", &["param", "picture", "plan"]),
    ("sort", &["picture", "plan"]),
    (
        "source",
        &["frame_loop", "health", "param", "picture", "signal"],
    ),
    ("output", &["frame_loop", "param", "picture", "signal"]),
    ("control", &["param"]),
    (
        "engine",
        &[
            "effect", "gpu", "measure", "motion", "param", "picture", "plan", "show", "signal",
            "sort",
        ],
    ),
    ("session", EVERYTHING),
    ("ui", EVERYTHING),
    ("cli", EVERYTHING),
    // The crate's root and the program's first function.
    ("lib", EVERYTHING),
    ("main", EVERYTHING),
    ("build", &[]),
];

/// Libraries that stand for a part of the outside world, and the rooms that may name them.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("wgpu", &["gpu"]),
    ("ab_glyph", &["gpu"]),
    ("naga", &["effect", "gpu"]),
    ("winit", &["ui"]),
    ("x11_dl", &["ui"]),
    ("ffmpeg_next", &["output", "source"]),
    ("image", &["cli", "output", "source"]),
    ("nokhwa", &["source"]),
    ("rustix", &["source"]),
    ("v4l", &["source"]),
    ("zune_core", &["source"]),
    ("zune_jpeg", &["source"]),
    ("rustfft", &["audio"]),
    ("cpal", &["audio"]),
    ("pulseaudio", &["audio"]),
    ("rtrb", &["audio"]),
    ("httparse", &["control"]),
    ("mdns_sd", &["control"]),
    ("rosc", &["control"]),
    ("tungstenite", &["control"]),
    ("toml_edit", &["show"]),
    ("clap", &["cli"]),
    ("ctrlc", &["cli"]),
    ("env_logger", &["cli"]),
    ("indicatif", &["session"]),
    ("jiff", &["session"]),
];

/// A source file: where it is below `src/`, and its text.
struct File {
    path: String,
    text: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, mut files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.extend(folders.iter().flat_map(|folder| self::files(folder)));
    files
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| File {
        text: fs::read_to_string(&path).unwrap(),
        path: path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .into_owned(),
    };
    files(&root).into_iter().map(read).collect()
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules its code is below the crate's root.
    fn depth(&self) -> usize {
        let stem = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        match stem {
            "lib" | "main" | "build" => 0,
            _ => stem.split('/').count(),
        }
    }
}

/// Everything that names what it may not, as `src/FILE:LINE: …`.
fn faults(file: &File) -> Vec<String> {
    let room = file.room();
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!(
            "src/{}:1: room '{room}' is not in the table",
            file.path
        )];
    };
    let mut faults = Vec::new();
    let mut at = |offset: usize, message: String| {
        let line = file.text[..offset].matches('\n').count() + 1;
        faults.push(format!("src/{}:{line}: {message}", file.path));
    };
    for (offset, other) in named_rooms(file) {
        if other != room && !allowed.contains(&other.as_str()) {
            at(offset, format!("{room} may not know {other}"));
        }
    }
    for (library, rooms) in LIBRARIES {
        for offset in named_libraries(file, library) {
            if !rooms.contains(&room) {
                at(offset, format!("{room} may not name {library}"));
            }
        }
    }
    faults
}

/// The rooms behind every `crate::` path, one in braces too, and every `super` path that leaves its room.
fn named_rooms(file: &File) -> Vec<(usize, String)> {
    let text = &file.text;
    // The library is `afterimage` to the program's first function.
    let down = ["crate::", "afterimage::"].into_iter().flat_map(|root| {
        let found = text.match_indices(root);
        found.map(move |(offset, _)| (offset, offset + root.len()))
    });
    let all = down.flat_map(|(offset, after)| arrows(offset, &text[after..]));
    let code = |(offset, _): &(usize, String)| is_code(text, *offset) && is_start(text, *offset);
    all.chain(upward(file)).filter(code).collect()
}

fn arrows(offset: usize, rest: &str) -> Vec<(usize, String)> {
    heads(rest).into_iter().map(|head| (offset, head)).collect()
}

/// The rooms named by a chain of `super` that is long enough to leave its own.
fn upward(file: &File) -> Vec<(usize, String)> {
    let text = &file.text;
    let starts = text
        .match_indices("super::")
        .filter(|(offset, _)| is_start(text, *offset));
    let leaving = starts.filter_map(|(offset, _)| {
        let rest = text[offset..].trim_start_matches("super::");
        let ups = (text.len() - offset - rest.len()) / "super::".len();
        (ups >= file.depth()).then(|| arrows(offset, rest))
    });
    let is_room = |(_, head): &(usize, String)| EVERYTHING.contains(&head.as_str());
    leaving.flatten().filter(is_room).collect()
}

/// The first names of a path or of each path of a list in braces.
fn heads(rest: &str) -> Vec<String> {
    let Some(list) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let (mut heads, mut depth, mut begins) = (Vec::new(), 0, true);
    for (offset, letter) in list.char_indices() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && !letter.is_whitespace() => {
                heads.push(word(&list[offset..]));
                begins = false;
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> String {
    let letters = text
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_');
    letters.collect()
}

/// Where a library's name begins a path.
fn named_libraries<'a>(file: &'a File, library: &'a str) -> impl Iterator<Item = usize> + 'a {
    let text = &file.text;
    let path = format!("{library}::");
    let named: Vec<_> = text
        .match_indices(&path)
        .map(|(offset, _)| offset)
        .collect();
    let renamed: Vec<_> = ["use", "extern crate"]
        .iter()
        .flat_map(|keyword| {
            [
                format!("{keyword} {library} as"),
                format!("{keyword} {library};"),
            ]
        })
        .flat_map(|import| {
            text.match_indices(&import)
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        })
        .collect();
    let paths = named.into_iter().filter(|offset| is_start(text, *offset));
    paths.chain(renamed).filter(|offset| is_code(text, *offset))
}

/// Whether a path begins here: it is no part of a longer name or path.
fn is_start(text: &str, offset: usize) -> bool {
    let before = text[..offset].chars().next_back();
    !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
}

fn is_code(text: &str, offset: usize) -> bool {
    let line = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    !text[line..offset].trim_start().starts_with("//")
}

#[test]
fn no_room_knows_what_it_may_not() {
    let faults: Vec<_> = sources().iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let sources = sources();
    let rooms: BTreeSet<_> = sources.iter().map(File::room).collect();
    let table: BTreeSet<_> = ROOMS.iter().map(|(room, _)| *room).collect();
    assert_eq!(rooms, table);
}

#[test]
fn the_table_has_no_circles() {
    // Listed from the ground up: a room knows only those above it, but for the rooms that drive.
    for (index, (room, known)) in ROOMS.iter().enumerate() {
        let earlier: Vec<_> = ROOMS[..index].iter().map(|(name, _)| name).collect();
        let drives = *known == EVERYTHING;
        assert!(
            drives || known.iter().all(|name| earlier.contains(&name)),
            "{room}"
        );
    }
}

#[test]
fn forbidden_arrows_are_found() {
    for (path, text, fault) in [
        (
            "plan/mod.rs",
            "//! Fine.\nuse crate::gpu::Gpu;",
            "src/plan/mod.rs:2: plan may not know gpu",
        ),
        (
            "param/value.rs",
            "fn f(size: crate::picture::Size) {}",
            "param/value.rs:1: param may not know picture",
        ),
        (
            "effect/keys.rs",
            "use crate::{\n    param::{Kind, Value},\n    show::Show,\n};",
            "effect may not know show",
        ),
        (
            "source/film/mod.rs",
            "use super::super::engine::Engine;",
            "source may not know engine",
        ),
        (
            "signal/clock.rs",
            "use super::super::show::Show;",
            "signal may not know show",
        ),
        (
            "picture.rs",
            "use super::gpu::Gpu;",
            "picture may not know gpu",
        ),
        (
            "engine/mod.rs",
            "\n\nlet x = wgpu::Limits::default();",
            "src/engine/mod.rs:3: engine may not name wgpu",
        ),
        (
            "session/live.rs",
            "use winit as w;",
            "session may not name winit",
        ),
        ("newcomer/mod.rs", "", "room 'newcomer' is not in the table"),
    ] {
        let found = faults(&File::new(path, text));
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert!(found[0].contains(fault), "{path}: {found:?}");
    }
}

#[test]
fn allowed_arrows_are_not() {
    for (path, text) in [
        (
            "plan/mod.rs",
            "use crate::effect::Keys;\nuse crate::plan::Read;",
        ),
        (
            "plan/mod.rs",
            "// crate::gpu does what this says, wgpu::Device too.",
        ),
        (
            "signal/parser.rs",
            "mod tests { use super::super::evaluator::Evaluator; }",
        ),
        (
            "source/film/mod.rs",
            "use ffmpeg_next as ffmpeg;\nuse crate::{picture::{Size, Fit}, param};",
        ),
        (
            "gpu/pass.rs",
            "let image = afterimage_wgpu::x(); let t: wgpu::Texture;",
        ),
        ("main.rs", "fn main() { afterimage::cli::main() }"),
    ] {
        assert_eq!(
            faults(&File::new(path, text)),
            Vec::<String>::new(),
            "{path}"
        );
    }
}
