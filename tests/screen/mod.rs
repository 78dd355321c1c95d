//! A screen without a monitor: Xvfb with a window manager, keys by xdotool, screenshots by ImageMagick.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]

pub(crate) mod desk;
mod player;

use std::io::{BufRead, BufReader, Cursor};
use std::process::{Child, Command, Output, Stdio};

use image::{ImageFormat, Rgb, RgbImage};

use crate::program::{Done, afterimage, wait_until};
pub(crate) use player::Player;

/// An X server of its own; it ends with its value, and everything on it.
pub(crate) struct Screen {
    server: Child,
    manager: Option<Child>,
    display: String,
}

impl Screen {
    /// A screen of `size` pixels, written like 1280x720.
    pub(crate) fn open(size: &str) -> Self {
        let screen = format!("{size}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-screen", "0", &screen]);
        Self::start(&mut command, "xvfb").manage()
    }

    /// Starts an X server.
    fn start(command: &mut Command, package: &str) -> Self {
        // The server chooses a number that is free: a fixed one may be somebody else's.
        command.args(["-displayfd", "1", "-nolisten", "tcp"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = spawn(command, package);
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        assert!(!number.is_empty(), "{command:?} ended at once");
        Self {
            server,
            manager: None,
            display: format!(":{}", number.trim()),
        }
    }

    /// Starts the window manager.
    fn manage(mut self) -> Self {
        self.manager = Some(spawn(
            self.command("openbox").stdout(Stdio::null()),
            "openbox",
        ));
        // A window that opens while the manager starts may never be shown.
        wait_until("the window manager runs", || {
            let asked = self.output("xdotool", "xdotool", &["get_num_desktops"]);
            asked.status.success()
        });
        self
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn output(&self, program: &str, package: &str, arguments: &[&str]) -> Output {
        let output = self.command(program).args(arguments).output();
        output.unwrap_or_else(|error| {
            panic!("cannot run {program} ({error}): apt-get install {package}")
        })
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.output("xdotool", "xdotool", arguments).stdout).unwrap()
    }

    /// What is on the screen.
    pub(crate) fn shot(&self) -> RgbImage {
        self.shot_of("root").expect("import gives a PNG")
    }

    /// None of a window that is not there at this moment: it may be coming or going.
    fn shot_of(&self, window: &str) -> Option<RgbImage> {
        let shot = self.output("import", "imagemagick", &["-window", window, "png:-"]);
        let shot = image::load(Cursor::new(shot.stdout), ImageFormat::Png).ok()?;
        Some(shot.into_rgb8())
    }

    /// Starts the program and waits for its window.
    pub(crate) fn play(&self, arguments: &str) -> Player<'_> {
        let mut command = afterimage(arguments);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY");
        Player::start(self, &mut command)
    }

    /// Runs the program, which opens no window that stays.
    pub(crate) fn run(&self, arguments: &str) -> Done {
        let mut command = afterimage(arguments);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY");
        Done::new(command.output().unwrap())
    }
}

fn spawn(command: &mut Command, package: &str) -> Child {
    command.spawn().unwrap_or_else(|error| {
        panic!("cannot run {command:?} ({error}): apt-get install {package}");
    })
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.manager.iter_mut().chain([&mut self.server]) {
            // It may have ended with the other.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Whether a pixel has a colour, but for rounding.
pub(crate) fn is(shot: &RgbImage, x: u32, y: u32, color: [u8; 3]) -> bool {
    let Rgb(pixel) = shot.get_pixel(x, y);
    pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 2)
}
