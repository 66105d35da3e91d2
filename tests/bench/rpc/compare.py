#!/usr/bin/env python3
"""Compares servers: thriftpp's with Apache's generated code on its two servers, and with what the
system alone costs.

    compare.py FOLDER [--rounds N] [--milliseconds N] [--idle N]

FOLDER holds thriftpp_rpc_server and thriftpp_rpc_load. The server has the first core for itself and
the load the second; where the system lets us they run ahead of everything else. All kinds of server
take turns in each round, so that what else the machine does hits all alike; medians are printed,
then ratios. Processor time is the server's own, as the system counts it.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

KINDS = ["thriftpp", "apache_threaded", "apache_nonblocking", "canned"]
# connections, calls outstanding on each
LOADS = [(1, 1), (16, 1), (64, 1), (1, 32), (4, 32)]


def pinned(core, command):
    ahead = ["chrt", "-f", "20"] if os.geteuid() == 0 and shutil.which("chrt") else []
    return [*ahead, "taskset", "-c", str(core), *command]


class Server:
    def __init__(self, folder, kind):
        self.process = subprocess.Popen(
            pinned(0, [folder / "thriftpp_rpc_server", kind]), stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def cpu_seconds(self):
        """Of all threads, those that have ended included."""
        clock = (~self.process.pid << 3) | 2  # what clock_getcpuclockid gives
        return time.clock_gettime(clock)

    def resident_bytes(self):
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")


def load(folder, server, connections, depth, milliseconds, idle=0):
    before = server.cpu_seconds()
    command = [folder / "thriftpp_rpc_load", *map(str, (server.port, connections, depth, milliseconds, idle))]
    run = subprocess.run(pinned(1, command), capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"compare.py: {run.stderr}")
    out = json.loads(run.stdout)
    out["rate"] = out["calls"] / out["seconds"]
    out["cpu_us"] = (server.cpu_seconds() - before) / (out["calls"] + out["warm_up_calls"]) * 1e6
    return out


def compare(folder, rounds, milliseconds):
    seen = {}
    for turn in range(rounds):
        print(f"round {turn + 1} of {rounds}", file=sys.stderr)
        for kind in KINDS:
            with Server(folder, kind) as server:
                for connections, depth in LOADS:
                    seen.setdefault((kind, connections, depth), []).append(
                        load(folder, server, connections, depth, milliseconds)
                    )
    medians = {
        key: {what: statistics.median(run[what] for run in runs) for what in runs[0]}
        for key, runs in seen.items()
    }
    for connections, depth in LOADS:
        print(f"\n{connections} connections, {depth} calls outstanding on each")
        print(f"{'':20} {'calls/s':>10} {'CPU us/call':>12} {'p50 us':>8} {'p99 us':>8}")
        for kind in KINDS:
            row = medians[kind, connections, depth]
            print(f"{kind:20} {row['rate']:10.0f} {row['cpu_us']:12.2f} {row['p50_us']:8.1f} {row['p99_us']:8.1f}")
        ours = medians["thriftpp", connections, depth]
        apache = [medians[kind, connections, depth] for kind in KINDS if kind.startswith("apache")]
        rate = ours["rate"] / max(row["rate"] for row in apache)
        cpu = ours["cpu_us"] / min(row["cpu_us"] for row in apache)
        raw = ours["rate"] / medians["canned", connections, depth]["rate"]
        print(f"thriftpp: {rate:.2f}x the better of Apache's, {cpu:.2f}x its CPU a call, {raw:.2f}x canned")


def compare_idle(folder, idle, rounds, milliseconds):
    """What idle connections cost in memory, and the busy ones in speed."""
    alone, among, memory = [], [], []
    for _ in range(rounds):
        with Server(folder, "thriftpp") as server:
            alone.append(load(folder, server, 16, 1, milliseconds)["rate"])
            before = server.resident_bytes()
            among.append(load(folder, server, 16, 1, milliseconds, idle)["rate"])
            memory.append(server.resident_bytes() - before)
    print(f"\n{idle} idle connections: {max(memory) / 1e6:.1f} MB, "
          f"{statistics.median(among) / statistics.median(alone):.2f}x the calls a second of 16 busy ones")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=int, default=300)
    parser.add_argument("--idle", type=int, default=5000)
    arguments = parser.parse_args()
    compare(arguments.folder, arguments.rounds, arguments.milliseconds)
    compare_idle(arguments.folder, arguments.idle, arguments.rounds, arguments.milliseconds)


main()
