//! Arrays that NumPy wrote.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

/// An array of 32-bit floats: its shape, and its numbers in C order.
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
}

/// Reads a .npy file (NumPy's NEP 1) of little-endian 32-bit floats.
pub(crate) fn read(path: &Path) -> Array {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(bytes.starts_with(b"\x93NUMPY\x01"), "{}", path.display());
    let begin = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..begin]).unwrap();
    assert!(
        header.contains("'<f4'") && header.contains("'fortran_order': False"),
        "{header}"
    );
    let shape = header.split(['(', ')']).nth(1).unwrap();
    let sides = shape
        .split(',')
        .map(str::trim)
        .filter(|side| !side.is_empty());
    let (words, rest) = bytes[begin..].as_chunks::<4>();
    let array = Array {
        shape: sides.map(|side| side.parse().unwrap()).collect(),
        numbers: words.iter().map(|word| f32::from_le_bytes(*word)).collect(),
    };
    assert!(rest.is_empty() && array.shape.iter().product::<usize>() == array.numbers.len());
    array
}
