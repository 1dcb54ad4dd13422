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
use ledger::{Abandoned, Adoption, Adoptions};
use tokio::sync::mpsc;

pub use self::published::{PublishedError, published};
use crate::guard::{DECLARED_MAX, Guard, Guarded, Remembered};
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
    /// For each declaration of a loss in it, the tree that ends with it, as far as
    /// the source knows: these do not excuse its own loss.
    pub declared: Vec<Guarded>,
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
    guard.remembered().cloned().map(Claim::from).collect()
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
    let is_met = match claim.root {
        _ if claim.size > found => false,
        Some(root) => root_of(store, claim.size).await? == Some(root),
        None => true,
    };
    Ok(if is_met {
        Standing::Extends
    } else if is_given_up(store, claim).await? {
        Standing::GivenUp
    } else {
        Standing::Lacks
    })
}

/// Whether an adoption in the log covers a claim, and not one that the tree of the
/// claim has too: that tree is one of the log as it went on.
async fn is_given_up(store: &dyn Store, claim: &Claim) -> Result<bool, StoreError> {
    for adoption in adoptions(store).await?.0 {
        if !adoption.covers(claim.size, claim.root) {
            continue;
        }
        let size = end_of(&adoption);
        let known = claim.declared.iter().find(|tree| tree.size == size);
        let is_in_it = match known {
            Some(tree) => root_of(store, size).await? == Some(tree.root),
            None => false,
        };
        if !is_in_it {
            return Ok(true);
        }
    }
    Ok(false)
}

/// For each adoption within the first `found` records, the tree that ends with it;
/// those of the newest that a guard remembers.
pub(crate) async fn declared(
    store: &dyn Store,
    found: TreeSize,
) -> Result<Vec<Guarded>, StoreError> {
    let mut sizes: Vec<TreeSize> = adoptions(store).await?.0.iter().map(end_of).collect();
    sizes.retain(|size| *size <= found);
    let mut trees = Vec::new();
    for size in sizes.split_off(sizes.len().saturating_sub(DECLARED_MAX)) {
        let root = root_of(store, size).await?;
        trees.extend(root.map(|root| Guarded { size, root }));
    }
    Ok(trees)
}

async fn adoptions(store: &dyn Store) -> Result<Adoptions, StoreError> {
    let rows = store.rows(&[Key::Adoptions]).await?;
    Ok(match rows.into_iter().next() {
        Some((_, Some(Row::Adoptions(adoptions)))) => adoptions,
        _ => Adoptions::default(),
    })
}

fn end_of(adoption: &Adoption) -> TreeSize {
    TreeSize::new(adoption.position.get() + 1)
}

/// The root of the first `size` records, if the stored tiles make one.
async fn root_of(store: &dyn Store, size: TreeSize) -> Result<Option<Hash>, StoreError> {
    let tiles = store.tiles(&root_tiles(size)).await?;
    let tiles: HashMap<TileId, Tile> = tiles.into_iter().collect();
    Ok(root_from_tiles(size, |id| tiles.get(&id)).ok())
}

impl Claim {
    /// Whether it is this tree.
    pub(crate) fn is_of(&self, tree: &Guarded) -> bool {
        self.size == tree.size && self.root == Some(tree.root)
    }
}

impl From<Remembered> for Claim {
    fn from(Remembered { tree, declared }: Remembered) -> Self {
        Self {
            source: Source::Guard,
            size: tree.size,
            root: Some(tree.root),
            declared,
        }
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
