//! The `timebank` command as people type it: against a server, and then with
//! what it has left behind, without one. A file is a story.
//!
//! What it says of receipts made by hand stands in `client/tests/command`.

mod books;
mod certificate;
mod desk;
mod notes;
mod paper;
mod people;
mod recovery;
mod scheme;
mod station;
