//! Bytes as strangers send them, for tests.

/// Chance that is the same in every run (xorshift; Marsaglia 2003).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new() -> Self {
        Self(3)
    }

    /// A number below `count`.
    pub(super) const fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count as u64) as usize
    }

    /// One of these, with up to four things wrong in it.
    pub(super) fn spoiled(&mut self, sound: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = sound[self.below(sound.len())].clone();
        for _ in 0..self.below(5) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes.insert(at, self.below(256) as u8),
                _ => bytes[at] = self.below(256) as u8,
            }
        }
        bytes
    }
}
