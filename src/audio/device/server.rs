//! Streams from and to PulseAudio, or PipeWire in its place, by the server's own protocol. The library that opens all other devices
//! gives the server room for one block only, and what a busy machine is late for is lost; and its streams are moved to
//! another device when theirs is gone, without a word.

use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use pollster::block_on;
use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    ChannelMap, PlaybackLatency, PlaybackStreamParams, RecordLatency, RecordStreamParams,
    SampleFormat, SampleSpec, SinkInfo, SourceInfo,
};
use pulseaudio::{AsPlaybackSource, Client, ClientError};

use super::open::{CALLS, Running};
use super::played::Played;
use super::{Frame, Reader, Supply, Tap, Wanted, Writer, ring, supply};

/// How often the server is asked how late it is, and so whether it is there.
const LOOK: Duration = Duration::from_millis(100);

/// What is played lies with the server for so long, in parts of a second: a busy machine is late by less.
const AHEAD: u32 = 5;

/// The name by which a mixer lists the program.
const PROGRAM: &std::ffi::CStr = c"afterimage";

/// Opens the source of this name. Blocks, for as long as the server takes.
///
/// # Errors
/// The server is not there, or has no such source.
pub(super) fn record(
    name: &str,
    failures: &Sender<String>,
) -> Result<Running<Reader>, ClientError> {
    let client = Client::from_env(PROGRAM)?;
    let source = block_on(client.source_info_by_name(zero_ended(name)))?;
    let (rate, channels) = (source.sample_spec.sample_rate, source.sample_spec.channels);
    let (writer, reader) = ring(rate, usize::from(channels));
    let age = Arc::new(AtomicU64::new(0));
    let params = source_params(&source);
    let spec = params.sample_spec;
    let stream = block_on(client.create_record_stream(params, sink(writer, Arc::clone(&age))))?;
    let look = move || {
        let latency = block_on(stream.timing_info())?;
        age.store(micros(&latency, spec), Ordering::Relaxed);
        Ok(())
    };
    let heartbeat = reader.heartbeat();
    Ok(Running {
        stream: watch(look, failures),
        heartbeat,
        end: reader,
    })
}

/// Opens the sink of this name. Blocks, for as long as the server takes.
///
/// # Errors
/// The server is not there, or has no such sink.
pub(super) fn play(
    name: &str,
    wanted: &Arc<Wanted>,
    failures: &Sender<String>,
) -> Result<Running<Supply>, ClientError> {
    let client = Client::from_env(PROGRAM)?;
    let sink = block_on(client.sink_info_by_name(zero_ended(name)))?;
    let (supply, tap) = supply(sink.sample_spec.sample_rate, wanted);
    let params = sink_params(&sink);
    let spec = params.sample_spec;
    let source = source(tap).as_playback_source();
    let stream = block_on(client.create_playback_stream(params, source))?;
    let (played, heartbeat) = (
        Arc::clone(&supply.played),
        Arc::clone(&supply.played.heartbeat),
    );
    let look = move || {
        let asked = Instant::now();
        let latency = block_on(stream.timing_info())?;
        if latency.playing {
            report(&played, &latency, spec, asked + asked.elapsed() / 2);
        }
        Ok(())
    };
    Ok(Running {
        stream: watch(look, failures),
        heartbeat,
        end: supply,
    })
}

/// A name as the protocol has it; one with a zero in it is nobody's.
fn zero_ended(name: &str) -> CString {
    CString::new(name).unwrap_or_default()
}

/// Looks after a stream for as long as what this gives lives, and says when it is over.
fn watch(
    look: impl Fn() -> Result<(), ClientError> + Send + 'static,
    failures: &Sender<String>,
) -> Box<dyn Send> {
    let running = Arc::new(());
    let (is_wanted, failures): (Weak<()>, _) = (Arc::downgrade(&running), failures.clone());
    thread::spawn(move || {
        while is_wanted.strong_count() > 0 {
            if let Err(cause) = look() {
                // Nobody may wait for it any more.
                let _ = failures.send(cause.to_string());
                return;
            }
            thread::sleep(LOOK);
        }
    });
    Box::new(running)
}

/// The source's own rate and channels, in small blocks, with room for those that are late.
fn source_params(source: &SourceInfo) -> RecordStreamParams {
    let sample_spec = SampleSpec {
        format: SampleFormat::Float32Le,
        ..source.sample_spec
    };
    let frame = size_of::<f32>() * usize::from(sample_spec.channels);
    RecordStreamParams {
        sample_spec,
        channel_map: source.channel_map,
        source_index: Some(source.index),
        buffer_attr: BufferAttr {
            fragment_size: sample_spec.sample_rate / CALLS * frame as u32,
            ..BufferAttr::default()
        },
        flags: StreamFlags {
            adjust_latency: true,
            no_move: true,
            ..StreamFlags::default()
        },
        ..RecordStreamParams::default()
    }
}

/// Takes what the server sends.
fn sink(mut writer: Writer, age: Arc<AtomicU64>) -> impl FnMut(&[u8]) + Send + 'static {
    move |bytes| {
        let (samples, _) = bytes.as_chunks();
        let samples = samples.iter().map(|sample| f32::from_le_bytes(*sample));
        writer.write(samples, Duration::from_micros(age.load(Ordering::Relaxed)));
    }
}

/// Microseconds from the microphone to here.
fn micros(latency: &RecordLatency, spec: SampleSpec) -> u64 {
    let bytes = latency.write_offset.saturating_sub(latency.read_offset);
    let waits = spec.bytes_to_duration(usize::try_from(bytes).unwrap_or(0));
    latency.source_usec + waits.as_micros() as u64
}

/// Stereo at the sink's own rate: the server knows how its loudspeakers stand.
fn sink_params(sink: &SinkInfo) -> PlaybackStreamParams {
    let sample_spec = SampleSpec {
        format: SampleFormat::Float32Le,
        channels: 2,
        ..sink.sample_spec
    };
    let second = sample_spec.sample_rate * size_of::<Frame>() as u32;
    PlaybackStreamParams {
        sample_spec,
        channel_map: ChannelMap::stereo(),
        sink_index: Some(sink.index),
        buffer_attr: BufferAttr {
            target_length: second / AHEAD,
            // What comes too late is left out, and nothing is ever later for it.
            pre_buffering: 0,
            minimum_request_length: second / CALLS,
            ..BufferAttr::default()
        },
        flags: StreamFlags {
            adjust_latency: true,
            no_move: true,
            ..StreamFlags::default()
        },
        ..PlaybackStreamParams::default()
    }
}

/// Gives the server what it asks for.
fn source(mut tap: Tap) -> impl FnMut(&mut [u8]) -> usize + Send + 'static {
    move |bytes| {
        let count = bytes.len();
        let (frames, rest) = bytes.as_chunks_mut::<{ size_of::<Frame>() }>();
        rest.fill(0);
        let mut places = frames.iter_mut();
        tap.take(places.len(), |[left, right]| {
            if let Some(place) = places.next() {
                let (l, r) = place.split_at_mut(size_of::<f32>());
                l.copy_from_slice(&left.to_le_bytes());
                r.copy_from_slice(&right.to_le_bytes());
            }
        });
        count
    }
}

/// Reports what is heard: what the sink has read, less what waits in it.
fn report(played: &Played, latency: &PlaybackLatency, spec: SampleSpec, at: Instant) {
    let second = f64::from(spec.sample_rate) * size_of::<Frame>() as f64;
    let read = latency.read_offset as f64 / second;
    played.report(read - latency.sink_usec as f64 * 1e-6, at);
}
