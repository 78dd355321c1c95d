use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{
    BufferSize, DeviceId, FromSample, HostId, OutputCallbackInfo, SizedSample,
    SupportedStreamConfig,
};

use super::open::{self, FURTHEST, OPENING, Open, Order, Running, buffer, report};
use super::{Choice, DeviceError, Frame, Supply, Tap, Wanted, supply};

/// Opens the output that is chosen, and gives the ring that its sound goes by. Blocks.
pub(super) fn open(
    choice: &Choice,
    host: Option<HostId>,
    wanted: &Arc<Wanted>,
) -> Result<(Open, Supply), DeviceError> {
    open::open(choice, host, |device, id, failures| {
        start(device, id, wanted, failures)
    })
}

#[cfg(target_os = "linux")]
fn start(
    device: &cpal::Device,
    id: &DeviceId,
    wanted: &Arc<Wanted>,
    failures: &Sender<String>,
) -> Result<Running<Supply>, String> {
    if id.host() == HostId::PulseAudio {
        let played = super::server::play(id.id(), wanted, failures);
        return played.map_err(|cause| cause.to_string());
    }
    start_any(device, wanted, failures).map_err(|cause| cause.to_string())
}

#[cfg(not(target_os = "linux"))]
fn start(
    device: &cpal::Device,
    _: &DeviceId,
    wanted: &Arc<Wanted>,
    failures: &Sender<String>,
) -> Result<Running<Supply>, String> {
    start_any(device, wanted, failures).map_err(|cause| cause.to_string())
}

fn start_any(
    device: &cpal::Device,
    wanted: &Arc<Wanted>,
    failures: &Sender<String>,
) -> Result<Running<Supply>, cpal::Error> {
    let config = device.default_output_config()?;
    let build = |size: BufferSize| {
        let (supply, tap) = supply(config.sample_rate(), wanted);
        let outlet = Outlet {
            device,
            config: &config,
            size,
            failures,
            tap,
        };
        let stream = open::build(config.sample_format(), outlet)?;
        Ok::<_, cpal::Error>((stream, supply))
    };
    // Not every system takes a wish.
    let built = build(buffer(&config)).or_else(|_| build(BufferSize::Default));
    let (stream, supply) = built?;
    stream.play()?;
    Ok(Running {
        stream: Box::new(stream),
        heartbeat: Arc::clone(&supply.played.heartbeat),
        end: supply,
    })
}

struct Outlet<'a> {
    device: &'a cpal::Device,
    config: &'a SupportedStreamConfig,
    size: BufferSize,
    failures: &'a Sender<String>,
    tap: Tap,
}

impl Order for Outlet<'_> {
    fn build<T>(self) -> Result<cpal::Stream, cpal::Error>
    where
        T: SizedSample + FromSample<f32>,
        f32: FromSample<T>,
    {
        let mut config = self.config.config();
        config.buffer_size = self.size;
        let channels = usize::from(config.channels.max(1));
        let mut tap = self.tap;
        let give = move |samples: &mut [T], info: &OutputCallbackInfo| {
            tap.report(ahead(info).as_secs_f64(), Instant::now());
            let mut places = samples.chunks_exact_mut(channels);
            tap.take(places.len(), |frame| {
                if let Some(place) = places.next() {
                    spread(frame, place);
                }
            });
        };
        let (device, fail) = (self.device, report(self.failures));
        device.build_output_stream::<T, _, _>(config, give, fail, Some(OPENING))
    }
}

/// Left and right to the first two channels; to one alone, their mean.
fn spread<T: SizedSample + FromSample<f32>>([left, right]: Frame, place: &mut [T]) {
    place.fill(T::EQUILIBRIUM);
    match place {
        [mono] => *mono = T::from_sample_(f32::midpoint(left, right)),
        [first, second, ..] => {
            *first = T::from_sample_(left);
            *second = T::from_sample_(right);
        }
        [] => {}
    }
}

/// How long it is until the first sample of a call is heard.
fn ahead(info: &OutputCallbackInfo) -> Duration {
    let times = info.timestamp();
    let ahead = times.playback.saturating_duration_since(times.callback);
    ahead.min(FURTHEST)
}
