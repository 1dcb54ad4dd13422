"""A client of one ledger, which believes nothing that can be proven."""

import grpc

import refusal
import tlog
from signing import Person, encode, new_entry_id
from stubs import account_grpc, account_pb2, care_grpc, entry_pb2, ledger_grpc, ledger_pb2


class Bank:
    """A connection to a ledger, and the newest checkpoint that was verified."""

    def __init__(self, channel: grpc.Channel, verifier_key: str):
        self.ledger = ledger_grpc.LedgerServiceStub(channel)
        self.accounts = account_grpc.AccountServiceStub(channel)
        self.care = care_grpc.CareServiceStub(channel)
        self.verifier_key = verifier_key
        self.origin = self.ledger.GetLedger(ledger_pb2.GetLedgerRequest()).origin
        self.seen: tlog.Checkpoint | None = None
        self.trees: list[tlog.Checkpoint] = []
        self.leaves: dict[int, bytes] = {}

    def sign(self, author: Person, **act):
        """An entry with one act, such as `give=Give(...)`."""
        entry = entry_pb2.Entry(ledger=self.origin, entry_id=new_entry_id(), author=author.member, **act)
        if self.seen:
            entry.seen.tree_size, entry.seen.root_hash = self.seen.size, self.seen.root
        return entry.entry_id, author.sign(encode(entry))

    def submit(self, signed):
        """Submits an entry and checks the receipt that comes back."""
        answer = self.ledger.SubmitEntry(ledger_pb2.SubmitEntryRequest(signed_entry=signed))
        leaf = encode(entry_pb2.Record(signed_entry=signed, recorded_ms=answer.recorded_ms))
        tree = tlog.open_checkpoint(answer.checkpoint, self.verifier_key)
        assert tree.origin == self.origin
        tlog.check_inclusion(leaf, answer.position, list(answer.inclusion_path), tree)
        self.leaves[answer.position] = leaf
        if self.seen is None or tree.size > self.seen.size:
            self.remember(tree)
        return answer

    def remember(self, tree: tlog.Checkpoint) -> None:
        """Takes a newer checkpoint over if the log has only grown."""
        if self.seen:
            self.check_growth(self.seen, tree)
        self.seen = tree
        self.trees.append(tree)

    def check_growth(self, old: tlog.Checkpoint, new: tlog.Checkpoint) -> None:
        sizes = {"old_tree_size": old.size, "new_tree_size": new.size}
        proof = self.ledger.GetConsistencyProof(ledger_pb2.GetConsistencyProofRequest(**sizes))
        tlog.check_consistency(old, new, list(proof.hashes))

    def act(self, author: Person, **act) -> bytes:
        """Signs and submits one act, and returns the id of the entry."""
        entry_id, signed = self.sign(author, **act)
        self.submit(signed)
        return entry_id

    def as_reader(self, person: Person) -> tuple:
        return (("authorization", "Bearer " + person.token(self.origin)),)

    def balance(self, person: Person) -> tuple[int, int]:
        name = f"accounts/member-{person.member.hex()}"
        request = account_pb2.GetAccountRequest(name=name)
        account = self.accounts.GetAccount(request, metadata=self.as_reader(person))
        return account.available, account.held

    def refused(self, call, *arguments, **options) -> refusal.Refusal:
        """The refusal of a call, which must be one, in both languages."""
        try:
            call(*arguments, **options)
        except grpc.RpcError as error:
            read = refusal.read_refusal(error)
            assert read.domain == "timebank.v1", read
            assert set(read.messages) == {"en", "zh-CN"} and all(read.messages.values()), read
            return read
        raise AssertionError("this was not refused")
