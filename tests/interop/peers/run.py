#!/usr/bin/env python3
"""run.py --crosstest PROGRAM --build FOLDER [--shared FOLDER] [--jobs N] [--only REGEX] [--verbose]
       [--table FILE] LANGUAGE...

Runs the cross test of Apache's suite between `crosstest` and peers in other languages: every protocol
over every transport and socket that Apache's library of that language has. Each combination is three
runs: the peer's client with the peer's own server (the baseline), our client with the peer's server,
the peer's client with our server. What the baseline passes, both of ours have to pass. A language
whose library is not installed is skipped by name; so is what takes longer than seconds, unless
THRIFTPP_TEST_ALL is set or --only or --table is given.

--table writes what came of it into the part of FILE, Markdown, that is marked for it.
"""

import argparse
import concurrent.futures
import contextlib
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import peers
import report

HERE = pathlib.Path(__file__).resolve().parent
KEYS = HERE.parent.parent / "support/keys"
CLIENT_SECONDS = 90
START_SECONDS = 20
APACHE_IDL = "corpus/files/apache__thrift/test/v0.16/ThriftTest.thrift"

ports = itertools.count(10000 + os.getpid() * 97 % 20000)  # below those that the system gives out
ports_lock = threading.Lock()


def listening():
    """The local ports, and paths of UNIX sockets (abstract ones begin with @), that one can connect
    to. Looking does not disturb: some servers end when somebody connects and says nothing."""
    out = set()
    for name in ("tcp", "tcp6"):
        for line in pathlib.Path("/proc/net/" + name).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A":
                out.add(int(words[1].rpartition(":")[2], 16))
    for line in pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]:
        words = line.split()
        if len(words) > 7 and words[3] == "00010000":
            out.add(words[7])
    return out


def free_port():
    with ports_lock:
        taken = listening()
        return next(port for port in ports if port not in taken)


def certificates(folder):
    """The files by the names that Apache's cross test gives them."""
    for side in ("server", "client"):
        pem = (KEYS / (side + ".pem")).read_text()
        key = pem.index("-----BEGIN PRIVATE KEY")
        (folder / (side + ".crt")).write_text(pem[:key])
        (folder / (side + ".key")).write_text(pem[key:])
        (folder / (side + ".pem")).write_text(pem)
    (folder / "CA.pem").write_text((KEYS / "ca.pem").read_text())
    return folder


