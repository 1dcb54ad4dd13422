//! What a receipt proves, as people read it: a verdict, a sentence, a list.

#[cfg(test)]
mod tests;

use ledger::entry::{Attestation, OnBehalf};
use ledger::log::{Algorithm, Standing, VerifierKey};

use super::standing::limits;
use super::{Text, Zone, capacity, member, of_standing, phrase};
use crate::verify::{Proven, WitnessedBy};

/// What a receipt proves and what it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// How far it can be relied on, in a few words.
    pub verdict: Text,
    /// What the verdict means.
    pub meaning: Text,
    /// Who has done what.
    pub sentence: Text,
    /// By which key, when, where in the log, and who vouches.
    pub rows: Vec<Row>,
    /// What it does not prove, each the end of a sentence.
    pub limits: Vec<Text>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub label: Text,
    /// What is so.
    pub value: Text,
}

impl Statement {
    /// Words what was proven, by the clocks of a place.
    pub fn of(proven: &Proven, zone: &Zone) -> Self {
        let (verdict, meaning) = of_standing(proven);
        let mut rows = Vec::from(signing(proven, zone));
        rows.push(place(proven));
        rows.extend(vouching(proven, zone));
        Self {
            verdict,
            meaning,
            sentence: sentence(proven, zone),
            rows,
            limits: limits(proven),
        }
    }
}

fn row(chinese: &str, english: &str, value: Text) -> Row {
    Row {
        label: Text::new(chinese, english),
        value,
    }
}

fn sentence(proven: &Proven, zone: &Zone) -> Text {
    let entry = &proven.entry;
    let (author, phrase) = (member(entry.author), phrase(&entry.act, zone));
    match entry.on_behalf_of.map(|behalf| member(behalf.member)) {
        None => Text::new(
            format!("会员 {author} {phrase:#}。"),
            format!("Member {author} {phrase}."),
        ),
        Some(subject) => Text::new(
            format!("会员 {author} 代会员 {subject} {phrase:#}。"),
            format!("Member {author}, for member {subject}, {phrase}."),
        ),
    }
}

fn signing(proven: &Proven, zone: &Zone) -> [Row; 5] {
    let entry = &proven.entry;
    let (_, capacity) = capacity(entry);
    let role = match entry.on_behalf_of {
        None => capacity,
        Some(behalf) => on_behalf(behalf, &capacity),
    };
    let (signed, recorded) = (zone.show(entry.id.signed()), zone.show(proven.recorded));
    [
        row("身份", "Role", role),
        row("密钥", "Key", key(proven)),
        row(
            "签署时间",
            "Signed",
            Text::new(
                format!("{signed:#}，签署者的时钟"),
                format!("{signed}, by the signer's clock"),
            ),
        ),
        row(
            "收录时间",
            "Recorded",
            Text::new(
                format!("{recorded:#}，服务器的时钟"),
                format!("{recorded}, by the server's clock"),
            ),
        ),
        row("记录编号", "Entry", Text::same(entry.id)),
    ]
}

fn on_behalf(behalf: OnBehalf, capacity: &Text) -> Text {
    let subject = member(behalf.member);
    let how = match behalf.attestation {
        Attestation::Delegated => {
            return Text::new(
                format!("代理人，受会员 {subject}（{capacity:#}）委托办理"),
                format!("as proxy of member {subject} ({capacity})"),
            );
        }
        Attestation::Kiosk => Text::new(
            "本人当时在场并同意",
            "who was present at the counter and agreed",
        ),
        Attestation::Attested => Text::new(
            "本人已通过电话或书面同意，凭据由站点保存",
            "who had agreed by telephone or on paper, kept by the station",
        ),
    };
    Text::new(
        format!("站点工作人员，代会员 {subject}（{capacity:#}）办理：{how:#}"),
        format!("as staff on behalf of member {subject} ({capacity}), {how}"),
    )
}

fn key(proven: &Proven) -> Text {
    let id = proven.key_id;
    if proven.is_signature_verified {
        Text::new(
            format!("{id}（签名已核对）"),
            format!("{id} (signature checked)"),
        )
    } else {
        Text::new(
            format!("{id}（签名未核对：需要签署者的公钥）"),
            format!("{id} (signature not checked: it takes the signer's public key)"),
        )
    }
}

fn place(proven: &Proven) -> Row {
    let (log, position, size) = (&proven.origin, proven.position, proven.tree_size);
    let place = Text::new(
        format!("{log}，第 {position} 号（从 0 数起），当时共 {size} 条"),
        format!("{log}, record {position}, counted from 0, of {size}"),
    );
    row("账本", "Log", place)
}

fn vouching(proven: &Proven, zone: &Zone) -> Vec<Row> {
    let mut rows: Vec<Row> = proven.log_keys.iter().map(log_row).collect();
    rows.extend(proven.witnesses.iter().map(|one| witness_row(one, zone)));
    if proven.witnesses.is_empty() && proven.standing == Standing::Logged {
        let none = Text::new(
            "没有：核对时没有要求见证",
            "none: this check asked for no witness",
        );
        rows.push(row("见证", "Witness", none));
    }
    let missing = proven.missing.iter();
    rows.extend(missing.map(|name| {
        let value = Text::new(format!("{name}：未签名"), format!("{name}: not cosigned"));
        row("见证", "Witness", value)
    }));
    rows
}

fn log_row(key: &VerifierKey) -> Row {
    let (id, algorithm) = (key.id(), algorithm(key));
    let value = Text::new(
        format!("密钥 {id}（{algorithm}）已签名"),
        format!("key {id} ({algorithm}) has signed"),
    );
    row("账本签名", "Log's key", value)
}

fn witness_row(witness: &WitnessedBy, zone: &Zone) -> Row {
    let WitnessedBy {
        name,
        key_name,
        time,
    } = witness;
    let time = time.map(|time| zone.show(time));
    let time = time.unwrap_or_else(|| Text::new("未说明时间", "at no stated time"));
    let value = Text::new(
        format!("{name}（{key_name}），{time:#}"),
        format!("{name} ({key_name}), {time}"),
    );
    row("见证", "Witness", value)
}

fn algorithm(key: &VerifierKey) -> &'static str {
    match key.algorithm() {
        Algorithm::Ed25519(_) | Algorithm::CosignatureV1(_) => "Ed25519",
        Algorithm::MlDsa44(_) => "ML-DSA-44",
    }
}
