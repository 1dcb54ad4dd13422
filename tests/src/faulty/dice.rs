//! Seeded dice.

use ledger::Millis;

/// A small generator (`SplitMix64`) whose seed is printed, so that a run can be
/// had again.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice of the seed in `FAULTS_SEED`, or of the time; it is printed.
    pub fn of_this_run() -> Self {
        let given = std::env::var("FAULTS_SEED").ok();
        let seed = given
            .and_then(|seed| seed.parse().ok())
            .unwrap_or_else(|| Millis::get(crate::pen::now()).unsigned_abs());
        println!("FAULTS_SEED={seed}");
        Self(seed)
    }

    /// A number below a limit above zero.
    pub const fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