class Run:
    """One combination of one peer with us."""

    def __init__(self, args, peer, case, folder, number):
        self.args, self.peer, self.case = args, peer, case
        self.log, self.baseline_log = [], []
        self.place = None
        self.flags = ["--protocol=" + case.protocol, "--transport=" + case.transport]
        if case.transport == "zlib":
            self.flags.append("--zlib")
        if case.socket == "ssl":
            self.flags.append("--ssl")
        self.flags.append("--certs=%s" % folder)
        self.number = number
        self.folder = folder

    def ours(self, role):
        plain = {"accel": "binary", "accelc": "compact"}  # the same bytes, written by C
        protocol = plain.get(self.case.protocol, self.case.protocol)
        # evframed: Apache's nonblocking server; fastframed: a class of Java's
        transport = self.case.transport.removeprefix("ev").removeprefix("fast")
        flags = ["--protocol=" + protocol, "--transport=" + transport] + self.flags[2:]
        return [self.args.crosstest, role, "--idl", self.args.idl] + flags + self.place_flags()

    def theirs(self, role):
        return self.peer.command(role) + self.flags + self.place_flags()

    def new_place(self, side):
        if self.case.socket == "domain":
            self.place = "%s/%d%s" % (self.folder, self.number, side)
        elif self.case.socket == "abstract":
            self.place = "thriftpp-peers-%d-%d%s" % (os.getpid(), self.number, side)
        else:
            self.place = free_port()

    def place_flags(self):
        if self.case.socket == "domain":
            return ["--domain-socket=%s" % self.place]
        if self.case.socket == "abstract":
            return ["--abstract-namespace", "--domain-socket=%s" % self.place]
        return ["--port=%d" % self.place]

    def note(self, who, command, output):
        text = output.decode(errors="replace") if isinstance(output, bytes) else output or ""
        self.log.append("--- %s: %s\n%s" % (who, " ".join(map(str, command)), text[-3000:]))

    @contextlib.contextmanager
    def server(self, side, command_of):
        """Yields the process, listening, or nothing where it does not come so far."""
        self.new_place(side)
        command = command_of("server")
        key = "@" + self.place if self.case.socket == "abstract" else self.place
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([str(w) for w in command], stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=output,
                                       env=self.peer.environment(), start_new_session=True)
            try:
                limit = time.monotonic() + START_SECONDS
                while key not in listening() and process.poll() is None:
                    if time.monotonic() > limit:
                        break
                    time.sleep(0.02)
                up = key in listening()
                yield process if up else None
            finally:
                if command_of == self.ours:
                    self.stop_ours(process)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                output.seek(0)
                self.note("server", command, output.read())

    def stop_ours(self, process):
        """As Apache's runner does it. A server of ours that does not end well has failed."""
        self.ended_well = False
        if process.poll() is None:
            process.send_signal(signal.SIGHUP)
            try:
                self.ended_well = process.wait(10) == 0
            except subprocess.TimeoutExpired:
                pass

    def client(self, command_of):
        command = [str(word) for word in command_of("client")]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=self.peer.environment(), start_new_session=True)
        try:
            output, _ = process.communicate(timeout=CLIENT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += b"\n(no end)"
        self.note("client", command, output)
        if process.returncode != 0:
            self.log.append("--- the client ended with %d" % process.returncode)
        return process.returncode == 0

    def all(self):
        """(baseline, our client, our server): True, False, or None where the peer has no such side."""
        baseline = client = server = None
        has_client = self.peer.has("client", self.case)
        try:
            if self.peer.has("server", self.case):
                with self.server("a", self.theirs) as up:
                    if has_client:
                        baseline = bool(up) and self.client(self.theirs)
                    if baseline and up.poll() is None:
                        client = self.client(self.ours)
                if baseline is False:
                    self.baseline_log, self.log = self.log, []
                if client is None:  # on a server that nobody has called
                    with self.server("b", self.theirs) as up:
                        client = bool(up) and self.client(self.ours)
            if has_client:
                with self.server("c", self.ours) as up:
                    server = bool(up) and self.client(self.theirs)
                server = server and self.ended_well
        except Exception as error:  # pylint: disable=broad-except
            self.log.append("--- run.py: %r" % error)
            client = client or False
        return baseline, client, server


def run_language(args, language, folder):
    peer = peers.PEERS[language](args.build / "peers" / language, folder)
    every = bool(args.only or args.table or os.environ.get("THRIFTPP_TEST_ALL"))
    if not (every or peer.quick):
        return report.skipped(language, "takes longer; tests/run --all runs it")
    reason = peer.why_not()
    if reason:
        return report.skipped(language, reason)
    peer.build()
    cases = [case for case in peer.cases()
             if re.search(args.only or "", case.name()) and (every or peer.is_quick(case))]
    runs = [Run(args, peer, case, folder, number) for number, case in enumerate(cases)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(Run.all, runs))
    return report.Report(language, peer.library(), list(zip(runs, results)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--crosstest", required=True)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path("/nonexistent"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only")
    parser.add_argument("--verbose", action="store_true", help="show failing baselines")
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("languages", nargs="+", choices=list(peers.PEERS))
    args = parser.parse_args()
    args.build = args.build.resolve()
    # Apache's own file where there is one; the peers' code is generated from ours, always.
    args.idl = args.shared / APACHE_IDL
    if not args.idl.exists():
        args.idl = HERE / "cross.thrift"
    with tempfile.TemporaryDirectory(prefix="thriftpp-") as name:
        folder = certificates(pathlib.Path(name))
        reports = [run_language(args, language, folder) for language in args.languages]
    reports = [found for found in reports if found]
    for found in reports:
        found.show(args.verbose)
    if args.table:
        report.write(args.table, reports)
    return 1 if any(found.failures() for found in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
