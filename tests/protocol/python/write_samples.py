#!/usr/bin/env python3
"""Writes random values of oracle.thrift in binary, each behind its size (4 bytes, big endian), as
Apache's Python runtime encodes them. Arguments: the folder of the generated code, how many, a seed.
"""

import random
import struct
import sys

sys.path.insert(0, sys.argv[1])
from oracle.ttypes import Choice, Every, Leaf  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocol  # noqa: E402
from thrift.transport.TTransport import TMemoryBuffer  # noqa: E402
from thrift.Thrift import TType  # noqa: E402

dice = random.Random(int(sys.argv[3]))
BITS = {TType.BYTE: 8, TType.I16: 16, TType.I32: 32, TType.I64: 64}


def text():
    return "".join(dice.choice("abc \u00e4\u20ac\U0001f600\0") for _ in range(dice.randrange(40)))


def value(kind, arguments, depth):
    if kind == TType.BOOL:
        return dice.random() < 0.5
    if kind in BITS:
        bits = dice.randrange(1, BITS[kind])
        return dice.randrange(-(1 << bits), 1 << bits)
    if kind == TType.DOUBLE:
        return dice.choice([0.0, -0.0, 1e300, float("inf"), dice.gauss(0, 1e6)])
    if kind == TType.STRING:
        return dice.randbytes(dice.randrange(40)) if arguments == "BINARY" else text()
    size = dice.randrange(6) if depth > 0 else 0
    if kind in (TType.LIST, TType.SET):
        items = [value(arguments[0], arguments[1], depth - 1) for _ in range(size)]
        return items if kind == TType.LIST else set(items)
    if kind == TType.MAP:
        return {value(arguments[0], arguments[1], depth - 1):
                value(arguments[2], arguments[3], depth - 1) for _ in range(size)}
    return record(arguments[0], depth - 1)


def record(cls, depth):
    made = cls()
    specs = [s for s in cls.thrift_spec if s]
    if cls is Choice:
        specs = [dice.choice(specs)]
    for _, kind, name, arguments, _ in specs:
        if name == "inner" and depth <= 0:
            continue
        if cls is Choice or name == "key" or dice.random() < 0.7:
            setattr(made, name, value(kind, arguments, depth))
    return made


assert Leaf.thrift_spec
for _ in range(int(sys.argv[2])):
    out = TMemoryBuffer()
    record(Every, 4).write(TBinaryProtocol(out))
    data = out.getvalue()
    sys.stdout.buffer.write(struct.pack(">i", len(data)) + data)
