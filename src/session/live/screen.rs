use crate::engine::Tick;
use crate::gpu::{Encoder, Gpu, Panel, Presenter, Shown, View};
use crate::picture::Size;

/// What the audience sees: the newest picture, black at a blackout, on the window if there is one.
#[derive(Debug)]
pub(super) struct Screen {
    presenter: Option<Presenter>,
    /// The newest picture and its size.
    newest: Option<(View, Size)>,
    black: bool,
    visible: bool,
    /// The window's size, once it has changed.
    size: Option<Size>,
}

impl Screen {
    pub(super) const fn new(presenter: Option<Presenter>) -> Self {
        Self {
            presenter,
            newest: None,
            black: false,
            visible: true,
            size: None,
        }
    }

    /// The window's surface is lost, on purpose.
    pub(super) const fn lose_surface(&mut self) {
        if let Some(presenter) = &mut self.presenter {
            presenter.give_up();
        }
    }

    /// The GPU is gone, and with it the picture and what drew it; that is given to be dropped elsewhere.
    pub(super) fn lose_gpu(&mut self) -> Option<Presenter> {
        self.newest = None;
        self.presenter.take()
    }

    /// There is a GPU again.
    pub(super) fn resume(&mut self, presenter: Option<Presenter>) {
        self.presenter = presenter;
        if let Some(size) = self.size {
            self.resize(size);
        }
    }

    /// Whether a picture has come yet.
    pub(super) const fn has_picture(&self) -> bool {
        self.newest.is_some()
    }

    /// The newest picture, of this GPU.
    pub(super) fn picture(&self) -> Option<(&View, Size)> {
        let (picture, size) = self.newest.as_ref()?;
        Some((picture, *size))
    }

    /// Black, or back.
    pub(super) const fn black_out(&mut self, black: bool) {
        self.black = black;
    }

    pub(super) const fn is_black(&self) -> bool {
        self.black
    }

    /// Whether the window can be seen: one that cannot is not drawn on.
    pub(super) const fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
    }

    pub(super) fn resize(&mut self, size: Size) {
        self.size = Some(size);
        if let Some(presenter) = &mut self.presenter {
            presenter.resize(size);
        }
    }

    /// Draws a tick's picture; what it gives is for [`Self::show`], once the tick is submitted.
    pub(super) fn draw(&mut self, tick: &mut Tick, panels: &[Panel]) -> Option<Shown> {
        self.newest = Some((tick.picture.clone(), tick.size));
        self.encode(&mut tick.encoder, panels)
    }

    pub(super) fn show(&self, shown: Option<Shown>) {
        if let (Some(presenter), Some(shown)) = (&self.presenter, shown) {
            presenter.show(shown);
        }
    }

    /// Shows the newest picture once more.
    pub(super) fn hold(&mut self, gpu: &Gpu, panels: &[Panel]) {
        let mut encoder = gpu.encoder("hold");
        if let Some(shown) = self.encode(&mut encoder, panels) {
            gpu.submit(encoder);
            self.show(Some(shown));
        }
    }

    fn encode(&mut self, encoder: &mut Encoder, panels: &[Panel]) -> Option<Shown> {
        let presenter = self.presenter.as_mut().filter(|_| self.visible)?;
        let (picture, size) = self.newest.as_ref()?;
        presenter.encode(encoder, (!self.black).then_some(picture), *size, panels)
    }
}
