//! The public log before other people's programs: a Go program over
//! `golang.org/x/mod/sumdb` (`tests/go`), Python packages that audit a log,
//! witness one, and ask a witness, which is ours (`tests/python`). None of them has a
//! line of ours.

mod asked;
mod folder;
mod killed;
mod our_witness;
mod published;
mod real;
mod spoilt;
mod witness;
