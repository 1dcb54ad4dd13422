//! Our witness, asked by a client that is not ours and by raw HTTP; killed at any moment, it never
//! cosigns a fork.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::net::TcpStream;

use anyhow::{Context as _, Result, ensure};
use ledger::log::witness::{BODY_MAX_BYTES, conflict_size, cosignatures, origin_hash};
use ledger::log::{
    Checkpoint, Hash, SignedNote, Tree, TreeSize, VerifierKey, consistency_proof, leaf_hash,
};
use timebank_tests::foreign::script;
use timebank_tests::specimen::{Specimen, log_signer};
use timebank_tests::witness::OurWitness;

use crate::asked::{post, receive, refuses_as_judged, request, send};
use crate::folder::Folder;

const LAB: &str = env!("CARGO_BIN_EXE_timebank-lab");

fn start(folder: &Folder, logs: &[VerifierKey]) -> Result<OurWitness> {
    OurWitness::create(folder.path(), false, logs)?;
    OurWitness::start(LAB, folder.path())
}

#[test]
fn a_client_that_is_not_ours_gets_every_answer_of_the_specification() -> Result<()> {
    let folder = Folder::new()?;
    // The key of the foreign log, whose seed is in the script.
    let said = script("witness_client.py")?.arg("--log-key").output()?;
    let log: VerifierKey = String::from_utf8(said.stdout)?.trim().parse()?;
    let witness = start(&folder, &[log])?;
    let vkey = witness.verifier_keys[0].to_string();
    let output = script("witness_client.py")?
        .args(["--witness", &witness.url, "--vkey", &vkey])
        .output()?;
    ensure!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout)?;
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "200 0",
            "200 1",
            "200 256",
            "200 256",
            "409 to 200 700",
            "ahead 700",
            "400",
            "403",
            "404",
            "422 other root",
            "422 other history",
            "monitored 700",
        ]
    );
    witness.end()
}

#[test]
fn our_witness_answers_as_its_decision_and_as_the_foreign_one_does() -> Result<()> {
    let folder = Folder::new()?;
    let witness = start(&folder, &[log_signer().verifier_key()])?;
    refuses_as_judged(&witness.url)?;
    witness.end()
}

#[test]
fn what_is_no_request_of_the_specification_is_refused_without_harm() -> Result<()> {
    let folder = Folder::new()?;
    let key = log_signer().verifier_key();
    let witness = start(&folder, &[key.clone()])?;
    let status = |what: &str, body: &[u8]| -> Result<u16> {
        Ok(receive(&mut send(&witness.url, what, body)?)?.status)
    };
    let path = format!("/{}/checkpoint", origin_hash(key.name()));
    assert_eq!(status("GET /add-checkpoint", b"")?, 405);
    assert_eq!(status("POST /", b"")?, 404);
    assert_eq!(status("GET /other", b"")?, 404);
    assert_eq!(status(&format!("POST {path}"), b"")?, 405);
    assert_eq!(status(&format!("GET {path}"), b"")?, 404);
    assert_eq!(status("GET /../witness.key/checkpoint", b"")?, 404);
    let too_long = vec![b'a'; BODY_MAX_BYTES + 1];
    assert_eq!(status("POST /add-checkpoint", &too_long)?, 413);
    // Neither HTTP nor a whole request; the connection is left open.
    let mut noise = TcpStream::connect(witness.url.trim_start_matches("http://"))?;
    noise.write_all(b"\x16\x03\x01\x00\xa5\x01")?;
    let half = send(&witness.url, "POST /add-checkpoint", b"")?;

    let specimen = Specimen::grow(3);
    let note = specimen.checkpoint(3)?.sign(&[log_signer()])?;
    let answer = post(&witness.url, &request(0, Vec::new(), &note))?;
    let lines = cosignatures(&answer.body, &note, &witness.verifier_keys)?;
    let answer = receive(&mut send(&witness.url, &format!("GET {path}"), b"")?)?;
    assert_eq!(
        (answer.status, answer.kind.as_str()),
        (200, "text/plain; charset=utf-8")
    );
    assert_eq!(
        SignedNote::parse(&answer.body)?,
        note.with_lines(&lines[0].line)?
    );
    drop((noise, half));
    witness.end()
}

