use std::sync::mpsc::{Receiver, TryRecvError};

use super::play::Live;
use crate::engine::Command;
use crate::param::Value;
use crate::picture::Size;

/// What the performer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A message to the show or to the session, by its address.
    Command(Command),
    /// Black, or back.
    Blackout,
    /// The picture stands, or goes on.
    Freeze,
    /// Record, or end the recording: `/record` says which.
    Record,
    /// Save the picture as it is now.
    Still,
    /// The show of this number, from 0: the built-in presets, or those in the folder of the file that was opened.
    Preset(usize),
    /// The show so many places on; the first comes after the last.
    Step(isize),
    /// A preset by its name, or a show file.
    Show(String),
    /// Keys and status over the window's picture, or away.
    Help,
    /// The window has another size.
    Resize(Size),
    /// Whether the window can be seen.
    Visible(bool),
    /// The end.
    Quit,
}

impl Live {
    /// Drains what the performer asked for, in order, at the keys and then from afar; false at the end.
    pub(super) fn requests(&mut self, requests: &Receiver<Request>) -> bool {
        loop {
            match requests.try_recv() {
                Ok(Request::Quit) | Err(TryRecvError::Disconnected) => return false,
                Ok(request) => self.request(request),
                Err(TryRecvError::Empty) => break,
            }
        }
        for request in self.hands_requests() {
            self.request(request);
        }
        true
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Command(command) => self.command(command),
            Request::Blackout => self.screen.black_out(!self.screen.is_black()),
            Request::Freeze => self.frozen = !self.frozen,
            Request::Record => self.record(!self.recorder.is_recording()),
            Request::Still => self.recorder.save_still(&self.stage),
            Request::Preset(number) => {
                if let Err(failure) = self.loader.begin_number(number) {
                    self.trouble(failure.to_string());
                }
            }
            Request::Step(by) => self.loader.step(by),
            Request::Show(name) => self.loader.begin(&name),
            Request::Help => self.board.toggle(),
            Request::Visible(visible) => self.screen.set_visible(visible),
            Request::Resize(size) => self.screen.resize(size),
            Request::Quit => {}
        }
    }

    /// The session's own addresses; all others are the show's.
    fn command(&mut self, command: Command) {
        let value = command.value.lane(0);
        let is_on = value != 0.0;
        match command.address.trim_matches('/') {
            "blackout" => self.screen.black_out(is_on),
            "freeze" => self.frozen = is_on,
            "record" if value.is_finite() => self.record(is_on),
            "record" => {}
            "tap" if command.events > 0 => self.tap(),
            "tap" => {}
            _ => Command::gather(&mut self.commands, command),
        }
    }

    fn record(&mut self, on: bool) {
        let now = self.now();
        self.recorder.record(on, &self.stage, now);
    }

    /// A tap is a beat, and its distance from those before it the tempo.
    fn tap(&mut self) {
        let time = self.begun.elapsed().as_secs_f64();
        if let Some(tempo) = self.taps.tap(time) {
            let tempo = Command::new("/tempo", Value::number(tempo));
            Command::gather(&mut self.commands, tempo);
        }
        Command::gather(&mut self.commands, Command::event("/sync"));
    }
}
