//! What was signed and seen outside of the database.
//!
//! The log's key must not sign two histories. Three remember what it has signed
//! when the database does not: the guard, a checkpoint that was published, and
//! witnesses. Each [`Claim`] is weighed: the database must extend its tree, or
//! an `AdoptState` in the log must have given it up. Else the server is
//! [`Behind`]: it serves reads, and signs nothing but such an adoption.
//!
//! Nothing here asks a witness: who does, tells it through [`Claims`].

mod published;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use ledger::log::{Hash, Tile, TileId, TreeSize, VerifierKey, root_from_tiles, root_tiles};
use ledger::state::{Key, Row};
use ledger::{Abandoned, Adoptions};
use tokio::sync::mpsc;

pub use self::published::{PublishedError, published};
use crate::guard::{Guard, Guarded};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// Claims that may wait to be weighed.
const WAITING_MAX: usize = 64;

/// Who has seen a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The guard of this server.
    Guard,
    /// A checkpoint in a published folder.
    Published,
    /// The witness of this name.
    Witness(Arc<str>),
}

/// A tree that the log's key has signed, as somebody outside of the database
/// has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who has seen it.
    pub source: Source,
    /// Its size.
    pub size: TreeSize,
    /// Its root, if the source has told it.
    pub root: Option<Hash>,
}

/// How the database stands to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It extends the tree.
    Extends,
    /// It does not, and an adoption in the log says so.
    GivenUp,
    /// It does not.
    Lacks,
}

/// A tree that the database does not extend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The largest one.
    pub claim: Claim,
    /// The size of the database's log.
    pub found: TreeSize,
}

/// The way in for claims while the server runs. A clone is cheap.
#[derive(Debug, Clone)]
pub struct Claims(mpsc::Sender<Claim>);

impl Claims {
    /// A way in, and where they come out.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Claim>) {
        let (claims, waiting) = mpsc::channel(WAITING_MAX);
        (Self(claims), waiting)
    }

    /// Has a claim weighed before anything more is appended. It is no matter if
    /// the database extends it after all: another server may have appended.
    pub async fn tell(&self, claim: Claim) {
        // A sequencer that has ended appends nothing.
        let _ = self.0.send(claim).await;
    }
}

/// What the published checkpoint of the settings shows.
///
/// # Errors
/// [`PublishedError`].
pub fn at_start(
    settings: &Settings,
    log_key: &VerifierKey,
) -> Result<Option<Claim>, PublishedError> {
    let Some(path) = &settings.published else {
        return Ok(None);
    };
    let claim = published(path, log_key)?;
    if claim.is_none() {
        tracing::warn!(path = %path.display(), "no checkpoint is published there yet");
    }
    Ok(claim)
}

/// The trees that a guard remembers.
pub(crate) fn of_guard(guard: &Guard) -> Vec<Claim> {
    let trees = [guard.newest(), guard.given_up()];
    let claims = trees.into_iter().flatten().map(|tree| Claim {
        source: Source::Guard,
        size: tree.size,
        root: Some(tree.root),
    });
    claims.collect()
}

/// Weighs a claim against a database whose log has `found` records or more.
///
/// # Errors
/// [`StoreError`].
pub async fn weigh(
    store: &dyn Store,
    claim: &Claim,
    found: TreeSize,
) -> Result<Standing, StoreError> {
    if claim.size <= found && has_root(store, claim).await? {
        return Ok(Standing::Extends);
    }
    let rows = store.rows(&[Key::Adoptions]).await?;
    let is_given_up = rows.iter().any(|(_, row)| match row {
        Some(Row::Adoptions(adoptions)) => covers(adoptions, claim),
        _ => false,
    });
    Ok(if is_given_up {
        Standing::GivenUp
    } else {
        Standing::Lacks
    })
}

fn covers(adoptions: &Adoptions, claim: &Claim) -> bool {
    adoptions.covering(claim.size, claim.root).is_some()
}

/// Whether the stored tiles make the root of a claim, if it has one.
async fn has_root(store: &dyn Store, claim: &Claim) -> Result<bool, StoreError> {
    let Some(root) = claim.root else {
        return Ok(true);
    };
    let tiles = store.tiles(&root_tiles(claim.size)).await?;
    let tiles: HashMap<TileId, Tile> = tiles.into_iter().collect();
    let computed = root_from_tiles(claim.size, |id| tiles.get(&id));
    Ok(computed.is_ok_and(|computed| computed == root))
}

impl Claim {
    /// Whether it is this tree.
    pub(crate) fn is_of(&self, tree: &Guarded) -> bool {
        self.size == tree.size && self.root == Some(tree.root)
    }
}

impl Behind {
    /// The claim that asks the most of the database, if any is left.
    pub(crate) fn furthest(lacking: &[Claim], found: TreeSize) -> Option<Self> {
        let furthest = lacking.iter().max_by_key(|it| (it.size, it.root.is_some()));
        furthest.map(|claim| Self {
            claim: claim.clone(),
            found,
        })
    }

    /// How many records are missing; none if the database has as many, and
    /// others.
    pub const fn missing(&self) -> u64 {
        self.claim.size.get().saturating_sub(self.found.get())
    }

    /// Whether an adoption gives up exactly the tree of the claim.
    pub(crate) fn is_ended_by(&self, abandoned: &Abandoned) -> bool {
        let root = self.claim.root;
        abandoned.size == self.claim.size && root.is_none_or(|root| root == abandoned.root)
    }

    /// What an operator types when the missing records are lost for good. None
    /// if no record is missing: a database that went on another way cannot be
    /// adopted.
    pub fn command(&self) -> Option<String> {
        let root = self.claim.root.map(|root| root.to_string());
        let root = root.unwrap_or_else(|| "ROOT".to_owned());
        let size = self.claim.size;
        (self.missing() > 0).then(|| format!("timebank scheme adopt --abandoned {size}:{root}"))
    }

    /// What an operator can do.
    pub fn remedy(&self) -> String {
        let newer = "bring back the database that has them";
        match self.command() {
            Some(command) => format!(
                "{newer}; if it is lost for good, an operator of the scheme declares that: {command}"
            ),
            None => "bring back the database that this log was signed from".to_owned(),
        }
    }
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Claim { source, size, .. }, found) = (&self.claim, self.found);
        match self.missing() {
            0 => write!(
                f,
                "the database differs from the {size} records that {source} has seen signed: \
                 it was replaced, or went on another way"
            ),
            missing => write!(
                f,
                "the database ends at {found} records, but {source} has seen {size} signed, \
                 so {missing} are missing: it was restored from an older backup or replaced"
            ),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guard => f.write_str("the guard"),
            Self::Published => f.write_str("the published checkpoint"),
            Self::Witness(name) => write!(f, "the witness {name}"),
        }
    }
}
