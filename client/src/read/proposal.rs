//! What waits for a second person.

use ledger::{Act, EntryId, KeyId, MemberId, Millis, PublicKey, UnitId};
use proto::{name, v1};
use serde::{Serialize, Serializer};

use super::{PAGE_SIZE, id, known, member_id, optional_id, pages, unit_id};
use crate::client::Client;
use crate::error::ClientError;
use crate::words::{self, Zone};

/// An act that waits for, or had, a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposalInfo {
    /// The proposal.
    #[serde(serialize_with = "super::text")]
    pub proposal: EntryId,
    /// The unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// Who proposed it.
    #[serde(serialize_with = "super::text")]
    pub proposer: MemberId,
    /// Everyone who may not decide it.
    #[serde(serialize_with = "texts")]
    pub parties: Vec<MemberId>,
    /// What takes effect on approval.
    pub act: ProposedAct,
    /// How it ended, if it has.
    pub state: ProposalState,
    /// Who decided.
    #[serde(serialize_with = "super::optional_text")]
    pub decider: Option<MemberId>,
    /// When it may be expired, in milliseconds since 1970-01-01 UTC.
    pub due: Millis,
}

/// What takes effect on approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProposedAct {
    /// Hours for a member.
    Grant {
        /// Who receives.
        #[serde(serialize_with = "super::text")]
        recipient: MemberId,
        /// How much.
        minutes: i64,
        /// Whether they come from the pool; otherwise they are issued.
        from_pool: bool,
    },
    /// The undoing of a movement.
    Reverse {
        /// The entry that moved hours.
        #[serde(serialize_with = "super::text")]
        entry: EntryId,
    },
    /// A new key for a member.
    RecoverKey {
        /// Whose keys it is to replace.
        #[serde(serialize_with = "super::text")]
        member: MemberId,
        /// The new key.
        #[serde(serialize_with = "super::text")]
        key: KeyId,
    },
    /// Anything else, in words.
    Other {
        /// The name of the act, such as `AdoptRules`.
        act: &'static str,
        /// What it does, without its subject.
        english: String,
        /// The same in Chinese.
        chinese: String,
    },
}

/// How a proposal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Not decided.
    Open,
    /// Approved, and carried out; a recovery of keys is carried out later.
    Approved,
    /// Refused.
    Refused,
    /// Nobody decided in time.
    Expired,
    /// The member whose keys it was about has objected.
    Objected,
}

impl Client {
    /// One proposal.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn proposal(&self, proposal: EntryId) -> Result<ProposalInfo, ClientError> {
        let request = v1::GetProposalRequest {
            name: name::PROPOSALS.name(&proposal),
        };
        let mut fund = self.connection.fund();
        info(self.call(fund.get_proposal(self.request(request))).await?)
    }

    /// The undecided proposals of a unit, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn proposals(&self, unit: UnitId) -> Result<Vec<ProposalInfo>, ClientError> {
        let proposals = pages(usize::MAX, |page_token| async move {
            let parent = name::UNITS.name(&unit);
            let request = v1::ListProposalsRequest {
                parent,
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut fund = self.connection.fund();
            let answer = self
                .call(fund.list_proposals(self.request(request)))
                .await?;
            Ok((answer.proposals, answer.next_page_token))
        });
        proposals.await?.into_iter().map(info).collect()
    }
}

fn info(proposal: v1::Proposal) -> Result<ProposalInfo, ClientError> {
    let state = match proposal.state() {
        v1::ProposalState::Unspecified => None,
        v1::ProposalState::Open => Some(ProposalState::Open),
        v1::ProposalState::Approved => Some(ProposalState::Approved),
        v1::ProposalState::Refused => Some(ProposalState::Refused),
        v1::ProposalState::Expired => Some(ProposalState::Expired),
        v1::ProposalState::Objected => Some(ProposalState::Objected),
    };
    Ok(ProposalInfo {
        proposal: id(&name::PROPOSALS, &proposal.name)?,
        unit: unit_id(&proposal.unit)?,
        proposer: member_id(&proposal.proposer)?,
        parties: proposal
            .parties
            .iter()
            .map(|it| member_id(it))
            .collect::<Result<_, _>>()?,
        act: act(known(proposal.act, "what is proposed")?)?,
        state: known(state, "the state of a proposal")?,
        decider: optional_id(&name::MEMBERS, &proposal.decider)?,
        due: Millis::new(proposal.due_ms),
    })
}

fn act(act: v1::proposal::Act) -> Result<ProposedAct, ClientError> {
    match act {
        v1::proposal::Act::Grant(grant) => Ok(ProposedAct::Grant {
            recipient: MemberId::from_bytes(bytes16(&grant.recipient)?),
            minutes: grant.minutes,
            from_pool: grant.source() == v1::GrantSource::Pool,
        }),
        v1::proposal::Act::Reverse(reverse) => Ok(ProposedAct::Reverse {
            entry: EntryId::from_bytes(bytes16(&reverse.entry_id)?),
        }),
        v1::proposal::Act::RecoverKey(recover) => {
            let key = recover.key.unwrap_or_default().public_key;
            let key = known(PublicKey::register(&key).ok(), "a new key")?;
            Ok(ProposedAct::RecoverKey {
                member: MemberId::from_bytes(bytes16(&recover.member)?),
                key: key.id(),
            })
        }
        other => {
            let act = Act::try_from(other);
            let act = act.map_err(|fault| ClientError::Answer(fault.reason().to_owned()))?;
            let says = words::phrase(&act, &Zone::utc());
            Ok(ProposedAct::Other {
                act: act.name(),
                english: says.to_string(),
                chinese: format!("{says:#}"),
            })
        }
    }
}

fn bytes16(bytes: &[u8]) -> Result<[u8; 16], ClientError> {
    bytes
        .try_into()
        .map_err(|_| ClientError::Answer("an id has 16 bytes".to_owned()))
}

fn texts<S: Serializer>(ids: &[MemberId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}
