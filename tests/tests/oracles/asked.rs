//! What both witnesses are asked, ours and the foreign one, over plain HTTP: the same list, so that
//! they are held to the same answers.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, ensure};
use ledger::SecretKey;
use ledger::log::witness::{Cosigned, SIZE_MEDIA_TYPE, conflict_size, judge};
use ledger::log::{
    AddCheckpoint, Checkpoint, Hash, NoteSigner, SignedNote, TreeSize, VerifierKey, leaf_hash,
};
use timebank_tests::specimen::{Specimen, log_signer};

/// Brings a witness to 256 records, asks it everything that it must refuse, and compares each
/// answer with the decision of our own `judge`.
pub(crate) fn refuses_as_judged(url: &str) -> Result<()> {
    let specimen = Specimen::grow(300);
    let signer = log_signer();
    let newest = specimen.checkpoint(256)?;
    let cosigned = Cosigned {
        size: newest.size(),
        root: newest.root(),
    };
    let first = request(0, Vec::new(), &newest.sign(std::slice::from_ref(&signer))?);
    assert_eq!(post(url, &first)?.status, 200);

    let mut statuses = Vec::new();
    for (what, body) in requests(&specimen, &signer)? {
        let answer = post(url, &body)?;
        let ours = our_status(&body, &signer.verifier_key(), cosigned);
        assert_eq!(answer.status, ours, "{what}: {answer:?}");
        if answer.status == 409 {
            assert_eq!(answer.kind, SIZE_MEDIA_TYPE);
            assert_eq!(conflict_size(&answer.body)?, cosigned.size);
        }
        statuses.push(answer.status);
    }
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [400, 403, 404, 409, 422]);
    Ok(())
}

/// Requests that no witness may grant that has cosigned 256 records.
fn requests(specimen: &Specimen, signer: &NoteSigner) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let newest = specimen.checkpoint(300)?;
    let sign = |checkpoint: &Checkpoint| checkpoint.sign(std::slice::from_ref(signer));
    let (note, growth) = (sign(&newest)?, specimen.growth(256, 300)?);
    let origin = newest.origin().clone();
    let forged = |size| Checkpoint::new(origin.clone(), TreeSize::new(size), leaf_hash(b"forged"));
    let other_key = NoteSigner::new(origin.clone(), SecretKey::from_seed(&[99; 32]));
    let elsewhere = Checkpoint::new(
        "elsewhere.example/log".parse()?,
        newest.size(),
        newest.root(),
    );
    let wrong_line = SignedNote::parse(note.as_str().replace("\n300\n", "\n299\n").as_bytes())?;
    let mut bent = growth.clone();
    bent[0] = Hash::EMPTY_ROOT;
    Ok(vec![
        ("no request at all", b"garbage".to_vec()),
        ("an old size in words", b"old many\n\n".to_vec()),
        ("an old size above the new", request(301, Vec::new(), &note)),
        ("64 hashes", request(256, vec![Hash::EMPTY_ROOT; 64], &note)),
        (
            "an unknown log",
            request(256, growth.clone(), &sign(&elsewhere)?),
        ),
        (
            "another key",
            request(256, growth.clone(), &newest.sign(&[other_key])?),
        ),
        (
            "a signature of another text",
            request(256, growth.clone(), &wrong_line),
        ),
        (
            "an old size that is stale",
            request(255, specimen.growth(255, 300)?, &note),
        ),
        ("an old size of nothing", request(0, Vec::new(), &note)),
        ("a wrong hash in the proof", request(256, bent, &note)),
        ("no proof", request(256, Vec::new(), &note)),
        ("a forged root", request(256, growth, &sign(&forged(300))?)),
        (
            "another root for the same size",
            request(256, Vec::new(), &sign(&forged(256))?),
        ),
    ])
}

/// The body of an add-checkpoint request.
pub(crate) fn request(old: u64, proof: Vec<Hash>, checkpoint: &SignedNote) -> Vec<u8> {
    let (old, checkpoint) = (TreeSize::new(old), checkpoint.clone());
    let request = AddCheckpoint {
        old,
        proof,
        checkpoint,
    };
    request.to_string().into_bytes()
}

/// The status of our own witness, which serves what `judge` decides.
fn our_status(body: &[u8], key: &VerifierKey, cosigned: Cosigned) -> u16 {
    let Ok(request) = AddCheckpoint::parse(body) else {
        return 400;
    };
    let keys = if request.origin() == key.name().as_str() {
        std::slice::from_ref(key)
    } else {
        &[]
    };
    judge(&request, keys, Some(cosigned)).map_or_else(|refusal| refusal.status(), |_| 200)
}

/// What a witness answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
}

/// `POST <submission prefix>/add-checkpoint`.
pub(crate) fn post(url: &str, body: &[u8]) -> Result<Answer> {
    let mut line = send(url, "POST /add-checkpoint", body)?;
    receive(&mut line)
}

/// Sends a request, and does not wait for what is said to it.
pub(crate) fn send(url: &str, what: &str, body: &[u8]) -> Result<TcpStream> {
    let address = url.trim_start_matches("http://");
    let mut line = TcpStream::connect(address)?;
    let length = body.len();
    let head = format!(
        "{what} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    line.write_all(&[head.as_bytes(), body].concat())?;
    Ok(line)
}

/// Reads the answer to the end.
pub(crate) fn receive(line: &mut TcpStream) -> Result<Answer> {
    let mut bytes = Vec::new();
    line.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.context("the end of the headers")?;
    let head = std::str::from_utf8(&bytes[..end])?.to_owned();
    let status = head.split(' ').nth(1).context("a status")?.parse()?;
    let kind = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-type").then_some(value)
    });
    ensure!(status != 503, "the witness is out of order: {head}");
    Ok(Answer {
        status,
        kind: kind.unwrap_or_default().to_owned(),
        body: bytes[end + 4..].to_vec(),
    })
}
