//! Amounts: whole credit-minutes and whole fen, always above zero. Signed
//! amounts and balances are `i64` on postings and accounts.

use serde::{Deserialize, Serialize};

use crate::rejection::Rejection;

/// Credit-minutes: 1 to 100,000,000 (about 190 years), so that no sum of
/// amounts that a ledger can hold overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Minutes(u32);

impl Minutes {
    /// The largest amount of one entry.
    pub const MAX: i64 = 100_000_000;

    /// Takes an amount that an entry names.
    ///
    /// # Errors
    /// [`Rejection::AmountNotPositive`], [`Rejection::AmountTooLarge`].
    pub fn parse(minutes: i64) -> Result<Self, Rejection> {
        positive_up_to(minutes, Self::MAX)?;
        let minutes =
            u32::try_from(minutes).map_err(|_| Rejection::AmountTooLarge { max: Self::MAX })?;
        Ok(Self(minutes))
    }

    /// The number of minutes.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The number of minutes as postings carry it.
    pub const fn amount(self) -> i64 {
        self.0 as i64
    }
}

/// Money in fen (0.01 yuan): 1 to 10^15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fen(i64);

impl Fen {
    /// The largest amount of one entry.
    pub const MAX: i64 = 1_000_000_000_000_000;

    /// Takes an amount that an entry names.
    ///
    /// # Errors
    /// [`Rejection::AmountNotPositive`], [`Rejection::AmountTooLarge`].
    pub fn parse(fen: i64) -> Result<Self, Rejection> {
        positive_up_to(fen, Self::MAX)?;
        Ok(Self(fen))
    }

    /// The number of fen.
    pub const fn get(self) -> i64 {
        self.0
    }
}

fn positive_up_to(value: i64, max: i64) -> Result<(), Rejection> {
    if value <= 0 {
        Err(Rejection::AmountNotPositive)
    } else if value > max {
        Err(Rejection::AmountTooLarge { max })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_amounts_from_one_to_the_maximum_exist() {
        for value in [0, -1, i64::MIN] {
            assert_eq!(Minutes::parse(value), Err(Rejection::AmountNotPositive));
            assert_eq!(Fen::parse(value), Err(Rejection::AmountNotPositive));
        }
        let too_large = Err(Rejection::AmountTooLarge { max: Minutes::MAX });
        assert_eq!(Minutes::parse(Minutes::MAX + 1), too_large);
        assert_eq!(Minutes::parse(i64::MAX), too_large);
        assert_eq!(
            Minutes::parse(Minutes::MAX).map(Minutes::amount),
            Ok(Minutes::MAX)
        );
        assert_eq!(Fen::parse(Fen::MAX).map(Fen::get), Ok(Fen::MAX));
    }
}
