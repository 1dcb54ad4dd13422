"""A timebank client in another language, to show that the proto files and the
documentation are enough to write one.

It opens a ledger, plays one visit from request to settlement, and checks all
that the server answers with tree arithmetic of its own. Usage:

    client_test.py ADDRESS VERIFIER_KEY

The ledger must be new. What is printed last is one line of JSON: the auditor
who was enrolled, and what an audit must find.
"""

import json
import sys

import grpc

import tlog
from bank import Bank
from scheme import Scheme
from signing import ENTRY_TYPE, Person, encode, new_entry_id, now_ms, pre_authentication_encoding, uuid_v7
from stubs import REPOSITORY, account_pb2, care_pb2, entry_pb2, ledger_pb2, types_pb2

HOUR_MS = 3_600_000
GRANTED, PLANNED, LOGGED = 600, 90, 75


def grant_and_visit(scheme: Scheme) -> bytes:
    """The fund grants hours, which pay for a visit. Returns the service."""
    bank, volunteer, recipient = scheme.bank, scheme.volunteer, scheme.recipient
    grant = entry_pb2.Grant(
        unit=scheme.station,
        recipient=recipient.member,
        minutes=GRANTED,
        source=types_pb2.GRANT_SOURCE_ISSUE,
    )
    proposal = bank.act(scheme.fund, grant=grant)
    assert bank.balance(recipient) == (0, 0), "one person alone grants nothing"
    bank.act(scheme.fund_second, approve=entry_pb2.Approve(proposal=proposal))
    assert bank.balance(recipient) == (GRANTED, 0)

    start_ms = now_ms() - 2 * HOUR_MS
    request = entry_pb2.RequestCare(
        unit=scheme.station, item="walk-30", start_ms=start_ms, minutes=PLANNED
    )
    service = bank.act(recipient, request_care=request)
    assert bank.balance(recipient) == (GRANTED - PLANNED, PLANNED), "the hours are held"
    bank.act(volunteer, accept_care=entry_pb2.AcceptCare(service=service))
    visit = entry_pb2.LogService(service=service, start_ms=start_ms, minutes=LOGGED)
    bank.act(volunteer, log_service=visit)
    confirmation = entry_pb2.ConfirmService(service=service, minutes=LOGGED)
    bank.act(recipient, confirm_service=confirmation)
    assert bank.balance(recipient) == (GRANTED - LOGGED, 0), "what was not used is free again"
    assert bank.balance(volunteer) == (LOGGED, 0)
    return service


def check_reads(scheme: Scheme, service: bytes) -> None:
    """Who holds a token reads; who holds none, or another's, does not."""
    bank = scheme.bank
    name = f"accounts/member-{scheme.volunteer.member.hex()}"
    postings = account_pb2.ListPostingsRequest(parent=name)
    statement = bank.accounts.ListPostings(postings, metadata=bank.as_reader(scheme.volunteer))
    assert [posting.amount for posting in statement.postings] == [LOGGED]
    named = care_pb2.GetServiceRequest(name=f"services/{service.hex()}")
    read = bank.care.GetService(named, metadata=bank.as_reader(scheme.recipient))
    assert read.stage == care_pb2.SERVICE_STAGE_SETTLED and read.logged_minutes == LOGGED
    account = account_pb2.GetAccountRequest(name=name)
    nobody = bank.refused(bank.accounts.GetAccount, account)
    assert (nobody.code, nobody.reason) == ("UNAUTHENTICATED", "TOKEN_MISSING"), nobody
    other = bank.refused(bank.accounts.GetAccount, account, metadata=bank.as_reader(scheme.recipient))
    assert (other.code, other.reason) == ("PERMISSION_DENIED", "NOT_ALLOWED"), other


def check_repetition(scheme: Scheme) -> None:
    """The same bytes again get the same answer; other bytes are refused."""
    bank, volunteer = scheme.bank, scheme.volunteer
    give = entry_pb2.Give(recipient=scheme.recipient.member, minutes=15)
    entry_id, signed = bank.sign(volunteer, give=give)
    first = bank.submit(signed)
    bank.act(volunteer, give=give)
    again = bank.submit(signed)
    assert encode(again) == encode(first), "a repetition gets the first receipt"
    assert bank.balance(volunteer) == (LOGGED - 30, 0), "two gifts of three submissions"

    entry = entry_pb2.Entry.FromString(signed.entry)
    entry.give.minutes = 30
    changed = volunteer.sign(encode(entry))
    refused = bank.refused(bank.submit, changed)
    assert (refused.code, refused.reason) == ("ALREADY_EXISTS", "ENTRY_ID_REUSED"), refused
    assert refused.metadata == {"field": "give.minutes"}, refused
    check_receipt(scheme, entry_id, signed, first)


def check_receipt(scheme: Scheme, entry_id: bytes, signed, first) -> None:
    """The receipt file says the same as the answer, and checks by itself."""
    bank = scheme.bank
    named = ledger_pb2.GetReceiptRequest(name=f"entries/{entry_id.hex()}")
    file = bank.ledger.GetReceipt(named, metadata=bank.as_reader(scheme.volunteer)).tlog_proof
    receipt = tlog.parse_receipt(file)
    tree = tlog.open_checkpoint(receipt.note, bank.verifier_key)
    extra = ledger_pb2.ReceiptExtra.FromString(receipt.extra)
    tlog.check_inclusion(extra.record, receipt.position, receipt.path, tree)
    assert entry_pb2.Record.FromString(extra.record).signed_entry == signed
    assert extra.public_key == scheme.volunteer.public
    assert (receipt.position, receipt.note) == (first.position, first.checkpoint)


