//! What the README tells a newcomer to type is right.

use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The README's fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let fence = format!("```{language}\n");
    let after = text.split(&fence).skip(1);
    after
        .filter_map(|block| block.split("```").next())
        .map(ToOwned::to_owned)
        .collect()
}

/// What a command line gets added so that it runs here and ends soon.
fn short(line: &str) -> String {
    let program = env!("CARGO_BIN_EXE_afterimage");
    let line = line.replacen("afterimage", &format!("'{program}'"), 1);
    let line = line.replace("assets/", &format!("'{ROOT}'/assets/"));
    match line.split_whitespace().nth(1) {
        Some("live") => line + " --headless --stepped --seconds 0.1",
        Some("render") if !line.contains("--frames") => line + " --frames 5",
        _ => line,
    }
}

fn run(line: &str, folder: &Path) {
    let output = Command::new("sh")
        .args(["-c", &short(line)])
        .current_dir(folder)
        .output();
    let output = output.expect("a shell");
    assert!(
        output.status.success(),
        "{line}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_first_show_runs_as_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let [show] = blocks("toml").try_into().expect("one show");
    fs::write(folder.path().join("spiral.toml"), show).expect("the show");
    let commands = blocks("sh").concat();
    let lines = commands
        .lines()
        .filter(|line| line.starts_with("afterimage"));
    let count = lines.inspect(|line| run(line, folder.path())).count();
    assert!(count >= 7, "only {count} commands were found");
    assert!(
        folder
            .path()
            .join("spiral.mp4")
            .metadata()
            .expect("the film")
            .len()
            > 0
    );
    assert!(folder.path().join("frames/00029.png").is_file());
}

#[test]
fn its_pages_exist() {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let missing: Vec<&str> = targets
        .filter(|target| !Path::new(ROOT).join(target).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
