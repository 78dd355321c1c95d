use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::{ElementState, KeyEvent, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::window::{Window, WindowId};

use super::awake::stay_awake;
use super::keys::{Action, Keys};
use super::monitors::{Monitors, Place, find};
use super::pointer::Pointer;
use super::surfaces::{Reply, Surfaces};
use crate::gpu::WindowSurface;
use crate::picture::Size;
use crate::session::live::{Report, Request, Session, run as play};
use crate::session::{Failure, Options};

/// The window's size before anybody changes it, unless the command line names one.
const SIZE: Size = Size::new(1280, 720);

/// How often it is looked at what the system does not tell: the monitor, the pointer at rest, a window put away.
const WATCH: Duration = Duration::from_millis(250);

const NO_DISPLAY: &str = "there is no display to open a window on: start an X11 or Wayland session, or use \
     --headless with --seconds N";

type Outcome = Result<Report, Failure>;

/// What other threads tell the window's.
#[derive(Debug)]
pub(super) enum Event {
    /// The engine needs a surface.
    Surface(Reply),
    /// The session is over.
    Ended(Box<Outcome>),
}

/// Opens the window and plays until the show ends or the performer leaves. For the main thread.
///
/// # Errors
/// There is no display, or no monitor of the name that was asked for; or as [`play`].
pub fn run(options: &Options, session: &Session) -> Outcome {
    let no_display = |error| {
        log::info!("{error}");
        Failure::running(NO_DISPLAY)
    };
    let events = EventLoop::<Event>::with_user_event()
        .build()
        .map_err(no_display)?;
    let mut app = App {
        options: options.clone(),
        session: session.clone(),
        proxy: events.create_proxy(),
        stage: None,
        keys: Keys::default(),
        outcome: None,
    };
    events.run_app(&mut app).map_err(Failure::running)?;
    app.end()
}

struct App {
    options: Options,
    session: Session,
    proxy: EventLoopProxy<Event>,
    stage: Option<OnStage>,
    keys: Keys,
    outcome: Option<Outcome>,
}

/// The open window and the engine's thread behind it.
struct OnStage {
    window: Arc<Window>,
    requests: Sender<Request>,
    engine: JoinHandle<()>,
    monitors: Monitors,
    pointer: Pointer,
    /// What the engine was told last.
    size: Size,
    is_visible: bool,
    /// Whether other windows hide it.
    is_covered: bool,
}

impl App {
    fn open(&self, events: &ActiveEventLoop) -> Result<OnStage, Failure> {
        let size = self.options.size.unwrap_or(SIZE);
        let attributes = Window::default_attributes()
            .with_title("Afterimage")
            .with_inner_size(PhysicalSize::new(size.width, size.height));
        let window = Arc::new(events.create_window(attributes).map_err(Failure::running)?);
        #[cfg(target_os = "linux")]
        super::x11::hear_of_monitors(&*window);
        stay_awake(&window);
        let monitors = match &self.session.monitor {
            Some(part) => on_monitor(&*window, part)?,
            None => Monitors::default(),
        };
        let (requests, received) = channel();
        Ok(OnStage {
            size: inner_size(&window),
            engine: self.engine(received)?,
            window,
            requests,
            monitors,
            pointer: Pointer::new(Instant::now()),
            is_visible: true,
            is_covered: false,
        })
    }

    /// Starts the engine's thread.
    fn engine(&self, requests: Receiver<Request>) -> Result<JoinHandle<()>, Failure> {
        let (options, session) = (self.options.clone(), self.session.clone());
        let (proxy, surfaces) = (
            self.proxy.clone(),
            Arc::new(Surfaces::new(self.proxy.clone())),
        );
        let engine = move || {
            let play = || play(&options, &session, &requests, Some(surfaces));
            let outcome = catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|_| {
                Err(Failure::running(
                    "the engine stopped: start again, and please report this",
                ))
            });
            // The loop may have ended first.
            let _ = proxy.send_event(Event::Ended(Box::new(outcome)));
        };
        thread::Builder::new()
            .name("engine".to_owned())
            .spawn(engine)
            .map_err(Failure::running)
    }

    fn ask(&self, request: Request) {
        if let Some(stage) = &self.stage {
            stage.ask(request);
        }
    }

    fn key(&mut self, event: &KeyEvent) {
        if event.state != ElementState::Pressed || event.repeat {
            return;
        }
        let action = self.keys.press(&event.logical_key, Instant::now());
        let Some(stage) = &mut self.stage else {
            return;
        };
        match action {
            Action::Ask(request) => stage.ask(request),
            Action::FullScreen => stage.monitors.toggle(&*stage.window),
            Action::NextMonitor => stage.monitors.next(&*stage.window),
            Action::Leave | Action::Nothing => {}
        }
        stage.point();
    }

    fn end(self) -> Outcome {
        if let Some(stage) = self.stage {
            stage.ask(Request::Quit);
            if stage.engine.join().is_err() {
                return Err(Failure::running(
                    "the engine's thread stopped: this is a bug",
                ));
            }
        }
        self.outcome.unwrap_or(Ok(Report::default()))
    }
}

