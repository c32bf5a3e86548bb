//! The scales that turn numbers into the bytes the model compares.

/// What a share of nothing is.
pub const NONE: u8 = 255;

/// A count: exact up to 16, from there eight steps to each doubling.
pub fn count(n: u32) -> u8 {
    if n < 16 {
        return n as u8;
    }
    let octave = n.ilog2();
    let step = (n >> (octave - 3)) & 7;
    (16 + 8 * (octave - 4) + step).min(254) as u8
}

const STEPS: u32 = 200;

/// A share in steps of half a percent: 0 to 200.
pub fn share(part: u32, whole: u32) -> u8 {
    if whole == 0 {
        return NONE;
    }
    let part = part.min(whole);
    // Nearly all are small, and dividing half as wide numbers takes half as long.
    match part.checked_mul(STEPS) {
        Some(steps) => (steps / whole) as u8,
        None => (u64::from(part) * u64::from(STEPS) / u64::from(whole)) as u8,
    }
}

/// A share seen finely where it is small, 0 to 250 by its square root: what part of a page stands here.
pub fn root_share(part: u32, whole: u32) -> u8 {
    if whole == 0 {
        return NONE;
    }
    ((part.min(whole) as f32 / whole as f32).sqrt() * 250.0) as u8
}

/// A mean, on the scale of counts, in quarters.
pub fn mean(sum: u32, of: u32) -> u8 {
    sum.saturating_mul(4).checked_div(of).map_or(NONE, count)
}

/// A count that stops at the byte's end.
pub fn capped(n: u32) -> u8 {
    n.min(254) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_grow_and_never_wrap() {
        let scaled: Vec<u8> = (0..100_000).map(count).collect();
        assert!(scaled.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((count(15), count(16), count(18), count(32)), (15, 16, 17, 24));
        assert!(count(u32::MAX) < NONE);
    }

    #[test]
    fn shares_stay_on_their_scale() {
        assert_eq!((share(1, 2), share(9, 3), share(0, 0)), (100, 200, NONE));
        assert_eq!((root_share(1, 4), root_share(5, 5), root_share(0, 0)), (125, 250, NONE));
        assert_eq!((mean(10, 4), mean(1, 0)), (10, NONE));
    }
}
