//! What a show hears, as textures.

use std::collections::HashMap;
use std::fmt;

use super::Gpu;
use super::staging::{Rows, Staging};
use super::state::Image;
use crate::effect::SoundImage;
use crate::picture::Size;
use crate::plan::Sound;

/// Bytes of a sample.
const SAMPLE: usize = 4;

/// The pictures of the sound that an instance hears: the channels are rows of 32-bit floats.
pub(super) struct Sounds {
    pub(super) heard: Sound,
    staging: Staging,
    images: HashMap<SoundImage, Image>,
}

impl Default for Sounds {
    fn default() -> Self {
        Self {
            heard: Sound::default(),
            staging: Staging::new(),
            images: HashMap::new(),
        }
    }
}

impl Sounds {
    /// Writes what is heard now into one picture.
    pub(super) fn write(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        sound: SoundImage,
    ) {
        let rows = self.heard.rows(sound);
        let size = Size::new(sound.columns(), rows.len() as u32);
        let samples = rows.iter().flatten();
        let bytes: Vec<u8> = samples.flat_map(|sample| sample.to_le_bytes()).collect();
        let fresh = || Image::uploaded(gpu, "sound", size, wgpu::TextureFormat::R32Float);
        let image = self.images.entry(sound).or_insert_with(fresh);
        if image.size != size {
            *image = fresh();
        }
        let stride = size.width as usize * SAMPLE;
        let rows = Rows {
            bytes: &bytes,
            stride,
            filled: stride,
            group: SAMPLE,
        };
        let texture = &image.texture;
        self.staging.upload(&gpu.device, encoder, texture, &rows);
    }

    /// A picture that has been written.
    pub(super) fn view(&self, sound: SoundImage) -> Option<&wgpu::TextureView> {
        self.images.get(&sound).map(|image| &image.view)
    }
}

impl fmt::Debug for Sounds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sounds({:?})", self.images.keys())
    }
}
