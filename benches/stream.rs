//! The stream that both programs read.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

/// Pictures in the stream.
pub(crate) const FRAMES: u32 = 360;
/// Pixels in a row.
pub(crate) const WIDTH: u32 = 1920;
/// Rows.
pub(crate) const HEIGHT: u32 = 1080;

/// Makes the stream of the bundled clip by ffmpeg, or where there is none a synthetic one. Says whether there
/// is an ffmpeg.
pub(crate) fn make(path: &Path) -> Result<bool> {
    let clip = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rabbit.mp4");
    let scale = format!("scale={WIDTH}:{HEIGHT},setsar=1");
    let frames = FRAMES.to_string();
    let status = Command::new("ffmpeg")
        .args([
            "-loglevel",
            "error",
            "-stream_loop",
            "-1",
            "-i",
            clip,
            "-vf",
            &scale,
        ])
        .args([
            "-frames:v",
            &frames,
            "-pix_fmt",
            "yuv420p",
            "-f",
            "yuv4mpegpipe",
        ])
        .arg(path)
        .status();
    match status {
        Err(error) if error.kind() == ErrorKind::NotFound => synthetic(path).map(|()| false),
        status => {
            ensure!(status?.success(), "ffmpeg cannot decode the bundled clip");
            Ok(true)
        }
    }
}

/// Diagonal bars that move, in slowly turning colours.
fn synthetic(path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg")?;
    for frame in 0..FRAMES {
        file.write_all(b"FRAME\n")?;
        for (width, height, speed) in [
            (WIDTH, HEIGHT, 8),
            (WIDTH / 2, HEIGHT / 2, 1),
            (WIDTH / 2, HEIGHT / 2, 3),
        ] {
            let sample = |at: u32| (at % width + at / width + frame * speed) as u8;
            let plane: Vec<u8> = (0..width * height).map(sample).collect();
            file.write_all(&plane)?;
        }
    }
    Ok(file.flush()?)
}
