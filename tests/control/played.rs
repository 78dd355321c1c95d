//! The program itself, played by python-osc and by a client of OSCQuery.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::program::{film, folder, names, run, signal, start, tool, wait_until};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A session with open ports.
struct Session {
    child: Child,
    /// Where OSCQuery is.
    web: String,
}

impl Session {
    fn new(folder: &Path, arguments: &str) -> Self {
        let line = format!("-v live --headless --seconds 3600 --osc 0 --web 0 {arguments}");
        let mut child = start(folder, &line);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ports = lines.find_map(|line| {
            let line = line.unwrap();
            line.contains("open for control").then_some(line)
        });
        let web = ports.unwrap().rsplit_once(':').unwrap().1.to_owned();
        // Nobody else reads what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, web }
    }

    /// What the client says.
    fn client(&self, command: &str, arguments: &[&str]) -> String {
        let mut client = Command::new(python());
        client.arg(format!("{ROOT}/tests/control/client.py"));
        client.args([command, &self.web]).args(arguments);
        let output = client.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Ctrl-C.
    fn end(mut self) {
        signal(&self.child, "INT");
        assert_eq!(self.child.wait().unwrap().code(), Some(130));
    }
}

impl Drop for Session {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        // It has ended already, where all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python that has the clients.
fn python() -> PathBuf {
    let python = Path::new(ROOT).join("target/hands/bin/python");
    let has = Command::new(&python)
        .args(["-c", "import pythonosc, websockets"])
        .stderr(Stdio::null())
        .status();
    assert!(
        has.is_ok_and(|status| status.success()),
        "python-osc and websockets are missing: call ./x test, or\n    python3 -m venv target/hands && \
         target/hands/bin/pip install --requirement tests/control/requirements.txt"
    );
    python
}

/// A layer with parameters of every kind, a control, and an expression that listens.
const SHOW: &str = "[canvas]\nsize = [64, 48]\n[controls]\nmelt = { default = 0.5, min = 0, max = 1 }\n\
    hit = { type = \"event\" }\n[signals]\nhits = \"count(controls.hit) + count(osc('/pad'))\"\n\
    [[layers]]\neffect = \"solid\"\n[[layers]]\neffect = \"channel_shift\"\nred = [\"controls.melt\", 0]\n\
    [[layers]]\neffect = \"freeze\"\nname = \"stop\"\nmix = 0.5\n";

#[test]
fn python_osc_plays_every_address() {
    let folder = folder();
    fs::write(folder.path().join("show.toml"), SHOW).unwrap();
    let session = Session::new(folder.path(), "-p ./show.toml --record-to films");
    let played: usize = session.client("play", &[]).trim().parse().unwrap();
    assert!(played > 30, "{played}");
    // Every push counts once: at the control, and at the address that the expression names.
    let hits = session.client("value", &["/signals/hits"]);
    assert_eq!(hits.trim(), "2.0");
    let heard = session.client("hear", &["/beat", "/time"]);
    assert_eq!(heard.lines().count(), 2, "{heard}");
    session.end();
}

#[test]
fn a_message_changes_the_picture_and_records_it() {
    let folder = folder();
    let solid = "-e solid --size 64x48 --record-to films";
    let session = Session::new(folder.path(), solid);
    let send = |address: &str, numbers: &str| {
        let text = "import sys, json, urllib.request as web; from pythonosc.udp_client import SimpleUDPClient as Client;\
            info = json.load(web.urlopen(f'http://127.0.0.1:{sys.argv[1]}/?HOST_INFO'));\
            Client('127.0.0.1', info['OSC_PORT']).send_message(sys.argv[2], json.loads(sys.argv[3]))";
        let sent = Command::new(python())
            .args(["-c", text, &session.web, address, numbers])
            .status();
        assert!(sent.unwrap().success());
    };
    send("/layers/solid/color", "[1, 0, 0]");
    send("/record", "true");
    let films = folder.path().join("films");
    wait_until("a film grows", || {
        films.is_dir() && names(&films).iter().any(|name| name.ends_with(".mkv"))
    });
    std::thread::sleep(std::time::Duration::from_secs(1));
    send("/record", "false");
    let name = names(&films)[0].clone();
    session.end();
    assert!(film(&films, &name).0 > 0);
    tool(
        &films,
        "ffmpeg",
        &format!("-sseof -0.1 -i {name} -frames:v 1 -update 1 last.png"),
    );
    let last = crate::program::picture(&films.join("last.png"));
    let [red, green, blue] = last.get_pixel(32, 24).0;
    assert!(red > 200 && green < 50 && blue < 50, "{red} {green} {blue}");
}

#[test]
fn another_show_comes_by_its_name() {
    let folder = folder();
    let session = Session::new(folder.path(), "clip -p rgb_drift --size 64x48");
    let news = session.client("show", &["echo_trails"]);
    let lines: Vec<_> = news.lines().collect();
    assert!(lines[0].starts_with("PATH_"), "{news}");
    assert_eq!(lines[1], "Echo trails", "{news}");
    session.end();
}

#[test]
fn a_taken_port_is_told_at_once() {
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = folder();
    let done = run(
        folder.path(),
        &format!("live generator:test_card --headless --seconds 1 --osc {port}"),
    );
    assert_eq!(
        (done.status, done.errors.len()),
        (2, 1),
        "{:?}",
        done.errors
    );
    let told = format!("cannot listen on UDP 127.0.0.1:{port}: ");
    assert!(done.errors[0].contains(&told), "{:?}", done.errors);
}
