use crate::picture::Size;
use crate::plan::Site;

/// The largest field: its equations, 16 bytes a pixel, are one storage binding of 128 MiB.
const MOST_PIXELS: u64 = 1 << 23;

/// What shapes a recipe, as OpenCV names it: see `shaders/flow.wgsl` for what each means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) pyr_scale: f64,
    pub(super) levels: u32,
    pub(super) winsize: u32,
    pub(super) iterations: u32,
    pub(super) poly_n: u32,
    pub(super) poly_sigma: f64,
    pub(super) gaussian: bool,
    pub(super) exact: bool,
    pub(super) height: u32,
    /// From the last picture to this one, as OpenCV's examples ask.
    pub(super) forward: bool,
    pub(super) initial: bool,
}

impl Settings {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let whole = |name: &str| site.number(name).round() as u32;
        let is = |name: &str| site.number(name) != 0.0;
        Self {
            pyr_scale: site.number("pyr_scale"),
            levels: whole("levels"),
            winsize: whole("winsize"),
            iterations: whole("iterations"),
            poly_n: whole("poly_n"),
            poly_sigma: site.number("poly_sigma"),
            gaussian: is("window"),
            exact: is("accuracy"),
            height: whole("height"),
            forward: is("direction"),
            initial: is("initial"),
        }
    }

    /// The size of the field of a picture.
    pub(super) fn field(&self, picture: Size) -> Size {
        let rows = match self.height {
            0 => picture.height,
            height => height.min(picture.height),
        };
        let most = (MOST_PIXELS as f64 / picture.area() as f64).sqrt();
        let ratio = (f64::from(rows) / f64::from(picture.height)).min(most);
        let side = |pixels: u32| ((f64::from(pixels) * ratio).round() as u32).max(1);
        Size::new(side(picture.width), side(picture.height))
    }

    /// How far the window reaches from its middle.
    pub(super) const fn reach(&self) -> u32 {
        self.winsize / 2
    }
}
