//! Our witness, asked by a client that is not ours and by raw HTTP.

use std::io::Write as _;
use std::net::TcpStream;

use anyhow::{Result, ensure};
use ledger::log::witness::{BODY_MAX_BYTES, cosignatures, origin_hash};
use ledger::log::{SignedNote, VerifierKey};
use timebank_tests::foreign::script;
use timebank_tests::specimen::{Specimen, log_signer};
use timebank_tests::witness::OurWitness;

use crate::asked::{post, receive, refuses_as_judged, request, send};
use crate::folder::Folder;

pub(crate) const LAB: &str = env!("CARGO_BIN_EXE_timebank-lab");

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
    let witness = start(&folder, std::slice::from_ref(&key))?;
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
