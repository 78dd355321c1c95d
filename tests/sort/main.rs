//! Pixel sorting: satyarth/pixelsort's pictures, a transcription of its rules, and what must hold for any setting.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../gpu/mod.rs"]
mod gpu;
mod kernels;
mod model;
mod package;
mod played;
#[path = "../stage/mod.rs"]
mod stage;

use afterimage::picture::{Picture, Size};
use stage::{Stage, parse, set};

/// A colour in levels.
pub(crate) type Pixel = [u8; 4];

/// How a sort is carried out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Method {
    Cpu,
    Hardware,
}

pub(crate) const METHODS: [Method; 2] = [Method::Cpu, Method::Hardware];

/// A picture on the CPU.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Image {
    pub(crate) size: Size,
    pub(crate) pixels: Vec<Pixel>,
}

impl Image {
    pub(crate) fn new(size: Size, pixel: impl Fn(u32, u32) -> Pixel) -> Self {
        let places = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
        Self {
            size,
            pixels: places.map(|(x, y)| pixel(x, y)).collect(),
        }
    }

    pub(crate) fn noise(size: Size, seed: u64) -> Self {
        let bytes = stage::noise(size, seed).planes[0].bytes.to_vec();
        let pixels = bytes.as_chunks::<4>().0.to_vec();
        Self { size, pixels }
    }

    pub(crate) fn row(&self, y: u32) -> &[Pixel] {
        let width = self.size.width as usize;
        &self.pixels[y as usize * width..][..width]
    }

    pub(crate) fn picture(&self) -> Picture {
        Picture::rgba8(self.size, self.pixels.as_flattened().to_vec())
    }

    /// The first pixel that differs, for who reads a failure.
    #[track_caller]
    pub(crate) fn assert_is(&self, wanted: &Self, what: &str) {
        assert_eq!(self.size, wanted.size, "{what}");
        let mut pairs = self.pixels.iter().zip(&wanted.pixels);
        let wrong = pairs.clone().filter(|(a, b)| a != b).count();
        if let Some(at) = pairs.position(|(a, b)| a != b) {
            let (x, y) = (at as u32 % self.size.width, at as u32 / self.size.width);
            let (is, should) = (self.pixels[at], wanted.pixels[at]);
            panic!("{what}: {wrong} pixels differ, first {x},{y}: {is:?} instead of {should:?}");
        }
    }
}

/// What is sorted, beside its borders and its mask.
pub(crate) struct Sort<'a> {
    pub(crate) settings: &'a str,
    pub(crate) borders: Option<&'a Image>,
    pub(crate) mask: Option<&'a Image>,
}

impl<'a> Sort<'a> {
    pub(crate) fn new(settings: &'a str) -> Self {
        Self {
            settings,
            borders: None,
            mask: None,
        }
    }

    pub(crate) fn stage(&self, method: Method, size: Size) -> Stage {
        let mut text = "[sources]\ncam = 'in.png'\nborders = 'b.png'\nmask = 'm.png'\n".to_owned();
        text += "[[layers]]\neffect = 'pixel_sort'\nimage = 'cam'\n";
        text += &self.settings.replace(':', "\n");
        if self.borders.is_some() {
            text += "\nborders = 'borders'";
        }
        if self.mask.is_some() {
            text += "\nmask = 'mask'";
        }
        let show = parse(&text, &[]);
        match method {
            Method::Cpu => Stage::new(&show, size),
            Method::Hardware => Stage::as_hardware(&show, size),
        }
    }

    pub(crate) fn of(&self, method: Method, image: &Image) -> Image {
        self.ticks(method, image, "amount", [self.amount()])
            .remove(0)
    }

    /// What the settings leave it at.
    fn amount(&self) -> f64 {
        let mut settings = self
            .settings
            .split(':')
            .filter_map(|setting| setting.split_once('='));
        let amount = settings.find(|(name, _)| *name == "amount");
        amount.map_or(1.0, |(_, amount)| amount.parse().unwrap())
    }

    /// One picture, which comes once, and a parameter that changes with each tick.
    pub(crate) fn played(
        &self,
        method: Method,
        image: &Image,
        name: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Vec<Image> {
        let own = format!("{name}=");
        let others = self.settings.split(':');
        let others = others.filter(|setting| !setting.starts_with(&own));
        // What moves in the show itself is no constant of its kernels.
        let moving = format!("{name}='0 * time'");
        let settings: Vec<_> = others.chain([moving.as_str()]).collect();
        let settings = settings.join(":");
        let sort = Sort {
            settings: &settings,
            ..*self
        };
        sort.ticks(method, image, name, values)
    }

    fn ticks(
        &self,
        method: Method,
        image: &Image,
        name: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Vec<Image> {
        let pictures =
            [Some(image), self.borders, self.mask].map(|image| image.map(Image::picture));
        let mut stage = self.stage(method, image.size);
        let address = format!("/layers/pixel_sort/{name}");
        let mut new = pictures.each_ref().map(Option::as_ref);
        let tick = |value| {
            let texels = stage.tick_with(&[set(&address, value)], &new);
            new = [None; 3];
            let level = |number: f32| (number * 255.0).round() as u8;
            Image {
                size: image.size,
                pixels: texels.iter().map(|texel| texel.map(level)).collect(),
            }
        };
        values.into_iter().map(tick).collect()
    }
}
