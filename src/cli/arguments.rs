use std::path::PathBuf;

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};

use clap::{Args, Parser, Subcommand};

use crate::control::Ports;
use crate::picture::Size;
use crate::session::Options;
use crate::show::Bits;

/// GPU real-time effects for live performance; the same shows render to films.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(super) struct Arguments {
    /// Say more: -v what is done, -vv details.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(super) verbose: u8,
    /// Without a command: live.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Play in a window, or headless.
    Live(Box<Live>),
    /// Render to a film, to images, or to one image.
    Render(Box<Render>),
    /// Find the motion from one picture to the next, as OpenCV's calcOpticalFlowFarneback does.
    Flow(Flow),
    /// Find tempo, beats, onsets and loudness in a sound: what shows hear of it.
    Analyze(Analyze),
    /// What effects there are, or one with its parameters.
    Effects(Effects),
    /// What GPUs and cameras there are.
    Devices(Devices),
    /// Whether shows (.toml) and effects (.wgsl) are right.
    Check(Check),
    /// Write pages about all effects and presets, your own effects too, with a picture of each.
    Docs(Docs),
}

#[derive(Args, Debug, Default)]
pub(super) struct Live {
    /// A film, an image, dir/%05d.png, '-' for YUV4MPEG2, camera[:N|:NAME], rtsp://…; the first camera, else
    /// the bundled clip, if absent.
    pub(super) source: Option<String>,
    /// Run without a window.
    #[arg(long)]
    pub(super) headless: bool,
    /// End after so many seconds of the show.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) seconds: Option<f64>,
    /// Record from the first picture on.
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<String>,
    /// Where key R's films and key S's pictures go; the folder of videos if absent.
    #[arg(long, value_name = "FOLDER")]
    pub(super) record_to: Option<PathBuf>,
    /// Tick after tick with every picture, as render does, instead of by the wall clock.
    #[arg(long)]
    pub(super) stepped: bool,
    /// Fill this monitor, a part of its name; it is found again when it was unplugged.
    #[arg(long, value_name = "NAME", conflicts_with = "headless")]
    pub(super) monitor: Option<String>,
    /// Play the own sound of the first film that has any on this output, which the film then follows: default, or a part of
    /// its name; none if absent.
    #[arg(long, value_name = "DEVICE|none")]
    pub(super) play_sound: Option<String>,
    #[command(flatten)]
    pub(super) control: Control,
    /// Give the GPU up after so many seconds, to see that the show goes on. May be repeated.
    #[arg(long, value_name = "N", value_parser = seconds, hide = true)]
    pub(super) lose_gpu: Vec<f64>,
    /// The same for the window's surface.
    #[arg(long, value_name = "N", value_parser = seconds, hide = true)]
    pub(super) lose_surface: Vec<f64>,
    #[command(flatten)]
    pub(super) shared: Shared,
}

/// Hands that play from outside; without any of these no port is open.
#[derive(Args, Debug, Default)]
pub(super) struct Control {
    /// Take OSC over UDP, on 127.0.0.1 unless another address is named. May be repeated.
    #[arg(long, value_name = "[ADDR:]PORT", value_parser = port)]
    osc: Vec<SocketAddr>,
    /// Take OSC over WebSocket and answer OSCQuery, on 127.0.0.1:8080 unless another port or address is named.
    #[arg(long, value_name = "[ADDR:]PORT", value_parser = port, num_args = 0..=1, default_missing_value = WEB_PORT)]
    web: Option<SocketAddr>,
    /// Be there for Hydra: as --web, and OSC on UDP 41235, where osc-js's bridge sends to.
    #[arg(long)]
    hydra: bool,
    /// Tell what is heard, measured and moved over UDP. May be repeated.
    #[arg(long, value_name = "ADDR:PORT", value_parser = target)]
    osc_to: Vec<SocketAddr>,
    /// Let in web pages from here too: https://example.org. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
}

/// Where osc-js's bridge has its WebSocket, and so where pages made for it look.
const WEB_PORT: &str = "8080";

/// Where that bridge sends to.
const HYDRA_PORT: u16 = 41235;

impl Control {
    pub(super) fn ports(&self) -> Ports {
        let bridge = SocketAddr::from((Ipv4Addr::LOCALHOST, HYDRA_PORT));
        let usual = || self.hydra.then(|| port(WEB_PORT).ok()).flatten();
        Ports {
            udp: self
                .osc
                .iter()
                .copied()
                .chain(self.hydra.then_some(bridge))
                .collect(),
            web: self.web.or_else(usual),
            targets: self.osc_to.clone(),
            origins: self.allow_origin.clone(),
        }
    }
}

/// A port of this machine, or of one of its addresses.
fn port(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        Err(_) => target(text).map_err(|_| {
            format!("'{text}' is no port: write 9000, 0.0.0.0:9000 or another address and port")
        }),
    }
}

