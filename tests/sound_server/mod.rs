//! A sound server of the test's own, with a sink that nobody hears: started, stopped and played to by the test.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The name of the monitor of the sink that there always is.
pub(crate) const MONITOR: &str = "pulseaudio:stage.monitor";

/// Longer than anything here takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);

/// A PulseAudio daemon with folders of its own. Its sink `stage` runs all the time.
pub(crate) struct SoundServer {
    folder: TempDir,
    /// What keeps the sink running: one that nobody hears sleeps two seconds at a time.
    listener: Option<Child>,
}

impl SoundServer {
    /// Started.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["run", "home"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            // A runtime folder that others can read is refused.
            let only_own = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            fs::set_permissions(folder.path().join(name), only_own).unwrap();
        }
        let mut server = Self {
            folder,
            listener: None,
        };
        server.start(48_000);
        server
    }

    /// Starts the daemon, with a sink of so many samples a second.
    pub(crate) fn start(&mut self, rate: u32) {
        let sink = format!("module-null-sink sink_name=stage rate={rate}");
        let mut daemon = self.command("pulseaudio");
        daemon.args(["-n", "--daemonize=yes", "--exit-idle-time=-1"]);
        daemon.args(["--load", &sink, "--load", "module-native-protocol-unix"]);
        assert!(status_of(&mut daemon), "the sound server does not start");
        wait_until("the sound server answers", || {
            status_of(self.command("pactl").arg("info"))
        });
        let mut listener = self.command("parec");
        listener.args(["--latency-msec=5", "-d", "stage.monitor"]);
        self.listener = Some(spawn(&mut listener));
    }

    /// Kills the daemon: every device is lost at once.
    pub(crate) fn stop(&mut self) {
        let id = fs::read_to_string(self.runtime().join("pulse/pid")).unwrap();
        let _ = Command::new("kill").args(["-KILL", id.trim()]).status();
        wait_until("the sound server is gone", || {
            !Path::new("/proc").join(id.trim()).join("exe").exists()
        });
        // Its files would be taken for those of one that runs.
        let _ = fs::remove_dir_all(self.runtime().join("pulse"));
        if let Some(mut listener) = self.listener.take() {
            let _ = listener.kill();
            listener.wait().unwrap();
        }
    }

    /// Adds a sink, and makes its monitor the default input.
    pub(crate) fn move_default(&self, sink: &str) {
        let load = ["load-module", "module-null-sink"];
        let name = format!("sink_name={sink}");
        assert!(status_of(self.command("pactl").args(load).arg(name)));
        let monitor = format!("{sink}.monitor");
        let set = ["set-default-source", &monitor];
        assert!(status_of(self.command("pactl").args(set)));
    }

    /// Begins to write what the sink plays to a file: one channel of 48000 floats a second.
    pub(crate) fn record(&self, file: &Path) -> Child {
        let mut recorder = self.command("parec");
        recorder.args(["--latency-msec=20", "-d", "stage.monitor", "--raw"]);
        recorder.args(["--format=float32le", "--rate=48000", "--channels=1"]);
        spawn(recorder.stdout(fs::File::create(file).unwrap()))
    }

    /// Begins to play a file to a sink.
    pub(crate) fn play(&self, file: &Path, sink: &str) -> Child {
        let mut player = self.command("paplay");
        player.args(["--latency-msec=500", "-d", sink]).arg(file);
        spawn(&mut player)
    }

    /// Lets a program hear this machine's sound instead of its own.
    pub(crate) fn show_to(&self, command: &mut Command) {
        command.env("XDG_RUNTIME_DIR", self.runtime());
        command.env("HOME", self.folder.path().join("home"));
        command.env_remove("PULSE_SERVER");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.show_to(&mut command);
        for stream in [Command::stdin, Command::stdout, Command::stderr] {
            stream(&mut command, Stdio::null());
        }
        command
    }

    fn runtime(&self) -> PathBuf {
        self.folder.path().join("run")
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        if self.listener.is_some() {
            self.stop();
        }
    }
}

fn spawn(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| missing(&error))
}

fn status_of(command: &mut Command) -> bool {
    let status = command.status();
    status.unwrap_or_else(|error| missing(&error)).success()
}

fn missing(error: &std::io::Error) -> ! {
    panic!("no sound server ({error}): apt-get install pulseaudio pulseaudio-utils");
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(20));
    }
}
