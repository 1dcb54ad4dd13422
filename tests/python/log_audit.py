"""Checks a log that is laid out as C2SP tlog-tiles says, with aics_tlog and
nothing of timebank's. Usage:

    log_audit.py --policy FILE [--old FOLDER] [--receipts FOLDER] PLACE

PLACE is a folder or an http prefix, FILE a C2SP tlog-policy. It opens the
checkpoint, authenticates every tile and every entry bundle, proves records and
earlier checkpoints from the tiles, and checks receipts. It ends with 1 and a
reason if anything is wrong.
"""

import argparse
import sys
from pathlib import Path

from aics_tlog import (
    FileSystemTileReader,
    HttpTileReader,
    TileMissingError,
    TileUnavailableError,
    TileVerificationError,
    audit_tiles,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    read_entry,
    tree_root_from_tiles,
    verify_consistency,
    verify_leaf_inclusion,
)

from log_policy import Policy, Refused, decode_base64

FIRST_LINE = "c2sp.org/tlog-proof@v1"
# A proof of a large tree takes this package a twentieth of a second.
SMALL_LOG, RECORDS_OF_A_LARGE_LOG = 600, 20


class Log:
    def __init__(self, policy: Policy, place: str) -> None:
        self.policy = policy
        if place.startswith(("http://", "https://")):
            self.reader = HttpTileReader([place])
            self.head = policy.open(self.reader.read_checkpoint())
        else:
            self.reader = FileSystemTileReader(place)
            self.head = policy.open((Path(place) / "checkpoint").read_bytes())

    def check_tiles(self) -> int:
        size, root = self.head.size, self.head.root
        if tree_root_from_tiles(self.reader, size) != root:
            raise Refused("the tiles do not have the checkpoint's root hash")
        return audit_tiles(self.reader, size, root).tiles

    def prove_records(self) -> int:
        size, root = self.head.size, self.head.root
        step = 1 if size <= SMALL_LOG else size // RECORDS_OF_A_LARGE_LOG
        chosen = {*range(0, size, step), *range(max(0, size - 1), size)}
        for index in chosen:
            record = read_entry(self.reader, index, size)
            proof = inclusion_proof_from_tiles(self.reader, index, size)
            if not verify_leaf_inclusion(record, index, size, proof, root):
                raise Refused(f"record {index} is not in the tree")
        return len(chosen)

    def check_earlier(self, signed_note: bytes) -> None:
        old, new = self.policy.open(signed_note, needs_quorum=False), self.head
        if old.origin != new.origin or old.size > new.size:
            raise Refused("an earlier checkpoint is later, or of another log")
        proof = consistency_proof_from_tiles(self.reader, old.size, new.size)
        if not verify_consistency(old.size, new.size, old.root, new.root, proof):
            raise Refused("history was rewritten")

    def check_receipt(self, file: bytes) -> None:
        """C2SP tlog-proof whose extra data holds the record."""
        head, _, signed_note = file.partition(b"\n\n")
        first, extra, index, *path = head.decode().split("\n")
        if (first, extra[:6], index[:6]) != (FIRST_LINE, "extra ", "index "):
            raise Refused("receipt: not a tlog-proof with extra data")
        record, proof = record_in(decode_base64(extra[6:])), [decode_base64(line) for line in path]
        tree = self.policy.open(signed_note)
        if not verify_leaf_inclusion(record, int(index[6:]), tree.size, proof, tree.root):
            raise Refused("receipt: the record is not in the tree")


def record_in(message: bytes) -> bytes:
    """Field 3 of a protobuf message whose fields are all bytes: ReceiptExtra of
    timebank's ledger_service.proto. A field that is empty is not written. The
    first receipts hold the record alone, which begins with field 1."""
    if message.startswith(b"\x0a"):
        return message
    record = b""
    while message:
        tag, message = varint(message)
        length, message = varint(message)
        if tag & 7 != 2 or length > len(message):
            raise Refused("receipt: the extra data is no ReceiptExtra")
        if tag >> 3 == 3:
            record = message[:length]
        message = message[length:]
    return record


def varint(message: bytes) -> tuple[int, bytes]:
    number = 0
    for place, byte in enumerate(message[:10]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, message[place + 1 :]
    raise Refused("receipt: the extra data is no ReceiptExtra")


def each_file(folder: str | None, ending: str, check) -> int:
    """Checks every file of a folder whose name ends so, and counts them."""
    files = sorted(Path(folder).glob(f"*{ending}")) if folder else []
    for file in files:
        try:
            check(file.read_bytes())
        except (Refused, ValueError) as refused:
            raise Refused(f"{file.name}: {refused}") from refused
    return len(files)


def main() -> str:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policy", required=True)
    parser.add_argument("--old")
    parser.add_argument("--receipts")
    parser.add_argument("place")
    asked = parser.parse_args()
    log = Log(Policy(Path(asked.policy).read_text()), asked.place)
    tiles, proven = log.check_tiles(), log.prove_records()
    earlier = each_file(asked.old, "", log.check_earlier)
    receipts = each_file(asked.receipts, ".tlog-proof", log.check_receipt)
    return (
        f"ok: {log.head.size} records, {tiles} tiles, {proven} records proven,"
        f" {earlier} earlier checkpoints, {receipts} receipts"
    )


if __name__ == "__main__":
    try:
        print(main())
    except (
        Refused,
        TileMissingError,
        TileUnavailableError,
        TileVerificationError,
        ValueError,
    ) as refused:
        sys.exit(f"log_audit: {refused}")
