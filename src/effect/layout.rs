use std::fmt::Write as _;

use crate::param::{Kind, Param, Value};

/// A type of WGSL that a uniform block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    F32,
    I32,
    U32,
    Vec2F,
    Vec2I,
    Vec4F,
    Vec4I,
}

impl Type {
    const fn text(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::I32 => "i32",
            Self::U32 => "u32",
            Self::Vec2F => "vec2f",
            Self::Vec2I => "vec2i",
            Self::Vec4F => "vec4f",
            Self::Vec4I => "vec4i",
        }
    }

    const fn lanes(self) -> usize {
        self.size() / 4
    }

    fn word(self, number: f64) -> u32 {
        match self {
            Self::F32 | Self::Vec2F | Self::Vec4F => (number as f32).to_bits(),
            Self::I32 | Self::Vec2I | Self::Vec4I => (number.round() as i32).cast_unsigned(),
            Self::U32 => number.round() as u32,
        }
    }

    fn lane_literal(self, word: u32) -> String {
        match self {
            Self::F32 | Self::Vec2F | Self::Vec4F => format!("{:?}f", f32::from_bits(word)),
            Self::I32 | Self::Vec2I | Self::Vec4I => word.cast_signed().to_string(),
            Self::U32 => format!("{word}u"),
        }
    }

    /// Size and alignment are the same for these types (WGSL specification, 14.4.1).
    const fn size(self) -> usize {
        match self {
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::Vec2F | Self::Vec2I => 8,
            Self::Vec4F | Self::Vec4I => 16,
        }
    }
}

/// What a member of a block holds, lane by lane.
pub(super) type Words = [u32; 4];

/// One member of a uniform block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in WGSL.
    pub name: String,
    kind: Type,
    /// Bytes from the block's start.
    pub offset: usize,
}

/// A uniform block: its WGSL declaration and its bytes come from the same table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    name: &'static str,
    /// The members in order.
    pub fields: Vec<Field>,
    /// Bytes, a multiple of 16.
    pub size: usize,
}

/// What `frame` holds.
const FRAME: &[(&str, Type)] = &[
    ("time", Type::F32),
    ("delta", Type::F32),
    ("beat", Type::F32),
    ("bar", Type::F32),
    ("size", Type::Vec2I),
    ("tick", Type::U32),
    ("seed", Type::U32),
];

/// What the host tells each pass about its layer.
const LAYER: &[(&str, Type)] = &[
    ("mix", Type::F32),
    ("blend", Type::I32),
    ("channels", Type::U32),
    ("space", Type::I32),
    ("matte_channel", Type::I32),
    ("matte_invert", Type::U32),
    ("iteration", Type::I32),
    ("seed", Type::U32),
    ("heads", Type::Vec4I),
    ("depths", Type::Vec4I),
    ("filled", Type::Vec4I),
    ("shares", Type::Vec4F),
    ("grid", Type::Vec2I),
];

impl Block {
    /// The block behind `frame`.
    #[must_use]
    pub fn frame() -> Self {
        Self::new(
            "Frame",
            FRAME.iter().map(|(name, kind)| ((*name).to_owned(), *kind)),
        )
    }

    /// The block behind the host's own `layer`.
    #[must_use]
    pub fn layer() -> Self {
        Self::new(
            "Layer",
            LAYER.iter().map(|(name, kind)| ((*name).to_owned(), *kind)),
        )
    }

    /// The block's bytes, from each member's value by its name.
    #[must_use]
    pub fn bytes(&self, value: impl Fn(&str) -> Value) -> Vec<u8> {
        let mut bytes = vec![0; self.size];
        for (index, field) in self.fields.iter().enumerate() {
            self.write(&mut bytes, index, value(&field.name));
        }
        bytes
    }

    fn new(name: &'static str, members: impl Iterator<Item = (String, Type)>) -> Self {
        let mut end = 0usize;
        let fields = members
            .map(|(name, kind)| {
                let offset = end.next_multiple_of(kind.size());
                end = offset + kind.size();
                Field { name, kind, offset }
            })
            .collect();
        Self {
            name,
            fields,
            size: end.next_multiple_of(16).max(16),
        }
    }

    /// The WGSL declaration of the struct.
    #[must_use]
    pub fn wgsl(&self) -> String {
        let mut text = format!("struct {} {{ ", self.name);
        for field in &self.fields {
            let _ = write!(text, "{}: {}, ", field.name, field.kind.text());
        }
        if self.fields.is_empty() {
            text.push_str("unused: vec4f, ");
        }
        text.push('}');
        text
    }

    /// One member's words, of which those beyond its lanes are 0. Whole-number members round.
    pub(super) fn words(&self, index: usize, value: Value) -> Words {
        let kind = self.fields[index].kind;
        let mut words = Words::default();
        for (lane, word) in words.iter_mut().take(kind.lanes()).enumerate() {
            *word = kind.word(value.lane(lane));
        }
        words
    }

    /// A line of WGSL by which a member of `params` is always `value`.
    #[must_use]
    pub fn constant(&self, index: usize, value: Value) -> String {
        self.assignment(index, self.words(index, value))
    }

    /// A line of WGSL by which a member of `params` always has these words.
    pub(super) fn assignment(&self, index: usize, words: Words) -> String {
        let (name, literal) = (&self.fields[index].name, self.literal(index, words));
        format!("params.{name} = {literal};\n")
    }

    /// Words of one member as a constant of its type.
    fn literal(&self, index: usize, words: Words) -> String {
        let kind = self.fields[index].kind;
        let lanes = words[..kind.lanes()]
            .iter()
            .map(|word| kind.lane_literal(*word));
        format!("{}({})", kind.text(), lanes.collect::<Vec<_>>().join(", "))
    }

    /// Writes one member, by its index, into the block's bytes.
    pub fn write(&self, bytes: &mut [u8], index: usize, value: Value) {
        let field = &self.fields[index];
        let words = self.words(index, value);
        for (lane, word) in words.iter().take(field.kind.lanes()).enumerate() {
            let at = field.offset + lane * 4;
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
    }
}

/// The block behind `params`: an effect's inputs in the order of declaration. Switches and events are `u32`
/// (0 or 1, and how many fired), `long` is `i32`.
#[must_use]
pub fn params_block(params: &[Param]) -> Block {
    let members = params.iter().map(|param| {
        let kind = match param.kind {
            Kind::Event | Kind::Bool => Type::U32,
            Kind::Long(_) => Type::I32,
            Kind::Float => Type::F32,
            Kind::Point2D => Type::Vec2F,
            Kind::Color => Type::Vec4F,
        };
        (param.name.clone(), kind)
    });
    Block::new("Params", members)
}
