"""What a refused call says: google.rpc.Status in the trailing metadata
`grpc-status-details-bin`, with ErrorInfo and two LocalizedMessage. The three
messages are read by hand; a general reader of the wire format is a few lines.
"""

from typing import NamedTuple

import grpc


class Refusal(NamedTuple):
    code: str
    reason: str
    domain: str
    metadata: dict[str, str]
    messages: dict[str, str]


def read_refusal(error: grpc.RpcError) -> Refusal:
    trailers = dict(error.trailing_metadata())
    reason = domain = ""
    metadata, messages = {}, {}
    for any_message in field(trailers["grpc-status-details-bin"], 3):
        kind = text(any_message, 1).rpartition("/")[2]
        value = field(any_message, 2)[0]
        if kind == "google.rpc.ErrorInfo":
            reason, domain = text(value, 1), text(value, 2)
            metadata = {text(pair, 1): text(pair, 2) for pair in field(value, 3)}
        elif kind == "google.rpc.LocalizedMessage":
            messages[text(value, 1)] = text(value, 2)
    return Refusal(error.code().name, reason, domain, metadata, messages)


def text(message: bytes, number: int) -> str:
    return b"".join(field(message, number)[-1:]).decode()


def field(message: bytes, number: int) -> list[bytes]:
    """All values of a field whose wire type is "length-delimited"."""
    values, at = [], 0
    while at < len(message):
        tag, at = varint(message, at)
        if tag & 7 == 0:
            _, at = varint(message, at)
            continue
        assert tag & 7 == 2, "these messages have numbers, texts and messages only"
        length, at = varint(message, at)
        if tag >> 3 == number:
            values.append(message[at : at + length])
        at += length
    return values


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at, value, shift = at + 1, value | (byte & 0x7F) << shift, shift + 7
        if byte < 0x80:
            return value, at
