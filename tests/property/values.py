"""Random values of generated Python classes, by the schema that the IDL was written from."""

import re
import struct

from schemas import LIMITS, Struct

CONTAINER = re.compile(r"(list|set|map)<(.*)>$")
SHORT = {*LIMITS, "bool", "double", "string"}
LETTERS = "abcXYZ09 _/\\\"'\n\t\0\x1f\x7f\u00e4\u00df\u20ac\ud7ff\uffff\U0001f600\U0010ffff"
DOUBLES = [0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, 0.1, float("inf"), float("-inf")]


class OrderedSet(dict):
    """What generated code takes a set for, but in the order in which it was filled."""

    def add(self, element):
        self[element] = None


def text_of(kind):
    """The two types of "map<K, V>", the one of the others; K never holds a comma."""
    shape, inner = CONTAINER.match(kind).groups()
    return shape, inner.split(", ", 1) if shape == "map" else [inner]


class Values:
    def __init__(self, schema, module, dice):
        self.schema, self.module, self.dice = schema, module, dice
        self.left = 0

    def make(self, struct_type):
        """A value of a struct: four levels deep and of a few hundred values, or a bit more."""
        self.left = self.dice.choice([10, 100, 400])
        return self.record(struct_type, 4)

    def value(self, kind, depth, is_key=False):
        kind = self.schema.resolved(kind)
        dice = self.dice
        self.left -= 1
        if self.left < 0:
            depth = 0
        if isinstance(kind, Struct):
            return self.record(kind, depth - 1, is_key)
        if kind in LIMITS:
            bits = dice.randrange(1, LIMITS[kind] + 1)
            return dice.randrange(-(1 << bits), 1 << bits)
        if kind == "bool":
            return dice.random() < 0.5
        if kind == "double":
            if is_key:  # NaN is not equal to itself, and the zeros are to each other
                return dice.uniform(-1e6, 1e6)
            return dice.choice([dice.choice(DOUBLES), dice.gauss(0, 1e6),
                                struct.unpack("d", dice.randbytes(8))[0], float("nan")])
        if kind == "string":
            return "".join(dice.choice(LETTERS) for _ in range(self.size(40)))
        if kind == "binary":
            return dice.randbytes(self.size(40))
        if kind in self.schema.enums:
            return dice.choice([*self.schema.enums[kind].values(), dice.randrange(1 << 20)])
        shape, inner = text_of(kind)
        count = self.size(8 if depth > 1 else 2) if depth > 0 else 0
        if dice.random() < 0.05 and all(self.schema.resolved(t) in SHORT for t in inner):
            count = 150  # sizes that take two bytes in compact
        if shape == "list":
            return [self.value(inner[0], depth - 1) for _ in range(count)]
        keys = [self.value(inner[0], depth - 1, True) for _ in range(count)]
        if shape == "set":
            return OrderedSet.fromkeys(keys)
        return {key: self.value(inner[1], depth - 1) for key in keys}

    def size(self, most):
        return self.dice.choice([0, 1, 2, self.dice.randrange(most + 1)])

    def record(self, struct_type, depth, is_key=False):
        dice = self.dice
        fields = struct_type.fields
        if struct_type.kind == "union":
            plain = [f for f in fields if not self.is_record(f)]
            fields = [dice.choice(plain if depth <= 0 else fields)]
        share = dice.choice([0.1, 0.5, 0.9])
        given = {}
        for field in fields:
            must = struct_type.kind == "union" or field.keyword == "required "
            if must or (dice.random() < share and self.left > 0 and (depth > 0 or not self.is_record(field))):
                given[field.name] = self.value(field.type, depth, is_key)
            elif field.default is not None:
                given[field.name] = None  # or the constructor would take the default
        return getattr(self.module, struct_type.name)(**given)

    def is_record(self, field):
        return isinstance(self.schema.resolved(field.type), Struct)
