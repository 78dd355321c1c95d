use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ::nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, CameraInfo, FrameFormat, RequestedFormat,
    RequestedFormatType, Resolution,
};
use ::nokhwa::{Buffer, Camera, query};

use super::driver::{Driver, Grant, Sample, Stream};
use super::{Device, Mode};
use crate::picture::{Encoding, Matrix, Range, Siting, Size, Wire};

/// The nokhwa library: AVFoundation on macOS, Media Foundation on Windows. Both are untried; on Linux, where
/// it goes over V4L2, it is tested.
pub(super) struct Nokhwa;

/// How long a camera may take to start.
const START: Duration = Duration::from_secs(10);

/// Its formats that the GPU reads or that we decode.
const FORMATS: [(FrameFormat, Wire); 3] = [
    (FrameFormat::NV12, Wire::Nv12),
    (FrameFormat::YUYV, Wire::Yuyv),
    (FrameFormat::MJPEG, Wire::Mjpeg),
];

impl Driver for Nokhwa {
    fn name(&self) -> &'static str {
        "nokhwa"
    }

    fn devices(&self) -> Vec<Device> {
        permit();
        let cameras = query(ApiBackend::Auto).unwrap_or_default();
        cameras.iter().filter_map(ask).collect()
    }

    fn open(&self, device: &Device, mode: Mode) -> io::Result<Box<dyn Stream>> {
        permit();
        let node = device.node.clone();
        let (send, receive) = sync_channel(1);
        let (tell, told) = sync_channel(1);
        thread::Builder::new()
            .name(format!("camera {node}"))
            .spawn(move || pump(&node, mode, &tell, &send))?;
        let mode = told.recv_timeout(START).map_err(io::Error::other)??;
        Ok(Box::new(Running {
            mode,
            receive,
            newest: None,
        }))
    }
}

/// Asks macOS for the camera, which answers when the user has.
fn permit() {
    #[cfg(target_os = "macos")]
    if !::nokhwa::nokhwa_check() {
        let (send, receive) = sync_channel(1);
        ::nokhwa::nokhwa_initialize(move |_| drop(send.try_send(())));
        // Refused or not answered, opening says so.
        let _ = receive.recv_timeout(Duration::from_secs(60));
    }
}

/// What a listed camera offers; none where it cannot be opened, as the metadata of a camera cannot.
fn ask(info: &CameraInfo) -> Option<Device> {
    let wanted = RequestedFormatType::AbsoluteHighestFrameRate;
    let mut camera = open(info.index(), wanted).ok()?;
    let formats = camera.compatible_camera_formats().ok()?;
    Some(Device {
        name: info.human_name(),
        bus: info.misc(),
        node: info.index().as_string(),
        modes: formats.iter().filter_map(mode).collect(),
    })
}

fn open(index: &CameraIndex, wanted: RequestedFormatType) -> io::Result<Camera> {
    let formats = FORMATS.map(|(format, _)| format);
    let wanted = RequestedFormat::with_formats(wanted, &formats);
    Camera::new(index.clone(), wanted).map_err(io::Error::other)
}

fn mode(format: &CameraFormat) -> Option<Mode> {
    let (_, wire) = FORMATS.iter().find(|(name, _)| *name == format.format())?;
    Some(Mode {
        wire: *wire,
        size: Size::new(format.width(), format.height()),
        rate: (format.frame_rate(), 1),
    })
}

/// Opens a camera and hands its pictures on, until nobody takes them or it fails. The library waits without
/// an end for a camera that has stopped: then this thread is left behind.
fn pump(
    node: &str,
    mode: Mode,
    tell: &SyncSender<io::Result<Mode>>,
    send: &SyncSender<io::Result<(Buffer, Instant)>>,
) {
    // Whoever asked may be gone at any of these sends.
    let mut camera = match start(node, mode) {
        Ok((camera, granted)) => {
            let _ = tell.send(Ok(granted));
            camera
        }
        Err(error) => return drop(tell.send(Err(error))),
    };
    loop {
        let taken = camera.frame().map(|buffer| {
            let captured = captured(&buffer);
            (buffer, captured)
        });
        let failed = taken.is_err();
        if send.send(taken.map_err(io::Error::other)).is_err() || failed {
            return;
        }
    }
}

fn start(node: &str, wanted: Mode) -> io::Result<(Camera, Mode)> {
    let index = node
        .parse()
        .map_or_else(|_| CameraIndex::String(node.to_owned()), CameraIndex::Index);
    let row = FORMATS.iter().find(|(_, wire)| *wire == wanted.wire);
    let (format, _) = row.ok_or(io::ErrorKind::Unsupported)?;
    let size = Resolution::new(wanted.size.width, wanted.size.height);
    let exact = CameraFormat::new(size, *format, wanted.rate.0 / wanted.rate.1.max(1));
    let mut camera = open(&index, RequestedFormatType::Exact(exact))?;
    camera.open_stream().map_err(io::Error::other)?;
    let granted = mode(&camera.camera_format()).ok_or(io::ErrorKind::Unsupported)?;
    Ok((camera, granted))
}

/// When the picture was taken, by the system's stamp where there is one; it has the wall's clock.
fn captured(buffer: &Buffer) -> Instant {
    let now = Instant::now();
    let age = buffer.capture_timestamp().and_then(|stamp| {
        let wall = SystemTime::UNIX_EPOCH.checked_add(stamp)?;
        SystemTime::now().duration_since(wall).ok()
    });
    let recent = age.filter(|age| *age < Duration::from_secs(10));
    recent.and_then(|age| now.checked_sub(age)).unwrap_or(now)
}

struct Running {
    mode: Mode,
    receive: Receiver<io::Result<(Buffer, Instant)>>,
    newest: Option<(Buffer, Instant)>,
}

impl Stream for Running {
    fn grant(&self) -> Grant {
        Grant {
            mode: self.mode,
            // The library does not say: what webcams have.
            encoding: Encoding {
                matrix: Matrix::Bt601,
                range: Range::Limited,
                siting: Siting::Left,
            },
            stride: 0,
        }
    }

    fn next(&mut self, patience: Duration) -> io::Result<Option<Sample<'_>>> {
        let taken = match self.receive.recv_timeout(patience) {
            Ok(taken) => taken?,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::NotConnected.into()),
        };
        let (buffer, captured) = self.newest.insert(taken);
        Ok(Some(Sample {
            bytes: buffer.buffer(),
            captured: *captured,
            damaged: false,
        }))
    }
}
