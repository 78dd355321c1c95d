use crate::param::Param;
use crate::picture::Size;
use crate::signal::Expression;

/// The name of the picture that an effect is applied to.
pub(in crate::effect) const INPUT_IMAGE: &str = "inputImage";

/// What the pass that composes a host stage's picture reads.
pub(in crate::effect) const STAGED: &str = "staged";

/// The function of a pass that an effect does not name.
pub(super) const ENTRY: &str = "effect";

/// How many textures a pass may read: WebGPU's base limit of sampled textures, less one for the matte.
pub(super) const MOST_IMAGES: usize = 15;

/// How many histories an effect may read: the places for their positions in the layer's block.
pub(in crate::effect) const MOST_HISTORIES: usize = 4;

/// What advances an effect's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Each new picture of its source.
    #[default]
    Source,
    /// Each tick of the canvas.
    Canvas,
}

/// What an effect's picture holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Colours.
    #[default]
    Picture,
    /// How much of something there is at each pixel.
    Matte,
    /// Where each pixel was minus where it is, in canvas pixels.
    Flow,
}

/// Sound that is looked at as a picture: a row for each channel of what the show hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoundImage {
    /// So many of the newest samples, the oldest left: silence is 0, full scale ±1. ISF's `audio`, but for its zero, which
    /// is grey there.
    Wave(u32),
    /// How strong the frequencies are, in so many columns, the lowest left: silence is 0, a sine of full scale 1. ISF's
    /// `audioFFT`.
    Spectrum(u32),
}

impl SoundImage {
    /// The most samples of a wave: 85 ms at 48 kHz.
    pub(super) const LONGEST_WAVE: u32 = 4096;

    /// The most columns of a spectrum: each is 12 Hz wide.
    pub(super) const FINEST_SPECTRUM: u32 = 2048;

    /// Samples, or steps of frequency.
    #[must_use]
    pub const fn columns(self) -> u32 {
        match self {
            Self::Wave(columns) | Self::Spectrum(columns) => columns,
        }
    }
}

/// What kind of picture an input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Colours.
    Image,
    /// A motion field.
    Flow,
    /// A source's own pixels, neither fitted to the canvas nor rounded to levels: a look-up table.
    Table,
    /// The past pictures of another input, this many at most.
    History(u32),
    /// What the show hears; no show names it.
    Sound(SoundImage),
}

/// A picture that an effect reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The stem: show key, and what WGSL passes to `load`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its kind.
    pub kind: ImageKind,
    /// How far back a history really reaches, where the effect's own inputs say so.
    pub reach: Option<Expression>,
    /// Whose past a history is: the name of another input, the layer's own where absent.
    pub of: Option<String>,
    /// Whether the show may leave a table out, which is then transparent black.
    pub optional: bool,
}

impl Image {
    /// Whether it is what the show hears, so that no show names it.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        matches!(self.kind, ImageKind::Sound(_))
    }

    /// How many pictures back it reaches, 0 unless it is a history. `value` knows the effect's inputs.
    #[must_use]
    pub fn reach(&self, value: impl Fn(&str) -> Option<f64>) -> u32 {
        let ImageKind::History(most) = self.kind else {
            return 0;
        };
        let own = |name: &str| value(name.strip_prefix('$').unwrap_or(name));
        let reach = self
            .reach
            .as_ref()
            .and_then(|reach| reach.evaluate_constant(own));
        reach.map_or(most, |reach| {
            reach.lane(0).ceil().clamp(1.0, f64::from(most)) as u32
        })
    }
}

/// Width or height of a pass: an expression over `$WIDTH` and `$HEIGHT`, the canvas's.
#[derive(Clone, Debug, PartialEq)]
pub struct PassSize {
    /// Pixels in a row.
    pub width: Expression,
    /// Rows.
    pub height: Expression,
}

impl PassSize {
    /// The size on a canvas; each side is brought to the nearest possible one.
    #[must_use]
    pub fn pixels(&self, canvas: Size) -> Size {
        let side = |expression: &Expression| {
            let value = expression.evaluate_constant(|name| match name.trim_start_matches('$') {
                "WIDTH" => Some(f64::from(canvas.width)),
                "HEIGHT" => Some(f64::from(canvas.height)),
                _ => None,
            });
            let pixels = value.map_or(1.0, |value| value.lane(0).round());
            pixels.clamp(1.0, f64::from(Size::LARGEST_SIDE)) as u32
        };
        Size::new(side(&self.width), side(&self.height))
    }
}

