//! Parameters that are one of a few words.

use serde::{Deserialize, Serialize};

/// Declares a choice.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
        })*
    };
}

choices! {
    /// How hours come into being when a visit is confirmed.
    Issuance {
        /// The recipient pays the volunteer from hours held at booking.
        Transfer,
        /// The unit issues the volunteer's hours; the recipient pays nothing.
        Mint,
    }

    /// To whom members may give hours.
    GiveScope {
        /// To nobody.
        Nobody,
        /// To any member.
        Anyone,
        /// To the spouse.
        Spouse,
        /// To the spouse, parents, grandparents, children and grandchildren.
        Lineal,
        /// To all who are linked as kin.
        Kin,
    }

    /// What becomes of the part of a credit-minute that a price leaves.
    Rounding {
        /// It is dropped.
        Down,
        /// Half of one and more counts as one.
        Nearest,
        /// It counts as one.
        Up,
    }

    /// What becomes of the hours of a member who has died.
    DeathRule {
        /// They go to the beneficiary or to kin in time, otherwise to the pool.
        Heir,
        /// They go to the pool.
        Pool,
    }

    /// Who stands behind the promise that hours can be redeemed.
    Guarantee {
        /// Nobody.
        None,
        /// The scheme does what it can.
        BestEffort,
        /// The fund buys care that no volunteer gives.
        Fund,
        /// A city or municipality.
        Municipal,
    }
}

impl Rounding {
    /// Divides two numbers that are not negative.
    pub(crate) const fn divide(self, dividend: i64, divisor: i64) -> i64 {
        match self {
            Self::Down => dividend / divisor,
            Self::Nearest => (2 * dividend + divisor) / (2 * divisor),
            Self::Up => (dividend + divisor - 1) / divisor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_minute_are_rounded_as_the_rules_say() {
        let divided = |rounding: Rounding| [44, 45, 46].map(|it| rounding.divide(it, 30));
        assert_eq!(divided(Rounding::Down), [1, 1, 1]);
        assert_eq!(divided(Rounding::Nearest), [1, 2, 2]);
        assert_eq!(divided(Rounding::Up), [2, 2, 2]);
        assert_eq!(Rounding::Up.divide(60, 30), 2);
    }
}
