//! The four containers.

use std::ffi::CString;
use std::path::Path;

use ffmpeg::codec::Id;
use ffmpeg::ffi;
use ffmpeg_next as ffmpeg;

use super::super::OutputError;
use super::super::target::extension;

/// A container and what goes into it where nothing else is asked for.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) extension: &'static str,
    /// FFmpeg's muxer.
    pub(super) muxer: &'static str,
    /// Video encoders without alpha; the first that this FFmpeg has is taken.
    pub(super) codecs: &'static [&'static str],
    /// Video encoder with alpha, where the container has one.
    pub(super) alpha_codec: Option<&'static str>,
    /// Audio encoder for sound that the container cannot hold as it is.
    pub(super) sound_codec: &'static str,
    /// Options of the muxer for a film that is whole when it gets its name.
    pub(super) whole: Options,
    /// And for one that grows: what it collects before it writes, less than a second.
    pub(super) growing: Options,
}

/// Names and values of FFmpeg's options.
pub(super) type Options = &'static [(&'static str, &'static str)];

/// The index at the front, so that a film plays while it loads.
const INDEX_FIRST: Options = &[("movflags", "+faststart")];

/// No index, but fragments of a tenth of a second, in microseconds.
const FRAGMENTS: Options = &[
    ("movflags", "+empty_moov+default_base_moof"),
    ("frag_duration", "100000"),
];

/// Clusters of a tenth of a second, in milliseconds.
const CLUSTERS: Options = &[("cluster_time_limit", "100")];

/// Some distributions leave the first out of their FFmpeg.
const USUAL: &[&str] = &["libx264", "libopenh264", "mpeg4"];

const CONTAINERS: [Container; 4] = [
    Container {
        extension: "mp4",
        muxer: "mp4",
        codecs: USUAL,
        alpha_codec: None,
        sound_codec: "aac",
        whole: INDEX_FIRST,
        growing: FRAGMENTS,
    },
    Container {
        extension: "mkv",
        muxer: "matroska",
        codecs: USUAL,
        alpha_codec: Some("ffv1"),
        sound_codec: "aac",
        whole: &[],
        growing: CLUSTERS,
    },
    Container {
        extension: "mov",
        muxer: "mov",
        codecs: USUAL,
        alpha_codec: Some("prores_ks"),
        sound_codec: "aac",
        whole: INDEX_FIRST,
        growing: FRAGMENTS,
    },
    Container {
        extension: "webm",
        muxer: "webm",
        codecs: &["libvpx-vp9", "libvpx"],
        alpha_codec: Some("libvpx-vp9"),
        sound_codec: "libopus",
        whole: &[],
        growing: CLUSTERS,
    },
];

impl Container {
    /// The container that a film's extension names.
    pub(super) fn of(path: &Path) -> Result<&'static Self, OutputError> {
        let extension = extension(path);
        let found = CONTAINERS
            .iter()
            .find(|container| container.extension == extension);
        found.ok_or_else(|| OutputError::Extension(path.display().to_string()))
    }

    /// Whether FFmpeg's muxer takes packets of a codec.
    pub(super) fn holds(&self, codec: Id) -> bool {
        let name = CString::new(self.muxer).expect("a muxer's name has no zero byte");
        // SAFETY: the name ends with a zero byte, and a format found is static.
        unsafe {
            let format = ffi::av_guess_format(name.as_ptr(), std::ptr::null(), std::ptr::null());
            let normal = ffi::FF_COMPLIANCE_NORMAL;
            !format.is_null() && ffi::avformat_query_codec(format, codec.into(), normal) == 1
        }
    }

    /// Whether the alpha of a codec arrives: that of VP8 and VP9 lies in blocks beside the picture,
    /// which only Matroska has.
    pub(super) fn holds_alpha_of(&self, codec: Id) -> bool {
        let beside = matches!(codec, Id::VP8 | Id::VP9);
        !beside || matches!(self.muxer, "matroska" | "webm")
    }

    /// That a video codec goes into it.
    pub(super) fn check(&self, codec: Id) -> Result<(), OutputError> {
        if self.holds(codec) {
            return Ok(());
        }
        let others = CONTAINERS.iter().filter(|other| other.holds(codec));
        let others: Vec<_> = others
            .map(|other| format!(".{}", other.extension))
            .collect();
        let instead = if others.is_empty() {
            format!("another codec, like {}", self.codecs[0])
        } else {
            others.join(" or ")
        };
        Err(OutputError::Container {
            extension: self.extension,
            codec: codec.name().to_owned(),
            instead,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(name: &str) -> &'static Container {
        Container::of(Path::new(name)).unwrap()
    }

    #[test]
    fn containers_hold_what_they_can() {
        assert!(container("a.mp4").holds(Id::AAC));
        assert!(container("a.mov").holds(Id::PCM_S16LE));
        assert!(container("a.mkv").holds(Id::FFV1));
        assert!(!container("a.mp4").holds(Id::PCM_S16LE));
        assert!(!container("a.webm").holds(Id::AAC));
    }

    #[test]
    fn the_error_names_a_container_that_can() {
        let error = container("a.webm").check(Id::H264).unwrap_err().to_string();
        assert!(error.contains(".webm film cannot hold h264"), "{error}");
        assert!(error.contains(".mp4 or .mkv or .mov"), "{error}");
    }
}
