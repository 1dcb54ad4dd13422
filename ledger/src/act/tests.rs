//! The acts as scenarios: what each does, and every reason why it is refused.

mod adoption;
mod behalf;
mod care;
mod disputes;
mod envelope;
mod events;
mod expiry;
mod fund;
mod histories;
mod hours;
mod keys;
mod leaving;
mod lots;
mod options;
mod people;
mod precedence;
mod recovery;
mod reversal;
mod roles;
mod rule_changes;
mod settlement;
mod ties;
mod two_persons;
