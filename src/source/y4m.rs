use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use self::header::Header;
use super::planes::{Extent, Spares, extents};
use super::{Info, Rate, Source, SourceError, pictures, seconds};
use crate::picture::{Picture, Plane};

mod header;

/// How every stream starts.
pub(super) const MAGIC: &[u8] = b"YUV4MPEG2";

/// What stands before each picture.
const MARK: &[u8; 6] = b"FRAME\n";

/// The longest header line that is read; real ones have about a hundred bytes.
const LONGEST_LINE: u64 = 4096;

/// Uncompressed video as the MJPEG tools pipe it (yuv4mpeg(5); FFmpeg's `libavformat/yuv4mpegdec.c`).
/// The samples are read straight into the planes.
pub struct Y4m {
    reader: BufReader<Box<dyn Read + Send>>,
    place: String,
    file: Option<PathBuf>,
    rate: Rate,
    /// Every picture but for its planes, time and number.
    shape: Picture,
    extents: Vec<Extent>,
    header_bytes: u64,
    info: Info,
    next: u64,
    spares: Spares,
}

impl fmt::Debug for Y4m {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Y4m({}, {})", self.place, self.info.description)
    }
}

impl Y4m {
    /// Reads the stream on standard input; blocks until its header is there.
    ///
    /// # Errors
    /// A closed input, or one that is no YUV4MPEG2.
    pub fn stdin() -> Result<Self, SourceError> {
        let place = "standard input";
        let refuse = |cause| SourceError::read(place, cause);
        Self::over(stdin().map_err(refuse)?, place.to_owned())
    }

    /// Reads a named pipe once; blocks until its header is there.
    ///
    /// # Errors
    /// A pipe that cannot be read or carries no YUV4MPEG2.
    pub fn pipe(path: &Path) -> Result<Self, SourceError> {
        Self::over(file(path)?, path.display().to_string())
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// A file that cannot be read or is no YUV4MPEG2.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let mut source = Self::pipe(path)?;
        source.file = Some(path.to_owned());
        source.info.rewinds = true;
        source.count(path);
        Ok(source)
    }

    /// Reads any stream of bytes, called `place` in messages.
    ///
    /// # Errors
    /// A stream that cannot be read or is no YUV4MPEG2.
    pub fn over(bytes: Box<dyn Read + Send>, place: String) -> Result<Self, SourceError> {
        let mut reader = BufReader::new(bytes);
        let line = line(&mut reader, &place)?.unwrap_or_default();
        let header =
            Header::parse(&line).map_err(|problem| SourceError::contents(&place, problem))?;
        SourceError::check_size(&place, header.size)?;
        if header.interlaced {
            log::warn!("{place}: is interlaced; both fields are shown as one picture");
        }
        let shape = header.shape();
        let info = Info {
            rate: Some(header.rate),
            rewinds: false,
            ..Info::of(&shape, header.description())
        };
        Ok(Self {
            reader,
            place,
            file: None,
            rate: header.rate,
            extents: extents(&shape.format, shape.size),
            header_bytes: line.len() as u64 + 1,
            shape,
            info,
            next: 0,
            spares: Spares::default(),
        })
    }

    /// Counts the pictures of a file by its length, as if no picture had a header of its own.
    fn count(&mut self, path: &Path) {
        let picture = self.picture_bytes();
        let bytes = path.metadata().ok().map(|metadata| metadata.len());
        let frames = bytes.map(|bytes| bytes.saturating_sub(self.header_bytes) / picture);
        self.info.frames = frames;
        self.info.duration = frames.map(|frames| seconds(frames, self.rate));
    }

    /// The bytes of a picture without a header of its own.
    fn picture_bytes(&self) -> u64 {
        let planes: usize = self.extents.iter().map(|extent| extent.bytes()).sum();
        (planes + MARK.len()) as u64
    }

    /// Reads the planes of one picture; none if the stream stops before they are full.
    fn planes(&mut self) -> Result<Option<Vec<Plane>>, SourceError> {
        let mut planes = Vec::with_capacity(self.extents.len());
        for extent in &self.extents {
            let mut bytes = self.spares.take(extent.bytes());
            match self.reader.read_exact(&mut bytes) {
                Ok(()) => planes.push(Plane {
                    bytes,
                    stride: extent.row,
                }),
                Err(cause) if cause.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(cause) => return Err(SourceError::read(&self.place, cause)),
            }
        }
        Ok(Some(planes))
    }

    fn warn_truncated(&self) {
        log::warn!(
            "{}: stops in the middle of picture {}, which is left out",
            self.place,
            self.next
        );
    }
}

