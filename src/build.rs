//! Lists the files of `shaders/` and `presets/`, so that a new one needs no entry anywhere.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    for (folder, extension) in [("shaders", "wgsl"), ("presets", "toml")] {
        println!("cargo::rerun-if-changed={folder}");
        let list = list(&Path::new(&root).join(folder), extension)?;
        fs::write(Path::new(&out).join(format!("{folder}.rs")), list)?;
    }
    Ok(())
}

fn list(folder: &Path, extension: &str) -> io::Result<String> {
    let mut paths: Vec<_> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    let rows = paths.iter().map(|path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        format!("({stem:?}, include_str!({path:?})),\n")
    });
    Ok(format!("&[\n{}]", rows.collect::<String>()))
}
