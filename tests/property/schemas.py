"""Random IDLs: every type, nested anyhow, with ids of every kind. What a dict or set of Python cannot
hold as a key (lists, maps, ordinary structs) is no key here either."""

KEYWORDS = ("required ", "optional ", "")
NUMBERS = ("bool", "i8", "i16", "i32", "i64", "double")
LIMITS = {"i8": 7, "i16": 15, "i32": 31, "i64": 63}


class Field:
    def __init__(self, number, name, kind, keyword, default):
        self.id, self.name, self.type, self.keyword, self.default = number, name, kind, keyword, default

    def idl(self):
        number = "" if self.id is None else f"{self.id}: "
        default = "" if self.default is None else f" = {self.default}"
        return f"{number}{self.keyword}{self.type} {self.name}{default}"


class Struct:
    def __init__(self, kind, name):
        self.kind, self.name, self.fields, self.is_key = kind, name, [], False

    def idl(self):
        note = ' (python.immutable = "")' if self.is_key else ""
        return f"{self.kind} {self.name} {{\n" + "".join(
            f"  {f.idl()}\n" for f in self.fields) + f"}}{note}\n"


class Schema:
    """`types` maps names to Struct, to "enum", or (typedefs) to another type's text."""

    def __init__(self, dice):
        self.dice = dice
        self.types = {}
        self.structs = []
        self.enums = {f"Enum{i}": self.enum() for i in range(dice.randrange(1, 3))}
        self.types |= dict.fromkeys(self.enums, "enum")
        for i in range(dice.randrange(2, 7)):
            kind = dice.choice(["struct", "struct", "struct", "union", "exception"])
            made = Struct(kind, f"{kind.capitalize()}{i}")
            made.is_key = kind == "struct" and dice.random() < 0.3
            self.structs.append(made)
            self.types[made.name] = made
        self.typedefs = {}
        for i in range(dice.randrange(3)):
            self.typedefs[f"Alias{i}"] = self.type(2, False)
        self.types |= self.typedefs
        for struct in self.structs:
            self.fill(struct)

    def enum(self):
        numbers = sorted(self.dice.sample(range(1000), self.dice.randrange(1, 6)))
        return {f"NAME{i}": n for i, n in enumerate(numbers)}

    def key(self):
        structs = [s.name for s in self.structs if s.is_key]
        pool = [*NUMBERS, "string", "binary", *self.enums, *structs]
        return self.dice.choice(pool)

    def type(self, depth, only_keys):
        dice = self.dice
        if only_keys:
            return self.key()
        if depth > 0 and dice.random() < 0.4:
            shape = dice.randrange(3)
            if shape == 0:
                return f"list<{self.type(depth - 1, False)}>"
            if shape == 1:
                return f"set<{self.key()}>"
            return f"map<{self.key()}, {self.type(depth - 1, False)}>"
        pool = [*NUMBERS, "bool", "string", "binary", "string", *self.enums]
        # Fields may hold structs that come later, and their own; typedefs have to come first.
        pool += [s.name for s in self.structs] + list(getattr(self, "typedefs", ()))
        return dice.choice(pool)

    def ids(self, count):
        """Ids of one struct: in order, or not, with gaps, or left to count down from -1."""
        dice = self.dice
        shape = dice.random()
        if shape < 0.35:
            return list(range(1, count + 1))
        if shape < 0.55:
            return [None] * count
        # Apache's Python code gets a line for each number up to the highest.
        highest = dice.choice([max(20, count), 200, 200, 3000] + [32767] * (dice.random() < 0.05))
        ids = dice.sample(range(1, max(highest, count) + 1), count)
        if shape < 0.8:
            ids.sort()
        if dice.random() < 0.2:
            ids = [None if dice.random() < 0.3 else n for n in ids]
        return ids

    def fill(self, struct):
        dice = self.dice
        count = dice.choice([0, 1, 2, 3, 3, 5, 8, 12, 20, dice.choice([20, 20, 70, 130])])
        if struct.kind == "union":
            count = min(max(count, 1), 70)
        if struct.is_key:
            count = min(count, 4)
        earlier = {s.name for s in self.structs[:self.structs.index(struct)]}
        for i, number in enumerate(self.ids(count)):
            kind = self.type(3, struct.is_key)
            keyword = "" if struct.kind == "union" else dice.choice(KEYWORDS)
            if struct.kind == "union" and i == 0:  # with one member at least a value can end
                kind = dice.choice(NUMBERS)
            target = self.resolved(kind)
            if isinstance(target, Struct) and target.name not in earlier:
                if struct.is_key:  # keys of keys could go on for ever
                    kind, target = "i32", "i32"
                elif struct.kind != "union":
                    keyword = "optional "  # can be left out, so that values end
            default = None
            # Apache's Python code breaks on defaults of types behind a typedef.
            if struct.kind != "union" and kind not in self.typedefs and dice.random() < 0.2:
                default = self.default(target)
            struct.fields.append(Field(number, f"f{i}", kind, keyword, default))

    def resolved(self, kind):
        while kind in self.typedefs:
            kind = self.typedefs[kind]
        found = self.types.get(kind)
        return found if isinstance(found, Struct) else kind

    def default(self, kind):
        dice = self.dice
        if kind in LIMITS:
            return dice.randrange(-(1 << LIMITS[kind]) + 1, 1 << LIMITS[kind])
        if kind == "bool":
            return dice.choice(["true", "false"])
        if kind == "double":
            return f"{dice.uniform(-10, 10):.3f}"
        if kind == "string":
            return f'"{dice.choice(["", "text", "more text"])}"'
        return None

    def idl(self):
        enums = "".join(f"enum {name} {{ " + ", ".join(f"{n} = {v}" for n, v in values.items()) + " }\n"
                        for name, values in self.enums.items())
        typedefs = "".join(f"typedef {of} {name}\n" for name, of in self.typedefs.items())
        return enums + typedefs + "".join(s.idl() for s in self.structs)