impl OnStage {
    fn ask(&self, request: Request) {
        // The engine's own end is told by its outcome.
        let _ = self.requests.send(request);
    }

    /// Looks at what the system does not tell.
    fn watch(&mut self) {
        self.monitors.watch(&*self.window);
        self.point();
        self.measure();
    }

    /// Tells the engine what there is to draw on: a window that is put away is not minimised everywhere, it may
    /// have no pixels instead, and a monitor that is unplugged may change the size without an event.
    fn measure(&mut self) {
        let pixels = self.window.inner_size();
        let size = Size::new(pixels.width, pixels.height);
        let is_put_away = self.window.is_minimized().unwrap_or(false) || size.area() == 0;
        self.see(!is_put_away && !self.is_covered);
        if size.area() > 0 && self.size != size {
            self.size = size;
            self.ask(Request::Resize(size));
        }
    }

    fn see(&mut self, is_visible: bool) {
        if self.is_visible != is_visible {
            self.is_visible = is_visible;
            self.ask(Request::Visible(is_visible));
        }
    }

    /// Shows or hides the pointer.
    fn point(&mut self) {
        let change = self.pointer.change(self.window.is_full(), Instant::now());
        if let Some(is_seen) = change {
            self.window.set_cursor_visible(is_seen);
        }
    }
}

/// Fills the monitor that a part of a name means.
fn on_monitor(window: &impl Place, part: &str) -> Result<Monitors, Failure> {
    let names = window.monitors();
    let advice = || {
        let found = names.join(", ");
        Failure::usage(format!("no monitor is called '{part}': there are {found}"))
    };
    let name = find(&names, part).ok_or_else(advice)?;
    let mut monitors = Monitors::on(name);
    monitors.toggle(window);
    Ok(monitors)
}

fn inner_size(window: &Window) -> Size {
    let size = window.inner_size();
    Size::new(size.width.max(1), size.height.max(1))
}

impl ApplicationHandler<Event> for App {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        if self.stage.is_some() {
            return;
        }
        match self.open(events) {
            Ok(stage) => self.stage = Some(stage),
            Err(failure) => {
                self.outcome = Some(Err(failure));
                events.exit();
            }
        }
    }

    fn new_events(&mut self, events: &ActiveEventLoop, cause: StartCause) {
        let is_time = matches!(
            cause,
            StartCause::Init | StartCause::ResumeTimeReached { .. }
        );
        if is_time {
            if let Some(stage) = &mut self.stage {
                stage.watch();
            }
            events.set_control_flow(ControlFlow::WaitUntil(Instant::now() + WATCH));
        }
    }

    fn user_event(&mut self, events: &ActiveEventLoop, event: Event) {
        match (event, &self.stage) {
            (Event::Surface(reply), Some(OnStage { window, .. })) => {
                // Who asked may have gone.
                let _ = reply.send(WindowSurface::new(window, inner_size(window)));
            }
            // Without a window the reply is dropped, which tells that there is none.
            (Event::Surface(_), None) => {}
            (Event::Ended(outcome), _) => {
                self.outcome = Some(*outcome);
                events.exit();
            }
        }
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(stage) = &mut self.stage else {
            return;
        };
        match event {
            WindowEvent::CloseRequested => self.ask(Request::Quit),
            WindowEvent::Resized(_) => stage.measure(),
            WindowEvent::Occluded(is_covered) => {
                stage.is_covered = is_covered;
                stage.measure();
            }
            WindowEvent::CursorMoved { .. } => {
                stage.pointer.moved(Instant::now());
                stage.point();
            }
            WindowEvent::KeyboardInput { event, .. } => self.key(&event),
            _ => {}
        }
    }
}
