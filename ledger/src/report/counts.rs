//! What is counted of one unit and one month.

use std::collections::{BTreeMap, BTreeSet};

use crate::budget::BudgetLine;
use crate::id::MemberId;

/// Declares the counts that are summed.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The counts of some units and a month; minutes where hours moved.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Counts {
            $($(#[$doc])* pub $name: i64,)*
            /// How long each request waited until somebody took it on, in hours.
            pub hours_to_match: Vec<i64>,
            /// Who served.
            pub volunteers: BTreeSet<MemberId>,
            /// How often each volunteer served each recipient.
            pub pairs: BTreeMap<(MemberId, MemberId), i64>,
            /// Money that came in, in fen, by the line that the donor named.
            pub received: BTreeMap<Option<BudgetLine>, i64>,
            /// Money that was spent, in fen.
            pub spent: BTreeMap<BudgetLine, i64>,
        }

        impl Counts {
            /// These and others together.
            #[must_use]
            pub fn plus(mut self, other: &Self) -> Self {
                $(self.$name += other.$name;)*
                self.hours_to_match.extend(&other.hours_to_match);
                self.volunteers.extend(&other.volunteers);
                add(&mut self.pairs, &other.pairs);
                add(&mut self.received, &other.received);
                add(&mut self.spent, &other.spent);
                self
            }
        }
    };
}

fn add<K: Ord + Copy>(sums: &mut BTreeMap<K, i64>, others: &BTreeMap<K, i64>) {
    for (key, count) in others {
        *sums.entry(*key).or_default() += count;
    }
}

counts! {
    /// Entries of every kind.
    entries,
    /// Of them signed by staff for a member.
    by_staff,
    /// Of them signed by a proxy.
    by_proxy,
    /// Minutes granted.
    granted,
    /// Minutes taken over from older registers.
    imported,
    /// Minutes earned by visits.
    earned,
    /// Minutes that recipients spent on visits, or that retired with a purchase.
    redeemed,
    /// Minutes given to other members.
    given,
    /// Minutes donated to pools.
    donated,
    /// Minutes that expired.
    expired,
    /// Requests.
    asked,
    /// Requests and bookings that were withdrawn or handed back.
    cancelled,
    /// Visits that were stated.
    stated,
    /// Of them more than a day late.
    late,
    /// Visits that were confirmed.
    visits,
    /// Requests and bookings whose time ran out.
    unmet,
    /// Requests that the fund bought.
    bought,
    /// Visits that somebody missed.
    missed,
    /// Visits that were disputed.
    disputes,
    /// Ratings.
    ratings,
    /// The stars of all ratings.
    stars,
    /// Safety incidents.
    incidents,
    /// Entries that were reversed.
    reversals,
    /// Rules that were adopted.
    rule_changes,
    /// Visits that were drawn for a call back.
    drawn,
    /// Of them confirmed by who was called.
    drawn_confirmed,
    /// Of them denied.
    drawn_denied,
    /// Auditors' opinions that everything is in order.
    opinions_clean,
    /// Auditors' opinions that say otherwise.
    opinions_reserved,
}