/// An address and a port.
fn target(text: &str) -> Result<SocketAddr, String> {
    let advice = || format!("'{text}' is no address and port: write 192.168.1.20:9000");
    let found: Vec<_> = text.to_socket_addrs().map_err(|_| advice())?.collect();
    let first = found
        .iter()
        .find(|address| address.is_ipv4())
        .or(found.first());
    first.copied().ok_or_else(advice)
}

#[derive(Args, Debug)]
pub(super) struct Render {
    /// A film, an image, dir/%05d.png, '-' for YUV4MPEG2, generator:NAME, clip.
    pub(super) source: Option<String>,
    /// .mp4 .mkv .mov .webm, dir/%05d.png, .png, or null to write nothing.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: String,
    /// The encoder by FFmpeg's name; H.264, in WebM VP9, if absent.
    #[arg(long, value_name = "NAME")]
    pub(super) codec: Option<String>,
    /// Constant quality: smaller is better and larger.
    #[arg(long, value_name = "N")]
    pub(super) crf: Option<u32>,
    /// The pixel format by FFmpeg's name.
    #[arg(long, value_name = "NAME")]
    pub(super) pixel_format: Option<String>,
    #[command(flatten)]
    pub(super) shared: Shared,
}

/// The options have OpenCV's names and defaults.
#[derive(Args, Debug)]
pub(super) struct Flow {
    /// A picture, or a film, of which it is the first.
    #[arg(value_name = "A")]
    pub(super) first: PathBuf,
    /// The next one, of the same size.
    #[arg(value_name = "B")]
    pub(super) second: PathBuf,
    /// .flo: Middlebury's numbers; .png: the colour wheel.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,
    /// Smaller pictures that are looked at first.
    #[arg(long, value_name = "N", default_value_t = 3)]
    levels: u32,
    /// The size of each to the one before.
    #[arg(long, value_name = "N", default_value_t = 0.5)]
    pyr_scale: f64,
    /// Pixels of the window over which motion is one.
    #[arg(long, value_name = "N", default_value_t = 15)]
    winsize: u32,
    /// How often each level is gone over.
    #[arg(long, value_name = "N", default_value_t = 3)]
    iterations: u32,
    /// Pixels around one that describe it.
    #[arg(long, value_name = "N", default_value_t = 5)]
    poly_n: u32,
    /// How much nearer ones count for more.
    #[arg(long, value_name = "N", default_value_t = 1.2)]
    poly_sigma: f64,
    /// Let the middle of the window count for more.
    #[arg(long)]
    gaussian: bool,
    /// As on stage, about a hundredth of a pixel off, instead of OpenCV's numbers.
    #[arg(long)]
    fast: bool,
    /// The GPU, by a part of its name.
    #[arg(long, value_name = "NAME")]
    pub(super) gpu: Option<String>,
}

impl Flow {
    /// The settings of the effect `flow`, in the grammar of `-e`.
    pub(super) fn settings(&self) -> String {
        format!(
            "direction=forward:height=0:levels={}:pyr_scale={}:winsize={}:iterations={}:poly_n={}:poly_sigma={}:\
             window={}:accuracy={}",
            self.levels,
            self.pyr_scale,
            self.winsize,
            self.iterations,
            self.poly_n,
            self.poly_sigma,
            if self.gaussian { "gaussian" } else { "box" },
            if self.fast { "fast" } else { "exact" }
        )
    }
}

#[derive(Args, Debug)]
pub(super) struct Analyze {
    /// An audio file, or a film with sound.
    #[arg(value_name = "AUDIO")]
    pub(super) sound: PathBuf,
    /// .json: everything, with units and definitions; else a table with a line for each hundredth of a second. To the
    /// terminal if absent.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: Option<PathBuf>,
    /// JSON to the terminal, instead of the table.
    #[arg(long, conflicts_with = "out")]
    pub(super) json: bool,
    /// Loudness against full scale, instead of what was loud of late.
    #[arg(long)]
    pub(super) fixed_gain: bool,
}

