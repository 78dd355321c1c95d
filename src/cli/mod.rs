//! The command line.

mod analyze;
mod arguments;
mod devices;
mod docs;
mod effects;
mod flow;

use std::io::Write;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use clap::Parser;

use crate::effect::{Effect, Library};
use crate::session::live::{Pace, Session};
use crate::session::render::{Destination, render};
use crate::session::{Failure, library, live};
use crate::show::Show;
use arguments::{Arguments, Check, Command, Live, Render};

/// The exit status after Ctrl-C: 128 and the signal's number, as shells have it.
const STOPPED: u8 = 130;

/// The exit status of a program that failed while running.
const FAILED: u8 = 1;

/// Runs the program: reads the command line, does the work, gives the exit status.
#[must_use]
pub fn run() -> u8 {
    panic::set_hook(Box::new(|fault| {
        eprintln!("afterimage: {}", describe(fault));
    }));
    let done = match Arguments::try_parse() {
        Ok(arguments) => panic::catch_unwind(|| obey(arguments)),
        Err(error) if error.use_stderr() => Ok(Err(Failure::usage(one_line(&error.to_string())))),
        Err(help) => {
            return say(&help.render().to_string()).map_or_else(report, |()| 0);
        }
    };
    match done {
        Ok(Ok(())) => 0,
        Ok(Err(failure)) => report(failure),
        Err(_) => FAILED,
    }
}

/// Ends the program at once. Libraries may still be at work on threads of their own (a decoder, a shader
/// compiler), and would lose what they stand on if their destructors ran meanwhile: all that matters is written.
pub fn leave(status: u8) -> ! {
    // Nobody may be listening any more.
    let _ = std::io::stdout().flush();
    #[cfg(unix)]
    // SAFETY: it only ends the process; no code of this one runs after it.
    unsafe {
        libc::_exit(i32::from(status))
    }
    #[cfg(not(unix))]
    std::process::exit(i32::from(status))
}

/// A fault of the program in one line.
fn describe(fault: &panic::PanicHookInfo<'_>) -> String {
    let text = fault.payload();
    let text = text
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| text.downcast_ref().copied());
    let place = fault
        .location()
        .map_or_else(String::new, |place| format!(" at {place}"));
    let text = text.unwrap_or("no reason given").replace('\n', " ");
    format!("a fault in the program{place}: {text}; please report this")
}

/// What clap says of wrong arguments, without its usage and its advice to read it.
fn one_line(error: &str) -> String {
    let parts = error.split("\n\n");
    let parts = parts.filter(|part| !part.starts_with("Usage:") && !part.starts_with("For more"));
    let line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = parts.map(line).collect();
    let text = lines.join("; ");
    format!(
        "{}; see 'afterimage --help'",
        text.trim_start_matches("error: ")
    )
}

/// Prints what was asked for. A reader that has seen enough is no error.
fn say(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::running(
            format!("cannot write the answer: {error}"),
        )),
        _ => Ok(()),
    }
}

fn obey(arguments: Arguments) -> Result<(), Failure> {
    log_to_stderr(arguments.verbose);
    let command = arguments
        .command
        .unwrap_or_else(|| Command::Live(Box::default()));
    match command {
        Command::Live(arguments) => play(&arguments),
        Command::Render(arguments) => film(&arguments),
        Command::Flow(arguments) => flow::find(&arguments),
        Command::Analyze(arguments) => analyze::hear_file(&arguments),
        Command::Effects(arguments) => effects::list(&arguments),
        Command::Devices(arguments) => devices::list(&arguments),
        Command::Check(arguments) => check(&arguments),
        Command::Docs(arguments) => docs::write(&arguments),
    }
}

/// Says why it failed, and gives the exit status.
fn report(failure: Failure) -> u8 {
    eprintln!("afterimage: {failure}");
    match failure {
        Failure::Running(_) => FAILED,
        Failure::Usage(_) => 2,
        Failure::Stopped(_) => STOPPED,
    }
}

