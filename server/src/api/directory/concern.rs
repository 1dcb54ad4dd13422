//! Whom an opening concerns: the entry that holds the commitment says who signed
//! it and for whom, and the service, proposal or member that it is about says
//! the rest.

use ledger::case::Case;
use ledger::commitment::CommitmentKind;
use ledger::member::Member;
use ledger::proposal::Proposal;
use ledger::scheme::Scheme;
use ledger::service::Service;
use ledger::{Act, Commitment, Entry, EntryId, MemberId, UnitId};

use crate::access::{Reading, Resource, nothing};
use crate::api::error::Failure;
use crate::api::row::find;
use crate::context::Context;
use crate::store::StoreError;

/// A commitment, and whom its opening concerns.
pub(super) struct Concern {
    /// What the entry commits to.
    pub(super) kind: CommitmentKind,
    /// The commitment.
    pub(super) commitment: Commitment,
    /// Who signed the entry, and for whom.
    signers: Vec<MemberId>,
    /// Whose life it tells of.
    subjects: Vec<MemberId>,
    /// Who else has a part in it.
    others: Vec<MemberId>,
    units: Vec<UnitId>,
}

/// The row of the table under which an opening of a kind is read.
pub(super) const fn reading_of(kind: CommitmentKind) -> Resource {
    if is_personal(kind) {
        Resource::PersonalOpening
    } else {
        Resource::OfficialOpening
    }
}

/// The row of the table under which an opening of a kind is erased.
pub(super) const fn erasure_of(kind: CommitmentKind) -> Resource {
    if is_personal(kind) {
        Resource::PersonalErasure
    } else {
        Resource::OfficialErasure
    }
}

/// Whether it tells of a person's life, or gives an office's account.
const fn is_personal(kind: CommitmentKind) -> bool {
    match kind {
        CommitmentKind::Identity | CommitmentKind::Note | CommitmentKind::Evidence => true,
        CommitmentKind::Reason | CommitmentKind::Voucher => false,
    }
}

impl Concern {
    /// Finds whom the opening of an entry's commitment concerns. A caller who
    /// might have used it as `what` is told if there is none.
    pub(super) async fn find(
        context: &Context,
        caller: MemberId,
        entry: EntryId,
        what: impl Fn(CommitmentKind) -> Resource,
    ) -> Result<Self, Failure> {
        let found = recorded(context, entry).await?;
        let held = found.and_then(|entry| Some((entry.act.commitment()?, entry)));
        match held {
            Some(((kind, commitment), entry)) => {
                Ok(Self::of(context, &entry, kind, commitment).await?)
            }
            None => Err(nothing(context, caller, what(CommitmentKind::Note)).await),
        }
    }

    async fn of(
        context: &Context,
        entry: &Entry,
        kind: CommitmentKind,
        commitment: Commitment,
    ) -> Result<Self, StoreError> {
        let mut concern = Self {
            kind,
            commitment,
            signers: vec![entry.author, entry.subject()],
            subjects: Vec::new(),
            others: Vec::new(),
            units: Vec::new(),
        };
        match subject_of(entry) {
            Subject::Member(member) => concern.add_member(context, member).await?,
            Subject::Request(service) => {
                let volunteer = concern.add_service(context, service).await?;
                concern.others.extend(volunteer);
            }
            Subject::Evidence(service) => {
                concern.add_service(context, service).await?;
                concern.subjects.push(entry.subject());
            }
            Subject::Proposal(proposal) => concern.add_proposal(context, proposal).await?,
            Subject::Case(case) => {
                if let Some(case) = find::<Case>(&*context.store, &case).await? {
                    concern.units.push(case.unit);
                    concern.others.extend(case.parties);
                }
            }
            Subject::Unit(unit) => concern.units.push(unit),
            Subject::Scheme => {
                let scheme = find::<Scheme>(&*context.store, &()).await?;
                concern.units.extend(scheme.map(|scheme| scheme.unit));
            }
            Subject::Nothing => {}
        }
        Ok(concern)
    }

    async fn add_member(&mut self, context: &Context, id: MemberId) -> Result<(), StoreError> {
        let member = find::<Member>(&*context.store, &id).await?;
        self.subjects.push(id);
        self.units.extend(member.map(|member| member.unit));
        Ok(())
    }

    /// Adds the recipient, and tells who comes or came.
    async fn add_service(
        &mut self,
        context: &Context,
        id: EntryId,
    ) -> Result<Option<MemberId>, StoreError> {
        let Some(service) = find::<Service>(&*context.store, &id).await? else {
            return Ok(None);
        };
        self.units.push(service.unit);
        self.add_member(context, service.recipient).await?;
        Ok(service.stage.volunteer())
    }

