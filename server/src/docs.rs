//! Pages of `docs/` that are made from code, and compared with it by tests.

use std::path::Path;

/// Compares a page with what the code says, or writes it if `UPDATE_DOCS` is
/// set.
///
/// # Panics
/// If they differ.
pub(crate) fn check(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).expect("docs/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/{page} is not what the code says; run: \
         UPDATE_DOCS=1 cargo test -p timebank-server --lib"
    );
}
