//! `timebank audit --follow`: watching a log and its witnesses.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use client::follow::{Follower, Following, Found, Round, WitnessPlace, of_policy};
use client::keys::KeyFileError;
use client::{Clock, Connection, Identity, Memory, clock};
use ledger::log::{Algorithm, Policy, VerifierKey};

use super::context::{Context, read};
use super::error::CliError;
use super::output;

/// Where to look, how often, and what to do with what is found.
#[derive(Debug, Args)]
pub(crate) struct Follow {
    /// The log's public files, such as `https://hours.example.org/log` [default: those of the
    /// server].
    #[arg(long, value_name = "URL", requires = "follow")]
    log: Option<String>,
    /// Whom to trust (C2SP tlog-policy); witnesses with an address are looked at.
    #[arg(long, value_name = "FILE", requires = "follow")]
    policy: Option<PathBuf>,
    /// Look at this witness too: its monitoring prefix.
    #[arg(long, value_name = "URL", requires = "follow")]
    witness: Vec<String>,
    /// Wait so long between two rounds.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        requires = "follow"
    )]
    every: u64,
    /// End after so many rounds.
    #[arg(long, value_name = "NUMBER", requires = "follow")]
    rounds: Option<u64>,
    /// Keep evidence here [default: evidence in the home of timebank].
    #[arg(long, value_name = "DIR", requires = "follow")]
    evidence: Option<PathBuf>,
    /// Go on after something was found.
    #[arg(long, requires = "follow")]
    keep_going: bool,
}

impl Follow {
    /// Goes round until something is found, or for ever.
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let policy = self.policy.as_ref().map(|path| policy(path)).transpose()?;
        let mut witnesses = policy.as_ref().map(of_policy).unwrap_or_default();
        witnesses.extend(self.witness.iter().map(|url| WitnessPlace {
            name: url.clone(),
            url: url.clone(),
        }));
        let (log, server) = self.log_and_server(context, policy.as_ref()).await?;
        let following = Following {
            web: context.address().web()?,
            prefix: match &self.log {
                Some(url) => url.clone(),
                None => format!("{}/log", context.address().url()),
            },
            reader: match &server {
                Some(_) => reader(context)?,
                None => None,
            },
            evidence: self
                .evidence
                .clone()
                .unwrap_or_else(|| context.home().join("evidence")),
            log,
            server,
            witnesses,
            policy,
        };
        let memory = Arc::new(Memory::in_home(context.home()));
        self.go_round(context, Follower::new(following, memory, Clock::system()))
            .await
    }

    async fn go_round(&self, context: &Context, mut follower: Follower) -> Result<(), CliError> {
        let mut found = None;
        loop {
            let round = follower.round().await.map_err(client::ClientError::from)?;
            print(context, &round);
            for one in round.found.iter().filter(|_| !context.json) {
                output::print_error(&text_of(one));
            }
            found = found.or_else(|| round.found.first().cloned());
            let is_last = self.rounds.is_some_and(|rounds| round.number >= rounds);
            match found {
                Some(found) if is_last || !self.keep_going => {
                    return Err(CliError::Found(Box::new(found)));
                }
                None if is_last && !round.is_whole() => {
                    return Err(CliError::NotFollowed(Box::new(round)));
                }
                None if is_last => return Ok(()),
                _ => clock::pause(Duration::from_secs(self.every)).await,
            }
        }
    }

    /// The keys that are remembered: of the server's log, if that is asked, and of the policy's.
    fn remembered(&self, context: &Context, policy: &Policy) -> Result<Vec<VerifierKey>, CliError> {
        let (memory, mut all) = (context.memory(), Vec::new());
        if self.log.is_none() {
            let server = context.address().url();
            let of_server = memory.ledger_of_server(server);
            all.extend(of_server.map_err(client::ClientError::from)?);
        }
        for log in policy.logs() {
            let of_log = memory.ledger(log.key.name().as_str());
            all.extend(of_log.map_err(client::ClientError::from)?);
        }
        let keys = all.iter().filter_map(|it| it.log_key.parse().ok());
        Ok(keys.collect())
    }

    /// The key of the log, as it was given or is remembered, and its server if that is to be asked.
    async fn log_and_server(
        &self,
        context: &Context,
        policy: Option<&Policy>,
    ) -> Result<(VerifierKey, Option<Connection>), CliError> {
        let known = match (&context.log_key, policy) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(policy)) => named(policy, &self.remembered(context, policy)?),
            (None, None) => None,
        };
        match (&self.log, known) {
            (Some(_), Some(key)) => Ok((key, None)),
            (Some(_), None) => Err(CliError::usage(
                "whose log is it? Name its key with --log-key, or a --policy",
            )),
            (None, Some(key)) => Ok((key, Some(Connection::lazy(context.address())?))),
            (None, None) => {
                let server = context.address().url();
                let memory = context.memory().ledger_of_server(server);
                let remembered = memory.map_err(client::ClientError::from)?;
                let remembered = remembered.and_then(|it| it.log_key.parse().ok());
                let key = match remembered {
                    Some(key) => key,
                    None => context.anonymous().await?.log().key().clone(),
                };
                Ok((key, Some(Connection::lazy(context.address())?)))
            }
        }
    }
}

