//! Taking a bundle apart, as far as it goes: where it is broken, the records
//! before the break are still compared, so that the first bad one is found.

use ledger::log::Position;

use super::super::fetch::Piece;
use crate::audit::Fault;

/// The records of a piece, and what is wrong after the last of them.
pub(in crate::audit) fn split(piece: &Piece) -> (Vec<&[u8]>, Option<Fault>) {
    let (mut records, mut rest) = (Vec::with_capacity(256), piece.bundle.as_slice());
    for number in 0..u64::from(piece.width.get()) {
        let Some((record, more)) = split_record(rest) else {
            let position = Position::new(piece.start().get() + number);
            let cause = "it ends here";
            return (records, Some(Fault::Bundle { position, cause }));
        };
        records.push(record);
        rest = more;
    }
    if rest.is_empty() || piece.is_longer {
        return (records, None);
    }
    let position = Position::new(piece.start().get() + u64::from(piece.width.get()));
    (
        records,
        Some(Fault::Bundle {
            position,
            cause: "it goes on here",
        }),
    )
}

fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}
