use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use cpal::traits::DeviceTrait;
use cpal::{
    BufferSize, DeviceId, ErrorKind, FromSample, HostId, SampleFormat, SizedSample,
    SupportedBufferSize, SupportedStreamConfig,
};

use super::heartbeat::Heartbeat;
use super::{Choice, DeviceError};
use crate::frame_loop::may_block;

/// The system is asked for so many calls a second. Left to itself, PulseAudio calls every other second.
pub(super) const CALLS: u32 = 100;

/// How long the system may take to open a stream.
pub(super) const OPENING: Duration = Duration::from_secs(4);

/// What is further off is a clock that was set wrongly.
pub(super) const FURTHEST: Duration = Duration::from_secs(1);

/// A device that is open.
pub(super) struct Open {
    /// [`super::Port::id`].
    pub(super) id: String,
    pub(super) host: HostId,
    pub(super) heartbeat: Arc<Heartbeat>,
    /// What the system says when it is over.
    failures: Receiver<String>,
    stream: Box<dyn Send>,
}

/// A stream of sound that runs.
pub(super) struct Running<End> {
    /// It runs until this is dropped, which may wait for ever.
    pub(super) stream: Box<dyn Send>,
    /// When the device last gave or took anything.
    pub(super) heartbeat: Arc<Heartbeat>,
    /// The program's end of the ring.
    pub(super) end: End,
}

/// Opens the device that is chosen by `start`, and gives the program's end of its ring. Blocks.
pub(super) fn open<End>(
    choice: &Choice,
    host: Option<HostId>,
    start: impl FnOnce(&cpal::Device, &DeviceId, &Sender<String>) -> Result<Running<End>, String>,
) -> Result<(Open, End), DeviceError> {
    may_block("open a sound device");
    let refuse = |cause: String| DeviceError::Refused {
        name: choice.name().to_owned(),
        cause,
    };
    let device = choice.device(host)?;
    let id = device.id().map_err(|cause| refuse(cause.to_string()))?;
    let (send, failures) = channel();
    let running = start(&device, &id, &send).map_err(refuse)?;
    let open = Open {
        host: id.host(),
        id: id.to_string(),
        heartbeat: running.heartbeat,
        failures,
        stream: running.stream,
    };
    Ok((open, running.end))
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

/// A stream of cpal's that is to be built for one kind of samples.
pub(super) trait Order {
    /// Builds it.
    fn build<T>(self) -> Result<cpal::Stream, cpal::Error>
    where
        T: SizedSample + FromSample<f32>,
        f32: FromSample<T>;
}

/// Builds a stream for the samples that the device has.
pub(super) fn build(format: SampleFormat, order: impl Order) -> Result<cpal::Stream, cpal::Error> {
    match format {
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
    }
}

/// The frames of each call that are asked for.
pub(super) fn buffer(config: &SupportedStreamConfig) -> BufferSize {
    let wanted = config.sample_rate() / CALLS;
    match *config.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => {
            BufferSize::Fixed(wanted.clamp(min, max))
        }
        _ => BufferSize::Fixed(wanted),
    }
}

/// Tells of an error that ends a stream.
pub(super) fn report(failures: &Sender<String>) -> impl FnMut(cpal::Error) + Send + 'static {
    let failures = failures.clone();
    move |error| {
        if ends(error.kind()) {
            // Nobody may wait for it any more.
            let _ = failures.send(error.to_string());
        }
    }
}

/// Whether a stream is over with an error of this kind.
const fn ends(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged
    )
}
