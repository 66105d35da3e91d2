#!/usr/bin/env python3
"""How many times faster than other ways of doing the same, as tables: from one run of thriftpp_bench
that this script makes, or from the JSON of one.

    tests/bench/ratios.py build/bench/bin/thriftpp_bench    runs it as it should be run
    tests/bench/ratios.py RESULT.json                       reads what --benchmark_out wrote

Times are CPU times. Each benchmark is run many times for a short while, in random order, so that a
machine that speeds up or slows down does so for all; the tables take the median of each, or the
minimum with --min. Ratios are of one run only, for the same reason. The summary comes first: the
geometric mean over the payloads, the worst payload, and the goal. --details adds every time.
"""

import argparse
import fnmatch
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

# Runs in random order report in random order.
PAYLOADS = ["user", "biz", "jaeger", "parquet", "num"]
UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}

# What is compared: operation, ours, theirs as (operation or None for the same, implementation).
# Patterns as a shell's; the first that fits an implementation of ours counts.
COMPARISONS = [
    ("*", "thriftpp_portable", [(None, "thriftpp")]),
    ("to_json", "thriftpp*", [(None, "nlohmann*")]),
    ("from_json", "thriftpp*", [(None, "nlohmann*"), (None, "simdjson*")]),
    ("find*", "*", [("decode", "thriftpp")]),
    ("load", "thriftpp*", [(None, "nlohmann*"), (None, "recognise")]),
    ("*", "thriftpp*", [(None, "apache"), (None, "apache_templates")]),
]

# operation, protocol, implementation, theirs: goals for geometric mean and worst payload.
GOALS = {
    ("decode", "binary", "thriftpp", "apache"): (9, 4),
    ("decode", "binary", "thriftpp", "apache_templates"): (4, None),
    ("decode", "compact", "thriftpp", "apache"): (7, 4),
    ("decode", "compact", "thriftpp", "apache_templates"): (4, None),
    ("encode", "binary", "thriftpp", "apache"): (7, 4),
    ("encode", "binary", "thriftpp", "apache_templates"): (1.7, None),
    ("encode", "compact", "thriftpp", "apache"): (4, 3),
    ("encode", "compact", "thriftpp", "apache_templates"): (1.4, None),
    ("to_json", "*", "thriftpp", "nlohmann*"): (10, 2.7),
    ("from_json", "*", "thriftpp", "nlohmann*"): (6, 5),
    ("find", "*", "thriftpp_service_name", "decode thriftpp"): (100, None),
    ("find", "*", "thriftpp_operation_name", "decode thriftpp"): (0.8, None),
    ("load", "idl", "thriftpp", "nlohmann*"): (0.5, 0.5),
}


def run(program, arguments):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [program, "--benchmark_enable_random_interleaving=true",
                   f"--benchmark_repetitions={arguments.rounds}",
                   f"--benchmark_min_time={arguments.min_time}",
                   f"--benchmark_filter={arguments.filter}",
                   f"--benchmark_out={out.name}", "--benchmark_out_format=json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.load(open(out.name, encoding="utf-8"))


def times(result, pick):
    """(operation, protocol) -> implementation -> payload -> nanoseconds"""
    rounds = {}
    for entry in result["benchmarks"]:
        if entry.get("run_type") == "aggregate" or entry.get("error_occurred"):
            continue
        parts = entry["run_name"].split("/")
        if len(parts) >= 4:
            rounds.setdefault(tuple(parts[:4]), []).append(
                entry["cpu_time"] * UNITS[entry["time_unit"]])
    table = {}
    for (operation, protocol, payload, implementation), all_rounds in rounds.items():
        row = table.setdefault((operation, protocol), {}).setdefault(implementation, {})
        row[payload] = pick(all_rounds)
    return table


def ordered(payloads):
    payloads = set(payloads)
    return [n for n in PAYLOADS if n in payloads] + sorted(payloads - set(PAYLOADS))


def print_table(title, header, rows):
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print(title)
    for row in [header, *rows]:
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())
    print()


def nanoseconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def ratio(value):
    return f"{value:,.0f}x" if value >= 100 else f"{value:.1f}x" if value >= 10 else f"{value:.2f}x"


def goal(operation, protocol, ours, theirs):
    for (o, p, i, t), goals in GOALS.items():
        if ((o, i) == (operation, ours) and fnmatch.fnmatchcase(protocol, p)
                and fnmatch.fnmatchcase(theirs, t)):
            return goals
    return None, None


def comparisons(table):
    """Yields (operation, protocol, ours, theirs, {payload: how many times faster})."""
    for (operation, protocol), rows in sorted(table.items()):
        for ours in sorted(rows):
            for of_operation, of_ours, all_theirs in COMPARISONS:
                if not (fnmatch.fnmatchcase(operation, of_operation)
                        and fnmatch.fnmatchcase(ours, of_ours)):
                    continue
                for other, pattern in all_theirs:
                    others = table.get((other or operation, protocol), {})
                    for theirs in sorted(others):
                        if not fnmatch.fnmatchcase(theirs, pattern):
                            continue
                        ratios = {p: others[theirs][p] / rows[ours][p]
                                  for p in ordered(rows[ours]) if p in others[theirs]}
                        if ratios:
                            name = f"{other} {theirs}" if other else theirs
                            yield operation, protocol, ours, name, ratios
                break


def summary(table):
    """A table for each set of payloads, so that columns are few."""
    groups = {}
    for found in comparisons(table):
        names = tuple(ordered(table[found[:2]][found[2]]))
        groups.setdefault(names if len(names) > len(PAYLOADS) else tuple(PAYLOADS), []).append(found)
    for names, found in sorted(groups.items(), key=lambda group: len(group[0])):
        names = [n for n in names if any(n in c[4] for c in found)]
        print_table("times faster", ["", "geomean", "worst", "goal", "", *names],
                    [summary_row(names, *c) for c in found])


def summary_row(names, operation, protocol, ours, theirs, ratios):
    geomean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
    worst = min(ratios.values())
    wanted, wanted_worst = goal(operation, protocol, ours, theirs)
    goals = "" if wanted is None else f"{wanted:g}x" + (
        f" / {wanted_worst:g}x" if wanted_worst else "")
    missed = ((wanted is not None and geomean < wanted)
              or (wanted_worst is not None and worst < wanted_worst))
    return [f"{operation} {protocol}: {ours}, than {theirs}", ratio(geomean), ratio(worst), goals,
            "missed" if missed else "", *[ratio(ratios[p]) if p in ratios else "-" for p in names]]


def details(table):
    for (operation, protocol), rows in sorted(table.items()):
        names = ordered(p for row in rows.values() for p in row)
        print_table(f"{operation} {protocol}: ns per operation", ["", *names],
                    [[i, *[nanoseconds(rows[i][p]) if p in rows[i] else "-" for p in names]]
                     for i in sorted(rows)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("source", help="thriftpp_bench, or the JSON it wrote")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--min-time", default="0.005", help="seconds of each run of each benchmark")
    parser.add_argument("--filter", default=".", help="which benchmarks to run (a regex)")
    parser.add_argument("--min", action="store_true", help="minima instead of medians")
    parser.add_argument("--details", action="store_true", help="every time, in ns")
    arguments = parser.parse_args()

    if os.access(arguments.source, os.X_OK):
        result = run(os.path.abspath(arguments.source), arguments)
    else:
        with open(arguments.source, encoding="utf-8") as file:
            result = json.load(file)
    table = times(result, min if arguments.min else statistics.median)
    if not table:
        sys.exit("ratios.py: no benchmarks named operation/protocol/payload/implementation")
    summary(table)
    if arguments.details:
        details(table)


if __name__ == "__main__":
    main()
