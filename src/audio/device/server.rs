//! A stream from PulseAudio, or PipeWire in its place, by the server's own protocol. The library that opens all other devices
//! gives the server room for one block only, and what a busy machine is late for is lost; and its streams are moved to
//! another device when theirs is gone, without a word.

use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use pollster::block_on;
use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    RecordLatency, RecordStreamParams, SampleFormat, SampleSpec, SourceInfo,
};
use pulseaudio::{Client, ClientError, RecordStream};

use super::stream::{CALLS, Parts};
use super::{Writer, ring};

/// How often the server is asked how late it is, and so whether it is there.
const LOOK: Duration = Duration::from_millis(100);

/// The name by which a mixer lists the program.
const PROGRAM: &std::ffi::CStr = c"afterimage";

/// Opens the source of this name. Blocks, for as long as the server takes.
///
/// # Errors
/// The server is not there, or has no such source.
pub(super) fn open(name: &str, failures: &Sender<String>) -> Result<Parts, ClientError> {
    let client = Client::from_env(PROGRAM)?;
    // A name with a zero in it is nobody's.
    let name = CString::new(name).unwrap_or_default();
    let source = block_on(client.source_info_by_name(name))?;
    let (rate, channels) = (source.sample_spec.sample_rate, source.sample_spec.channels);
    let (writer, reader) = ring(rate, usize::from(channels));
    let age = Arc::new(AtomicU64::new(0));
    let params = params(&source);
    let spec = params.sample_spec;
    let stream = block_on(client.create_record_stream(params, sink(writer, Arc::clone(&age))))?;
    // As long as it lives, the stream runs.
    let running = Arc::new(());
    let (is_wanted, failures) = (Arc::downgrade(&running), failures.clone());
    thread::spawn(move || watch(&stream, spec, &age, &is_wanted, &failures));
    Ok((Box::new(running), reader))
}

/// The source's own rate and channels, in small blocks, with room for those that are late.
fn params(source: &SourceInfo) -> RecordStreamParams {
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

/// Asks how old what comes is, for as long as it is wanted, and says when it is over.
fn watch(
    stream: &RecordStream,
    spec: SampleSpec,
    age: &AtomicU64,
    is_wanted: &Weak<()>,
    failures: &Sender<String>,
) {
    while is_wanted.strong_count() > 0 {
        match block_on(stream.timing_info()) {
            Ok(latency) => age.store(micros(&latency, spec), Ordering::Relaxed),
            Err(cause) => {
                // Nobody may wait for it any more.
                let _ = failures.send(cause.to_string());
                return;
            }
        }
        thread::sleep(LOOK);
    }
}

/// Microseconds from the microphone to here.
fn micros(latency: &RecordLatency, spec: SampleSpec) -> u64 {
    let bytes = latency.write_offset.saturating_sub(latency.read_offset);
    let waits = spec.bytes_to_duration(usize::try_from(bytes).unwrap_or(0));
    latency.source_usec + waits.as_micros() as u64
}
