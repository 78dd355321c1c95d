use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{
    BufferSize, ErrorKind, FromSample, HostId, InputCallbackInfo, Sample, SampleFormat,
    SizedSample, SupportedBufferSize, SupportedStreamConfig,
};

use super::heartbeat::Heartbeat;
use super::{Choice, DeviceError, Reader, Writer, ring};
use crate::frame_loop::may_block;

/// The system is asked for so many calls a second. Left to itself, PulseAudio calls every other second.
pub(super) const CALLS: u32 = 100;

/// How long the system may take to open a stream.
const OPENING: Duration = Duration::from_secs(4);

/// What is older is a clock that was set wrongly.
const OLDEST: Duration = Duration::from_secs(1);

/// A device that sound comes from.
pub(super) struct Open {
    /// [`super::Input::id`].
    pub(super) id: String,
    pub(super) host: HostId,
    pub(super) heartbeat: Arc<Heartbeat>,
    /// What the system says when it is over.
    failures: Receiver<String>,
    stream: Box<dyn Send>,
}

/// What runs until it is dropped, which may wait for ever, and the ring that it fills.
pub(super) type Parts = (Box<dyn Send>, Reader);

/// Opens the device that is chosen, and gives the ring that its sound comes by. Blocks.
pub(super) fn open(choice: &Choice, host: Option<HostId>) -> Result<(Open, Reader), DeviceError> {
    may_block("open a sound device");
    let refuse = |cause: String| DeviceError::Refused {
        name: choice.name().to_owned(),
        cause,
    };
    let device = choice.device(host)?;
    let id = device.id().map_err(|cause| refuse(cause.to_string()))?;
    let (send, failures) = channel();
    let (stream, reader) = start(&device, &id, &send).map_err(refuse)?;
    let open = Open {
        host: id.host(),
        id: id.to_string(),
        heartbeat: reader.heartbeat(),
        failures,
        stream,
    };
    Ok((open, reader))
}

#[cfg(target_os = "linux")]
fn start(
    device: &cpal::Device,
    id: &cpal::DeviceId,
    failures: &Sender<String>,
) -> Result<Parts, String> {
    if id.host() == HostId::PulseAudio {
        return super::server::open(id.id(), failures).map_err(|cause| cause.to_string());
    }
    start_any(device, failures).map_err(|cause| cause.to_string())
}

#[cfg(not(target_os = "linux"))]
fn start(
    device: &cpal::Device,
    _: &cpal::DeviceId,
    failures: &Sender<String>,
) -> Result<Parts, String> {
    start_any(device, failures).map_err(|cause| cause.to_string())
}

fn start_any(device: &cpal::Device, failures: &Sender<String>) -> Result<Parts, cpal::Error> {
    let config = device.default_input_config()?;
    let built = build(device, &config, buffer(&config), failures);
    // Not every system takes a wish.
    let built = built.or_else(|_| build(device, &config, BufferSize::Default, failures));
    let (stream, reader) = built?;
    stream.play()?;
    Ok((Box::new(stream), reader))
}

/// The frames of each call that are asked for.
fn buffer(config: &SupportedStreamConfig) -> BufferSize {
    let wanted = config.sample_rate() / CALLS;
    match *config.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => {
            BufferSize::Fixed(wanted.clamp(min, max))
        }
        _ => BufferSize::Fixed(wanted),
    }
}

fn build(
    device: &cpal::Device,
    config: &SupportedStreamConfig,
    size: BufferSize,
    failures: &Sender<String>,
) -> Result<(cpal::Stream, Reader), cpal::Error> {
    let (writer, reader) = ring(config.sample_rate(), usize::from(config.channels()));
    let order = Order {
        device,
        config,
        size,
        failures: failures.clone(),
        writer,
    };
    let stream = match config.sample_format() {
        SampleFormat::I8 => order.build::<i8>(),
        SampleFormat::I16 => order.build::<i16>(),
        SampleFormat::I24 => order.build::<cpal::I24>(),
        SampleFormat::I32 => order.build::<i32>(),
        SampleFormat::I64 => order.build::<i64>(),
        SampleFormat::U8 => order.build::<u8>(),
        SampleFormat::U16 => order.build::<u16>(),
        SampleFormat::U24 => order.build::<cpal::U24>(),
        SampleFormat::U32 => order.build::<u32>(),
        SampleFormat::U64 => order.build::<u64>(),
        SampleFormat::F64 => order.build::<f64>(),
        // It refuses what is none of them.
        _ => order.build::<f32>(),
    }?;
    Ok((stream, reader))
}

struct Order<'a> {
    device: &'a cpal::Device,
    config: &'a SupportedStreamConfig,
    size: BufferSize,
    failures: Sender<String>,
    writer: Writer,
}

impl Order<'_> {
    fn build<T: SizedSample>(self) -> Result<cpal::Stream, cpal::Error>
    where
        f32: FromSample<T>,
    {
        let mut config = self.config.config();
        config.buffer_size = self.size;
        let (mut writer, failures) = (self.writer, self.failures);
        let take = move |samples: &[T], info: &InputCallbackInfo| {
            let samples = samples.iter().map(|sample| f32::from_sample(*sample));
            writer.write(samples, age(info));
        };
        let fail = move |error: cpal::Error| {
            if ends(error.kind()) {
                // Nobody may wait for it any more.
                let _ = failures.send(error.to_string());
            }
        };
        let device = self.device;
        device.build_input_stream::<T, _, _>(config, take, fail, Some(OPENING))
    }
}

/// How long ago the first sample of a call was captured.
fn age(info: &InputCallbackInfo) -> Duration {
    let times = info.timestamp();
    let age = times.callback.saturating_duration_since(times.capture);
    age.min(OLDEST)
}

/// Whether a stream is over with an error of this kind.
const fn ends(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged
    )
}

impl Open {
    /// What the system says, if it is over.
    pub(super) fn failure(&self) -> Option<String> {
        self.failures.try_recv().ok()
    }

    /// Closes it on a thread that may be left behind: ALSA's never comes back from a server that is gone.
    pub(super) fn let_go(self) {
        thread::spawn(move || drop(self.stream));
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Open({})", self.id)
    }
}
