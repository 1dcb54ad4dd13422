//! Acts on hours and money, and the decisions of second persons.

use ledger::act::{
    Approve, Donate, Expire, Give, Grant, GrantSource, ReceiveMoney, Refuse, Reverse,
};
use ledger::{Fen, Minutes, Rejection};

use super::Choice;
use super::field::{self, All};
use crate::v1;

impl TryFrom<v1::Give> for Give {
    type Error = Rejection;

    fn try_from(message: v1::Give) -> Result<Self, Rejection> {
        let v1::Give { recipient, minutes } = message;
        let (recipient, minutes) = (
            field::member("give.recipient", &recipient),
            Minutes::parse(minutes),
        )
            .all()?;
        Ok(Self { recipient, minutes })
    }
}

impl From<&Give> for v1::Give {
    fn from(act: &Give) -> Self {
        let Give { recipient, minutes } = act;
        Self {
            recipient: recipient.as_bytes().to_vec(),
            minutes: minutes.amount(),
        }
    }
}

impl TryFrom<v1::Donate> for Donate {
    type Error = Rejection;

    fn try_from(message: v1::Donate) -> Result<Self, Rejection> {
        let v1::Donate { unit, minutes } = message;
        let (unit, minutes) = (field::unit("donate.unit", &unit), Minutes::parse(minutes)).all()?;
        Ok(Self { unit, minutes })
    }
}

impl From<&Donate> for v1::Donate {
    fn from(act: &Donate) -> Self {
        let Donate { unit, minutes } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            minutes: minutes.amount(),
        }
    }
}

impl TryFrom<v1::Grant> for Grant {
    type Error = Rejection;

    fn try_from(message: v1::Grant) -> Result<Self, Rejection> {
        let v1::Grant {
            unit,
            recipient,
            minutes,
            source,
            reason_commitment,
        } = message;
        let (unit, recipient, minutes, source, reason) = (
            field::unit("grant.unit", &unit),
            field::member("grant.recipient", &recipient),
            Minutes::parse(minutes),
            GrantSource::parse("grant.source", source),
            field::commitment("grant.reason_commitment", &reason_commitment),
        )
            .all()?;
        Ok(Self {
            unit,
            recipient,
            minutes,
            source,
            reason,
        })
    }
}

impl From<&Grant> for v1::Grant {
    fn from(act: &Grant) -> Self {
        let Grant {
            unit,
            recipient,
            minutes,
            source,
            reason,
        } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            recipient: recipient.as_bytes().to_vec(),
            minutes: minutes.amount(),
            source: source.to_number(),
            reason_commitment: field::commitment_bytes(reason.as_ref()),
        }
    }
}

impl TryFrom<v1::Approve> for Approve {
    type Error = Rejection;

    fn try_from(message: v1::Approve) -> Result<Self, Rejection> {
        let v1::Approve { proposal } = message;
        let proposal = field::entry("approve.proposal", &proposal)?;
        Ok(Self { proposal })
    }
}

impl From<&Approve> for v1::Approve {
    fn from(act: &Approve) -> Self {
        let Approve { proposal } = act;
        Self {
            proposal: proposal.as_bytes().to_vec(),
        }
    }
}

impl TryFrom<v1::Refuse> for Refuse {
    type Error = Rejection;

    fn try_from(message: v1::Refuse) -> Result<Self, Rejection> {
        let v1::Refuse {
            proposal,
            reason_commitment,
        } = message;
        let (proposal, reason) = (
            field::entry("refuse.proposal", &proposal),
            field::commitment("refuse.reason_commitment", &reason_commitment),
        )
            .all()?;
        Ok(Self { proposal, reason })
    }
}

impl From<&Refuse> for v1::Refuse {
    fn from(act: &Refuse) -> Self {
        let Refuse { proposal, reason } = act;
        Self {
            proposal: proposal.as_bytes().to_vec(),
            reason_commitment: field::commitment_bytes(reason.as_ref()),
        }
    }
}

impl TryFrom<v1::Reverse> for Reverse {
    type Error = Rejection;

    fn try_from(message: v1::Reverse) -> Result<Self, Rejection> {
        let v1::Reverse {
            entry_id,
            reason_commitment,
        } = message;
        let (entry, reason) = (
            field::entry("reverse.entry_id", &entry_id),
            field::commitment("reverse.reason_commitment", &reason_commitment),
        )
            .all()?;
        Ok(Self { entry, reason })
    }
}

impl From<&Reverse> for v1::Reverse {
    fn from(act: &Reverse) -> Self {
        let Reverse { entry, reason } = act;
        Self {
            entry_id: entry.as_bytes().to_vec(),
            reason_commitment: field::commitment_bytes(reason.as_ref()),
        }
    }
}

impl TryFrom<v1::ReceiveMoney> for ReceiveMoney {
    type Error = Rejection;

    fn try_from(message: v1::ReceiveMoney) -> Result<Self, Rejection> {
        let v1::ReceiveMoney {
            unit,
            fen,
            voucher_hash,
        } = message;
        let (unit, fen, voucher) = (
            field::unit("receive_money.unit", &unit),
            Fen::parse(fen),
            field::commitment("receive_money.voucher_hash", &voucher_hash),
        )
            .all()?;
        Ok(Self { unit, fen, voucher })
    }
}

impl From<&ReceiveMoney> for v1::ReceiveMoney {
    fn from(act: &ReceiveMoney) -> Self {
        let ReceiveMoney { unit, fen, voucher } = act;
        Self {
            unit: unit.as_bytes().to_vec(),
            fen: fen.get(),
            voucher_hash: field::commitment_bytes(voucher.as_ref()),
        }
    }
}

impl TryFrom<v1::Expire> for Expire {
    type Error = Rejection;

    fn try_from(message: v1::Expire) -> Result<Self, Rejection> {
        let v1::Expire { target } = message;
        let target = field::entry("expire.target", &target)?;
        Ok(Self { target })
    }
}

impl From<&Expire> for v1::Expire {
    fn from(act: &Expire) -> Self {
        let Expire { target } = act;
        Self {
            target: target.as_bytes().to_vec(),
        }
    }
}
