//! A screen without a monitor: Xvfb with a window manager, keys by xdotool, screenshots by ImageMagick.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]

use std::io::{BufRead, BufReader, Cursor};
use std::process::{Child, Command, Output, Stdio};

use image::{ImageFormat, Rgb, RgbImage};

use crate::program::{Done, afterimage, wait_until};

/// An X server of its own; it ends with its value, and everything on it.
pub(crate) struct Screen {
    server: Child,
    manager: Option<Child>,
    display: String,
}

impl Screen {
    /// A screen of `size` pixels, written like 1280x720.
    pub(crate) fn open(size: &str) -> Self {
        let mut command = Command::new("Xvfb");
        // The server chooses a number that is free: a fixed one may be somebody else's.
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{size}x24"),
            "-nolisten",
            "tcp",
        ]);
        let mut server = spawn(command.stdout(Stdio::piped()), "xvfb");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        let mut screen = Self {
            server,
            manager: None,
            display: format!(":{}", number.trim()),
        };
        screen.manager = Some(spawn(
            screen.command("openbox").stdout(Stdio::null()),
            "openbox",
        ));
        // A window that opens while the manager starts may never be shown.
        wait_until("the window manager runs", || {
            let asked = screen.output("xdotool", "xdotool", &["get_num_desktops"]);
            asked.status.success()
        });
        screen
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
        self.shot_of("root")
    }

    fn shot_of(&self, window: &str) -> RgbImage {
        let shot = self.output("import", "imagemagick", &["-window", window, "png:-"]);
        let shot = image::load(Cursor::new(shot.stdout), ImageFormat::Png);
        shot.expect("import gives a PNG").into_rgb8()
    }

    /// Starts the program and waits for its window.
    pub(crate) fn play(&self, arguments: &str) -> Player<'_> {
        let mut command = afterimage(arguments);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY");
        let child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()), "");
        let mut window = String::new();
        wait_until("the window opens", || {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", "^Afterimage$"]);
            found.trim().clone_into(&mut window);
            !window.is_empty()
        });
        self.xdotool(&["windowfocus", "--sync", &window]);
        Player {
            screen: self,
            child,
            window,
        }
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

/// The program in its window.
pub(crate) struct Player<'a> {
    screen: &'a Screen,
    child: Child,
    window: String,
}

impl Player<'_> {
    pub(crate) fn press(&self, key: &str) {
        self.screen.xdotool(&["key", key]);
    }

    pub(crate) fn resize(&self, width: u32, height: u32) {
        let [width, height] = [width, height].map(|side| side.to_string());
        self.screen
            .xdotool(&["windowsize", "--sync", &self.window, &width, &height]);
    }

    /// What the window shows.
    pub(crate) fn shot(&self) -> RgbImage {
        self.screen.shot_of(&self.window)
    }

    /// Waits until the window's picture satisfies `condition`, and gives it.
    pub(crate) fn wait_for(&self, what: &str, condition: impl Fn(&RgbImage) -> bool) -> RgbImage {
        let mut shot = RgbImage::default();
        wait_until(what, || {
            shot = self.shot();
            condition(&shot)
        });
        shot
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Done {
        let mut running = true;
        wait_until("the program ends", || {
            running = self.child.try_wait().unwrap().is_none();
            !running
        });
        let pipes = [
            self.child.stdout.take().map(read_all),
            self.child.stderr.take().map(read_all),
        ];
        let [stdout, stderr] = pipes.map(Option::unwrap_or_default);
        Done::new(Output {
            status: self.child.wait().unwrap(),
            stdout,
            stderr,
        })
    }
}

fn read_all(mut pipe: impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).unwrap();
    bytes
}

impl Drop for Player<'_> {
    fn drop(&mut self) {
        // It has ended already if the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a pixel has a colour, but for rounding.
pub(crate) fn is(shot: &RgbImage, x: u32, y: u32, color: [u8; 3]) -> bool {
    let Rgb(pixel) = shot.get_pixel(x, y);
    pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 2)
}
