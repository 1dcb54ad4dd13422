//! Any failure of a call, and what of it goes out.

use ledger::Rejection;
use tonic::Status;

use super::{EdgeError, ErrorId, ReadError, status, store};
use crate::store::StoreError;

/// Why a call failed: any of the families.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The rules refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// It may not be read, or not so.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The server cannot take it on.
    #[error(transparent)]
    Edge(#[from] EdgeError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rejected(rejection) => status(&rejection),
            Failure::Read(error) => status(&error),
            Failure::Edge(error) => status(&error),
            Failure::Store(error) => store(error),
        }
    }
}

impl EdgeError {
    /// What a caller is told of a failure of the store. It is logged here, as
    /// nobody else will know of it.
    pub fn from_store(error: &StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::DatabaseUnavailable,
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database does not answer");
                Self::DatabaseUnavailable
            }
            StoreError::OutcomeUnknown(_) => {
                tracing::error!(%error, "a commit may or may not have been written");
                Self::OutcomeUnknown
            }
            StoreError::Corrupt(_) => Self::internal(error),
        }
    }

    /// Logs an error that should not be, and tells its id and nothing else.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        let error_id = ErrorId::random();
        tracing::error!(%error, %error_id, "internal error");
        Self::Internal { error_id }
    }
}
