"""Checkpoints, inclusion and consistency: C2SP signed-note and tlog-checkpoint,
RFC 9162 sections 2.1.3.2 and 2.1.4.2. A function raises AssertionError if what
it is given proves nothing.
"""

import base64
import hashlib
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def open_checkpoint(note: bytes, verifier_key: str) -> Checkpoint:
    """Verifies a signed note under a verifier key, and reads it."""
    name, key_hash, key = verifier_key.split("+", 2)
    key = base64.b64decode(key, validate=True)
    wanted = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    assert wanted.hex() == key_hash and key[:1] == ED25519, "a verifier key that is none"
    text, _, signatures = note.decode().rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        if (dash, signer, signature[:4]) == ("—", name, wanted):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], text.encode())
            origin, size, root = text.splitlines()
            assert origin == name, "a checkpoint of another log"
            return Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    raise AssertionError("the log has not signed this checkpoint")


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(leaf: bytes, position: int, path: list[bytes], tree: Checkpoint) -> None:
    """RFC 9162, section 2.1.3.2; the leaf is given as bytes."""
    assert 0 <= position < tree.size, "a position outside the tree"
    fn, sn, root = position, tree.size - 1, leaf_hash(leaf)
    for sibling in path:
        assert sn != 0, "the path is too long"
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0, "the path is too short"
    assert root == tree.root, "the record is not in the tree"


def check_consistency(old: Checkpoint, new: Checkpoint, path: list[bytes]) -> None:
    """RFC 9162, section 2.1.4.2: the old tree is the beginning of the new one."""
    assert 0 < old.size <= new.size, "a tree that has shrunk"
    if old.size == new.size:
        assert not path and old.root == new.root, "two trees of one size"
        return
    if old.size & (old.size - 1) == 0:
        path = [old.root, *path]
    fn, sn = old.size - 1, new.size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    assert path, "the path is too short"
    old_root = new_root = path[0]
    for sibling in path[1:]:
        assert sn != 0, "the path is too long"
        if fn & 1 or fn == sn:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_root = node_hash(new_root, sibling)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0, "the path is too short"
    assert (old_root, new_root) == (old.root, new.root), "history was rewritten"


class Receipt(NamedTuple):
    extra: bytes
    position: int
    path: list[bytes]
    note: bytes


def parse_receipt(receipt: bytes) -> Receipt:
    """A C2SP tlog-proof with extra data."""
    head, _, note = receipt.partition(b"\n\n")
    first, extra, index, *path = head.decode().split("\n")
    assert first == "c2sp.org/tlog-proof@v1", "no tlog-proof"
    assert extra.startswith("extra ") and index.startswith("index "), "no extra data or no index"
    decode = lambda text: base64.b64decode(text, validate=True)
    return Receipt(decode(extra[6:]), int(index[6:]), [decode(line) for line in path], note)
