//! What can be altered of that which follows from the records: balances, keys
//! and postings. The server believes it; the audit does not.

use anyhow::{Result, bail};
use ledger::state::{Key, Row};
use ledger::{Account, AccountId};
use timebank_tests::pen::Person;
use timebank_tests::street::Street;

use super::{Case, audit, case};
use crate::sql::Sql;

/// The statement that alters the row of an account.
pub(crate) async fn with_account(
    sql: &mut Sql,
    id: AccountId,
    change: impl FnOnce(&mut Account),
) -> Result<String> {
    let key = Key::Account(id);
    let place = sql.blob(&key.encode());
    let find = format!("SELECT state_value FROM state_rows WHERE state_key = {place}");
    let Ok(Row::Account(mut account)) = Row::decode(&key, &sql.bytes(&find).await?) else {
        bail!("no account");
    };
    change(&mut account);
    let value = sql.blob(&Row::Account(account).encode());
    Ok(format!(
        "UPDATE state_rows SET state_value = {value} WHERE state_key = {place};"
    ))
}

pub(super) async fn accounts(sql: &mut Sql, street: &Street) -> Result<Vec<Case>> {
    let [one, other] = [0, 1].map(|member| AccountId::Member(street.members[member].id));
    let differs = || audit("STATE_DIFFERS", None);
    let raised = with_account(sql, one, |account| account.available += 60).await?;
    let held = with_account(sql, one, |account| {
        account.available -= 15;
        account.held += 15;
    });
    let held = held.await?;
    // What one has more, another has less: the sum is still zero.
    let moved = raised.clone() + &with_account(sql, other, |it| it.available -= 60).await?;
    let place = sql.blob(&Key::Account(one).encode());
    let stranger = AccountId::Member(Person::numbered(999).id);
    let added = sql.blob(&Key::Account(stranger).encode());
    let (zero, broken) = (sql.blob(&[0, 0, 0]), sql.blob(&[0xff]));
    let remove = format!("DELETE FROM state_rows WHERE state_key = {place}");
    let insert =
        format!("INSERT INTO state_rows (state_key, state_value) VALUES ({added}, {zero})");
    let spoil = format!("UPDATE state_rows SET state_value = {broken} WHERE state_key = {place}");
    Ok(vec![
        case("a raised balance", raised, differs()),
        case("a balance that is held", held, differs()),
        case(
            "minutes moved from one balance to another",
            moved,
            differs(),
        ),
        case("a removed balance", remove, audit("STATE_MISSING", None)),
        case("an added balance", insert, audit("STATE_ADDED", None)),
        case("a balance that cannot be read", spoil, differs()),
    ])
}

pub(super) async fn keys(sql: &mut Sql, street: &Street) -> Result<Vec<Case>> {
    let [one, other] =
        [0, 1].map(|member| Key::MemberKey(street.members[member].key.public().id()));
    let [one, other] = [one, other].map(|key| sql.blob(&key.encode()));
    let find = |key: &str| format!("SELECT state_value FROM state_rows WHERE state_key = {key}");
    let (value, others) = (
        sql.bytes(&find(&one)).await?,
        sql.bytes(&find(&other)).await?,
    );
    let mut altered = value.clone();
    altered[30] ^= 1;
    let [value, others, altered] = [value, others, altered].map(|value| sql.blob(&value));
    let set = |key: &str, value: &str| {
        format!("UPDATE state_rows SET state_value = {value} WHERE state_key = {key};")
    };
    let swap = set(&one, &others) + &set(&other, &value);
    let remove = format!("DELETE FROM state_rows WHERE state_key = {one}");
    Ok(vec![
        case(
            "an altered key",
            set(&one, &altered),
            audit("STATE_DIFFERS", None),
        ),
        case("swapped keys", swap, audit("STATE_DIFFERS", None)),
        case("a removed key", remove, audit("STATE_MISSING", None)),
    ])
}

pub(super) fn postings() -> Vec<Case> {
    let at = "WHERE position = 150 AND line = 0";
    let copy = |position: u64, line: u64| {
        format!(
            "INSERT INTO postings (position, line, account, bucket, amount, balance)
             SELECT {position}, {line}, account, bucket, amount, balance FROM postings {at}"
        )
    };
    let differs = || audit("POSTING_DIFFERS", 150);
    let set = |what: &str| format!("UPDATE postings SET {what} {at}");
    let swap = "UPDATE postings SET line = line + 10 WHERE position = 150;
        UPDATE postings SET line = 11 - line WHERE position = 150";
    vec![
        case("an altered amount", set("amount = amount + 60"), differs()),
        case(
            "an altered balance of a posting",
            set("balance = balance + 60"),
            differs(),
        ),
        case("an altered bucket", set("bucket = 1 - bucket"), differs()),
        case(
            "an altered link",
            set("previous_position = 3, previous_line = 0"),
            differs(),
        ),
        case("swapped postings", swap, differs()),
        case(
            "a removed posting",
            format!("DELETE FROM postings {at}"),
            audit("POSTING_MISSING", 150),
        ),
        case(
            "an added posting",
            copy(150, 2),
            audit("POSTING_ADDED", 150),
        ),
        case(
            "a posting of a record without any",
            copy(2, 0),
            audit("POSTING_ADDED", 2),
        ),
        case(
            "no postings",
            "DELETE FROM postings",
            audit("POSTING_MISSING", 25),
        ),
    ]
}
