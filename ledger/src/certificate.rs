//! Certificates: what a volunteer has been trained or examined for.

use serde::{Deserialize, Serialize};

use crate::service::ItemCode;
use crate::time::Millis;

/// The code of the certificate that `training_required` asks for.
pub const TRAINING: &str = "training";

/// The code of the certificate that `insurance_required` asks for.
pub const INSURANCE: &str = "insurance";

/// The name of a certificate in state keys: its code, filled up with zero bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateName([u8; 32]);

impl CertificateName {
    /// The name of the certificate of a code.
    pub fn of(code: &ItemCode) -> Self {
        Self::named(code.as_str())
    }

    /// The certificate that all volunteers may need.
    pub fn training() -> Self {
        Self::named(TRAINING)
    }

    /// That a volunteer is insured, which all may have to be.
    pub fn insurance() -> Self {
        Self::named(INSURANCE)
    }

    fn named(code: &str) -> Self {
        let mut name = [0; 32];
        name[..code.len()].copy_from_slice(code.as_bytes());
        Self(name)
    }

    /// Takes the bytes as they are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The code.
    pub fn code(&self) -> String {
        let code = self.0.iter().take_while(|byte| **byte != 0);
        code.map(|byte| char::from(*byte)).collect()
    }
}

/// A certificate; its key names the member and its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// When it ends.
    pub until: Millis,
}
