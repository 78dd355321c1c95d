//! Two monitors that nobody sees: Xorg's dummy driver, plugged and unplugged by xrandr.

use std::fs;
use std::process::{Command, Stdio};

use image::RgbImage;
use image::imageops::crop_imm;
use tempfile::TempDir;

use super::Screen;

/// What each monitor shows, side by side.
pub(crate) const WIDTH: u32 = 1280;
pub(crate) const HEIGHT: u32 = 720;

/// The monitors' names, from left to right.
pub(crate) const MONITORS: [&str; 2] = ["DUMMY0", "DUMMY1"];

const MODE: &str = "1280x720_60";

/// CEA-861's timing of 1280x720, with room for two beside one another.
const CONFIG: &str = r#"
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 2560 720
  EndSubSection
EndSection
"#;

/// An X server with two monitors.
pub(crate) struct Desk {
    pub(crate) screen: Screen,
    _config: TempDir,
}

impl Desk {
    pub(crate) fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let [config, log] = ["xorg.conf", "xorg.log"].map(|name| folder.path().join(name));
        fs::write(&config, CONFIG).unwrap();
        let mut command = Command::new("Xorg");
        command.arg("-config").arg(&config);
        command.arg("-logfile").arg(&log);
        command.args(["-noreset", "-novtswitch", "-sharevts", "-keeptty"]);
        let screen = Screen::start(
            command.stdin(Stdio::null()),
            "xserver-xorg-core xserver-xorg-video-dummy",
        );
        let desk = Self {
            screen,
            _config: folder,
        };
        let timing = "74.25 1280 1390 1430 1650 720 725 730 750 +hsync +vsync";
        desk.xrandr(&format!("--newmode {MODE} {timing}"));
        for name in MONITORS {
            desk.xrandr(&format!("--addmode {name} {MODE}"));
        }
        let [left, right] = MONITORS;
        desk.xrandr(&format!(
            "--fb {}x{HEIGHT} --output {left} --mode {MODE} --pos 0x0 --primary \
             --output {right} --mode {MODE} --pos {WIDTH}x0",
            WIDTH * 2
        ));
        Self {
            screen: desk.screen.manage(),
            _config: desk._config,
        }
    }

    pub(crate) fn unplug(&self, name: &str) {
        self.xrandr(&format!("--output {name} --off"));
    }

    /// Plugs the right monitor in again.
    pub(crate) fn plug_right(&self) {
        self.xrandr(&format!(
            "--output {} --mode {MODE} --pos {WIDTH}x0",
            MONITORS[1]
        ));
    }

    /// What a monitor shows, counted from the left.
    pub(crate) fn monitor(&self, number: u32) -> RgbImage {
        crop_imm(&self.screen.shot(), number * WIDTH, 0, WIDTH, HEIGHT).to_image()
    }

    fn xrandr(&self, arguments: &str) {
        let arguments: Vec<_> = arguments.split_whitespace().collect();
        let output = self
            .screen
            .output("xrandr", "x11-xserver-utils", &arguments);
        assert!(output.status.success(), "xrandr {arguments:?}");
    }
}
