"""The generated code of the proto files, made anew at every run: what is
committed are the proto files alone.
"""

import importlib
import pathlib
import sys
import tempfile

import grpc_tools
from grpc_tools import protoc

REPOSITORY = pathlib.Path(__file__).parents[2]


def generate(folder: str) -> None:
    proto = REPOSITORY / "proto"
    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    options = [f"-I{proto}", f"-I{well_known}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    files = sorted(str(path) for path in proto.glob("timebank/v1/*.proto"))
    assert protoc.main(["protoc", *options, *files]) == 0, "the proto files do not compile"


def module(name: str):
    return importlib.import_module(f"timebank.v1.{name}")


with tempfile.TemporaryDirectory() as _folder:
    generate(_folder)
    sys.path.insert(0, _folder)
    entry_pb2, rules_pb2, types_pb2 = module("entry_pb2"), module("rules_pb2"), module("types_pb2")
    account_pb2, account_grpc = module("account_service_pb2"), module("account_service_pb2_grpc")
    care_pb2, care_grpc = module("care_service_pb2"), module("care_service_pb2_grpc")
    ledger_pb2, ledger_grpc = module("ledger_service_pb2"), module("ledger_service_pb2_grpc")
    sys.path.remove(_folder)
