use super::{CHANNELS_ALL, Keys};
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
    /// Parameters that are switches or whole numbers and keep a value: index in the header, value.
    pub fixed: Vec<(usize, i64)>,
    /// The size of a workgroup.
    pub workgroup: (u32, u32),
    /// Whether a CPU does the GPU's work.
    pub cpu: bool,
}

impl Variant {
    /// The variant for a layer's settings: the constant of each key and parameter, `None` where it changes.
    #[must_use]
    pub fn of(keys: &[Option<Value>], params: &[Option<Value>], declared: &[Param]) -> Self {
        let constant = |key: usize| keys[key].map(|value| value.lane(0));
        let named = [Keys::BLEND, Keys::CHANNELS, Keys::SPACE];
        let fixed_keys = named
            .into_iter()
            .filter_map(|key| Some((key, constant(key)? as i64)));
        let fixed =
            declared
                .iter()
                .zip(params)
                .enumerate()
                .filter_map(|(index, (param, value))| {
                    let whole = matches!(param.kind, Kind::Bool | Kind::Long(_));
                    value
                        .filter(|_| whole)
                        .map(|value| (index, value.lane(0) as i64))
                });
        Self {
            mix: constant(Keys::MIX) != Some(1.0),
            blend: constant(Keys::BLEND) != Some(0.0),
            channels: constant(Keys::CHANNELS) != Some(f64::from(CHANNELS_ALL)),
            fixed_keys: fixed_keys.collect(),
            fixed: fixed.collect(),
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
    #[must_use]
    pub fn serving(&self, keys: &[Value], params: &[Value]) -> Self {
        let key = |key: usize| keys[key].lane(0);
        let holds = |values: &[Value], (index, number): &(usize, i64)| {
            values[*index].lane(0) == *number as f64
        };
        let mut wider = self.clone();
        wider.fixed.retain(|fixed| holds(params, fixed));
        wider.fixed_keys.retain(|fixed| holds(keys, fixed));
        wider.mix |= key(Keys::MIX) != 1.0;
        wider.blend |= key(Keys::BLEND) != 0.0;
        wider.channels |= key(Keys::CHANNELS) != f64::from(CHANNELS_ALL);
        wider
    }
}
