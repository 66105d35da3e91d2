#!/usr/bin/env python3
"""How many times faster than Apache's generated code, as a table: from the JSON of one run of
thriftpp_bench, or from a run that this script makes.

    tests/bench/ratios.py build/release/bin/thriftpp_bench    runs it as it should be run
    tests/bench/ratios.py RESULT.json                         reads what --benchmark_out wrote

Times are CPU times. Each benchmark is run many times for a short while, in random order, so that a
machine that speeds up or slows down does so for all; the table takes the median of each, or the
minimum with --min. A row is one of ours against one of Apache's; the last columns are the geometric
mean and the worst of its payloads.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

BASELINES = ("apache", "apache_templates")
# Runs in random order report in random order.
FIRST = ["user", "biz", "jaeger", "parquet", "num",
         "thriftpp", "thriftpp_view", "thriftpp_new_arena", *BASELINES]


def run(program, arguments):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [program, "--benchmark_enable_random_interleaving=true",
                   f"--benchmark_repetitions={arguments.rounds}", "--benchmark_min_time=0.01",
                   f"--benchmark_filter={arguments.filter}",
                   f"--benchmark_out={out.name}", "--benchmark_out_format=json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(out.name, encoding="utf-8"))


def times(result, pick):
    """(operation, protocol) -> payload -> implementation -> nanoseconds"""
    rounds = {}
    for entry in result["benchmarks"]:
        if entry.get("run_type") == "aggregate":
            continue
        parts = entry["run_name"].split("/")
        if len(parts) < 4:
            continue
        unit = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[entry["time_unit"]]
        rounds.setdefault(tuple(parts[:4]), []).append(entry["cpu_time"] * unit)
    table = {}
    for (operation, protocol, payload, implementation), all_rounds in rounds.items():
        row = table.setdefault((operation, protocol), {})
        row.setdefault(payload, {})[implementation] = pick(all_rounds)
    return table


def ordered(names):
    names = set(names)
    return [n for n in FIRST if n in names] + sorted(names - set(FIRST))


def print_table(title, header, rows):
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print(title)
    for row in [header, *rows]:
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())
    print()


def nanoseconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("source", help="thriftpp_bench, or the JSON it wrote")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--filter", default=".", help="which benchmarks to run (a regex)")
    parser.add_argument("--min", action="store_true", help="minima instead of medians")
    arguments = parser.parse_args()

    if os.access(arguments.source, os.X_OK):
        result = run(os.path.abspath(arguments.source), arguments)
    else:
        result = json.load(open(arguments.source, encoding="utf-8"))
    table = times(result, min if arguments.min else statistics.median)
    if not table:
        sys.exit("ratios.py: no benchmarks named operation/protocol/payload/implementation")

    for (operation, protocol), payloads in sorted(table.items()):
        names = ordered(payloads)
        implementations = ordered(i for p in payloads.values() for i in p)
        print_table(f"{operation} {protocol}: ns per operation", ["", *names],
                    [[i, *[nanoseconds(payloads[p][i]) if i in payloads[p] else "-"
                           for p in names]] for i in implementations])
        rows = []
        for ours in implementations:
            if ours.startswith("apache"):
                continue
            for theirs in BASELINES:
                ratios = [payloads[p][theirs] / payloads[p][ours] for p in names
                          if ours in payloads[p] and theirs in payloads[p]]
                if len(ratios) != len(names):
                    continue
                geomean = math.exp(sum(map(math.log, ratios)) / len(ratios))
                rows.append([f"{theirs} / {ours}", *[f"{r:.2f}" for r in ratios],
                             f"{geomean:.2f}", f"{min(ratios):.2f}"])
        if rows:
            print_table(f"{operation} {protocol}: times faster",
                        ["", *names, "geomean", "worst"], rows)


if __name__ == "__main__":
    main()
