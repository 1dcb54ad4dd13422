//! The public log before other people's programs: a Go program over
//! `golang.org/x/mod/sumdb` (`tests/go`), Python packages that audit a log and
//! witness one (`tests/python`). None of them has a line of ours.

mod folder;
mod published;
mod real;
mod spoilt;
mod witness;
