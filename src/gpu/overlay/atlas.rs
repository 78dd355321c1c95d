use std::collections::HashMap;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

use super::texture;
use crate::gpu::Gpu;
use crate::picture::Size;

/// The letters that are needed of JetBrains Mono; `assets/README.md` says where they are from.
const FONT: &[u8] = include_bytes!("../../../assets/jetbrains_mono.ttf");

/// Rows of letters, and letters in a row.
pub(super) const SIDE: u32 = 16;

/// What stands for a letter that the font lacks.
const UNKNOWN: char = '?';

/// Every letter of the font, drawn at one size.
#[derive(Debug)]
pub(super) struct Atlas {
    texture: wgpu::Texture,
    letters: HashMap<char, u32>,
    cell: Size,
}

impl Atlas {
    /// Letters for lines of a height in pixels.
    pub(super) fn new(gpu: &Gpu, line_height: u32) -> Self {
        let sheet = Sheet::new(line_height);
        let size = Size::new(sheet.cell.width * SIDE, sheet.cell.height * SIDE);
        let texture = texture(gpu, size, wgpu::TextureFormat::R8Unorm);
        gpu.queue.write_texture(
            texture.as_image_copy(),
            &sheet.ink,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(size.width),
                rows_per_image: None,
            },
            texture.size(),
        );
        Self {
            texture,
            letters: sheet.letters,
            cell: sheet.cell,
        }
    }

    pub(super) const fn texture(&self) -> &wgpu::Texture {
        &self.texture
    }

    /// The size of a letter with the space around it.
    pub(super) const fn cell(&self) -> Size {
        self.cell
    }

    /// Where a letter stands, counted from 0.
    pub(super) fn index(&self, letter: char) -> u32 {
        let found = self.letters.get(&letter);
        found
            .or_else(|| self.letters.get(&UNKNOWN))
            .copied()
            .unwrap_or_default()
    }
}

/// The letters on the CPU.
struct Sheet {
    /// How much of each pixel is covered, of 255.
    ink: Vec<u8>,
    letters: HashMap<char, u32>,
    cell: Size,
}

impl Sheet {
    fn new(line_height: u32) -> Self {
        let font = FontRef::try_from_slice(FONT).expect("the font in the program is whole");
        let scaled = font.as_scaled(PxScale::from(line_height as f32));
        let width = scaled.h_advance(font.glyph_id(UNKNOWN)).round().max(1.0);
        let cell = Size::new(width as u32, line_height);
        let mut sheet = Self {
            ink: vec![0; (cell.area() * u64::from(SIDE * SIDE)) as usize],
            letters: HashMap::new(),
            cell,
        };
        for (index, (id, letter)) in (0..SIDE * SIDE).zip(font.codepoint_ids()) {
            let glyph = id.with_scale_and_position(scaled.scale(), point(0.0, scaled.ascent()));
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, covered| {
                    sheet.set(index, corner.x + x as f32, corner.y + y as f32, covered);
                });
            }
            sheet.letters.insert(letter, index);
        }
        sheet
    }

    /// Colours a pixel of a letter; what juts out of the cell is cut.
    fn set(&mut self, index: u32, x: f32, y: f32, covered: f32) {
        let (width, height) = (self.cell.width, self.cell.height);
        if x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32 {
            let column = index % SIDE * width + x as u32;
            let row = index / SIDE * height + y as u32;
            self.ink[(row * SIDE * width + column) as usize] = (covered * 255.0).round() as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_there_and_looks_different() {
        let sheet = Sheet::new(20);
        let picture = |letter: char| -> Vec<u8> {
            let (index, Size { width, height }) = (sheet.letters[&letter], sheet.cell);
            let row = |y| {
                let start = (index / SIDE * height + y) * SIDE * width + index % SIDE * width;
                &sheet.ink[start as usize..(start + width) as usize]
            };
            (0..height).flat_map(|y| row(y).to_vec()).collect()
        };
        let letters: Vec<char> = ('!'..='~').chain("–←→…·".chars()).collect();
        for (index, letter) in letters.iter().enumerate() {
            let ink = picture(*letter);
            assert!(
                ink.iter().any(|covered| *covered > 100),
                "{letter} is empty"
            );
            let twin = letters[..index]
                .iter()
                .find(|other| picture(**other) == ink);
            assert_eq!(twin, None, "{letter}");
        }
        assert!(picture(' ').iter().all(|covered| *covered == 0));
    }
}