    async fn add_proposal(&mut self, context: &Context, id: EntryId) -> Result<(), StoreError> {
        if let Some(proposal) = find::<Proposal>(&*context.store, &id).await? {
            self.units.push(proposal.unit);
            self.others.push(proposal.proposer);
            self.others.extend(proposal.parties);
        }
        Ok(())
    }

    /// What depositing it takes.
    pub(super) fn depositing(&self) -> Reading {
        self.by(Resource::Deposit, [&self.signers, &[], &[]])
    }

    /// What reading it takes.
    pub(super) fn reading(&self) -> Reading {
        let parties = [&*self.signers, &self.subjects, &self.others];
        self.by(reading_of(self.kind), parties)
    }

    /// What reading takes who has read it.
    pub(super) fn reading_reads(&self) -> Reading {
        let parties = [&*self.signers, &self.subjects, &[]];
        self.by(Resource::OpeningReads, parties)
    }

    /// What erasing it takes.
    pub(super) fn erasing(&self) -> Reading {
        self.by(erasure_of(self.kind), [&self.subjects, &[], &[]])
    }

    fn by(&self, resource: Resource, parties: [&[MemberId]; 3]) -> Reading {
        let units = self.units.iter().copied();
        Reading::of_units(resource, units).with_parties(parties.concat())
    }
}

/// What the text behind an entry is about.
enum Subject {
    /// A member's papers, or what was decided about them.
    Member(MemberId),
    /// A visit, of which both sides may read.
    Request(EntryId),
    /// A visit, of which the signer tells.
    Evidence(EntryId),
    Proposal(EntryId),
    Case(EntryId),
    Unit(UnitId),
    Scheme,
    Nothing,
}

fn subject_of(entry: &Entry) -> Subject {
    match &entry.act {
        Act::EnrolMember(act) => Subject::Member(act.member),
        Act::RecoverKey(act) => Subject::Member(act.member),
        Act::AssessNeed(act) => Subject::Member(act.member),
        Act::UpdateProfile(act) => Subject::Member(act.member),
        Act::LinkKin(act) => Subject::Member(act.member),
        Act::Certify(act) => Subject::Member(act.member),
        Act::RecordDeath(act) => Subject::Member(act.member),
        Act::SettleEstate(act) => Subject::Member(act.member),
        Act::MergeMembers(act) => Subject::Member(act.into),
        Act::Suspend(act) => Subject::Member(act.member),
        Act::Reinstate(act) => Subject::Member(act.member),
        Act::Freeze(act) => Subject::Member(act.member),
        Act::Unfreeze(act) => Subject::Member(act.member),
        Act::ImportHours(act) => Subject::Member(act.member),
        Act::Agree(_) => Subject::Member(entry.subject()),
        Act::RequestCare(_) => Subject::Request(entry.id),
        Act::DisputeService(act) => Subject::Request(act.service),
        Act::RuleOnDispute(act) => Subject::Request(act.service),
        Act::Rate(act) => Subject::Request(act.service),
        Act::LogService(act) => Subject::Evidence(act.service),
        Act::StartVisit(act) => Subject::Evidence(act.service),
        Act::Refuse(act) => Subject::Proposal(act.proposal),
        Act::Grant(_)
        | Act::RecordEvent(_)
        | Act::SetOptions(_)
        | Act::Reverse(_)
        | Act::AdoptRules(_)
        | Act::UnlinkKin(_)
        | Act::PayMoney(_)
        | Act::PurchaseCare(_)
        | Act::SetBudget(_)
        | Act::SettleClearing(_) => Subject::Proposal(entry.id),
        Act::OpenCase(_) => Subject::Case(entry.id),
        Act::CloseCase(act) => Subject::Case(act.case),
        Act::ReceiveMoney(act) => Subject::Unit(act.unit),
        Act::ChangeUnit(act) => Subject::Unit(act.unit),
        Act::GiveOpinion(act) => Subject::Unit(act.unit),
        Act::RecordSample(act) => Subject::Unit(act.unit),
        Act::PublishValuation(act) => Subject::Unit(act.unit),
        Act::AdoptState(_) => Subject::Scheme,
        act => of_acts_without_text(act),
    }
}

/// These hold no commitment.
fn of_acts_without_text(act: &Act) -> Subject {
    debug_assert!(act.commitment().is_none(), "{} has no subject", act.name());
    Subject::Nothing
}

/// The entry of an id, if it is recorded.
pub(super) async fn recorded(context: &Context, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let positions = context.store.positions(&[id]).await?;
    let Some((_, position)) = positions.first() else {
        return Ok(None);
    };
    let leaves = context.store.leaves_at(&[*position]).await?;
    let Some((_, leaf)) = leaves.first() else {
        return Ok(None);
    };
    let (_, record) = proto::decode_leaf(*position, leaf).map_err(|error| {
        StoreError::Corrupt(format!("the record {position} cannot be read: {error}"))
    })?;
    Ok(Some(record.entry))
}
