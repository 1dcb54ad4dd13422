"""Ids, keys, entries and tokens of a timebank ledger, as docs/signing.md says.

Nothing here comes from the project but its proto files.
"""

import base64
import hashlib
import json
import os
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stubs import entry_pb2

ENTRY_TYPE = "application/vnd.timebank.entry.v1+protobuf"
KEY_TYPE = "application/vnd.timebank.key.v1"


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE v1.0.2. Lengths count bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def uuid_v7(time_ms: int, random: bytes) -> bytes:
    """RFC 9562, section 5.7: 48 bits of time, version, variant, 74 random bits."""
    number = bytearray(time_ms.to_bytes(6, "big") + random)
    number[6] = number[6] & 0x0F | 0x70
    number[8] = number[8] & 0x3F | 0x80
    return bytes(number)


def new_entry_id() -> bytes:
    return uuid_v7(now_ms(), os.urandom(10))


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Person:
    """A member with one key."""

    def __init__(self, member: bytes | None = None, seed: bytes | None = None):
        self.member = member or os.urandom(16)
        self.seed = seed or os.urandom(32)
        self.secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = hashlib.sha256(b"timebank key id v1\n" + self.public).digest()[:16]

    def new_key(self, origin: str):
        """The key with the proof that its owner holds the secret half."""
        payload = origin.encode() + b"\n" + self.member + self.public
        proof = self.secret.sign(pre_authentication_encoding(KEY_TYPE, payload))
        return entry_pb2.NewKey(public_key=self.public, proof_of_possession=proof)

    def sign(self, entry: bytes):
        """Signs the exact bytes of an entry."""
        signature = self.secret.sign(pre_authentication_encoding(ENTRY_TYPE, entry))
        return entry_pb2.SignedEntry(entry=entry, key_id=self.key_id, signature=signature)

    def token(self, origin: str, lifetime_s: int = 300) -> str:
        """A JWS in compact form, which says who reads."""
        issued = now_ms() // 1000
        header = {"alg": "EdDSA", "kid": self.key_id.hex(), "typ": "JWT"}
        claims = {
            "sub": self.member.hex(),
            "aud": origin,
            "iat": issued,
            "exp": issued + lifetime_s,
        }
        signed = base64url(json.dumps(header).encode()) + "." + base64url(json.dumps(claims).encode())
        return signed + "." + base64url(self.secret.sign(signed.encode()))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode(message) -> bytes:
    """The one spelling that is admitted.

    Fields in ascending order, defaults left out, nothing unknown. Protobuf does
    not promise this for ever and everywhere, so the ledger checks it: it decodes
    the bytes, encodes them again, and refuses what does not come back the same.
    Google's implementations make these bytes when asked to be deterministic.
    """
    return message.SerializeToString(deterministic=True)
