use std::fs;
use std::io;
use std::mem;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use v4l::buffer::{Flags, Metadata, Type};
use v4l::format::{Colorspace, Quantization};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::{FrameSizeEnum, Stepwise};
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::prelude::MmapStream;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device as Handle, Format, FourCC, Fraction};

use super::driver::{Driver, Grant, Sample, Stream};
use super::{Device, Mode};
use crate::picture::{Encoding, Matrix, Range, Siting, Size, Wire};
use crate::source::Rate;

/// Video4Linux2, the kernel's own interface (docs.kernel.org, userspace-api/media/v4l).
pub(super) struct V4l2;

/// Buffers that the camera fills in turn.
const BUFFERS: u32 = 4;

/// How long a camera may take from its start to its first picture.
const FIRST_PICTURE: Duration = Duration::from_secs(3);

/// The rate of a camera that does not tell any.
const USUAL_RATE: Rate = (30, 1);

/// The sizes tried in a range of sizes, beside its largest.
const USUAL_SIZES: [Size; 4] = [
    Size::new(640, 480),
    Size::new(1280, 720),
    Size::new(1920, 1080),
    Size::new(3840, 2160),
];

impl Driver for V4l2 {
    fn name(&self) -> &'static str {
        "v4l2"
    }

    fn devices(&self) -> Vec<Device> {
        let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
        let number = |entry: fs::DirEntry| {
            entry
                .file_name()
                .to_str()?
                .strip_prefix("video")?
                .parse()
                .ok()
        };
        let mut numbers: Vec<u32> = entries.filter_map(number).collect();
        numbers.sort_unstable();
        let nodes = numbers
            .into_iter()
            .map(|number| format!("/dev/video{number}"));
        nodes.filter_map(ask).collect()
    }

    fn open(&self, device: &Device, mode: Mode) -> io::Result<Box<dyn Stream>> {
        Ok(Box::new(Running::open(&device.node, mode)?))
    }
}

/// What the camera at `node` is; none if it is another device, like the metadata of a camera.
fn ask(node: String) -> Option<Device> {
    let handle = Handle::with_path(&node).ok()?;
    let capabilities = handle.query_caps().ok()?;
    let formats = handle.enum_formats().ok()?;
    let wires = formats
        .iter()
        .filter_map(|format| Wire::of_fourcc(format.fourcc.repr));
    let modes = wires.flat_map(|wire| modes(&handle, wire));
    (!formats.is_empty()).then(|| Device {
        name: capabilities.card,
        bus: capabilities.bus,
        node,
        modes: modes.collect(),
    })
}

fn modes(handle: &Handle, wire: Wire) -> Vec<Mode> {
    let fourcc = FourCC::new(&wire.fourcc());
    let sizes = handle.enum_framesizes(fourcc).unwrap_or_default();
    let sizes = sizes.into_iter().flat_map(|size| match size.size {
        FrameSizeEnum::Discrete(size) => vec![Size::new(size.width, size.height)],
        FrameSizeEnum::Stepwise(range) => within(&range),
    });
    let with_rates = |size: Size| {
        let mode = move |rate| Mode { wire, size, rate };
        rates(handle, fourcc, size).into_iter().map(mode)
    };
    sizes.flat_map(with_rates).collect()
}

/// The usual sizes in a range, and its largest.
fn within(range: &Stepwise) -> Vec<Size> {
    let largest = Size::new(range.max_width, range.max_height);
    let fits = |least: u32, most: u32, step: u32, value: u32| {
        (least..=most).contains(&value) && (value - least).is_multiple_of(step.max(1))
    };
    let usual = USUAL_SIZES.into_iter().filter(|size| {
        fits(
            range.min_width,
            range.max_width,
            range.step_width,
            size.width,
        ) && fits(
            range.min_height,
            range.max_height,
            range.step_height,
            size.height,
        )
    });
    usual
        .filter(|size| *size != largest)
        .chain([largest])
        .collect()
}

fn rates(handle: &Handle, fourcc: FourCC, size: Size) -> Vec<Rate> {
    let intervals = handle.enum_frameintervals(fourcc, size.width, size.height);
    let rates = intervals
        .unwrap_or_default()
        .into_iter()
        .filter_map(|interval| {
            let shortest = match interval.interval {
                FrameIntervalEnum::Discrete(interval) => interval,
                FrameIntervalEnum::Stepwise(range) => range.min,
            };
            let rate = (shortest.denominator, shortest.numerator);
            (rate.0 > 0 && rate.1 > 0).then_some(rate)
        });
    let rates: Vec<_> = rates.collect();
    if rates.is_empty() {
        vec![USUAL_RATE]
    } else {
        rates
    }
}

struct Running {
    /// None once it was let go.
    stream: Option<MmapStream<'static>>,
    grant: Grant,
    started: bool,
}

