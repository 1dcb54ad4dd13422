"""ML-DSA-44 vectors for ledger/src/log, made and checked by two other implementations.

    pip install cryptography dilithium-py
    python3 tests/python/ml_dsa_vectors.py

dilithium-py makes the deterministic signatures, because it can; the package
cryptography verifies each of them. The message is built here from the words of
C2SP tlog-cosignature, not from our code.
"""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

try:
    from dilithium_py.ml_dsa import ML_DSA_44
except ImportError:  # verify_line does without.
    ML_DSA_44 = None


def cosigned_message(cosigner, time_s, origin, end, root):
    """struct cosigned_message of C2SP tlog-cosignature, for a whole checkpoint."""

    def opaque(name):
        return bytes([len(name.encode())]) + name.encode()

    times = opaque(cosigner) + struct.pack(">Q", time_s)
    return b"subtree/v1\n\0" + times + opaque(origin) + struct.pack(">QQ", 0, end) + root


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x06" + public).digest()[:4]


def verify_line(line, public, origin, end, root):
    """Checks one signature line of type 0x06; gives the time that it states."""
    dash, name, blob = line.rstrip("\n").split(" ")
    blob = base64.b64decode(blob, validate=True)
    if dash != "—" or blob[:4] != key_id(name, public) or len(blob) != 4 + 8 + 2420:
        raise ValueError("not a line of this key")
    (time_s,) = struct.unpack(">Q", blob[4:12])
    message = cosigned_message(name, time_s, origin, end, root)
    MLDSA44PublicKey.from_public_bytes(public).verify(blob[12:], message)
    return time_s


def sign_line(name, seed, time_s, origin, end, root):
    public, secret = ML_DSA_44.key_derive(seed)
    message = cosigned_message(name, time_s, origin, end, root)
    signature = ML_DSA_44.sign(secret, message, ctx=b"", deterministic=True)
    blob = key_id(name, public) + struct.pack(">Q", time_s) + signature
    return public, "— " + name + " " + base64.b64encode(blob).decode() + "\n"


def main():
    def sha256(data):
        return hashlib.sha256(data).hexdigest()

    public, secret = ML_DSA_44.key_derive(bytes([3]) * 32)
    print("public key of seed 03…  ", sha256(public))
    signature = ML_DSA_44.sign(secret, b"message", ctx=b"", deterministic=True)
    MLDSA44PublicKey.from_public_bytes(public).verify(signature, b"message")
    print("its signature of message", sha256(signature))

    # The published tree when it had five records, cosigned by a witness and by the log itself.
    origin, end = "hours.example/ledger", 5
    root = base64.b64decode("fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=")
    for name, seed in [("wit.example/w1", 3), (origin, 4)]:
        public, line = sign_line(name, bytes([seed]) * 32, 1_767_000_000, origin, end, root)
        assert verify_line(line, public, origin, end, root) == 1_767_000_000
        print(name, "id", key_id(name, public).hex(), "line", sha256(line.encode()))
        vkey = base64.b64encode(b"\x06" + public).decode()
        print("  vkey", sha256(f"{name}+{key_id(name, public).hex()}+{vkey}".encode()))


if __name__ == "__main__":
    main()
