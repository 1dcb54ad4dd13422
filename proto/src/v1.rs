//! The generated messages, clients and servers of `timebank.v1`.
#![expect(
    clippy::doc_markdown,
    clippy::default_trait_access,
    clippy::struct_excessive_bools,
    clippy::too_many_lines,
    reason = "generated; the comments are those of the protocol"
)]

tonic::include_proto!("timebank.v1");