fn log_to_stderr(verbose: u8) {
    let (own, others) = match verbose {
        0 => ("warn", "off"),
        1 => ("info", "error"),
        _ => ("debug", "warn"),
    };
    let filter = format!("{others},afterimage={own}");
    env_logger::Builder::new()
        .parse_filters(&filter)
        .format_timestamp(None)
        .format_target(false)
        .init();
}

/// A flag that Ctrl-C raises. Pressed once more, it ends the program where it stands.
fn stop_flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    let stop_at = move || {
        if raised.swap(true, Ordering::Relaxed) {
            leave(STOPPED);
        }
    };
    ctrlc::set_handler(stop_at).map_err(Failure::running)?;
    Ok(stop)
}

fn film(arguments: &Render) -> Result<(), Failure> {
    let destination = Destination {
        out: arguments.out.clone(),
        codec: arguments.codec.clone(),
        crf: arguments.crf,
        pixel_format: arguments.pixel_format.clone(),
    };
    let rendered = render(
        &arguments.shared.options(arguments.source.as_deref()),
        &destination,
        &stop_flag()?,
    )?;
    log::info!("{} frames", rendered.frames);
    Ok(())
}

fn play(arguments: &Live) -> Result<(), Failure> {
    let mut options = arguments.shared.options(arguments.source.as_deref());
    options.devices = !arguments.stepped;
    let session = Session {
        pace: if arguments.stepped {
            Pace::Stepped
        } else {
            Pace::Wall
        },
        seconds: seconds(arguments)?,
        out: arguments.out.clone(),
        record_to: arguments.record_to.clone(),
        play_sound: arguments.play_sound.clone().filter(|name| name != "none"),
        stop: stop_flag()?,
        monitor: arguments.monitor.clone(),
        ports: arguments.control.ports(),
        losses: arguments.lose_gpu.clone(),
        surface_losses: arguments.lose_surface.clone(),
    };
    if !arguments.headless {
        return windowed(&options, &session);
    }
    if session.seconds.is_none() && options.frames.is_none() {
        return Err(Failure::usage(
            "--headless needs an end: say --seconds N or --frames N",
        ));
    }
    let (_performer, requests) = channel();
    live::run(&options, &session, &requests, None).map(|_| ())
}

fn seconds(arguments: &Live) -> Result<Option<f64>, Failure> {
    match arguments.seconds {
        Some(seconds) if !(seconds > 0.0 && seconds.is_finite()) => {
            Err(Failure::usage("--seconds must be above 0"))
        }
        seconds => Ok(seconds),
    }
}

#[cfg(feature = "window")]
fn windowed(options: &crate::session::Options, session: &Session) -> Result<(), Failure> {
    crate::ui::run(options, session).map(|_| ())
}

#[cfg(not(feature = "window"))]
fn windowed(_: &crate::session::Options, _: &Session) -> Result<(), Failure> {
    Err(Failure::usage(
        "this build has no window: use --headless, or build with the feature 'window'",
    ))
}

/// Whether shows and effects are right: every file is judged, the first fault decides the status.
fn check(arguments: &Check) -> Result<(), Failure> {
    let mut library = library();
    let faults: Vec<String> = arguments
        .files
        .iter()
        .filter_map(|file| check_file(file, &mut library).err())
        .collect();
    match faults.as_slice() {
        [] => Ok(()),
        _ => Err(Failure::Usage(faults.join("\nafterimage: "))),
    }
}

fn check_file(file: &str, library: &mut Library) -> Result<(), String> {
    let path = Path::new(file);
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().into_owned());
    match extension.as_deref() {
        Some("toml") => Show::read(path, library)
            .map(|_| ())
            .map_err(|error| error.to_string())?,
        Some("wgsl") => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            Effect::parse(&stem, Some(path.to_owned()), &text)
                .map_err(|error| error.to_string())?;
        }
        _ => {
            return Err(format!(
                "{file}: neither a show (.toml) nor an effect (.wgsl)"
            ));
        }
    }
    say(&format!("{file}: right")).map_err(|failure| failure.to_string())
}
