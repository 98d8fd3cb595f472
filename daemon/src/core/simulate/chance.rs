//! Chance that hangs on a seed and on what it is asked about, never on the
//! order of the questions.

/// A seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance(pub u64);

impl Chance {
    /// A number that follows from the seed and from what it is for.
    #[must_use]
    pub fn number(self, purpose: u64, who: u64, when: u64) -> u64 {
        let mixed = mix(self.0 ^ mix(purpose.wrapping_add(0x9e37_79b9_7f4a_7c15)));
        mix(mix(mixed ^ who).wrapping_add(when.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A number from 0 to below 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn share(self, purpose: u64, who: u64, when: u64) -> f64 {
        (self.number(purpose, who, when) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `end`.
    #[must_use]
    pub fn below(self, end: u64, purpose: u64, who: u64, when: u64) -> u64 {
        self.number(purpose, who, when) % end.max(1)
    }
}

/// SplitMix64's finish.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