/// Which key of a policy is followed: the one that is remembered. A log may have several; else the
/// Ed25519 key is taken, which whatever else verifies checkpoints knows too.
fn named(policy: &Policy, remembered: &[VerifierKey]) -> Option<VerifierKey> {
    let keys: Vec<&VerifierKey> = policy.logs().iter().map(|log| &log.key).collect();
    let known = remembered.iter().find(|key| keys.contains(key));
    let origins = remembered.iter().chain(keys.first().copied());
    let mut origins = origins.map(VerifierKey::name);
    let known = known.or_else(|| {
        origins.find_map(|origin| {
            let is_plain = |key: &VerifierKey| matches!(key.algorithm(), Algorithm::Ed25519(_));
            let mut keys = keys.iter().copied();
            keys.find(|key| key.name() == origin && is_plain(key))
        })
    });
    known.or(keys.first().copied()).cloned()
}

fn policy(path: &std::path::Path) -> Result<Policy, CliError> {
    let policy = Policy::parse(&read(path)?);
    policy.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))
}

/// Who reads the records, if there is a key on this machine.
fn reader(context: &Context) -> Result<Option<Identity>, CliError> {
    match context.keys().load(context.key_name()) {
        Ok(key) => Ok(Some(key.identity)),
        Err(KeyFileError::Missing { .. }) => Ok(None),
        Err(error) => Err(client::ClientError::from(error).into()),
    }
}

/// One line a round; with `--json` one object.
fn print(context: &Context, round: &Round) {
    if context.json {
        let json = serde_json::to_string(round);
        output::print_line(&json.expect("a round has text keys and no floats"));
    } else {
        output::print_line(&line_of(round));
    }
}

fn line_of(round: &Round) -> String {
    let log = match &round.size {
        Some(size) => format!("{size} records{}", standing_of(round)),
        None => "the log shows nothing".to_owned(),
    };
    let places = round.places.iter().map(|place| {
        let shows = place.size.map(|size| size.to_string());
        let shows = shows.or_else(|| place.problem.clone()).unwrap_or_default();
        format!("{} {shows}", place.place)
    });
    let problem = round
        .problem
        .iter()
        .map(|why| format!("NOT CHECKED: {why}"));
    let parts: Vec<String> = std::iter::once(log).chain(places).chain(problem).collect();
    format!("round {}: {}", round.number, parts.join("; "))
}

fn standing_of(round: &Round) -> String {
    let audited = match (&round.audited, &round.records) {
        (Some(_), _) => format!("all audited, {} new", round.new_records),
        (None, Some(why)) => format!("hashes only: {why}"),
        (None, None) => "not audited".to_owned(),
    };
    match round.standing {
        Some(standing) => format!(", {standing}, {audited}"),
        None => format!(", {audited}"),
    }
}

fn text_of(found: &Found) -> String {
    match &found.file {
        Some(file) => format!(
            "FOUND {}: {}\nThe evidence is in {}",
            found.reason,
            found.says,
            file.display()
        ),
        None => format!("FOUND {}: {}", found.reason, found.says),
    }
}

#[cfg(test)]
mod tests {
    use ledger::SecretKey;
    use ledger::log::{Cosigner, MlDsaSecretKey, NoteSigner};

    use super::*;

    fn plain(origin: &str, seed: u8) -> VerifierKey {
        let secret = SecretKey::from_seed(&[seed; 32]);
        NoteSigner::new(origin.parse().unwrap(), secret).verifier_key()
    }

    #[test]
    fn the_key_that_is_remembered_is_followed_and_else_the_ed25519_key_of_the_log() {
        let secret = MlDsaSecretKey::from_seed(&[1; 32]);
        let ml_dsa = Cosigner::ml_dsa44("a.example".parse().unwrap(), secret).verifier_key();
        let [a, b, pinned] = [
            plain("a.example", 1),
            plain("b.example", 2),
            plain("b.example", 3),
        ];
        let lines = [&ml_dsa, &a, &b, &pinned].map(|key| format!("log {key}\n"));
        let policy = Policy::parse(format!("{}quorum none\n", lines.concat()).as_bytes()).unwrap();
        let remembered = |keys: &[&VerifierKey]| {
            let keys: Vec<VerifierKey> = keys.iter().map(|key| (*key).clone()).collect();
            named(&policy, &keys).unwrap()
        };
        assert_eq!(remembered(&[]), a);
        assert_eq!(remembered(&[&ml_dsa]), ml_dsa);
        assert_eq!(remembered(&[&pinned, &a]), pinned);
        // A pinned key that the policy does not name: the policy's own of that log.
        assert_eq!(remembered(&[&plain("b.example", 4)]), b);
    }
}
