//! Network streams as the `ffmpeg` program sends them, lost and found again.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::Duration;

use program::{CLIP, Done, film, folder, names, picture, run, signal, start, wait_until};

/// Sends a picture that grows brighter and starts again, to the first who connects.
fn send(address: &str) -> Child {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i"]);
    command.arg("nullsrc=s=64x48:r=20,geq=lum='16+mod(2*N,200)':cb=128:cr=128");
    command.args(["-c:v", "mpeg2video", "-g", "10", "-f", "mpegts"]);
    command
        .arg(format!("{address}?listen=1"))
        .stderr(Stdio::null());
    command
        .spawn()
        .expect("the program ffmpeg sends the streams of this test: apt-get install ffmpeg")
}

fn end(mut sender: Child) {
    sender.kill().unwrap();
    sender.wait().unwrap();
}

/// The level of the newest picture that was written; none before the first.
fn level(folder: &Path) -> Option<u8> {
    let names = names(folder);
    let newest = names
        .iter()
        .rfind(|name| name.ends_with(".png") && !name.starts_with('.'))?;
    Some(picture(&folder.join(newest)).get_pixel(32, 24).0[1])
}

/// Waits until the pictures change.
fn wait_for_change(folder: &Path) {
    let before = level(folder);
    wait_until("the stream's pictures change", || level(folder) != before);
}

#[test]
fn a_stream_that_is_lost_is_held_told_and_found_again() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("tcp://127.0.0.1:{port}");
    let folder = folder();
    let sender = send(&address);
    let listening = format!("0100007F:{port:04X} 00000000:0000 0A");
    wait_until("the sender listens", || {
        std::fs::read_to_string("/proc/net/tcp")
            .unwrap()
            .contains(&listening)
    });
    let live = format!("-v live {address} --headless --fps 20 --seconds 3600 -o %05d.png");
    let child = start(folder.path(), &live);
    wait_until("the first picture is written", || {
        level(folder.path()).is_some()
    });
    wait_for_change(folder.path());

    end(sender);
    sleep(Duration::from_secs(1));
    let held = level(folder.path());
    sleep(Duration::from_millis(500));
    assert_eq!(
        level(folder.path()),
        held,
        "a lost stream's last picture is held"
    );
    let sender = send(&address);
    wait_for_change(folder.path());

    signal(&child, "INT");
    let done = Done::new(child.wait_with_output().unwrap());
    end(sender);
    assert_eq!(done.status, 130, "{:?}", done.errors);
    let count = |text: &str| {
        done.errors
            .iter()
            .filter(|line| line.contains(text))
            .count()
    };
    let lost = format!("{address}: is gone (its sender closed it)");
    assert_eq!(count(&lost), 1, "{:#?}", done.errors);
    assert_eq!(
        count(&format!("{address}: plays again")),
        1,
        "{:#?}",
        done.errors
    );
    assert_eq!(
        count("from camera or network to the screen"),
        1,
        "{:#?}",
        done.errors
    );
}

/// Serves a film over HTTP to all who ask.
fn serve(film: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", film.len());
            // Who has heard enough hangs up.
            let _ = stream.write_all(&[head.as_bytes(), &film].concat());
        }
    });
    format!("http://127.0.0.1:{port}/film.mp4")
}

#[test]
fn a_film_on_a_server_keeps_its_speed() {
    let folder = folder();
    let address = serve(std::fs::read(CLIP).unwrap());
    // Read as fast as it comes, it would be over: it lasts 7.8 s.
    run(
        folder.path(),
        &format!("live {address} --size 96x64 --headless --seconds 3 -o a.mkv"),
    )
    .well();
    assert_eq!(film(folder.path(), "a.mkv").1, 3.0);
}

#[test]
fn an_address_where_nobody_sends_says_so() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let folder = folder();
    let address = format!("tcp://127.0.0.1:{port}");
    let done = run(
        folder.path(),
        &format!("live {address} --headless --seconds 1"),
    );
    assert_eq!(
        (done.status, done.errors.len()),
        (2, 1),
        "{:?}",
        done.errors
    );
    assert!(
        done.errors[0].contains("cannot be received (Connection refused)"),
        "{:?}",
        done.errors
    );
    let refused = run(folder.path(), &format!("render {address} -o a.mp4"));
    assert!(
        refused.errors[0].contains("keeps its own time"),
        "{:?}",
        refused.errors
    );
}
