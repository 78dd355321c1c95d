//! Numbers that look random and depend on nothing but what is hashed, on every machine alike.

/// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923): a text as a number.
pub(super) fn text_hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The output function of splitmix64 (Steele, Lea, Flood 2014; Vigna's splitmix64.c): every input bit reaches
/// every output bit.
const fn scramble(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// One number of two; the order matters.
pub(super) const fn combine(first: u64, second: u64) -> u64 {
    scramble(scramble(first) ^ second)
}

/// The upper 53 bits as a number from 0 up to, not including, 1.
pub(super) fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// Value noise from 0 to 1: a random number at each whole x, between them Perlin's quintic fade
/// (Improving Noise, 2002), whose first two derivatives are 0 at the joints. NaN where x is not finite.
pub(super) fn noise(seed: u64, x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    let whole = x.floor();
    let t = x - whole;
    let fade = t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let at = |whole: f64| unit(combine(seed, whole as i64 as u64));
    let (left, right) = (at(whole), at(whole + 1.0));
    left + (right - left) * fade
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_published_ones() {
        assert_eq!(text_hash("foobar".bytes()), 0x8594_4171_f739_67e8);
        assert_eq!(scramble(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn random_numbers_fill_the_unit_interval_evenly() {
        let mut bins = [0u32; 10];
        for n in 0..10_000 {
            bins[(unit(combine(7, n)) * 10.0) as usize] += 1;
        }
        assert!(
            bins.iter().all(|count| (850..1150).contains(count)),
            "{bins:?}"
        );
    }

    #[test]
    fn noise_meets_its_lattice_and_is_smooth_between() {
        assert_eq!(noise(3, 5.0), unit(combine(3, 5)));
        let steps: Vec<f64> = (0..10_000)
            .map(|n| noise(3, f64::from(n) * 0.01 - 50.0))
            .collect();
        assert!(steps.iter().all(|value| (0.0..1.0).contains(value)));
        let largest = steps
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .fold(0.0, f64::max);
        assert!((0.005..0.02).contains(&largest), "{largest}");
        assert_ne!(noise(3, 0.5), noise(4, 0.5));
    }
}
