//! From a message to its picture: OSC over UDP and over WebSocket into a show that is played 60 times a second, up to
//! the moment at which the GPU has made the first picture that shows it. What a screen adds is not in it.
//! `cargo bench --profile dev --bench control`, or `./x bench`.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use afterimage::control::{Control, Event, Ports, Sent, Space};
use afterimage::engine::{Command, Engine, addresses};
use afterimage::gpu::Gpu;
use afterimage::session::{Options, Stage, library};
use afterimage::source::Wait;
use anyhow::{Context, Result, ensure};

const RATE: f64 = 60.0;
const MESSAGES: usize = 300;
const ADDRESS: &str = "/layers/solid/color";
const PATIENCE: Duration = Duration::from_secs(60);

/// Longer than the thread that compiles ahead takes.
const WARM_UP: usize = 30;

fn main() -> Result<()> {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let ports = Ports {
        udp: vec![any],
        web: Some(any),
        ..Ports::default()
    };
    let control = Control::open(&ports)?;
    let (udp, web) = (control.udp()[0], control.web().context("no web port")?);
    let (seen, shown) = channel();
    let over = Arc::new(AtomicBool::new(false));
    let player = {
        let over = Arc::clone(&over);
        thread::spawn(move || play(&control, &seen, &over))
    };
    let socket = UdpSocket::bind(any)?;
    println!("| way | median ms | 95 % below | longest |\n|---|---|---|---|");
    measure("UDP", &shown, |packet| {
        socket.send_to(packet, udp)?;
        Ok(())
    })?;
    let mut stream = web_socket(web)?;
    measure("WebSocket", &shown, |packet| {
        let head = [0x82, 0x80 | packet.len() as u8, 0, 0, 0, 0];
        Ok(stream.write_all(&[&head, packet].concat())?)
    })?;
    over.store(true, Ordering::Relaxed);
    player
        .join()
        .map_err(|_| anyhow::anyhow!("the player fell over"))?
}

/// Plays by the clock, as a live session does, and says for each picture whether it is bright.
fn play(control: &Control, seen: &Sender<(bool, Instant)>, over: &AtomicBool) -> Result<()> {
    let options = Options {
        effects: vec!["solid".to_owned()],
        size: Some("640x360".parse().map_err(anyhow::Error::msg)?),
        ..Options::default()
    };
    let show = Arc::new(options.show(&mut library())?);
    let gpu = Gpu::open(None, None)?;
    let mut engine = Engine::new(&gpu);
    let mut stage = Stage::new(engine.pipelines(), &show, options.size, (60, 1))?;
    stage
        .ahead()
        .iter()
        .for_each(|ahead| ahead.compile(engine.pipelines()));
    let space = Space::new("solid", addresses(&show), Vec::new());
    control.describe(move || space);
    control.await_description();
    let begun = Instant::now();
    for tick in 0.. {
        if over.load(Ordering::Relaxed) {
            return Ok(());
        }
        let due = begun + Duration::from_secs_f64(f64::from(tick) / RATE);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let commands: Vec<_> = control.received().into_iter().filter_map(command).collect();
        let Some(tick) = stage.tick(&mut engine, &commands, Wait::Never)? else {
            continue;
        };
        let picture = tick.picture.clone();
        engine.submit(tick);
        let texels = gpu.fetch(gpu.encoder("bench.read"), &picture)?.pixels;
        seen.send((texels[0][0] > 0.5, Instant::now()))?;
    }
    Ok(())
}

fn command(event: Event) -> Option<Command> {
    match event.sent {
        Sent::Value(value) => Some(Command::new(&event.path, value)),
        Sent::Text(_) => None,
    }
}

/// Turns the picture bright and dark, at moments that have nothing to do with its ticks.
fn measure(
    way: &str,
    shown: &Receiver<(bool, Instant)>,
    mut send: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    // Nothing is heard before the first picture.
    shown.recv_timeout(PATIENCE).context("no picture comes")?;
    let mut times = Vec::new();
    for index in 0..MESSAGES + WARM_UP {
        thread::sleep(Duration::from_micros(
            20_000 + (index as u64 * 7919) % 16_667,
        ));
        let is_bright = index % 2 == 0;
        while shown.try_recv().is_ok() {}
        let sent = Instant::now();
        send(&message(f32::from(u8::from(is_bright))))?;
        let at = loop {
            let (bright, at) = shown.recv_timeout(PATIENCE).context("no picture comes")?;
            ensure!(
                sent.elapsed() < PATIENCE,
                "a message over {way} changes nothing"
            );
            if bright == is_bright {
                break at;
            }
        };
        times.push((at - sent).as_secs_f64() * 1e3);
    }
    let mut times = times.split_off(WARM_UP);
    times.sort_by(f64::total_cmp);
    let share = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "| {way} | {:.1} | {:.1} | {:.1} |",
        share(50),
        share(95),
        share(100)
    );
    Ok(())
}

/// The colour in grey.
fn message(level: f32) -> Vec<u8> {
    let mut packet = ADDRESS.as_bytes().to_vec();
    packet.resize((packet.len() + 1).next_multiple_of(4), 0);
    packet.extend(b",f\0\0");
    packet.extend(level.to_be_bytes());
    packet
}

fn web_socket(address: SocketAddr) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.write_all(
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(stream)
}