/// One pass: a WGSL function, and where its pixels go.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The function's name.
    pub entry: String,
    /// The texture it writes; the last pass writes the layer's picture, and this as well if it is named.
    pub target: Option<String>,
    /// The target is kept, and read as the last tick's until it is written.
    pub persistent: bool,
    /// The target holds 32-bit floats.
    pub float: bool,
    /// The target's size; the canvas's where absent.
    pub size: Option<PassSize>,
    /// The image, by its place, whose texels the target has: motion on a grid of its own.
    pub grid: Option<usize>,
    /// How often the pass runs in a tick, each run reading what the one before wrote.
    pub repeat: Option<Expression>,
    /// It reads its own pixel only: `fn NAME(color: vec4f, at: vec2i) -> vec4f`.
    pub point: bool,
    /// It is a whole kernel with its own `@compute`.
    pub kernel: bool,
    /// The function, a POINT one, that makes the layer's picture of what the target is given.
    pub then: Option<String>,
}

/// An effect's declarations, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// What it does.
    pub description: String,
    /// What it follows: paper, page, reference implementation.
    pub credit: String,
    /// What the command line says, SOURCE, `-e …`, `-s …` and `--audio …`, to show it at its best, for its picture in the documentation; empty
    /// where the effect alone with its defaults does.
    pub example: Vec<String>,
    /// Where a panel files it.
    pub categories: Vec<String>,
    /// Its pictures, in the order of declaration.
    pub images: Vec<Image>,
    /// Its parameters, in the order of declaration.
    pub params: Vec<Param>,
    /// Its passes, in order. Where a host stage makes the picture, the one that composes it with the input, and none
    /// where the picture is motion.
    pub passes: Vec<Pass>,
    /// The host stage that makes the picture, by its name.
    pub stage: Option<String>,
    /// The target that the host stage writes where its picture is composed with the input.
    pub staged: Option<Pass>,
    /// What advances its state.
    pub clock: Clock,
    /// What its picture holds.
    pub output: Output,
    /// Why no values leave the picture unchanged, where none do.
    pub no_identity: Option<String>,
    /// In an 8-bit show it computes in levels 0..255: it scales by `WHITE`.
    pub levels: bool,
}

impl Pass {
    /// A pass with nothing special about it.
    pub(super) fn plain(entry: &str, target: Option<&str>) -> Self {
        Self {
            entry: entry.to_owned(),
            target: target.map(str::to_owned),
            persistent: false,
            float: false,
            size: None,
            grid: None,
            repeat: None,
            point: false,
            kernel: false,
            then: None,
        }
    }

    /// A pass that looks at its own pixel only.
    pub(in crate::effect) fn looking(entry: &str) -> Self {
        Self {
            point: true,
            ..Self::plain(entry, None)
        }
    }
}

impl Header {
    /// Whether an image holds motion: a flow, or the past of one.
    #[must_use]
    pub fn holds_motion(&self, image: &Image) -> bool {
        holds_motion(image, &self.images)
    }

    /// What kind of picture the effect is applied to; none for a generator.
    #[must_use]
    pub fn input_kind(&self) -> Option<ImageKind> {
        let mut images = self.images.iter();
        images
            .find(|image| image.name == INPUT_IMAGE)
            .map(|image| image.kind)
    }

    /// Whether a layer that does not run can stand for its input: both hold motion, or neither.
    #[must_use]
    pub fn keeps_kind(&self) -> bool {
        let takes_motion = self.input_kind() == Some(ImageKind::Flow);
        takes_motion == (self.output == Output::Flow)
    }
}

/// Whether an image among an effect's `images` holds motion.
pub(super) fn holds_motion(image: &Image, images: &[Image]) -> bool {
    match (image.kind, &image.of) {
        (ImageKind::Flow, _) => true,
        (ImageKind::History(_), of) => {
            let name = of.as_deref().unwrap_or(INPUT_IMAGE);
            let of = images.iter().find(|other| other.name == name);
            of.is_some_and(|other| other.kind == ImageKind::Flow)
        }
        (ImageKind::Image | ImageKind::Table | ImageKind::Sound(_), _) => false,
    }
}