impl Running {
    fn open(node: &str, mode: Mode) -> io::Result<Self> {
        let handle = Handle::with_path(node)?;
        let fourcc = FourCC::new(&mode.wire.fourcc());
        let format = handle.set_format(&Format::new(mode.size.width, mode.size.height, fourcc))?;
        if format.fourcc != fourcc {
            let problem = format!("it gives {} instead of {fourcc}", format.fourcc);
            return Err(io::Error::other(problem));
        }
        let interval = Fraction::new(mode.rate.1, mode.rate.0);
        // A camera that cannot be told a rate has its own.
        let rate = match handle.set_params(&Parameters::new(interval)) {
            Ok(granted) if granted.interval.numerator > 0 => {
                (granted.interval.denominator, granted.interval.numerator)
            }
            _ => mode.rate,
        };
        let mut stream = MmapStream::with_buffers(&handle, Type::VideoCapture, BUFFERS)?;
        stream.set_timeout(FIRST_PICTURE);
        let mode = Mode {
            size: Size::new(format.width, format.height),
            rate,
            ..mode
        };
        let grant = Grant {
            mode,
            encoding: encoding(&format),
            stride: format.stride as usize,
        };
        Ok(Self {
            stream: Some(stream),
            grant,
            started: false,
        })
    }
}

impl Stream for Running {
    fn grant(&self) -> Grant {
        self.grant
    }

    fn next(&mut self, patience: Duration) -> io::Result<Option<Sample<'_>>> {
        let Some(stream) = &mut self.stream else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        // The first call starts the camera and waits by itself; after that a picture must be there.
        if self.started {
            match stream.handle().poll(POLLIN, patience.as_millis() as i32) {
                Ok(0) => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(None),
                polled => polled?,
            };
        }
        let (bytes, metadata) = stream.next()?;
        self.started = true;
        let used = (metadata.bytesused as usize).min(bytes.len());
        Ok(Some(Sample {
            bytes: &bytes[..used],
            captured: captured(metadata),
            damaged: metadata.flags.contains(Flags::ERROR),
        }))
    }
}

/// `poll`'s event of a picture that is there (poll(2)).
const POLLIN: i16 = 1;

impl Drop for Running {
    /// The library panics where a camera refuses to stop: such a one is given up, with its buffers.
    fn drop(&mut self) {
        let Some(mut stream) = self.stream.take() else {
            return;
        };
        match stream.stop() {
            Err(error) if error.raw_os_error() != Some(NO_DEVICE) => mem::forget(stream),
            _ => drop(stream),
        }
    }
}

/// `ENODEV`: the camera was unplugged.
const NO_DEVICE: i32 = 19;

/// When the camera took the picture, by the driver's stamp where that has our clock.
fn captured(metadata: &Metadata) -> Instant {
    let now = Instant::now();
    let clock = metadata.flags & Flags::TIMESTAMP_MASK;
    if clock != Flags::TIMESTAMP_MONOTONIC {
        return now;
    }
    let monotonic = clock_gettime(ClockId::Monotonic);
    let stamp = Duration::from(metadata.timestamp);
    let age = Duration::new(monotonic.tv_sec as u64, monotonic.tv_nsec as u32).checked_sub(stamp);
    age.and_then(|age| now.checked_sub(age)).unwrap_or(now)
}

/// What the driver says of the colours, else what V4L2 takes for the usual: BT.601 in limited range, for
/// JPEG in full range.
fn encoding(format: &Format) -> Encoding {
    let jpeg = matches!(format.colorspace, Colorspace::JPEG);
    Encoding {
        matrix: match format.colorspace {
            Colorspace::Rec709 => Matrix::Bt709,
            Colorspace::Rec2020 => Matrix::Bt2020,
            _ => Matrix::Bt601,
        },
        range: match format.quantization {
            Quantization::FullRange => Range::Full,
            Quantization::Default if jpeg => Range::Full,
            _ => Range::Limited,
        },
        siting: Siting::Left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_sizes_gives_the_usual_ones_and_its_largest() {
        let range = Stepwise {
            min_width: 320,
            max_width: 1920,
            step_width: 16,
            min_height: 240,
            max_height: 1080,
            step_height: 2,
        };
        let largest = Size::new(1920, 1080);
        let hd = [Size::new(640, 480), Size::new(1280, 720), largest];
        assert_eq!(within(&range), hd);
        let coarse = Stepwise {
            step_height: 400,
            ..range
        };
        assert_eq!(within(&coarse), [largest]);
    }

    #[test]
    fn colours_are_what_the_driver_says() {
        let mut format = Format::new(1280, 720, FourCC::new(b"YUYV"));
        let said = encoding(&format);
        assert_eq!((said.matrix, said.range), (Matrix::Bt601, Range::Limited));
        format.colorspace = Colorspace::JPEG;
        assert_eq!(encoding(&format).range, Range::Full);
        format.colorspace = Colorspace::Rec709;
        assert_eq!(encoding(&format).matrix, Matrix::Bt709);
        format.quantization = Quantization::FullRange;
        assert_eq!(encoding(&format).range, Range::Full);
    }
}
