//! Whether the database has all that was signed, asked without starting
//! anything: beside a running server or without one.

use std::fmt;

use ledger::log::TreeSize;

use crate::ahead::{self, Behind, Claim, Standing};
use crate::guard::Guard;
use crate::serve::{ServeError, data, log_key};
use crate::settings::Settings;
use crate::store::connect_to_read;

/// How a database stands to what was seen of its log.
#[derive(Debug)]
pub struct Status {
    /// How many records it has.
    pub records: TreeSize,
    /// What the guard and a published checkpoint show.
    pub claims: Vec<(Claim, Standing)>,
    /// How many witnesses the settings name. They are not asked: that is for who
    /// has something to show to them.
    pub witnesses: usize,
    /// Why a server on it serves reads only, as far as is known here.
    pub behind: Option<Behind>,
}

/// Weighs what the settings name.
///
/// # Errors
/// [`ServeError`].
pub async fn status(settings: &Settings) -> Result<Status, ServeError> {
    let store = connect_to_read(&settings.database_url()?, settings.origin.as_str()).await?;
    let found = store.head().await?.size;
    let mut weighed = Vec::new();
    for claim in claims(settings)? {
        let standing = ahead::weigh(&*store, &claim, found).await?;
        weighed.push((claim, standing));
    }
    let lacks = |(claim, standing): &(Claim, Standing)| {
        (*standing == Standing::Lacks).then(|| claim.clone())
    };
    let lacking: Vec<Claim> = weighed.iter().filter_map(lacks).collect();
    Ok(Status {
        records: found,
        witnesses: settings.roster()?.witnesses().len(),
        behind: Behind::furthest(&lacking, found),
        claims: weighed,
    })
}

/// What is there to be asked. A server that has never started here has neither
/// a guard nor a key.
fn claims(settings: &Settings) -> Result<Vec<Claim>, ServeError> {
    let is_there = |name: &str| settings.data.join(name).exists();
    let mut claims = Vec::new();
    if is_there("guard") {
        let guard = Guard::open(&settings.data).map_err(data("cannot open the guard file"))?;
        claims.extend(ahead::of_guard(&guard));
    }
    if is_there("log.key") {
        let log_key = log_key(&settings.data, &settings.origin)?.verifier_key();
        claims.extend(ahead::at_start(settings, &log_key)?);
    }
    Ok(claims)
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The database has {} records.", self.records)?;
        for (Claim { source, size, .. }, standing) in &self.claims {
            let standing = match standing {
                Standing::Extends => "the database extends that tree",
                Standing::GivenUp => "that tree was given up, as the log says",
                Standing::Lacks => "the database does not extend that tree",
            };
            write!(f, "\n{source} has seen {size} signed: {standing}.")?;
        }
        if self.witnesses > 0 {
            let witnesses = self.witnesses;
            write!(
                f,
                "\nWitnesses that were not asked: {witnesses}. A server asks them."
            )?;
        }
        match &self.behind {
            Some(_) => f.write_str("\nA server on it serves reads only."),
            None => f.write_str("\nA server on it takes entries in."),
        }
    }
}
