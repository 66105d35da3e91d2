#!/usr/bin/env python3
"""How much faster we load a file than thriftpy does, in one sitting.

    tests/bench/thriftpy_load.py build/release/bin/thriftpp_bench FILE.thrift [NAME]

NAME is what the benchmark calls the file (load/idl/NAME/thriftpp): its own name without suffix.
Needs Debian's python3-thriftpy; run it with the system's Python. Ours and theirs take turns, the
medians are compared.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

ROUNDS = 9


def ours(program, name):
    command = [program, f"--benchmark_filter=^load/idl/{name}/thriftpp", "--benchmark_format=json",
               "--benchmark_min_time=0.02"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if not result["benchmarks"]:
        sys.exit(f"thriftpy_load.py: {program} has no load/idl/{name}/thriftpp")
    run = result["benchmarks"][0]
    return run["cpu_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[run["time_unit"]]


def theirs(path):
    from thriftpy.parser import parser
    parser.thrift_cache.clear()  # or the second load is a look-up
    began = time.process_time()
    parser.parse(path, enable_cache=False)
    return time.process_time() - began


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, path = sys.argv[1:3]
    name = sys.argv[3] if len(sys.argv) == 4 else pathlib.Path(path).stem
    theirs(path)  # ply builds its tables once
    rounds = [(ours(program, name), theirs(path)) for _ in range(ROUNDS)]
    us, them = (statistics.median(column) for column in zip(*rounds))
    print(f"{name}: thriftpp {us * 1e6:.1f} us, thriftpy {them * 1e6:.0f} us: "
          f"{them / us:.0f} times faster")


if __name__ == "__main__":
    main()
