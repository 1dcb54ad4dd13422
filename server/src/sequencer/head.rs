//! The head of the log, as the database has it.

use ledger::State;
use ledger::log::{Checkpoint, TileId, Tree, TreeSize, edge_tiles};

use super::{Sequencer, Stopped};
use crate::ahead::declared;
use crate::store::StoreError;

impl Sequencer {
    /// Takes over the head as the database has it, and forgets the state.
    pub(super) async fn load_head(&mut self) -> Result<(), Stopped> {
        let (head, tree) = loop {
            let head = self.store.head().await?;
            match self.load_tree(head.size).await {
                Ok(tree) => break (head, tree),
                // Another server has appended between these reads.
                Err(StoreError::Corrupt(_)) if self.store.head().await?.size > head.size => {}
                Err(error) => return Err(error.into()),
            }
        };
        let declared = declared(&*self.store, head.size).await?;
        (self.tree, self.declared) = (tree, declared);
        self.state = State::unknown();
        self.recorded = head.recorded;
        self.highest_id = head.highest_id;
        self.size.send_replace(head.size);
        Ok(())
    }

    /// The tree of a size, which must be the newest.
    async fn load_tree(&self, size: TreeSize) -> Result<Tree, StoreError> {
        let ids: Vec<TileId> = edge_tiles(size).map(|(id, _)| id).collect();
        let tiles = self.store.tiles(&ids).await?;
        let corrupt = |error: ledger::log::EdgeError| StoreError::Corrupt(error.to_string());
        let tree = Tree::from_edge(size, tiles).map_err(corrupt)?;
        self.check_checkpoint(&tree).await?;
        Ok(tree)
    }

    /// Checks that the newest stored checkpoint is of the tree that the stored
    /// tiles make.
    async fn check_checkpoint(&self, tree: &Tree) -> Result<(), StoreError> {
        let corrupt = |what: &str| Err(StoreError::Corrupt(what.to_owned()));
        let Some(note) = self.store.newest_checkpoint().await? else {
            return if tree.size() == TreeSize::ZERO {
                Ok(())
            } else {
                corrupt("records without a checkpoint")
            };
        };
        let newest = Checkpoint::new(self.origin.clone(), tree.size(), tree.root());
        let signed = newest
            .sign(&self.signers)
            .expect("a checkpoint is a text that notes may have");
        if signed.as_bytes() == note {
            Ok(())
        } else {
            corrupt("the newest checkpoint is not that of the tiles under this key")
        }
    }
}
