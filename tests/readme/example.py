#!/usr/bin/env python3
"""The first ```cpp block of README.md: statements, or a program that has a main of its own.

    example.py extract README.md FILE.cpp     writes it as a program
    example.py run README.md PROGRAM          runs that, and holds what it prints against the comments
                                              behind its lines with std::cout
"""

import pathlib
import re
import subprocess
import sys

AROUND = """// Made from README.md.
#include <iostream>
#include <thriftpp/thriftpp.hpp>

int main() {{
{}}}
"""


def block(readme):
    found = re.search(r"^```cpp\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.M | re.S)
    if not found:
        sys.exit(f"{readme} has no ```cpp block")
    return found.group(1)


def main(verb, readme, target):
    code = block(pathlib.Path(readme))
    if verb == "extract":
        whole = re.search(r"^int main\(", code, re.M)
        pathlib.Path(target).write_text(code if whole else AROUND.format(code), encoding="utf-8")
        return 0
    wanted = re.findall(r"std::cout.*;\s*// (.*)$", code, re.M)
    ran = subprocess.run([target], capture_output=True, text=True, timeout=60, check=False)
    given = ran.stdout.splitlines()
    print(f"exit status {ran.returncode}, wanted {wanted}, given {given}\n{ran.stderr}")
    return 0 if ran.returncode == 0 and wanted and given == wanted else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
