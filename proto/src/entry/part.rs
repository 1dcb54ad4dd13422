//! Fields of an act, each by its type; and acts that are nothing but fields.

use ledger::budget::BudgetLine;
use ledger::log::{Hash, TreeSize};
use ledger::service::ItemCode;
use ledger::{Commitment, EntryId, Fen, MemberId, Millis, Minutes, Rejection, UnitId};

use super::Choice;
use super::field;
use crate::count;

/// Largest amount that an act states without moving it, in fen or minutes.
const STATED_MAX: u64 = 1_000_000_000_000_000;

/// A field of the core, and how it stands in the protocol.
pub(super) trait Part: Sized {
    /// Its type in the protocol.
    type Wire;

    /// Reads the field of a name.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(field: &'static str, wire: Self::Wire) -> Result<Self, Rejection>;

    /// Writes it.
    fn write(&self) -> Self::Wire;
}

/// Declares fields of so many bytes that must be there.
macro_rules! bytes {
    ($($name:ident),*) => {
        $(impl Part for $name {
            type Wire = Vec<u8>;

            fn read(field: &'static str, wire: Vec<u8>) -> Result<Self, Rejection> {
                field::fixed(field, &wire).map(Self::from_bytes)
            }

            fn write(&self) -> Vec<u8> {
                self.as_bytes().to_vec()
            }
        }

        impl Part for Option<$name> {
            type Wire = Vec<u8>;

            fn read(field: &'static str, wire: Vec<u8>) -> Result<Self, Rejection> {
                match wire[..] {
                    [] => Ok(None),
                    _ => Part::read(field, wire).map(Some),
                }
            }

            fn write(&self) -> Vec<u8> {
                self.as_ref().map_or_else(Vec::new, Part::write)
            }
        })*
    };
}

bytes!(MemberId, UnitId, EntryId, Commitment, Hash);

impl<T: Choice> Part for T {
    type Wire = i32;

    fn read(field: &'static str, wire: i32) -> Result<Self, Rejection> {
        Self::parse(field, wire)
    }

    fn write(&self) -> i32 {
        self.to_number()
    }
}

impl Part for Option<BudgetLine> {
    type Wire = i32;

    fn read(field: &'static str, wire: i32) -> Result<Self, Rejection> {
        match wire {
            0 => Ok(None),
            number => BudgetLine::parse(field, number).map(Some),
        }
    }

    fn write(&self) -> i32 {
        self.map_or(0, |line| line.to_number())
    }
}

/// A list of choices in ascending order, none twice, and not empty.
impl<T: Choice> Part for Vec<T> {
    type Wire = Vec<i32>;

    fn read(field: &'static str, wire: Vec<i32>) -> Result<Self, Rejection> {
        if wire.is_empty() {
            return Err(Rejection::FieldMissing { field });
        }
        let list = wire.iter().map(|number| T::parse(field, *number));
        let list = list.collect::<Result<Self, Rejection>>()?;
        if wire.is_sorted_by(|one, next| one < next) {
            Ok(list)
        } else {
            Err(Rejection::NumberOutOfRange { field })
        }
    }

    fn write(&self) -> Vec<i32> {
        self.iter().map(Choice::to_number).collect()
    }
}

impl Part for Minutes {
    type Wire = i64;

    fn read(_: &'static str, wire: i64) -> Result<Self, Rejection> {
        Self::parse(wire)
    }

    fn write(&self) -> i64 {
        self.amount()
    }
}

impl Part for Fen {
    type Wire = i64;

    fn read(_: &'static str, wire: i64) -> Result<Self, Rejection> {
        Self::parse(wire)
    }

    fn write(&self) -> i64 {
        self.get()
    }
}

impl Part for Millis {
    type Wire = i64;

    fn read(field: &'static str, wire: i64) -> Result<Self, Rejection> {
        Self::parse(field, wire)
    }

    fn write(&self) -> i64 {
        self.get()
    }
}

/// An amount that an act states without moving it.
impl Part for i64 {
    type Wire = Self;

    fn read(field: &'static str, wire: Self) -> Result<Self, Rejection> {
        if wire.unsigned_abs() <= STATED_MAX {
            Ok(wire)
        } else {
            Err(Rejection::NumberOutOfRange { field })
        }
    }

    fn write(&self) -> Self {
        *self
    }
}

impl Part for u32 {
    type Wire = i32;

    fn read(field: &'static str, wire: i32) -> Result<Self, Rejection> {
        Self::try_from(wire).map_err(|_| Rejection::NumberOutOfRange { field })
    }

    /// A number that is too large for the protocol is written as the largest
    /// there is.
    fn write(&self) -> i32 {
        i32::try_from(*self).unwrap_or(i32::MAX)
    }
}

/// Stars: 1 to 5.
impl Part for u8 {
    type Wire = i32;

    fn read(field: &'static str, wire: i32) -> Result<Self, Rejection> {
        match Self::try_from(wire) {
            Ok(stars @ 1..=5) => Ok(stars),
            _ => Err(Rejection::NumberOutOfRange { field }),
        }
    }

    fn write(&self) -> i32 {
        (*self).into()
    }
}

impl Part for bool {
    type Wire = Self;

    fn read(_: &'static str, wire: Self) -> Result<Self, Rejection> {
        Ok(wire)
    }

    fn write(&self) -> Self {
        *self
    }
}

impl Part for ItemCode {
    type Wire = String;

    fn read(_: &'static str, wire: String) -> Result<Self, Rejection> {
        Self::parse(wire)
    }

    fn write(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Part for TreeSize {
    type Wire = i64;

    fn read(field: &'static str, wire: i64) -> Result<Self, Rejection> {
        let size = u64::try_from(wire).map_err(|_| Rejection::NumberOutOfRange { field })?;
        Ok(Self::new(size))
    }

    fn write(&self) -> i64 {
        count(self.get())
    }
}

/// Pairs acts of the core with messages of the protocol, field by field: a field
/// with a name of its own in the protocol has it behind `as`. One that either
/// side does not know stops the build.
macro_rules! messages {
    ($($act:ident $prefix:literal { $($field:ident as $wire:ident),* $(,)? })*) => {
        $(impl TryFrom<v1::$act> for $act {
            type Error = Rejection;

            fn try_from(message: v1::$act) -> Result<Self, Rejection> {
                let v1::$act { $($wire),* } = message;
                $(let $field = Part::read(concat!($prefix, ".", stringify!($wire)), $wire);)*
                let faults = [None, $($field.as_ref().err().copied()),*];
                if let Some(fault) = field::first(faults) {
                    return Err(fault);
                }
                Ok(Self { $($field: $field?),* })
            }
        }

        impl From<&$act> for v1::$act {
            fn from(act: &$act) -> Self {
                let $act { $($field),* } = act;
                Self { $($wire: Part::write($field)),* }
            }
        })*
    };
}

pub(super) use messages;
