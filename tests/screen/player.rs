use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use image::RgbImage;

use super::{Screen, spawn};
use crate::program::{Done, wait_until};

/// The program in its window.
pub(crate) struct Player<'a> {
    screen: &'a Screen,
    child: Child,
    window: String,
    /// What the program has said so far.
    said: Arc<Mutex<String>>,
    listener: Option<JoinHandle<()>>,
}

impl<'a> Player<'a> {
    pub(super) fn start(screen: &'a Screen, command: &mut Command) -> Self {
        let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()), "");
        let said = Arc::new(Mutex::new(String::new()));
        let (errors, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        let listener = thread::spawn(move || {
            for line in BufReader::new(errors).lines() {
                *heard.lock().unwrap() += &format!("{}\n", line.unwrap());
            }
        });
        let mut player = Self {
            screen,
            child,
            window: String::new(),
            said,
            listener: Some(listener),
        };
        wait_until("the window opens", || {
            let found = screen.xdotool(&["search", "--onlyvisible", "--name", "^Afterimage$"]);
            found.trim().clone_into(&mut player.window);
            !player.window.is_empty()
        });
        screen.xdotool(&["windowfocus", "--sync", &player.window]);
        player
    }

    pub(crate) fn press(&self, key: &str) {
        self.screen.xdotool(&["key", key]);
    }

    pub(crate) fn resize(&self, width: u32, height: u32) {
        let [width, height] = [width, height].map(|side| side.to_string());
        self.screen
            .xdotool(&["windowsize", "--sync", &self.window, &width, &height]);
    }

    /// Changes the size without waiting for it.
    pub(crate) fn shake(&self, sizes: &[(u32, u32)]) {
        for (width, height) in sizes {
            let [width, height] = [width, height].map(ToString::to_string);
            self.screen
                .xdotool(&["windowsize", &self.window, &width, &height]);
        }
    }

    /// Puts the window away.
    pub(crate) fn minimise(&self) {
        self.screen.xdotool(&["windowminimize", &self.window]);
    }

    /// Brings it back.
    pub(crate) fn restore(&self) {
        self.screen.xdotool(&["windowmap", "--sync", &self.window]);
        self.screen
            .xdotool(&["windowactivate", "--sync", &self.window]);
    }

    /// Where the window is: left, top, width, height.
    pub(crate) fn place(&self) -> [i64; 4] {
        let text = self
            .screen
            .xdotool(&["getwindowgeometry", "--shell", &self.window]);
        ["X=", "Y=", "WIDTH=", "HEIGHT="].map(|name| {
            let number = text.lines().find_map(|line| line.strip_prefix(name));
            number.unwrap_or("-1").parse().unwrap()
        })
    }

    /// What the window shows.
    pub(crate) fn shot(&self) -> RgbImage {
        let shot = self.screen.shot_of(&self.window);
        shot.expect("the window is there, and import gives a PNG")
    }

    /// Waits until the window's picture satisfies `condition`, and gives it.
    pub(crate) fn wait_for(&self, what: &str, condition: impl Fn(&RgbImage) -> bool) -> RgbImage {
        let mut shot = RgbImage::default();
        wait_until(what, || match self.screen.shot_of(&self.window) {
            Some(newer) => {
                shot = newer;
                condition(&shot)
            }
            None => false,
        });
        shot
    }

    /// Waits until the program has said something so many times.
    pub(crate) fn wait_for_word(&self, word: &str, times: usize) {
        let count = || self.said.lock().unwrap().matches(word).count();
        wait_until(word, || count() >= times);
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Done {
        let mut running = true;
        wait_until("the program ends", || {
            running = self.child.try_wait().unwrap().is_none();
            !running
        });
        let mut stdout = Vec::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            pipe.read_to_end(&mut stdout).unwrap();
        }
        if let Some(listener) = self.listener.take() {
            listener.join().unwrap();
        }
        Done::new(Output {
            status: self.child.wait().unwrap(),
            stdout,
            stderr: self.said.lock().unwrap().clone().into_bytes(),
        })
    }
}

impl Drop for Player<'_> {
    fn drop(&mut self) {
        // It has ended already if the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
