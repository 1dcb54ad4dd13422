"""Salted commitments by docs/commitments.md, with nothing but the standard library.

Reads lines of kind, salt and value (the last two in hex) and writes the
commitment of each in hex.
"""

import hashlib
import hmac
import sys


def commitment(kind: str, salt: bytes, value: bytes) -> bytes:
    """The commitment to a value."""
    label = f"timebank/commitment/v1/{kind}\n".encode("ascii")
    message = label + len(value).to_bytes(4, "big") + value
    return hmac.new(salt, message, hashlib.sha256).digest()


def main() -> None:
    """Answers each line."""
    for line in sys.stdin:
        kind, salt, value = line.rstrip("\n").split(" ")
        print(commitment(kind, bytes.fromhex(salt), bytes.fromhex(value)).hex())


if __name__ == "__main__":
    main()
