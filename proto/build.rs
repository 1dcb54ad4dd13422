//! Compiles `timebank/v1/*.proto` without `protoc`: messages, clients, servers,
//! and the descriptor set that reflection serves.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message as _;

const FOLDER: &str = "timebank/v1";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let descriptors = protox::compile(proto_files()?, ["."])?;
    fs::write(out_dir.join("timebank.v1.bin"), descriptors.encode_to_vec())?;
    // The client brings its own channel, so that this crate needs no transport.
    tonic_prost_build::configure()
        .build_transport(false)
        .btree_map(".")
        .compile_fds(descriptors)?;
    Ok(())
}

/// The protocol's files in the order of their names, so that the descriptor set
/// is the same on every machine.
fn proto_files() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for file in fs::read_dir(Path::new(FOLDER))? {
        let path = file?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
