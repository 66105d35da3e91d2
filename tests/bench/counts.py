#!/usr/bin/env python3
"""Counts the instructions that each operation of thriftpp_counts takes (callgrind), and compares them
with counts.tsv. More than 3 % above is a failure: noise does not reach instruction counts.

    tests/bench/counts.py build/release/bin/thriftpp_counts COMPILER              compares
    tests/bench/counts.py build/release/bin/thriftpp_counts COMPILER --refresh    writes the table

COMPILER names what built the program ("GNU 12.2.0"); the table holds counts per compiler, and where it
has none for this one the test is skipped.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("counts.tsv")
TOLERANCE = 0.03
HEADER = ("# Instructions of one operation, by tests/bench/counts.py --refresh. A commit that raises one "
          "says why.\n# compiler\toperation/protocol/payload\tinstructions\n")
# Whatever processor this is, glibc takes its plain functions, and the library its plain loops.
SAME_EVERYWHERE = {
    "THRIFTPP_ISA": "portable",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-ERMS,-FSRM,-BMI2:"
                      "glibc.cpu.x86_non_temporal_threshold=0xc0000:glibc.malloc.check=0",
}


def count(program):
    """operation -> instructions"""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                   "--combine-dumps=no", program]
        done = subprocess.run(command, env=os.environ | SAME_EVERYWHERE, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"counts.py: thriftpp_counts ended with {done.returncode}\n{done.stderr}")
        counts = {}
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text(encoding="utf-8")
            name = re.search(r"^desc: Trigger: Client Request: (\S+)$", text, re.M)
            total = re.search(r"^(?:summary|totals): (\d+)$", text, re.M)
            if name and total:
                counts[name[1]] = int(total[1])
        return counts


def read_table():
    """compiler -> operation -> instructions"""
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []:
        if line and not line.startswith("#"):
            compiler, operation, number = line.split("\t")
            table.setdefault(compiler, {})[operation] = int(number)
    return table


def write_table(table):
    rows = [f"{compiler}\t{operation}\t{number}\n" for compiler, counts in sorted(table.items())
            for operation, number in sorted(counts.items())]
    TABLE.write_text(HEADER + "".join(rows), encoding="utf-8")


def compare(wanted, counts):
    """Prints what differs; gives how many are too many."""
    failed = 0
    for operation in sorted(wanted.keys() | counts.keys()):
        before, now = wanted.get(operation), counts.get(operation)
        if before is None:
            print(f"{operation}: {now:,} instructions, not in counts.tsv yet (refresh it)")
        elif now is None:
            failed += 1
            print(f"{operation}: not counted any more")
        elif abs(now - before) > TOLERANCE * before:
            failed += now > before
            print(f"{operation}: {now:,} instructions, {100 * (now / before - 1):+.1f} % of the "
                  f"{before:,} in counts.tsv" + ("" if now > before else " (refresh it some time)"))
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("compiler")
    parser.add_argument("--refresh", action="store_true")
    arguments = parser.parse_args()

    if not shutil.which("valgrind"):
        print("skipped: counts (no valgrind)")
        return 0
    table = read_table()
    if arguments.compiler not in table and not arguments.refresh:
        print(f"skipped: counts (counts.tsv has none of {arguments.compiler})")
        return 0
    counts = count(arguments.program)
    if arguments.refresh:
        table[arguments.compiler] = counts
        write_table(table)
        print(f"{TABLE}: {len(counts)} counts of {arguments.compiler}")
        return 0
    failed = compare(table[arguments.compiler], counts)
    if failed:
        print(f"Where that is the price of something wanted, refresh the table and say so in the commit:\n"
              f"    tests/bench/counts.py {os.path.relpath(arguments.program)} "
              f"'{arguments.compiler}' --refresh")
    total = len(counts)
    print(f"test cases: {total} | {total - failed} passed | {failed} failed | 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
