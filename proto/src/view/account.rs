//! Accounts and postings.

use ledger::log::{Position, TreeSize};
use ledger::lot::{Lot, LotSource};
use ledger::{Account, AccountId, Bucket, EntryId, Millis, Posting, PostingRef};

use crate::name::{ACCOUNTS, ENTRIES};
use crate::{count, v1};

/// An account at a tree size.
pub fn account(id: &AccountId, account: &Account, size: TreeSize) -> v1::Account {
    let Account {
        available,
        held,
        last: _,
    } = account;
    v1::Account {
        name: ACCOUNTS.name(id),
        available: *available,
        held: *held,
        tree_size: count(size.get()),
        lots: Vec::new(),
    }
}

/// Where hours came from.
pub fn lot(lot: &Lot) -> v1::Lot {
    let Lot {
        expires,
        year,
        source,
        rules,
        minutes,
    } = lot;
    let source = match source {
        LotSource::Granted => v1::LotSource::Granted,
        LotSource::Imported => v1::LotSource::Imported,
        LotSource::Given => v1::LotSource::Given,
        LotSource::Earned => v1::LotSource::Earned,
    };
    v1::Lot {
        source: source.into(),
        year: (*year).into(),
        rules_version: i32::try_from(rules.0).unwrap_or(i32::MAX),
        expires: expires.month().map(v1::YearMonth::from),
        minutes: *minutes,
    }
}

/// A posting as audits compare it, without its cause.
pub fn posting(posting: &Posting) -> v1::Posting {
    let Posting {
        at,
        account,
        bucket,
        amount,
        balance,
        previous,
    } = posting;
    let v1::PostingRef { position, line } = posting_ref(at);
    v1::Posting {
        position,
        line,
        account: ACCOUNTS.name(account),
        bucket: match bucket {
            Bucket::Available => v1::Bucket::Available.into(),
            Bucket::Held => v1::Bucket::Held.into(),
        },
        amount: *amount,
        balance: *balance,
        previous: previous.as_ref().map(posting_ref),
        recorded_ms: 0,
        act: String::new(),
        entry: String::new(),
    }
}

/// What caused a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// When the record was recorded.
    pub recorded: Millis,
    /// The name of the act.
    pub act: &'static str,
    /// The entry.
    pub entry: EntryId,
}

/// A posting as statements show it.
pub fn posting_with_cause(line: &Posting, cause: &Cause) -> v1::Posting {
    let Cause {
        recorded,
        act,
        entry,
    } = cause;
    v1::Posting {
        recorded_ms: recorded.get(),
        act: (*act).to_owned(),
        entry: ENTRIES.name(entry),
        ..posting(line)
    }
}

/// A message is not a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a posting: its field {field} is wrong")]
pub struct PostingError {
    /// The first field that is wrong.
    pub field: &'static str,
}

/// Reads a posting back, to compare it. Its cause is left out: the log says it.
///
/// # Errors
/// [`PostingError`] for any message that [`posting`] does not make.
pub fn posting_from(message: v1::Posting) -> Result<Posting, PostingError> {
    let v1::Posting {
        position,
        line,
        account,
        bucket,
        amount,
        balance,
        previous,
        recorded_ms: _,
        act: _,
        entry: _,
    } = message;
    let error = |field| PostingError { field };
    Ok(Posting {
        at: posting_ref_from(v1::PostingRef { position, line }).map_err(error)?,
        account: ACCOUNTS.parse(&account).map_err(|_| error("account"))?,
        bucket: match v1::Bucket::try_from(bucket) {
            Ok(v1::Bucket::Available) => Bucket::Available,
            Ok(v1::Bucket::Held) => Bucket::Held,
            Ok(v1::Bucket::Unspecified) | Err(_) => return Err(error("bucket")),
        },
        amount,
        balance,
        previous: previous
            .map(posting_ref_from)
            .transpose()
            .map_err(|_| error("previous"))?,
    })
}

fn posting_ref(at: &PostingRef) -> v1::PostingRef {
    let PostingRef { position, line } = at;
    v1::PostingRef {
        position: count(position.get()),
        line: (*line).into(),
    }
}

/// On failure, the field that is wrong.
fn posting_ref_from(message: v1::PostingRef) -> Result<PostingRef, &'static str> {
    let v1::PostingRef { position, line } = message;
    Ok(PostingRef {
        position: u64::try_from(position)
            .map(Position::new)
            .map_err(|_| "position")?,
        line: u16::try_from(line).map_err(|_| "line")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AUTHOR, NOW, UNIT, id};

    fn line() -> Posting {
        let at = PostingRef {
            position: Position::new(9),
            line: 1,
        };
        let previous = Some(PostingRef {
            position: Position::new(4),
            line: 0,
        });
        let account = AccountId::Member(AUTHOR);
        Posting {
            at,
            account,
            bucket: Bucket::Held,
            amount: -90,
            balance: 30,
            previous,
        }
    }

    #[test]
    fn an_account_shows_its_standing_at_a_tree_size() {
        let row = Account {
            available: 90,
            held: 30,
            last: None,
        };
        let shown = account(&AccountId::Pool(UNIT), &row, TreeSize::new(7));
        let name = format!("accounts/pool-{UNIT}");
        assert_eq!(
            shown,
            v1::Account {
                name,
                available: 90,
                held: 30,
                tree_size: 7,
                lots: Vec::new(),
            }
        );
    }

    #[test]
    fn a_posting_is_read_back_with_and_without_its_cause() {
        let first = Posting {
            bucket: Bucket::Available,
            previous: None,
            ..line()
        };
        let cause = Cause {
            recorded: NOW,
            act: "Give",
            entry: id(),
        };
        for line in [line(), first] {
            assert_eq!(posting_from(posting(&line)), Ok(line.clone()));
            let shown = posting_with_cause(&line, &cause);
            assert_eq!((shown.recorded_ms, shown.act.as_str()), (NOW.get(), "Give"));
            assert_eq!(shown.entry, format!("entries/{}", id()));
            assert_eq!(posting_from(shown), Ok(line));
        }
    }

    #[test]
    fn a_message_that_is_no_posting_is_refused_for_its_field() {
        let good = posting(&line());
        let previous = Some(v1::PostingRef {
            position: 1,
            line: -1,
        });
        let cases = [
            (
                v1::Posting {
                    position: -1,
                    ..good.clone()
                },
                "position",
            ),
            (
                v1::Posting {
                    line: 65_536,
                    ..good.clone()
                },
                "line",
            ),
            (
                v1::Posting {
                    account: "accounts/x".into(),
                    ..good.clone()
                },
                "account",
            ),
            (
                v1::Posting {
                    bucket: 0,
                    ..good.clone()
                },
                "bucket",
            ),
            (
                v1::Posting {
                    bucket: 3,
                    ..good.clone()
                },
                "bucket",
            ),
            (v1::Posting { previous, ..good }, "previous"),
        ];
        for (message, field) in cases {
            assert_eq!(posting_from(message), Err(PostingError { field }));
        }
    }
}
