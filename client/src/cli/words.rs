//! The ledger in plain words.

use ledger::act::{Act, CancelReason, GrantSource};
use ledger::code::MemberCode;
use ledger::{MemberId, Minutes};

use super::times;

/// `1 h 30 min`.
pub(crate) fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    match (hours, rest) {
        (0, rest) => format!("{sign}{rest} min"),
        (hours, 0) => format!("{sign}{hours} h"),
        (hours, rest) => format!("{sign}{hours} h {rest} min"),
    }
}

/// `1200.50 yuan`.
pub(crate) fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02} yuan",
        fen.unsigned_abs() / 100,
        fen.unsigned_abs() % 100
    )
}

/// A member's short code.
pub(crate) fn member(member: MemberId) -> String {
    MemberCode::of(&member).to_string()
}

/// What an act does, as a sentence without its subject.
pub(crate) fn act(act: &Act) -> String {
    match act {
        Act::OpenLedger(act) => format!("opened the ledger of \"{}\"", act.scheme_name),
        Act::OpenUnit(act) => format!("opened the unit \"{}\" ({})", act.display_name, act.unit),
        Act::EnrolMember(act) => format!("enrolled member {}", member(act.member)),
        Act::AddKey(act) => format!("added the key {}", act.key.public_key.id()),
        Act::RevokeKey(act) => format!("revoked the key {}", act.key_id),
        Act::Appoint(act) => {
            let member = member(act.member);
            format!(
                "appointed member {member} as {:?} of unit {}",
                act.role, act.unit
            )
        }
        Act::Dismiss(act) => {
            let member = member(act.member);
            format!(
                "dismissed member {member} as {:?} of unit {}",
                act.role, act.unit
            )
        }
        Act::Approve(act) => format!("approved the proposal {}", act.proposal),
        Act::Refuse(act) => format!("refused the proposal {}", act.proposal),
        Act::Reverse(act) => format!("proposed to reverse the entry {}", act.entry),
        Act::Expire(act) => format!("closed {}, whose time had run out", act.target),
        Act::AdoptState(act) => format!(
            "went on from here, and gave up the tree of {} records with the root {}",
            act.abandoned.size, act.abandoned.root
        ),
        Act::RequestCare(_)
        | Act::AcceptCare(_)
        | Act::CancelCare(_)
        | Act::LogService(_)
        | Act::ConfirmService(_) => care(act),
        Act::Give(_) | Act::Donate(_) | Act::Grant(_) | Act::ReceiveMoney(_) => amounts(act),
    }
}

fn care(act: &Act) -> String {
    match act {
        Act::RequestCare(act) => {
            let (length, start) = (of(act.minutes), times::show(act.start));
            format!(
                "asked for {length} of \"{}\" from {start}",
                act.item.as_str()
            )
        }
        Act::AcceptCare(act) => format!("took on the service {}", act.service),
        Act::CancelCare(act) => {
            format!(
                "cancelled the service {}: {}",
                act.service,
                reason(act.reason)
            )
        }
        Act::LogService(act) => {
            let (length, start) = (of(act.minutes), times::show(act.start));
            format!(
                "stated a visit of {length} from {start} for the service {}",
                act.service
            )
        }
        Act::ConfirmService(act) => {
            format!(
                "confirmed {} of the service {}",
                of(act.minutes),
                act.service
            )
        }
        other => other.name().to_owned(),
    }
}

fn amounts(act: &Act) -> String {
    match act {
        Act::Give(act) => format!(
            "gave {} to member {}",
            of(act.minutes),
            member(act.recipient)
        ),
        Act::Donate(act) => format!(
            "donated {} to the pool of unit {}",
            of(act.minutes),
            act.unit
        ),
        Act::Grant(act) => {
            let source = match act.source {
                GrantSource::Issue => "newly issued",
                GrantSource::Pool => "from the pool",
            };
            let (recipient, length) = (member(act.recipient), of(act.minutes));
            format!(
                "proposed to grant member {recipient} {length}, {source}, by unit {}",
                act.unit
            )
        }
        Act::ReceiveMoney(act) => {
            format!(
                "booked {} received by unit {}",
                money(act.fen.get()),
                act.unit
            )
        }
        other => other.name().to_owned(),
    }
}

fn of(minutes: Minutes) -> String {
    hours(minutes.amount())
}

const fn reason(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::NotNeeded => "no longer needed",
        CancelReason::Illness => "illness",
        CancelReason::Time => "the time does not suit",
        CancelReason::Other => "another reason",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_shown_as_hours_and_minutes() {
        for (minutes, text) in [
            (0, "0 min"),
            (45, "45 min"),
            (60, "1 h"),
            (90, "1 h 30 min"),
            (-90, "-1 h 30 min"),
        ] {
            assert_eq!(hours(minutes), text);
        }
        assert_eq!(hours(i64::MIN), "-153722867280912930 h 8 min");
    }

    #[test]
    fn fen_are_shown_as_yuan() {
        for (fen, text) in [
            (0, "0.00 yuan"),
            (5, "0.05 yuan"),
            (-120_050, "-1200.50 yuan"),
        ] {
            assert_eq!(money(fen), text);
        }
    }
}
