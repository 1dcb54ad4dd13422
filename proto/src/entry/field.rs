//! Single fields of an entry, and which fault counts when several are wrong.

use ledger::{Commitment, EntryId, MemberId, Rejection, UnitId};

/// Takes exactly so many bytes.
pub(super) fn fixed<const N: usize>(
    field: &'static str,
    bytes: &[u8],
) -> Result<[u8; N], Rejection> {
    bytes.try_into().map_err(|_| match bytes {
        [] => Rejection::FieldMissing { field },
        _ => Rejection::FieldLength { field, bytes: N },
    })
}

/// Takes the id of a member.
pub(super) fn member(field: &'static str, bytes: &[u8]) -> Result<MemberId, Rejection> {
    fixed(field, bytes).map(MemberId::from_bytes)
}

/// Takes the id of a unit.
pub(super) fn unit(field: &'static str, bytes: &[u8]) -> Result<UnitId, Rejection> {
    fixed(field, bytes).map(UnitId::from_bytes)
}

/// Takes the id of an entry. An id that no entry can have is no fault of the
/// field: nothing will be found under it.
pub(super) fn entry(field: &'static str, bytes: &[u8]) -> Result<EntryId, Rejection> {
    fixed(field, bytes).map(EntryId::from_bytes)
}

/// Takes a commitment, which may be absent.
pub(super) fn commitment(
    field: &'static str,
    bytes: &[u8],
) -> Result<Option<Commitment>, Rejection> {
    match bytes {
        [] => Ok(None),
        bytes => fixed(field, bytes).map(Commitment::from_bytes).map(Some),
    }
}

/// Writes a commitment, which may be absent.
pub(super) fn commitment_bytes(commitment: Option<&Commitment>) -> Vec<u8> {
    commitment.map_or_else(Vec::new, |commitment| commitment.as_bytes().to_vec())
}

/// Takes text or bytes that must be there.
pub(super) fn filled<T: AsRef<[u8]>>(field: &'static str, value: T) -> Result<T, Rejection> {
    if value.as_ref().is_empty() {
        Err(Rejection::FieldMissing { field })
    } else {
        Ok(value)
    }
}

/// Takes a message that must be there.
pub(super) fn present<T>(field: &'static str, message: Option<T>) -> Result<T, Rejection> {
    message.ok_or(Rejection::FieldMissing { field })
}

/// Fields that were all read before any fault is named.
pub(super) trait All {
    /// What the fields say.
    type Values;

    /// All values, or of the faults the first in the order of [`Rejection`];
    /// of two of a kind, that of the earlier field.
    fn all(self) -> Result<Self::Values, Rejection>;
}

/// Implements [`All`] for a tuple.
macro_rules! all {
    ($($type:ident $value:ident),*) => {
        impl<$($type),*> All for ($(Result<$type, Rejection>),*) {
            type Values = ($($type),*);

            fn all(self) -> Result<Self::Values, Rejection> {
                match self {
                    ($(Ok($value)),*) => Ok(($($value),*)),
                    ($($value),*) => {
                        Err(first([$($value.err()),*]).expect("not all fields were right"))
                    }
                }
            }
        }
    };
}

all!(A a, B b);
all!(A a, B b, C c);
all!(A a, B b, C c, D d);
all!(A a, B b, C c, D d, E e);
all!(A a, B b, C c, D d, E e, F f);

/// Of the faults the first in the order of [`Rejection`]; of two of a kind, that
/// of the earlier field.
pub(super) fn first(faults: impl IntoIterator<Item = Option<Rejection>>) -> Option<Rejection> {
    faults.into_iter().flatten().min_by_key(precedence)
}

fn precedence(fault: &Rejection) -> Option<usize> {
    Rejection::REASONS
        .iter()
        .position(|reason| *reason == fault.reason())
}
