"""Asks a witness for cosignatures with aics_witness, for a log of aics_tlog, and
nothing of timebank's. Usage:

    witness_client.py --log-key
    witness_client.py --witness URL --vkey VKEY

The first prints the key of the log; the second says a line for each answer, and
ends with 1 if one is not what C2SP tlog-witness wants.
"""

import argparse
import hashlib
import sys
import urllib.request

from aics_tlog import (
    Checkpoint,
    MerkleTree,
    format_vkey,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_checkpoint,
    verify_cosignature,
    vkey_from_ed25519,
)
from aics_witness.feeder import (
    WitnessAhead,
    WitnessClient,
    WitnessRejected,
    merge_cosignatures,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "foreign.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([41]) * 32)


def grown(size, other=None):
    """A tree, in which the record at `other` is another one."""
    records = [b"record %d" % n if n != other else b"another" for n in range(size)]
    return MerkleTree(records)


def signed(tree, size, origin=ORIGIN, key=KEY):
    checkpoint = Checkpoint(origin=origin, size=size, root=tree.root(size))
    return sign_checkpoint(checkpoint, key, origin).to_bytes()


def refused(client, note, proof, **options):
    try:
        client.submit(note, proof, **options)
    except WitnessRejected as rejected:
        return rejected.status
    raise SystemExit("cosigned what it must refuse")


def ask(url, vkey):
    tree = grown(700)
    client = WitnessClient(url, vkey, max_attempts=1)
    for size in (0, 1, 256, 256):
        client.submit(signed(tree, size), tree.consistency_proof)
        print(200, size)

    # One that knows nothing learns the size from a conflict.
    fresh = WitnessClient(url, vkey, max_attempts=1)
    note = signed(tree, 700)
    line = fresh.submit(note, tree.consistency_proof)
    print("409 to 200", fresh.known_sizes[ORIGIN])
    try:
        WitnessClient(url, vkey, max_attempts=1).submit(signed(tree, 300), tree.consistency_proof)
    except WitnessAhead as ahead:
        print("ahead", ahead.known_size)

    # This client does not send what is malformed, so it is let loose on its own.
    print(fresh._post(b"old 1\n\nnothing")[0])
    print(refused(fresh, signed(tree, 700, key=Ed25519PrivateKey.generate()), (700, [])))
    print(refused(fresh, signed(tree, 700, origin="unknown.example/log"), (700, [])))
    print(refused(fresh, signed(grown(700, other=3), 700), (700, [])), "other root")
    other = grown(900, other=3)
    proof = other.consistency_proof(700, 900)
    print(refused(fresh, signed(other, 900), (700, proof)), "other history")

    path = hashlib.sha256(ORIGIN.encode()).hexdigest()
    with urllib.request.urlopen(f"{url}/{path}/checkpoint") as answer:
        served = parse_note(answer.read())
    witnessed = parse_note(merge_cosignatures(note, line))
    if served.text != witnessed.text or served.signatures != witnessed.signatures:
        raise SystemExit("a monitor gets something else than the log")
    checkpoint, key = parse_checkpoint(served.text), parse_vkey(vkey)
    (mine,) = [one for one in served.signatures if one.name == key.name]
    arguments = (ORIGIN, checkpoint.size, checkpoint.root, checkpoint.extension_lines)
    if not verify_cosignature(mine.signature, key.name, key.public_key, *arguments):
        raise SystemExit("the cosignature does not verify")
    print("monitored", checkpoint.size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log-key", action="store_true")
    parser.add_argument("--witness")
    parser.add_argument("--vkey")
    options = parser.parse_args()
    if options.log_key:
        print(format_vkey(vkey_from_ed25519(ORIGIN, KEY.public_key())))
    else:
        ask(options.witness, options.vkey)


if __name__ == "__main__":
    sys.exit(main())
