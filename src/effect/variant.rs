use super::layout::Words;
use super::{Block, CHANNELS_ALL, Keys, params_block};
use crate::param::{Kind, Param, Value};

/// Where the numbers of a tick stand for a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Blocks {
    /// In uniform buffers: what real GPUs read fastest.
    #[default]
    Uniform,
    /// In read-only storage buffers. Lavapipe (Mesa 22.3) copies a shader at each dispatch to write the values of
    /// uniforms that branches depend on into it, and keeps all copies; it leaves storage alone.
    Storage,
}

impl Blocks {
    pub(super) const fn wgsl(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            // Read-only is what it is by default; `read` itself an author may have declared.
            Self::Storage => "storage",
        }
    }
}

/// Whether a parameter that a show leaves as it is becomes a constant of kernels. Choices do everywhere; on a CPU, which
/// reads storage slowly, numbers too.
#[must_use]
pub const fn becomes_constant(param: &Param, cpu: bool) -> bool {
    match param.kind {
        Kind::Bool | Kind::Long(_) => true,
        Kind::Float | Kind::Point2D | Kind::Color => cpu,
        Kind::Event => false,
    }
}

/// What a pass is compiled for beside its text. A show's settings decide; what they leave constant becomes a
/// constant of the kernel, so that a choice among edges or blend modes costs nothing per pixel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The arithmetic of 8-bit references.
    pub eight_bits: bool,
    /// `mix` may be other than 1.
    pub mix: bool,
    /// `blend` may be other than normal.
    pub blend: bool,
    /// There is a matte.
    pub matte: bool,
    /// `channels` may leave some untouched.
    pub channels: bool,
    /// Keys that are whole numbers and keep a value: index in [`Keys`], value.
    pub fixed_keys: Vec<(usize, i64)>,
    /// Parameters that keep a value: index in the header, the words that its block would hold.
    pub fixed: Vec<(usize, Words)>,
    /// The size of a workgroup.
    pub workgroup: (u32, u32),
    /// Whether a CPU does the GPU's work.
    pub cpu: bool,
    /// Whether the layer's picture holds 32-bit floats.
    pub float: bool,
    /// The images, by their places, that hold motion on another grid than the layer's picture has.
    pub scaled: Vec<usize>,
    /// The bindings whose pictures hold 32-bit floats, targets not among them.
    pub floats: Vec<u32>,
    /// Whether passes are drawn instead of dispatched, where they can be: see [`draws`](super::draws).
    pub drawn: bool,
}

impl Variant {
    /// The variant for a layer's settings: the constant of each key and parameter, `None` where it changes.
    /// Switches and choices become constants of the kernel; on a CPU, which reads storage slowly, numbers too.
    #[must_use]
    pub fn of(
        keys: &[Option<Value>],
        params: &[Option<Value>],
        declared: &[Param],
        cpu: bool,
    ) -> Self {
        let constant = |key: usize| keys[key].map(|value| value.lane(0));
        let named = [Keys::BLEND, Keys::CHANNELS, Keys::SPACE];
        let fixed_keys = named
            .into_iter()
            .filter_map(|key| Some((key, constant(key)? as i64)));
        let block = params_block(declared);
        let fixed = params.iter().enumerate().filter_map(|(index, value)| {
            value
                .filter(|_| becomes_constant(&declared[index], cpu))
                .map(|value| (index, block.words(index, value)))
        });
        Self {
            mix: constant(Keys::MIX) != Some(1.0),
            blend: constant(Keys::BLEND) != Some(0.0),
            channels: constant(Keys::CHANNELS) != Some(f64::from(CHANNELS_ALL)),
            fixed_keys: fixed_keys.collect(),
            fixed: fixed.collect(),
            cpu,
            ..Self::default()
        }
    }

    /// Whether the layer's input is read to be composed with the effect.
    #[must_use]
    pub const fn composes(&self) -> bool {
        self.mix || self.blend || self.matte || self.channels
    }

    /// Where the numbers of a tick stand.
    #[must_use]
    pub const fn blocks(&self) -> Blocks {
        if self.cpu {
            Blocks::Storage
        } else {
            Blocks::Uniform
        }
    }

    pub(super) fn fixed_key(&self, key: usize) -> Option<i64> {
        self.fixed_keys
            .iter()
            .find(|(fixed, _)| *fixed == key)
            .map(|(_, value)| *value)
    }

    /// The variant that serves these values too: itself, unless a control has changed what was constant.
    /// `block` is that of the effect's parameters.
    #[must_use]
    pub fn serving(&self, keys: &[Value], params: &[Value], block: &Block) -> Self {
        let key = |key: usize| keys[key].lane(0);
        let holds = |(index, words): &(usize, Words)| block.words(*index, params[*index]) == *words;
        let all_hold = self.fixed.iter().all(holds);
        let mut wider = if all_hold {
            self.clone()
        } else {
            self.playable()
        };
        wider
            .fixed_keys
            .retain(|(index, number)| key(*index) == *number as f64);
        wider.mix |= key(Keys::MIX) != 1.0;
        wider.blend |= key(Keys::BLEND) != 0.0;
        wider.channels |= key(Keys::CHANNELS) != f64::from(CHANNELS_ALL);
        wider
    }

    /// The variant that serves whatever a control may send to the effect's parameters.
    #[must_use]
    pub fn playable(&self) -> Self {
        Self {
            fixed: Vec::new(),
            ..self.clone()
        }
    }
}
