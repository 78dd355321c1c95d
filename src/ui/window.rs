use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::{ElementState, KeyEvent, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
use winit::window::{Fullscreen, Window, WindowId};

use super::keys::{Action, Keys};
use super::surfaces::{Reply, Surfaces};
use crate::gpu::WindowSurface;
use crate::picture::Size;
use crate::session::live::{Report, Request, Session, run as play};
use crate::session::{Failure, Options};

/// The window's size before anybody changes it, unless the command line names one.
const SIZE: Size = Size::new(1280, 720);

const NO_DISPLAY: &str = "there is no display to open a window on: start an X11 or Wayland session, or use \
     --headless with --seconds N";

type Outcome = Result<Report, Failure>;

/// What other threads tell the window's.
#[derive(Debug)]
pub(super) enum Event {
    /// The engine needs a surface.
    Surface(Reply),
    /// The session is over.
    Ended(Outcome),
}

/// Opens the window and plays until the show ends or the performer leaves. For the main thread.
///
/// # Errors
/// There is no display; or as [`play`].
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
}

impl App {
    fn open(&self, events: &ActiveEventLoop) -> Result<OnStage, Failure> {
        let size = self.options.size.unwrap_or(SIZE);
        let attributes = Window::default_attributes()
            .with_title("Afterimage")
            .with_inner_size(PhysicalSize::new(size.width, size.height));
        let window = Arc::new(events.create_window(attributes).map_err(Failure::running)?);
        let surfaces = Arc::new(Surfaces::new(self.proxy.clone()));
        let (requests, received) = channel();
        let (options, session) = (self.options.clone(), self.session.clone());
        let proxy = self.proxy.clone();
        let engine = thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                let play = || play(&options, &session, &received, Some(surfaces));
                let outcome = catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|_| {
                    Err(Failure::running(
                        "the engine stopped: start again, and please report this",
                    ))
                });
                // The loop may have ended first.
                let _ = proxy.send_event(Event::Ended(outcome));
            });
        let engine = engine.map_err(Failure::running)?;
        Ok(OnStage {
            window,
            requests,
            engine,
        })
    }

    fn make_surface(&self, reply: &Reply) {
        if let Some(OnStage { window, .. }) = &self.stage {
            // Who asked may have gone.
            let _ = reply.send(WindowSurface::new(window, inner_size(window)));
        }
    }

    fn ask(&self, request: Request) {
        if let Some(stage) = &self.stage {
            // The engine's own end is told by its outcome.
            let _ = stage.requests.send(request);
        }
    }

    fn key(&mut self, event: &KeyEvent) {
        if event.state != ElementState::Pressed || event.repeat {
            return;
        }
        match self.keys.press(&event.logical_key, Instant::now()) {
            Action::Ask(request) => self.ask(request),
            Action::FullScreen => self.full_screen(),
            Action::Nothing => {}
        }
    }

    fn full_screen(&self) {
        if let Some(OnStage { window, .. }) = &self.stage {
            let full = window.fullscreen().is_none();
            window.set_fullscreen(full.then_some(Fullscreen::Borderless(None)));
            window.set_cursor_visible(!full);
        }
    }

    fn end(self) -> Outcome {
        if let Some(stage) = self.stage {
            let _ = stage.requests.send(Request::Quit);
            if stage.engine.join().is_err() {
                return Err(Failure::running(
                    "the engine's thread stopped: this is a bug",
                ));
            }
        }
        self.outcome.unwrap_or(Ok(Report::default()))
    }
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

    fn user_event(&mut self, events: &ActiveEventLoop, event: Event) {
        match event {
            Event::Surface(reply) => self.make_surface(&reply),
            Event::Ended(outcome) => {
                self.outcome = Some(outcome);
                events.exit();
            }
        }
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => self.ask(Request::Quit),
            WindowEvent::Resized(size) => {
                self.ask(Request::Resize(Size::new(size.width, size.height)));
            }
            WindowEvent::Occluded(hidden) => self.ask(Request::Visible(!hidden)),
            WindowEvent::KeyboardInput { event, .. } => self.key(&event),
            _ => {}
        }
    }
}
