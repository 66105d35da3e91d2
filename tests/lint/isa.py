#!/usr/bin/env python3
"""Objects compiled for a newer processor hold no weak function that is not their own: the linker
could take it for code that runs on any processor. `isa.py OBJECT...`; see src/protocol/isa.hpp."""

import re
import subprocess
import sys

# Weak functions of other files: nm's W. (V and u are data, which has no instructions.)
WEAK = re.compile(r"^[0-9a-f]+ W (?P<name>.*)$")
OWN = re.compile(r"\bthrift::(\w+::)*v3::")


def check(names):
    """`names` is what `nm -C` prints of one object; gives the functions that must not be there."""
    weak = (WEAK.match(line) for line in names.splitlines())
    return [match["name"] for match in weak if match and not OWN.search(match["name"])]


def main(objects):
    findings = [f"{path}: weak function {name}" for path in objects for name in check(
        subprocess.run(["nm", "-C", path], capture_output=True, text=True, check=True).stdout)]
    print("\n".join(findings + [f"{len(findings)} findings in {len(objects)} objects"]))
    return 1 if findings or not objects else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