#[test]
fn a_second_witness_on_the_same_folder_does_not_start() -> Result<()> {
    let folder = Folder::new()?;
    let witness = start(&folder, &[log_signer().verifier_key()])?;
    assert!(OurWitness::start(LAB, folder.path()).is_err());
    witness.kill_nine()?;
    // What a killed process held is free.
    OurWitness::start(LAB, folder.path())?.end()
}

/// A log that changes its mind about its last record whenever it can.
struct Log(Vec<Hash>);

impl Log {
    fn with(&self, record: u64) -> Self {
        let mut leaves = self.0.clone();
        leaves.push(leaf_hash(&record.to_be_bytes()));
        Self(leaves)
    }

    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    /// The request to go on from so many records, and the root.
    fn request(&self, old: u64) -> Result<(Vec<u8>, Hash)> {
        let mut tree = Tree::new();
        let tiles: HashMap<_, _> = tree.extend(self.0.clone()).into_iter().collect();
        let proof = consistency_proof(TreeSize::new(old), tree.size(), |id| tiles.get(&id))?;
        let origin = log_signer().verifier_key().name().clone();
        let note = Checkpoint::new(origin, tree.size(), tree.root()).sign(&[log_signer()])?;
        Ok((request(old, proof, &note), tree.root()))
    }
}

#[test]
fn killed_at_any_moment_it_never_goes_back_and_never_cosigns_two_histories() -> Result<()> {
    const ROUNDS: u64 = 24;
    let folder = Folder::new()?;
    OurWitness::create(folder.path(), true, &[log_signer().verifier_key()])?;
    let mut cosigned: BTreeMap<u64, Hash> = BTreeMap::new();
    let mut log = Log(Vec::new());
    let mut record = 0;
    let (mut stored, mut lost) = (0, 0);
    for round in 0..ROUNDS {
        let witness = OurWitness::start(LAB, folder.path())?;
        // Some that are answered, and then one that may not be.
        for _ in 0..round % 3 {
            record += 1;
            let next = log.with(record);
            let (body, root) = next.request(log.size())?;
            ensure!(post(&witness.url, &body)?.status == 200, "round {round}");
            ensure!(cosigned.insert(next.size(), root).is_none(), "two roots");
            log = next;
        }
        record += 1;
        let next = log.with(record);
        let (body, root) = next.request(log.size())?;
        let mut line = send(&witness.url, "POST /add-checkpoint", &body)?;
        // From before it is read to after it is answered.
        for _ in 0..round * 40_000 {
            std::hint::spin_loop();
        }
        witness.kill_nine()?;
        let answered = receive(&mut line).is_ok_and(|answer| answer.status == 200);
        if answered {
            ensure!(cosigned.insert(next.size(), root).is_none(), "two roots");
        }

        let witness = OurWitness::start(LAB, folder.path())?;
        let (body, _) = log.with(0).request(0)?;
        let answer = post(&witness.url, &body)?;
        let newest = cosigned.last_key_value().map_or(0, |(size, _)| *size);
        let size = match answer.status {
            409 => conflict_size(&answer.body)?.get(),
            // Nothing had been cosigned, and now this is.
            200 => {
                log = log.with(0);
                let root = log.request(0)?.1;
                ensure!(cosigned.insert(log.size(), root).is_none(), "two roots");
                0
            }
            other => anyhow::bail!("round {round}: {other}"),
        };
        ensure!(
            size >= newest,
            "round {round}: {newest} were cosigned, now {size}"
        );
        if size == next.size() {
            stored += 1;
            log = next;
            // The other history is refused for ever.
            let (body, _) = Log(log.0[..log.0.len() - 1].to_vec())
                .with(u64::MAX)
                .request(size)?;
            ensure!(post(&witness.url, &body)?.status == 422, "a fork");
        } else {
            lost += 1;
            ensure!(!answered, "round {round}: an answer was not on the disk");
        }
        witness.end()?;
    }
    // Both must have happened, or the moments were not any.
    println!("stored {stored}, lost {lost}");
    cosigned
        .last_key_value()
        .context("something was cosigned")?;
    ensure!(stored > 0, "no request reached the disk");
    Ok(())
}
