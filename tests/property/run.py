#!/usr/bin/env python3
"""Random values of random schemas, from Apache's Python runtime to ours and back.

    tests/property/run.py build/release/bin/thriftpp_property [--seed N] [--schemas N] [--values N]

For each schema, both sides make values and write them in binary, compact and Apache's JSON:

  - What Python wrote, thriftpp reads, and writes the same bytes; its JSON reads as an equal value.
  - What thriftpp wrote, Python reads, and writes the same bytes; of JSON it reads an equal value.

The seed is printed; the smallest value that failed is printed with its schema and bytes. Files lie in
a temporary folder, which is kept where something failed. Needs Debian's thrift-compiler and
python3-thrift, and so /usr/bin/python3.
"""

import argparse
import importlib
import inspect
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

from schemas import Schema
from values import OrderedSet, Values

PROTOCOLS = ("binary", "compact", "json")


def runtime():
    """Apache's protocols by name, the ones in pure Python: the accelerated ones lose fields with
    implicit ids."""
    from thrift.protocol.TBinaryProtocol import TBinaryProtocol
    from thrift.protocol.TCompactProtocol import TCompactProtocol
    from thrift.protocol.TJSONProtocol import TJSONProtocol
    from thrift.transport.TTransport import TMemoryBuffer
    return dict(zip(PROTOCOLS, (TBinaryProtocol, TCompactProtocol, TJSONProtocol))), TMemoryBuffer


class Peer:
    """Reads and writes with Apache's code."""

    def __init__(self):
        self.protocols, self.memory = runtime()

    def write(self, value, protocol):
        out = self.memory()
        value.write(self.protocols[protocol](out))
        return out.getvalue()

    def read(self, made, data, protocol):
        reader = self.protocols[protocol](self.memory(data))
        if inspect.ismethod(made.read):  # what cannot be changed is made by reading
            return made.read(reader)
        value = made()
        value.read(reader)
        return value


def generate(folder, name):
    """Apache's code for a schema, as a module whose sets keep their order."""
    subprocess.run(["thrift", "-nowarn", "--gen", "py", "-out", folder, f"{folder}/{name}.thrift"],
                   check=True, capture_output=True)
    code = folder / name / "ttypes.py"
    text = code.read_text(encoding="utf-8").replace(" = set()", " = OrderedSet()")
    code.write_text("from values import OrderedSet\n" + text, encoding="utf-8")
    return importlib.import_module(f"{name}.ttypes")


def write_case(file, *pieces):
    for piece in pieces:
        file.write(struct.pack(">I", len(piece)) + piece)


def read_cases(path):
    """Cases of four pieces: the type's name, the value in each protocol."""
    data = path.read_bytes()
    at, pieces = 0, []
    while at < len(data):
        size, = struct.unpack_from(">I", data, at)
        pieces.append(data[at + 4:at + 4 + size])
        at += 4 + size
    return [(pieces[i].decode(), pieces[i + 1:i + 4]) for i in range(0, len(pieces), 4)]


class Failures:
    def __init__(self):
        self.all = []

    def add(self, schema, name, type_name, protocol, data, problem):
        self.all.append((len(data), schema, name, type_name, protocol, data, problem))

    def show(self):
        """The smallest: of thousands of random values it is about as small as can be made."""
        _, schema, name, type_name, protocol, data, problem = min(self.all, key=lambda f: f[0])
        print(f"{len(self.all)} values failed; the smallest, a {type_name} in {protocol}: {problem}")
        print(f"{len(data)} bytes: {data.hex()}")
        if protocol == "json":
            print(data.decode(errors="replace"))
        print(f"{name}.thrift:\n{schema.idl()}")


def check_ours(peer, schema, name, module, path, failures):
    """What thriftpp wrote. Gives how many values there were."""
    cases = read_cases(path)
    for type_name, written in cases:
        made = getattr(module, type_name)
        for protocol, data in zip(PROTOCOLS, written):
            try:
                value = peer.read(made, data, protocol)
                if protocol != "json":
                    good = peer.write(value, protocol) == data
                else:  # Python's JSON has other padding and other digits
                    good = peer.write(value, "binary") == written[0]
                problem = "Apache's runtime writes other bytes"
            except Exception as error:  # whatever it is, it is the answer
                good, problem = False, f"Apache's runtime: {error!r}"
            if not good:
                failures.add(schema, name, type_name, protocol, data, "thriftpp wrote it; " + problem)
    return len(cases)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("program", type=lambda p: str(pathlib.Path(p).resolve()))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--schemas", type=int, default=30)
    parser.add_argument("--values", type=int, default=60, help="of each schema and side")
    arguments = parser.parse_args()
    try:
        peer = Peer()
    except ImportError as error:
        print(f"skipped: random values to and from Apache's Python runtime ({error})")
        return 0
    if not shutil.which("thrift"):
        print("skipped: random values to and from Apache's Python runtime (no thrift-compiler)")
        return 0
    print(f"seed {arguments.seed}", flush=True)

    sys.dont_write_bytecode = True
    folder = pathlib.Path(tempfile.mkdtemp(prefix="thriftpp_property_"))
    sys.path.insert(0, str(folder))
    dice = random.Random(arguments.seed)
    failures, schemas = Failures(), {}
    for i in range(arguments.schemas):
        name = f"schema{i}"
        schema = Schema(dice)
        (folder / f"{name}.thrift").write_text(schema.idl(), encoding="utf-8")
        module = generate(folder, name)
        schemas[name] = (schema, module)
        values = Values(schema, module, dice)
        with open(folder / f"{name}.theirs", "wb") as file:
            for _ in range(arguments.values):
                struct_type = dice.choice(schema.structs)
                value = values.make(struct_type)
                write_case(file, struct_type.name.encode(), *[peer.write(value, p) for p in PROTOCOLS])

    ours = subprocess.run([arguments.program, folder, str(arguments.seed), str(arguments.values)],
                          stdout=subprocess.PIPE, text=True, check=False)
    if ours.returncode != 0:
        print(f"thriftpp_property ended with {ours.returncode}; the schemas are in {folder}")
        return 1
    for line in ours.stdout.splitlines():  # of what Python wrote: schema, case, protocol, problem
        name, case, protocol, problem = line.split("\t", 3)
        type_name, written = read_cases(folder / f"{name}.theirs")[int(case)]
        failures.add(schemas[name][0], name, type_name, protocol,
                     written[PROTOCOLS.index(protocol)], "Apache's runtime wrote it; " + problem)
    checked = arguments.schemas * arguments.values
    for name, (schema, module) in schemas.items():
        checked += check_ours(peer, schema, name, module, folder / f"{name}.ours", failures)

    if failures.all:
        failures.show()
        print(f"again: {' '.join(sys.argv[:2])} --seed {arguments.seed} --schemas {arguments.schemas}"
              f" --values {arguments.values}; the files are in {folder}")
        return 1
    shutil.rmtree(folder)
    print(f"{checked} values of {len(schemas)} schemas")
    return 0


if __name__ == "__main__":
    sys.exit(main())