def check_refusals(scheme: Scheme) -> None:
    """Each refusal has its reason and its data, and nothing changes."""
    bank, volunteer = scheme.bank, scheme.volunteer
    size = bank.seen.size

    def give(minutes: int, **more):
        gift = entry_pb2.Give(recipient=scheme.recipient.member, minutes=minutes)
        entry = entry_pb2.Entry(
            **{"ledger": bank.origin, "entry_id": new_entry_id(), "author": volunteer.member, **more}
        )
        entry.give.CopyFrom(gift)
        return encode(entry)

    def reason(signed) -> tuple:
        refused = bank.refused(bank.submit, signed)
        return refused.code, refused.reason, refused.metadata

    sign = lambda entry: volunteer.sign(entry)
    unknown_field = b"\xfa\x3e\x00"
    random = bytes(10)
    tomorrow = uuid_v7(now_ms() + 24 * HOUR_MS, random)
    precondition, invalid = "FAILED_PRECONDITION", "INVALID_ARGUMENT"
    short = (precondition, "INSUFFICIENT_BALANCE", {"available": str(LOGGED - 30)})
    assert reason(sign(give(50_000))) == short
    assert reason(sign(give(0))) == (invalid, "AMOUNT_NOT_POSITIVE", {})
    assert reason(sign(give(15) + unknown_field)) == (invalid, "ENTRY_NOT_CANONICAL", {})
    assert reason(sign(give(15, ledger="elsewhere.example/ledger"))) == (invalid, "WRONG_LEDGER", {})
    ahead = (precondition, "SIGNED_IN_THE_FUTURE", {"minutes_max": "10"})
    assert reason(sign(give(15, entry_id=tomorrow))) == ahead
    stolen = scheme.recipient.sign(give(15))
    assert reason(stolen) == ("UNAUTHENTICATED", "KEY_OF_ANOTHER", {})
    forged = sign(give(15))
    forged.signature = stolen.signature
    assert reason(forged) == ("UNAUTHENTICATED", "SIGNATURE_INVALID", {})

    newest = bank.ledger.GetCheckpoint(ledger_pb2.GetCheckpointRequest())
    tree = tlog.open_checkpoint(newest.signed_note, bank.verifier_key)
    assert tree.size == size == newest.tree_size, "what is refused leaves no trace"


def check_proofs(bank: Bank) -> None:
    """Every record is in every tree that covers it; every tree grew from those before."""
    for new in bank.trees:
        for old in bank.trees[: bank.trees.index(new)]:
            bank.check_growth(old, new)
        for position in range(new.size):
            asked = ledger_pb2.GetInclusionProofRequest(position=position, tree_size=new.size)
            path = list(bank.ledger.GetInclusionProof(asked).hashes)
            tlog.check_inclusion(bank.leaves[position], position, path, new)
            try:
                tlog.check_inclusion(bank.leaves[position] + b"x", position, path, new)
            except AssertionError:
                continue
            raise AssertionError("a record that is not in the tree")


def check_example() -> None:
    """The worked example of docs/signing.md."""
    text = (REPOSITORY / "docs" / "signing.md").read_text()
    example = json.loads(text.partition("```json\n")[2].partition("```")[0])
    value = {name: bytes.fromhex(part) for name, part in example.items() if name != "ledger"}
    person = Person(member=value["author"], seed=value["seed"])
    assert (person.public, person.key_id) == (value["public_key"], value["key_id"])
    assert uuid_v7(1_767_225_600_000, value["random"]) == value["entry_id"]
    new_key = person.new_key(example["ledger"])
    assert new_key.proof_of_possession == value["proof_of_possession"]
    give = entry_pb2.Give(recipient=value["recipient"], minutes=60)
    entry = encode(
        entry_pb2.Entry(
            ledger=example["ledger"], entry_id=value["entry_id"], author=person.member, give=give
        )
    )
    assert entry == value["entry"], entry.hex()
    signed = person.sign(entry)
    assert signed.signature == value["signature"], signed.signature.hex()
    assert pre_authentication_encoding(ENTRY_TYPE, entry) == value["signed"]
    leaf = encode(entry_pb2.Record(signed_entry=signed, recorded_ms=1_767_225_600_123))
    assert leaf == value["leaf"] and tlog.leaf_hash(leaf) == value["leaf_hash"], leaf.hex()


def main(address: str, verifier_key: str) -> None:
    check_example()
    with grpc.insecure_channel(address) as channel:
        bank = Bank(channel, verifier_key)
        scheme = Scheme(bank)
        scheme.open()
        service = grant_and_visit(scheme)
        check_reads(scheme, service)
        check_repetition(scheme)
        check_refusals(scheme)
        check_proofs(bank)
    auditor = scheme.auditor
    print(
        json.dumps(
            {
                "member": auditor.member.hex(),
                "seed": auditor.seed.hex(),
                "tree_size": bank.seen.size,
                "root": bank.seen.root.hex(),
                "granted_minutes": GRANTED,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
