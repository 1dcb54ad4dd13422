//! A client of one ledger: a connection, what is known of the log, and maybe a
//! member who acts.

use std::sync::Arc;

use ledger::log::VerifierKey;
use proto::v1;
use tonic::{Request, Response, Status};

use crate::clock::Clock;
use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
use crate::keys::Identity;
use crate::log::KnownLog;
use crate::memory::Memory;
use crate::token::Tokens;

/// How often the same bytes are sent before the client gives up.
const ATTEMPTS_MAX: u32 = 6;

/// A client of one ledger. A clone is cheap, and shares connection and memory.
#[derive(Clone)]
pub struct Client {
    pub(crate) connection: Connection,
    pub(crate) log: Arc<KnownLog>,
    pub(crate) clock: Clock,
    pub(crate) attempts_max: u32,
    identity: Option<Identity>,
    tokens: Option<Arc<Tokens>>,
}

impl Client {
    /// Asks the server which ledger it keeps, and compares that with what is
    /// remembered. The log's key is pinned the first time, unless it is given.
    /// The newest checkpoint must be of the history that was seen before.
    ///
    /// # Errors
    /// [`ClientError`]; [`Unverified::LedgerChanged`] and
    /// [`Unverified::KeyChanged`] if it is not the ledger that is known.
    pub async fn connect(
        connection: Connection,
        memory: Arc<Memory>,
        log_key: Option<&VerifierKey>,
    ) -> Result<Self, ClientError> {
        let mut service = connection.ledger();
        let stated = connection
            .call(service.get_ledger(v1::GetLedgerRequest {}))
            .await?;
        let key: VerifierKey = stated.verifier_key.parse().map_err(Unverified::from)?;
        check_ledger(&connection, &memory, &stated, &key, log_key)?;
        memory.pin(&stated.origin, &key, connection.url())?;
        let client = Self {
            log: Arc::new(KnownLog::new(key, memory)),
            connection,
            clock: Clock::system(),
            attempts_max: ATTEMPTS_MAX,
            identity: None,
            tokens: None,
        };
        client.checkpoint().await?;
        Ok(client)
    }

    /// The same client with a member who acts and reads.
    #[must_use]
    pub fn acting_as(&self, identity: Identity) -> Self {
        let (origin, clock) = (self.log.origin().to_owned(), self.clock.clone());
        let tokens = Tokens::new(identity.clone(), origin, clock);
        Self {
            identity: Some(identity),
            tokens: Some(Arc::new(tokens)),
            ..self.clone()
        }
    }

    /// The same client with another clock, which dates what it signs.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        let client = Self {
            clock,
            ..self.clone()
        };
        match client.identity.clone() {
            Some(identity) => client.acting_as(identity),
            None => client,
        }
    }

    /// The same client, which sends an entry at most so often.
    #[must_use]
    pub fn with_attempts_max(&self, attempts_max: u32) -> Self {
        Self {
            attempts_max,
            ..self.clone()
        }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The log.
    pub fn log(&self) -> &KnownLog {
        &self.log
    }

    /// The origin of the ledger.
    pub fn origin(&self) -> &str {
        self.log.origin()
    }

    /// The member who acts.
    ///
    /// # Errors
    /// [`ClientError::NoKey`] if there is none.
    pub fn identity(&self) -> Result<&Identity, ClientError> {
        self.identity.as_ref().ok_or(ClientError::NoKey)
    }

    /// The token of the member who reads, if there is one.
    pub(crate) fn bearer(&self) -> Option<String> {
        self.tokens.as_ref().map(|tokens| tokens.token())
    }

    /// A request with the member's token.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(tokens) = &self.tokens {
            tokens.authorize(&mut request);
        }
        request
    }

    /// Waits for a call. See [`Connection::call`].
    pub(crate) async fn call<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, ClientError> {
        self.connection.call(call).await
    }
}

/// Compares what the server states with what is given and what is remembered.
fn check_ledger(
    connection: &Connection,
    memory: &Memory,
    stated: &v1::Ledger,
    stated_key: &VerifierKey,
    given_key: Option<&VerifierKey>,
) -> Result<(), ClientError> {
    let (server, origin) = (connection.url(), &stated.origin);
    let changed = |known: &str| Unverified::LedgerChanged {
        server: server.to_owned(),
        known: known.to_owned(),
        stated: origin.clone(),
    };
    if stated_key.name().as_str() != origin {
        return Err(changed(stated_key.name().as_str()).into());
    }
    let remembered = memory.ledger(origin)?.map(|remembered| remembered.log_key);
    let known = given_key.map(VerifierKey::to_string).or(remembered);
    if let Some(known) = known.filter(|known| *known != stated_key.to_string()) {
        return Err(Unverified::KeyChanged {
            known,
            stated: stated_key.to_string(),
        }
        .into());
    }
    // With a key that was given, another ledger at an old address is no surprise.
    match memory.ledger_of_server(server)? {
        Some(before) if given_key.is_none() && before.origin != *origin => {
            Err(changed(&before.origin).into())
        }
        _ => Ok(()),
    }
}