impl Source for Y4m {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        match line(&mut self.reader, &self.place)? {
            None => return Ok(None),
            Some(line) if line.starts_with(b"FRAME") => {}
            Some(line) if b"FRAME".starts_with(&line) => {
                self.warn_truncated();
                return Ok(None);
            }
            Some(_) => {
                let problem = format!(
                    "picture {} does not start with FRAME; the stream is damaged, make it again",
                    self.next
                );
                return Err(SourceError::contents(&self.place, problem));
            }
        }
        let Some(planes) = self.planes()? else {
            self.warn_truncated();
            return Ok(None);
        };
        let sequence = self.next;
        self.next += 1;
        Ok(Some(Picture {
            planes,
            time: seconds(sequence, self.rate),
            sequence,
            ..self.shape.clone()
        }))
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        let Some(path) = &self.file else {
            return Err(SourceError::OneWay(self.place.clone()));
        };
        self.reader = BufReader::new(file(path)?);
        line(&mut self.reader, &self.place)?;
        self.next = 0;
        Ok(())
    }

    /// Goes to where the picture is if no picture has a header of its own; else to the first one.
    fn seek(&mut self, position: f64) -> Result<(), SourceError> {
        self.rewind()?;
        let Some(path) = &self.file else {
            return Ok(());
        };
        let last = self.info.frames.unwrap_or_default().saturating_sub(1);
        let number = pictures(position.max(0.0), self.rate).min(last);
        let refuse = |cause| SourceError::read(path.display(), cause);
        let mut file = File::open(path).map_err(refuse)?;
        let mut word = [0; MARK.len()];
        let at = self.header_bytes + number * self.picture_bytes();
        file.seek(SeekFrom::Start(at)).map_err(refuse)?;
        if number > 0 && file.read_exact(&mut word).is_ok() && word == *MARK {
            file.seek(SeekFrom::Start(at)).map_err(refuse)?;
            self.reader = BufReader::new(Box::new(file));
            self.next = number;
        }
        Ok(())
    }

    fn end(&self) -> f64 {
        seconds(self.next, self.rate)
    }

    fn recycle(&mut self, picture: Picture) {
        self.spares.give(picture.planes);
    }
}

fn file(path: &Path) -> Result<Box<dyn Read + Send>, SourceError> {
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(cause) => Err(SourceError::read(path.display(), cause)),
    }
}

/// Standard input without the lock and the small buffer of `std::io::stdin`.
#[cfg(unix)]
fn stdin() -> std::io::Result<Box<dyn Read + Send>> {
    use std::os::fd::AsFd;
    let descriptor = std::io::stdin().as_fd().try_clone_to_owned()?;
    Ok(Box::new(File::from(descriptor)))
}

/// Standard input.
#[cfg(not(unix))]
fn stdin() -> std::io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(std::io::stdin()))
}

/// The next line without its end; none at the end of the stream.
fn line(reader: &mut impl BufRead, place: &str) -> Result<Option<Vec<u8>>, SourceError> {
    let mut line = Vec::new();
    reader
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|cause| SourceError::read(place, cause))?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.is_empty() {
        return Ok(None);
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{Matrix, Range, Size};

    fn source(bytes: &[u8]) -> Result<Y4m, SourceError> {
        let bytes = std::io::Cursor::new(bytes.to_vec());
        Y4m::over(Box::new(bytes), "stream".to_owned())
    }

    const TWO: &[u8] = b"YUV4MPEG2 W2 H2 F25:1 C420jpeg\nFRAME\nabcdefFRAME Ip\nghijkl";

    #[test]
    fn planes_are_read_in_order() {
        let mut source = source(TWO).unwrap();
        let first = source.next().unwrap().unwrap();
        let planes: Vec<_> = first.planes.iter().map(|plane| &plane.bytes[..]).collect();
        assert_eq!(planes, [&b"abcd"[..], b"e", b"f"]);
        assert_eq!((first.size, first.planes[0].stride), (Size::new(2, 2), 2));
        assert_eq!(first.encoding.matrix, Matrix::Bt601);
        assert_eq!(first.encoding.range, Range::Limited);
        source.recycle(first);
        let second = source.next().unwrap().unwrap();
        assert_eq!((second.time, second.sequence), (0.04, 1));
        assert_eq!(second.planes[0].bytes, b"ghij");
        assert!(source.next().unwrap().is_none());
        assert_eq!(source.end(), 0.08);
    }

    #[test]
    fn a_cut_stream_ends_after_its_whole_pictures() {
        for cut in [TWO.len() - 1, TWO.len() - 6, TWO.len() - 10] {
            let mut source = source(&TWO[..cut]).unwrap();
            assert!(source.next().unwrap().is_some());
            assert!(source.next().unwrap().is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn damage_between_pictures_is_an_error() {
        let mut damaged = TWO.to_vec();
        let second = damaged
            .windows(5)
            .rposition(|five| five == b"FRAME")
            .unwrap();
        damaged[second] = b'X';
        let mut source = source(&damaged).unwrap();
        assert!(source.next().unwrap().is_some());
        let message = source.next().unwrap_err().to_string();
        assert!(
            message.contains("picture 1 does not start with FRAME"),
            "{message}"
        );
    }

    #[test]
    fn a_pipe_cannot_be_rewound_and_a_file_can() {
        assert!(matches!(
            source(TWO).unwrap().rewind(),
            Err(SourceError::OneWay(_))
        ));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.y4m");
        std::fs::write(&path, TWO).unwrap();
        let mut source = Y4m::open(&path).unwrap();
        let first = source.next().unwrap().unwrap();
        source.next().unwrap();
        source.rewind().unwrap();
        assert_eq!(source.next().unwrap().unwrap(), first);
        assert_eq!(source.info().frames, Some(2));
    }

    #[test]
    fn a_seek_is_exact_or_goes_to_the_first_picture() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.y4m");
        let header: &[u8] = b"YUV4MPEG2 W2 H2 F25:1 Cmono\n";
        std::fs::write(
            &path,
            [header, b"FRAME\naaaaFRAME\nbbbbFRAME\ncccc"].concat(),
        )
        .unwrap();
        let mut file = Y4m::open(&path).unwrap();
        for (position, time) in [(0.09, 0.08), (0.0, 0.0), (0.05, 0.04), (9.0, 0.08)] {
            file.seek(position).unwrap();
            assert_eq!(file.next().unwrap().unwrap().time, time);
        }
        std::fs::write(&path, [header, b"FRAME I\naaaaFRAME\nbbbb"].concat()).unwrap();
        let mut file = Y4m::open(&path).unwrap();
        file.seek(0.05).unwrap();
        assert_eq!(file.next().unwrap().unwrap().time, 0.0);
    }
}
