//! The bytes of every act, as another implementation makes them.

use crate::entry::encode;
use crate::testing::{acts, entry};

/// The envelope of the example entries: `ledger`, `entry_id`, `author`.
const ENVELOPE: &str = concat!(
    "0a14686f7572732e6578616d706c652f6c6564676572",
    "1210019b76daa8007222a222222222222222",
    "1a1011111111111111111111111111111111",
);

/// The example acts in their order, each with its name, from Google's protobuf
/// for Python and its reading of the `.proto` files. A change of these bytes is
/// another format: no old ledger could be read.
const ACTS: &str = include_str!("golden.txt");

#[test]
fn every_act_has_the_bytes_that_another_implementation_makes() {
    let examples = acts().into_iter().map(|act| {
        let name = act.name();
        let bytes = hex::encode(encode(&entry(act)));
        let bytes = bytes.strip_prefix(ENVELOPE).expect("one envelope");
        format!("{name} {bytes}")
    });
    let examples: Vec<String> = examples.collect();
    let golden: Vec<&str> = ACTS.lines().collect();
    assert_eq!(examples, golden);
}
