//! What can go wrong while writing.

use std::io;
use std::path::PathBuf;

use crate::picture::Size;

/// An output that cannot be made, or not any further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The name is a folder.
    #[error("'{0}' is a folder: name a file in it, like film.mp4 or %05d.png")]
    Folder(PathBuf),
    /// The extension says nothing of what to write.
    #[error(
        "'{0}' is no output: write a film (.mp4 .mkv .mov .webm), a picture (.png), a sequence \
         (folder/%05d.png) or null"
    )]
    Extension(String),
    /// A motion field's extension says nothing of what to write.
    #[error("'{0}' is no motion field: write its numbers (.flo) or its picture (.png)")]
    FieldExtension(String),
    /// The `%` of a picture's name is not one number.
    #[error(
        "'{0}' has no number pattern: write one %05d (or %d) in the file's name, like %05d.png"
    )]
    NoPattern(String),
    /// The folder to write to is missing.
    #[error(
        "the folder '{folder}' does not exist: create it first, or choose another for '{name}'"
    )]
    NoFolder {
        /// The missing folder.
        folder: PathBuf,
        /// What was to be written.
        name: String,
    },
    /// The system refuses to write.
    #[error("cannot write '{path}': {}", reason(.source))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A film's setting was given for pictures.
    #[error("{0} is for films: leave it out, or write .mp4 .mkv .mov .webm")]
    FilmsOnly(&'static str),
    /// A second picture for one file.
    #[error("'{0}' holds one picture: write one, or a sequence like folder/%05d.png")]
    OnePicture(PathBuf),
    /// Finished before the first picture.
    #[error("no picture came, so '{0}' was not written")]
    Nothing(PathBuf),
    /// A picture is not of the size that was promised.
    #[error("a picture has {got} bytes instead of {expected}: give RGBA of the output's size")]
    FrameBytes {
        /// What came.
        got: usize,
        /// Width times height times four.
        expected: usize,
    },
    /// Built without FFmpeg.
    #[error("this program writes no films: build it with the feature 'media', or write PNG")]
    NoFilms,
    /// The rate is not a number above 0.
    #[error("{0}/{1} pictures per second is no rate: give one above 0")]
    Rate(u32, u32),
    /// A film's name that FFmpeg cannot take.
    #[error("'{0}' is not UTF-8: rename it")]
    NotUtf8(PathBuf),
    /// No such encoder.
    #[error("there is no video encoder '{name}'; this FFmpeg has {near}: see 'ffmpeg -encoders'")]
    UnknownCodec {
        /// What was asked for.
        name: String,
        /// The nearest names, or the usual ones.
        near: String,
    },
    /// The container cannot hold the codec.
    #[error("a .{extension} film cannot hold {codec}: write {instead}")]
    Container {
        /// The container.
        extension: &'static str,
        /// The codec.
        codec: String,
        /// Containers that can.
        instead: String,
    },
    /// No such pixel format, or not with this encoder.
    #[error("{encoder} does not write the pixel format '{name}': choose one of {allowed}")]
    PixelFormat {
        /// The encoder.
        encoder: String,
        /// What was asked for.
        name: String,
        /// What the encoder has.
        allowed: String,
    },
    /// Alpha was asked for where there is none.
    #[error(
        "{0} keeps no alpha: write .webm (libvpx-vp9, yuva420p), .mov (prores_ks, yuva444p10le), \
         .mkv (ffv1, bgra) or PNG"
    )]
    NoAlpha(String),
    /// The encoder has no constant quality.
    #[error("{0} has no crf: leave it out")]
    NoCrf(String),
    /// Constant quality out of range.
    #[error("crf {crf} is out of range for {encoder}: give 0 (best) to {highest}")]
    CrfRange {
        /// What was asked for.
        crf: u32,
        /// The encoder.
        encoder: String,
        /// The worst quality that it knows.
        highest: u32,
    },
    /// The encoder does not open.
    #[error(
        "{encoder} refuses {size} in {pixel_format} ({reason}): choose another size, codec or \
         pixel format"
    )]
    Refused {
        /// The encoder.
        encoder: String,
        /// Size of the pictures.
        size: Size,
        /// FFmpeg's name of the pixel format.
        pixel_format: String,
        /// FFmpeg's word.
        reason: String,
    },
    /// An encoder fails in the middle.
    #[error("{encoder} failed on '{path}' ({reason}): choose another codec")]
    Encode {
        /// The encoder.
        encoder: String,
        /// The film.
        path: PathBuf,
        /// FFmpeg's word.
        reason: String,
    },
    /// The sound cannot be had.
    #[error("no sound from '{path}' ({reason}): choose another file, or none")]
    Sound {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// The system's reason, with advice where there is some.
fn reason(error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull => "no space left on device: free some or choose another folder",
        io::ErrorKind::QuotaExceeded => "quota exceeded: free some or choose another folder",
        io::ErrorKind::FileTooLarge => "file too large for this place: choose another folder",
        io::ErrorKind::PermissionDenied => "permission denied: choose another folder",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: choose another folder",
        _ => return error.to_string(),
    };
    advice.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_what_to_do() {
        let error = OutputError::Write {
            path: "out.mp4".into(),
            source: io::ErrorKind::StorageFull.into(),
        };
        let text = "cannot write 'out.mp4': no space left on device: free some or choose another \
                    folder";
        assert_eq!(error.to_string(), text);
    }
}
