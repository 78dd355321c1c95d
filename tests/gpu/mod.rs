//! What tests on the GPU share: the device, and pictures up and down.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;

use afterimage::gpu::{Frame, Gpu, Intake, PICTURE_FORMAT, Readback};
use afterimage::picture::{Fit, Picture, Size};

/// The GPU of this test program; without a driver the test fails with the package to install.
pub(crate) fn open() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| Gpu::open(None, None).unwrap_or_else(|error| panic!("{error}")))
}

/// A texture that passes write and the CPU reads.
pub(crate) fn target(gpu: &Gpu, size: Size) -> wgpu::Texture {
    texture(gpu, size, PICTURE_FORMAT)
}

fn texture(gpu: &Gpu, size: Size, format: wgpu::TextureFormat) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("test"),
        size: extent(size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::STORAGE_BINDING
            | wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_SRC
            | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

pub(crate) fn view(texture: &wgpu::Texture) -> wgpu::TextureView {
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

fn extent(size: Size) -> wgpu::Extent3d {
    wgpu::Extent3d {
        width: size.width,
        height: size.height,
        depth_or_array_layers: 1,
    }
}

/// A 32-bit float texture that holds `colors`.
pub(crate) fn colors(gpu: &Gpu, size: Size, colors: &[[f32; 4]]) -> wgpu::Texture {
    let texture = texture(gpu, size, wgpu::TextureFormat::Rgba32Float);
    gpu.queue.write_texture(
        texture.as_image_copy(),
        bytemuck::cast_slice(colors),
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(size.width * 16),
            rows_per_image: None,
        },
        extent(size),
    );
    texture
}

/// What the intake makes of `picture` on a canvas.
pub(crate) fn take_in(picture: &Picture, fit: Fit, bits8: bool, canvas: Size) -> Vec<[f32; 4]> {
    take_in_with(&mut Intake::new(), picture, fit, bits8, canvas)
}

/// The same through an intake that may have taken other pictures before.
pub(crate) fn take_in_with(
    intake: &mut Intake,
    picture: &Picture,
    fit: Fit,
    bits8: bool,
    canvas: Size,
) -> Vec<[f32; 4]> {
    take_in_on(open(), intake, picture, fit, bits8, canvas)
}

/// The same on a GPU that has it done otherwise.
pub(crate) fn take_in_on(
    gpu: &Gpu,
    intake: &mut Intake,
    picture: &Picture,
    fit: Fit,
    bits8: bool,
    canvas: Size,
) -> Vec<[f32; 4]> {
    let texture = target(gpu, canvas);
    let mut encoder = gpu.device.create_command_encoder(&Default::default());
    intake
        .encode(
            gpu,
            &mut encoder,
            picture,
            fit,
            bits8,
            &view(&texture),
            canvas,
        )
        .unwrap();
    let colors = read_half(gpu, encoder, &texture);
    assert_eq!(gpu.errors(), 0, "the GPU refused a command");
    colors
}

/// Submits `encoder` and reads a picture of half floats as it is.
pub(crate) fn read_half(
    gpu: &Gpu,
    mut encoder: wgpu::CommandEncoder,
    texture: &wgpu::Texture,
) -> Vec<[f32; 4]> {
    let pitch = (texture.width() * 8).next_multiple_of(256);
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("test"),
        size: u64::from(pitch * texture.height()),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(pitch),
        rows_per_image: None,
    };
    let destination = wgpu::TexelCopyBufferInfo {
        buffer: &buffer,
        layout,
    };
    encoder.copy_texture_to_buffer(texture.as_image_copy(), destination, texture.size());
    encoder.map_buffer_on_submit(&buffer, wgpu::MapMode::Read, .., |result| result.unwrap());
    gpu.queue.submit([encoder.finish()]);
    gpu.device
        .poll(wgpu::PollType::wait_indefinitely())
        .unwrap();
    let bytes = buffer.get_mapped_range(..).unwrap();
    let rows = bytes.chunks_exact(pitch as usize);
    rows.flat_map(|row| row[..texture.width() as usize * 8].chunks_exact(8))
        .map(|pixel| std::array::from_fn(|c| half(pixel[2 * c], pixel[2 * c + 1])))
        .collect()
}

/// The value of a little-endian half float.
fn half(low: u8, high: u8) -> f32 {
    let bits = u16::from_le_bytes([low, high]);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023) / 1024.0);
    let magnitude = match exponent {
        0 => fraction * 2f32.powi(-14),
        31 => panic!("a picture holds NaN or infinity"),
        _ => (1.0 + fraction) * 2f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 {
        -magnitude
    } else {
        magnitude
    }
}

/// The nearest half float of a number from 2^-14 to 1.
fn to_half(value: f64) -> f32 {
    let step = 2f64.powi(value.log2().floor() as i32 - 10);
    ((value / step).round_ties_even() * step) as f32
}

/// What the intake and the readback together make of `picture`, at its own size.
pub(crate) fn through(picture: &Picture) -> Frame {
    let gpu = open();
    let size = picture.display_size();
    let texture = target(gpu, size);
    let mut readback = Readback::new(gpu);
    let mut encoder = gpu.device.create_command_encoder(&Default::default());
    Intake::new()
        .encode(
            gpu,
            &mut encoder,
            picture,
            Fit::Cover,
            false,
            &view(&texture),
            size,
        )
        .unwrap();
    readback.encode(&mut encoder, &view(&texture), size);
    gpu.queue.submit([encoder.finish()]);
    readback.take_blocking().unwrap().unwrap()
}

/// The half float nearest to the level `n` of 255.
pub(crate) fn level(level: u8) -> f32 {
    if level == 0 {
        0.0
    } else {
        to_half(f64::from(level) / 255.0)
    }
}
