use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use super::super::Failure;
use super::super::writer::Writer;
use super::Place;
use crate::gpu::Frame;
use crate::output::{self, Finished, Output, Settings, Target};

/// The container of films that get their name here: of all, players mind its sudden end least.
const CONTAINER: &str = "mkv";

/// What waits for files, on threads of its own.
#[derive(Debug)]
pub(super) struct Aside {
    place: Place,
    /// The film that is awaited.
    opening: Option<Receiver<Opened>>,
    /// None once nothing more is begun.
    send: Option<Sender<Saved>>,
    receive: Receiver<Saved>,
}

/// A film that takes frames, and what it is like.
pub(super) type Opened = Result<(Box<dyn Output>, Settings), Failure>;

/// A film or a picture that is complete.
pub(super) type Saved = Result<Finished, Failure>;

impl Aside {
    pub(super) fn new(place: Place) -> Self {
        let (send, receive) = channel();
        Self {
            place,
            opening: None,
            send: Some(send),
            receive,
        }
    }

    /// Opens a film named after a show.
    pub(super) fn open_film(&mut self, settings: Settings, title: &str) {
        let (send, receive) = channel();
        let (place, title) = (self.place.clone(), title.to_owned());
        thread::spawn(move || {
            // By now it may not be wanted any more.
            let _ = send.send(open(&place, &title, settings));
        });
        self.opening = Some(receive);
    }

    pub(super) const fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// The film that is being opened is not wanted any more; whether there is one.
    pub(super) fn forget_opening(&mut self) -> bool {
        let opening = self.opening.take();
        let is_opening = opening.is_some();
        // It may be open already, and has a file to remove.
        thread::spawn(move || drop(opening));
        is_opening
    }

    /// The film that was opened, once it is.
    pub(super) fn opened(&mut self) -> Option<Opened> {
        let opened = self.opening.as_ref()?.try_recv();
        if !matches!(opened, Err(TryRecvError::Empty)) {
            self.opening = None;
        }
        opened.ok()
    }

    /// Waits for a film that was ended.
    pub(super) fn complete(&self, writer: Writer) {
        self.begin(move || writer.finish());
    }

    /// Writes a picture named after a show.
    pub(super) fn save_still(&self, frame: Frame, title: String) {
        let place = self.place.clone();
        self.begin(move || save(&place, &title, &frame));
    }

    fn begin(&self, work: impl FnOnce() -> Saved + Send + 'static) {
        let send = self.send.clone();
        thread::spawn(move || {
            let saved = work();
            // The session may be over by now.
            send.map(|send| send.send(saved))
        });
    }

    /// What has been completed since the last call, one after another.
    pub(super) fn saved(&self) -> Option<Saved> {
        self.receive.try_recv().ok()
    }

    /// As [`Self::saved`], but waits until nothing more can come.
    pub(super) fn wait(&mut self) -> Option<Saved> {
        self.send = None;
        self.receive.recv().ok()
    }
}

fn open(place: &Place, title: &str, mut settings: Settings) -> Opened {
    settings.replace = false;
    let file = place.file(title, CONTAINER)?;
    let output = output::create(&Target::Film(file), &settings)?;
    Ok((output, settings))
}

fn save(place: &Place, title: &str, frame: &Frame) -> Saved {
    let mut settings = Settings::new(frame.size, (1, 1));
    settings.replace = false;
    let file = place.file(title, "png")?;
    let mut output = output::create(&Target::Image(file), &settings)?;
    output.write(&frame.bytes)?;
    Ok(output.finish()?)
}
