"""C2SP tlog-policy: whose signatures a checkpoint must bear.

Ed25519 is verified by aics_tlog. ML-DSA-44 cosignatures (C2SP tlog-cosignature,
type 0x06), which it does not know, are verified with cryptography.
"""

import base64
from typing import NamedTuple

from aics_tlog import VKey, parse_checkpoint, parse_note, parse_vkey, verify_checkpoint
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

ED25519, COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06


class Refused(Exception):
    """The log, or a file of it, is not what it should be."""


class Group(NamedTuple):
    needed: int
    members: list[str]


class Policy:
    def __init__(self, text: str) -> None:
        self.logs: list[VKey] = []
        self.witnesses: dict[str, VKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorum = ""
        for line in text.split("\n"):
            words = line.split()
            if words and not words[0].startswith("#"):
                self._define(*words)
        if not self.quorum or not self.logs:
            raise Refused("policy: no quorum or no log")

    def _define(self, keyword: str, *words: str) -> None:
        match keyword, *words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(parse_vkey(vkey))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._must_be_new(name)
                self.witnesses[name] = parse_vkey(vkey)
            case ["group", name, threshold, *members] if members:
                self._must_be_new(name)
                needed = {"any": 1, "all": len(members)}.get(threshold) or int(threshold)
                if not 1 <= needed <= len(members) or not all(map(self._is_known, members)):
                    raise Refused(f"policy: group {name} cannot be met")
                self.groups[name] = Group(needed, members)
            case ["quorum", name] if not self.quorum and (name == "none" or self._is_known(name)):
                self.quorum = name
            case _:
                raise Refused(f"policy: not a line of a policy: {keyword}")

    def _is_known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _must_be_new(self, name: str) -> None:
        if self._is_known(name) or name == "none":
            raise Refused(f"policy: {name} is defined twice")

    def _is_met(self, name: str, signed: set[str]) -> bool:
        if name in self.groups:
            needed, members = self.groups[name]
            return sum(self._is_met(member, signed) for member in members) >= needed
        return name == "none" or name in signed

    def open(self, signed_note: bytes, needs_quorum: bool = True):
        """The checkpoint, if a log has signed it and the quorum has cosigned it."""
        note = parse_note(signed_note)
        checkpoint = parse_checkpoint(note.text)
        of_origin = [key for key in self.logs if key.name == checkpoint.origin]
        ed25519_keys = [key for key in of_origin if key.key_type == ED25519]
        if len(ed25519_keys) != 1:
            raise Refused("checkpoint: of another log")
        cosigners = [key for key in self.witnesses.values() if key.key_type == COSIGNATURE]
        verified = verify_checkpoint(
            note, ed25519_keys[0], cosigners, expected_origin=checkpoint.origin
        )
        if not verified.ok:
            raise Refused(f"checkpoint: {verified.error}")
        post_quantum = [key for key in of_origin if key.key_type == ML_DSA_44]
        for key in post_quantum:
            verify_ml_dsa_44(note, checkpoint, key)
        signed = {name for name, key in self.witnesses.items() if key.name in verified.witnesses}
        for name, key in self.witnesses.items():
            if key.key_type == ML_DSA_44 and verify_ml_dsa_44(note, checkpoint, key):
                signed.add(name)
        if needs_quorum and not self._is_met(self.quorum, signed):
            raise Refused(f"checkpoint: the quorum {self.quorum} is not met")
        return checkpoint


def verify_ml_dsa_44(note, checkpoint, key: VKey) -> bool:
    """Whether a key has signed; raises Refused if a line of it is wrong."""
    lines = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    for line in lines:
        time, signature = line.signature[:8], line.signature[8:]
        message = b"".join(
            [
                b"subtree/v1\n\0",
                behind_its_length(key.name),
                time,
                behind_its_length(checkpoint.origin),
                (0).to_bytes(8, "big"),
                checkpoint.size.to_bytes(8, "big"),
                checkpoint.root,
            ]
        )
        try:
            MLDSA44PublicKey.from_public_bytes(key.public_key).verify(signature, message)
        except InvalidSignature:
            raise Refused(f"checkpoint: the ML-DSA-44 signature of {key.name} is wrong") from None
    return bool(lines)


def behind_its_length(text: str) -> bytes:
    return bytes([len(text.encode())]) + text.encode()


def decode_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
