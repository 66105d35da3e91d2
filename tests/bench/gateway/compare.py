#!/usr/bin/env python3
"""What one call costs a gateway in processor time: `thriftpp gateway` beside the plain Thrift server,
and beside a gateway of Node (express and Apache's npm package), if npm can install that.

    compare.py FOLDER PAYLOADS [--rounds N] [--milliseconds N] [--connections N] [--depth N]

FOLDER holds thriftpp and thriftpp_gateway_load, PAYLOADS is where user.thrift, user.json and so on are.
Every call sends the payload and gets it back. What is measured has the first core for itself, the load
and the upstream share the second; all kinds take turns in each round, and medians are printed.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PAYLOADS = {"user": "User", "biz": "Order"}


def pinned(core, command):
    ahead = ["chrt", "-f", "20"] if os.geteuid() == 0 and shutil.which("chrt") else []
    return [*ahead, "taskset", "-c", str(core), *map(str, command)]


class Process:
    def __init__(self, core, command, pattern, stream):
        self.process = subprocess.Popen(pinned(core, command), text=True, **{stream: subprocess.PIPE})
        for line in getattr(self.process, stream):
            found = re.match(pattern, line)
            if found:
                self.port = int(found.group(1))
                return
        sys.exit(f"compare.py: {command[0]} did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def cpu_seconds(self):
        """Of all threads, those that have ended included."""
        return time.clock_gettime((~self.process.pid << 3) | 2)


class Bench:
    def __init__(self, arguments, payload, folder):
        self.arguments = arguments
        self.folder = folder
        self.payload = payload
        self.bin = arguments.folder
        self.type = PAYLOADS[payload]
        shutil.copy(arguments.payloads / (payload + ".thrift"), folder)
        self.idl = folder / "echo.thrift"
        name = f"{payload}.{self.type}"
        self.idl.write_text(f'include "{payload}.thrift"\n'
                            f"service Echo {{ {name} echo(1: {name} value) }}\n")
        text = (arguments.payloads / (payload + ".json")).read_text()
        value = json.loads(text)
        self.replies = folder / "replies.json"
        self.replies.write_text(json.dumps({"echo": {"result": value}}))
        body = json.dumps({"value": value}).encode()
        self.http = folder / "request.http"
        self.http.write_bytes(b"POST /Echo/echo HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                              b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        arguments_struct = b"\x0c\x00\x01" + (arguments.payloads / (payload + ".binary")).read_bytes() + b"\x00"
        message = struct.pack(">I", 0x80010001) + struct.pack(">I", 4) + b"echo" + struct.pack(">i", 1)
        message += arguments_struct
        self.framed = folder / "request.framed"
        self.framed.write_bytes(struct.pack(">I", len(message)) + message)

    def server(self, core):
        return Process(core, [self.bin / "thriftpp", "serve", self.idl, "Echo", "--listen",
                              "tcp://127.0.0.1:0", "--replies", self.replies],
                       r"listening on tcp://127.0.0.1:(\d+)", "stderr")

    def gateway(self, core, upstream):
        return Process(core, [self.bin / "thriftpp", "gateway", self.idl, "--upstream",
                              f"Echo=tcp://127.0.0.1:{upstream}?transport=framed", "--listen",
                              "http://127.0.0.1:0", "--threads", "1"],
                       r"listening on http://127.0.0.1:(\d+)", "stderr")

    def node(self, core, upstream, generated):
        return Process(core, ["node", HERE / "node" / "gateway.js", generated, upstream, self.type,
                              self.payload], r"(\d+)$", "stdout")

    def load(self, kind, target):
        before = target.cpu_seconds()
        a = self.arguments
        request = self.framed if kind == "framed" else self.http
        run = subprocess.run(pinned(1, [self.bin / "thriftpp_gateway_load", kind, target.port,
                                        a.connections, a.depth, a.milliseconds, request]),
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit(f"compare.py: {run.stderr}")
        out = json.loads(run.stdout)
        return {"rate": out["calls"] / out["seconds"],
                "cpu_us": (target.cpu_seconds() - before) / out["calls"] * 1e6}


def prepare_node(folder):
    """Where npm's packages are; nothing where there are none to be had."""
    if shutil.which("npm") is None or shutil.which("thrift") is None:
        return False
    if not (HERE / "node" / "node_modules").exists():
        done = subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
                              cwd=HERE / "node", capture_output=True, check=False)
        if done.returncode != 0:
            return False
    return True


def measure(bench, has_node):
    seen = {}
    generated = bench.folder / "node"
    if has_node:
        generated.mkdir()
        subprocess.run(["thrift", "-r", "--gen", "js:node", "-out", generated, bench.idl], check=True,
                       capture_output=True)
        os.environ["NODE_PATH"] = str(HERE / "node" / "node_modules")
    for turn in range(bench.arguments.rounds):
        print(f"{bench.payload}: round {turn + 1} of {bench.arguments.rounds}", file=sys.stderr)
        with bench.server(0) as plain:
            seen.setdefault("server", []).append(bench.load("framed", plain))
        with bench.server(1) as upstream, bench.gateway(0, upstream.port) as gateway:
            seen.setdefault("gateway", []).append(bench.load("http", gateway))
        if has_node:
            with bench.server(1) as upstream, bench.node(0, upstream.port, generated) as node:
                seen.setdefault("node", []).append(bench.load("http", node))
    return {kind: {what: statistics.median(run[what] for run in runs) for what in runs[0]}
            for kind, runs in seen.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("payloads", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--depth", type=int, default=1)
    arguments = parser.parse_args()
    for payload in PAYLOADS:
        with tempfile.TemporaryDirectory(prefix="thriftpp-") as folder:
            bench = Bench(arguments, payload, pathlib.Path(folder))
            medians = measure(bench, prepare_node(folder))
            print(f"\n{payload}: {arguments.connections} connections, {arguments.depth} requests "
                  "outstanding on each")
            for kind, row in medians.items():
                print(f"  {kind:10} {row['rate']:10.0f} calls/s {row['cpu_us']:9.2f} us of CPU a call")
            ours = medians["gateway"]["cpu_us"]
            print(f"  the gateway takes {ours / medians['server']['cpu_us']:.2f}x the CPU of the server")
            if "node" in medians:
                print(f"  and serves {medians['node']['cpu_us'] / ours:.1f}x the calls of Node's per CPU second")


main()
