use std::sync::mpsc::Sender;
use std::time::Duration;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{
    BufferSize, DeviceId, FromSample, HostId, InputCallbackInfo, SizedSample, SupportedStreamConfig,
};

use super::open::{self, FURTHEST, OPENING, Open, Order, Running, buffer, report};
use super::{Choice, DeviceError, Reader, Writer, ring};

/// Opens the input that is chosen, and gives the ring that its sound comes by. Blocks.
pub(super) fn open(choice: &Choice, host: Option<HostId>) -> Result<(Open, Reader), DeviceError> {
    open::open(choice, host, start)
}

#[cfg(target_os = "linux")]
fn start(
    device: &cpal::Device,
    id: &DeviceId,
    failures: &Sender<String>,
) -> Result<Running<Reader>, String> {
    if id.host() == HostId::PulseAudio {
        return super::server::record(id.id(), failures).map_err(|cause| cause.to_string());
    }
    start_any(device, failures).map_err(|cause| cause.to_string())
}

#[cfg(not(target_os = "linux"))]
fn start(
    device: &cpal::Device,
    _: &DeviceId,
    failures: &Sender<String>,
) -> Result<Running<Reader>, String> {
    start_any(device, failures).map_err(|cause| cause.to_string())
}

fn start_any(
    device: &cpal::Device,
    failures: &Sender<String>,
) -> Result<Running<Reader>, cpal::Error> {
    let config = device.default_input_config()?;
    let built = build(device, &config, buffer(&config), failures);
    // Not every system takes a wish.
    let built = built.or_else(|_| build(device, &config, BufferSize::Default, failures));
    let (stream, reader) = built?;
    stream.play()?;
    Ok(Running {
        stream: Box::new(stream),
        heartbeat: reader.heartbeat(),
        end: reader,
    })
}

fn build(
    device: &cpal::Device,
    config: &SupportedStreamConfig,
    size: BufferSize,
    failures: &Sender<String>,
) -> Result<(cpal::Stream, Reader), cpal::Error> {
    let (writer, reader) = ring(config.sample_rate(), usize::from(config.channels()));
    let inlet = Inlet {
        device,
        config,
        size,
        failures,
        writer,
    };
    let stream = open::build(config.sample_format(), inlet)?;
    Ok((stream, reader))
}

struct Inlet<'a> {
    device: &'a cpal::Device,
    config: &'a SupportedStreamConfig,
    size: BufferSize,
    failures: &'a Sender<String>,
    writer: Writer,
}

impl Order for Inlet<'_> {
    fn build<T>(self) -> Result<cpal::Stream, cpal::Error>
    where
        T: SizedSample + FromSample<f32>,
        f32: FromSample<T>,
    {
        let mut config = self.config.config();
        config.buffer_size = self.size;
        let mut writer = self.writer;
        let take = move |samples: &[T], info: &InputCallbackInfo| {
            let samples = samples.iter().map(|sample| f32::from_sample_(*sample));
            writer.write(samples, age(info));
        };
        let (device, fail) = (self.device, report(self.failures));
        device.build_input_stream::<T, _, _>(config, take, fail, Some(OPENING))
    }
}

/// How long ago the first sample of a call was captured.
fn age(info: &InputCallbackInfo) -> Duration {
    let times = info.timestamp();
    let age = times.callback.saturating_duration_since(times.capture);
    age.min(FURTHEST)
}
