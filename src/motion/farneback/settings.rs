use crate::picture::Size;
use crate::plan::Site;

/// The largest field: its equations, 16 bytes a pixel, are one storage binding of 128 MiB.
const MOST_PIXELS: u64 = 1 << 23;
/// Buffers hold whole strips of at most so many columns.
pub(super) const STRIP: u32 = 32;
/// What is lost to a strip that is not full.
const WIDEST_STRIPS: u64 = STRIP as u64 * Size::LARGEST_SIDE as u64;

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
        let most = ((MOST_PIXELS - WIDEST_STRIPS) as f64 / picture.area() as f64).sqrt();
        let scaled = |ratio: f64| {
            let side = |pixels: u32| ((f64::from(pixels) * ratio).round() as u32).max(1);
            Size::new(side(picture.width), side(picture.height))
        };
        let field = scaled(f64::from(rows) / f64::from(picture.height));
        let wide = Size::new(field.width.next_multiple_of(STRIP), field.height);
        if wide.area() > MOST_PIXELS {
            scaled(most)
        } else {
            field
        }
    }

    /// Pixels across the window.
    pub(super) const fn window(&self) -> u32 {
        2 * self.reach() + 1
    }

    /// How far the window reaches from its middle.
    pub(super) const fn reach(&self) -> u32 {
        self.winsize / 2
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn settings(height: u32) -> Settings {
        Settings {
            pyr_scale: 0.5,
            levels: 3,
            winsize: 15,
            iterations: 3,
            poly_n: 5,
            poly_sigma: 1.2,
            gaussian: false,
            exact: true,
            height,
            forward: false,
            initial: false,
        }
    }

    #[test]
    fn a_field_is_no_larger_than_its_picture_nor_than_a_buffer() {
        let field = |height, width, rows| settings(height).field(Size::new(width, rows));
        assert_eq!(field(360, 1920, 1080), Size::new(640, 360));
        assert_eq!(field(360, 320, 180), Size::new(320, 180));
        assert_eq!(field(0, 3840, 2160), Size::new(3840, 2160));
        assert_eq!(field(360, 1, 720), Size::new(1, 360));
        for (width, rows) in [(8192, 8192), (1025, 8192), (8192, 1025), (4097, 2160)] {
            let field = field(0, width, rows);
            let wide = Size::new(field.width.next_multiple_of(STRIP), field.height);
            assert!(wide.area() * 16 <= 128 << 20, "{field}");
            assert!(wide.area() > 7_800_000, "{field}");
        }
    }
}
