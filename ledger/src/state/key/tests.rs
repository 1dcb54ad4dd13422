//! Keys and lists by their bytes.

use super::*;

fn keys() -> Vec<Key> {
    let (member, unit) = (MemberId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
    let id = EntryId::from_bytes([3; 16]);
    vec![
        Key::Scheme,
        Key::Rules(RulesVersion(7)),
        Key::Unit(unit),
        Key::Member(member),
        Key::MemberCode(MemberCode::of(&member)),
        Key::MemberKey(KeyId::from_bytes([4; 16])),
        Key::KeyRing(member),
        Key::Appointment(member, unit, Role::Staff),
        Key::Account(AccountId::Member(member)),
        Key::Account(AccountId::Pool(unit)),
        Key::Account(AccountId::Issued(unit)),
        Key::Account(AccountId::Retired),
        Key::Account(AccountId::FundCash),
        Key::Account(AccountId::FundDonors),
        Key::Service(id),
        Key::Proposal(id),
        Key::Movement(id),
        Key::UnitMember(unit, member),
        Key::OpenRequest(unit, id),
        Key::OpenService(member, id),
        Key::OpenProposal(unit, id),
        Key::Due(Millis::new(5), id),
        Key::Adoptions,
        Key::Account(AccountId::FundRestricted(BudgetLine::Training)),
        Key::Account(AccountId::FundSpent(BudgetLine::Redemption)),
        Key::Account(AccountId::Clearing(unit, UnitId::from_bytes([5; 16]))),
        Key::Lots(member),
        Key::Calendar(member),
        Key::Kin(member, MemberId::from_bytes([6; 16])),
        Key::Delegation(member, MemberId::from_bytes([6; 16])),
        Key::Blocked(member, MemberId::from_bytes([6; 16])),
        Key::Certificate(member, CertificateName::training()),
        Key::Budget(unit, BudgetLine::Hours),
        Key::Valuation,
        Key::Case(id),
        Key::OpenCase(unit, id),
    ]
}

#[test]
fn keys_are_read_back_from_their_bytes_and_from_no_others() {
    for key in keys() {
        let bytes = key.encode();
        assert_eq!(Key::decode(&bytes), Ok(key));
        assert_eq!(Key::decode(&[&bytes[..], &[0]].concat()), Err(KeyError));
        assert_eq!(Key::decode(&bytes[..bytes.len() - 1]), Err(KeyError));
    }
}

#[test]
fn a_list_holds_the_keys_that_begin_with_its_prefix() {
    let (member, unit) = (MemberId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
    let in_scope = |scope: Scope| {
        keys()
            .into_iter()
            .filter(|k| k.encode().starts_with(&scope.prefix()))
            .count()
    };
    assert_eq!(in_scope(Scope::All), keys().len());
    assert_eq!(in_scope(Scope::Accounts), 9);
    for scope in [
        Scope::Units,
        Scope::MemberKeys,
        Scope::Appointments(member),
        Scope::UnitMembers(unit),
        Scope::OpenRequests(unit),
        Scope::OpenServices(member),
        Scope::OpenProposals(unit),
        Scope::Due,
        Scope::Kin(member),
        Scope::Delegations(member),
        Scope::Certificates(member),
        Scope::Budgets,
        Scope::Clearing,
        Scope::OpenCases(unit),
    ] {
        assert_eq!(in_scope(scope), 1, "{scope:?}");
    }
    assert_eq!(in_scope(Scope::UnitMembers(UnitId::from_bytes([9; 16]))), 0);
}
