//! The acts as scenarios: what each does, and every reason why it is refused.

mod adoption;
mod behalf;
mod care;
mod envelope;
mod expiry;
mod hours;
mod keys;
mod people;
mod precedence;
mod recovery;
mod reversal;
mod roles;
mod settlement;
mod two_persons;