#[derive(Args, Debug)]
pub(super) struct Effects {
    /// One effect, with its parameters.
    pub(super) name: Option<String>,
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Devices {
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Check {
    /// Shows and effects.
    #[arg(required = true)]
    pub(super) files: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct Docs {
    /// Where effects.md, presets.md and pictures/ go.
    pub(super) folder: PathBuf,
    /// The pages alone, without pictures.
    #[arg(long)]
    pub(super) text: bool,
    /// Pictures of this effect or preset alone, and no sheet. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<String>,
    /// One more clip for the sheet of all presets. May be repeated.
    #[arg(long = "clip", value_name = "FILE")]
    pub(super) clips: Vec<String>,
    /// What is heard by those that listen.
    #[arg(long, value_name = "FILE")]
    pub(super) sound: Option<String>,
}

/// Options of every session.
#[derive(Args, Debug, Default)]
pub(super) struct Shared {
    /// A built-in preset, or a show file.
    #[arg(short, long, value_name = "NAME|FILE")]
    preset: Option<String>,
    /// A layer: EFFECT:key=value:key=value. May be repeated.
    #[arg(short, long = "effect", value_name = "EFFECT")]
    effects: Vec<String>,
    /// One more source. May be repeated.
    #[arg(short, long = "source", value_name = "NAME=SOURCE")]
    sources: Vec<String>,
    /// The canvas's size.
    #[arg(long, value_name = "WxH")]
    size: Option<Size>,
    /// Ticks a second: 60, 23.976, 30000/1001.
    #[arg(long, value_name = "N", value_parser = rate)]
    fps: Option<(u32, u32)>,
    /// 8: the arithmetic of 8-bit references; 16: half floats.
    #[arg(long, value_name = "8|16", value_parser = bits)]
    bits: Option<Bits>,
    /// End after so many ticks.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    frames: Option<u64>,
    /// Seconds left out at the first source's beginning.
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true)]
    start: Option<f64>,
    /// What chance starts from.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The file whose sound the show hears and a film gets; live also a sound device; or none. Else that of the first source
    /// with sound; live, the default input where none has any.
    #[arg(long, value_name = "FILE|DEVICE|none")]
    audio: Option<String>,
    /// Set a parameter, a control (controls.NAME) or the canvas (canvas.KEY). May be repeated.
    #[arg(long, value_name = "LAYER.KEY=VALUE")]
    set: Vec<String>,
    /// The GPU, by a part of its name.
    #[arg(long, value_name = "NAME")]
    gpu: Option<String>,
    /// Write alpha.
    #[arg(long)]
    alpha: bool,
}

impl Shared {
    pub(super) fn options(&self, source: Option<&str>) -> Options {
        Options {
            source: source.map(ToOwned::to_owned),
            preset: self.preset.clone(),
            effects: self.effects.clone(),
            sources: self.sources.clone(),
            size: self.size,
            fps: self.fps,
            bits: self.bits,
            frames: self.frames,
            start: self.start,
            seed: self.seed,
            audio: self.audio.clone(),
            devices: false,
            set: self.set.clone(),
            gpu: self.gpu.clone(),
            alpha: self.alpha,
        }
    }
}

/// A rate as a fraction: a whole number, a fraction, or a decimal, of which 23.976, 29.97 and 59.94 are NTSC's.
fn rate(text: &str) -> Result<(u32, u32), String> {
    let advice = || format!("'{text}' is no rate: write 60, 23.976 or 30000/1001, up to 1000");
    let (top, bottom) = text.split_once('/').unwrap_or((text, "1"));
    let bottom: u32 = bottom.parse().map_err(|_| advice())?;
    let fraction = match top.parse::<u32>() {
        Ok(top) => (top, bottom),
        Err(_) => decimal(top.parse().map_err(|_| advice())?),
    };
    let possible = fraction.0 > 0 && fraction.1 > 0 && fraction.0 / fraction.1 <= 1000;
    if possible {
        Ok(fraction)
    } else {
        Err(advice())
    }
}

fn decimal(rate: f64) -> (u32, u32) {
    let ntsc = (rate.ceil() * 1000.0, 1001.0);
    if (ntsc.0 / ntsc.1 - rate).abs() < 0.005 {
        return (ntsc.0 as u32, 1001);
    }
    ((rate * 1000.0).round() as u32, 1000)
}

fn bits(text: &str) -> Result<Bits, String> {
    match text {
        "8" => Ok(Bits::Eight),
        "16" => Ok(Bits::Sixteen),
        _ => Err("8 or 16".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: Option<f64> = text.parse().ok();
    let advice = || format!("'{text}' is not a time: write seconds, 0 or more");
    seconds
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
        .ok_or_else(advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn ports_are_of_this_machine_unless_they_say_otherwise() {
        let ports = |line: &str| {
            let words = ["afterimage", "live"]
                .into_iter()
                .chain(line.split_whitespace());
            match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
                Ok(Some(Command::Live(live))) => Ok(live.control.ports()),
                Ok(_) => Err("another command".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        };
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        assert!(ports("").unwrap().is_empty());
        let open = ports("--osc 9000 --osc 0.0.0.0:9001 --web --osc-to localhost:9002").unwrap();
        assert_eq!(open.udp, [at("127.0.0.1:9000"), at("0.0.0.0:9001")]);
        assert_eq!(open.web, Some(at("127.0.0.1:8080")));
        assert_eq!(open.targets, [at("127.0.0.1:9002")]);
        let hydra = ports("--hydra --web 9090").unwrap();
        assert_eq!(
            (hydra.web, hydra.udp),
            (Some(at("127.0.0.1:9090")), vec![at("127.0.0.1:41235")])
        );
        for line in [
            "--osc x",
            "--osc 70000",
            "--web film.mp4",
            "--osc-to 9000",
            "--osc :",
        ] {
            assert!(ports(line).is_err(), "{line}");
        }
    }

    #[test]
    fn rates_are_fractions() {
        assert_eq!(rate("60"), Ok((60, 1)));
        assert_eq!(rate("23.976"), Ok((24000, 1001)));
        assert_eq!(rate("12.5"), Ok((12500, 1000)));
        assert_eq!(rate("30000/1001"), Ok((30000, 1001)));
        for text in ["0", "1/0", "x", "-5", "1e9", "nan"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
