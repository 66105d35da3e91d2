#!/usr/bin/env python3
"""A gateway under everything at once: calls, upstreams that are killed and come back, IDLs that change
and that are broken, clients that stall and bodies that lie. Each request gets the status that is right for
it, nothing is sent twice that must not be, and nothing grows.

With THRIFTPP_STRESS_SECONDS in the environment it goes on for so long; else for a moment.
"""

import collections
import http.client
import itertools
import json
import os
import pathlib
import random
import re
import socket
import tempfile
import threading
import time

import harness
from gateways import Gateway, replace, wait_until
from harness import LIMIT, Serving

SECONDS = float(os.environ.get("THRIFTPP_STRESS_SECONDS", 6))
CALLERS = 4
POOLED = 2 * 2 * 8  # connections that each thread may keep to each upstream
IDL = """
struct Thing { 1: required i64 number, 2: optional list<string> names }
service Store {
  Thing read(1: i64 number) (idempotent)
  void write(1: i64 number)
}
"""
BROKEN = IDL + "struct {"


class Upstream:
    """A server at an address of its own, that can be killed and started again; it notes the numbers
    that `write` was called with."""

    def __init__(self, idl, url):
        self.arguments = (idl, "Store", "-v")
        self.url = url
        self.written = []
        self.start()

    def start(self):
        self.server = Serving(*self.arguments, listen=self.url)
        self.server.__enter__()
        self.reader = threading.Thread(target=self.read, args=(self.server,))
        self.reader.start()

    def read(self, server):
        for line in itertools.chain(server.earlier, server.process.stderr):
            found = re.match(r'write \{"number":(\d+)\}', line)
            if found:
                self.written.append(int(found.group(1)))

    def kill(self):
        self.server.process.kill()
        self.reader.join()
        self.server.__exit__()


class Load:
    def __init__(self, port):
        self.port = port
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.statuses = collections.defaultdict(collections.Counter)  # by kind
        self.wrong = []
        self.next = 0
        self.answered = {}  # by the number that was written

    def note(self, kind, status, right, text):
        with self.lock:
            self.statuses[kind][status] += 1
            if status not in right and len(self.wrong) < 20:
                self.wrong.append((kind, status, text[:200]))

    def number(self):
        with self.lock:
            self.next += 1
            return self.next

    def request(self, connection, path, body):
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()

    def call(self, seed):
        """Of ten requests four read, four write, and two are nonsense."""
        chance = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        while not self.stop.is_set():
            number = self.number()
            body = json.dumps({"number": number})
            what = chance.randrange(10)
            if what < 4:
                status, text = self.request(connection, "/Store/read", body)
                self.note("read", status, (200, 502, 503, 504), text)
                if status == 200 and json.loads(text)["number"] != 1:
                    self.note("read", "another answer", (), text)
            elif what < 8:
                status, text = self.request(connection, "/Store/write", body)
                self.note("write", status, (200, 502, 503, 504), text)
                with self.lock:
                    self.answered[number] = status
            elif what == 8:
                status, text = self.request(connection, "/Store/read", '{"number": "x"}')
                self.note("wrong type", status, (400,), text)
                if '"number"' not in text:
                    self.note("wrong type", "no path", (), text)
            else:
                status, text = self.request(connection, "/Store/raed", body)
                self.note("no method", status, (404,), text)
        connection.close()

    def lie(self):
        """Bodies shorter and longer than they say, heads that never end, and clients that go away."""
        head = b"POST /Store/read HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        lies = [head + b"Content-Length: 100\r\n\r\n{",
                head + b"Content-Length: 2\r\n\r\n{}{}{}{}\r\n\r\n",
                head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                head + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                head[:30], b"\x16\x03\x01\x02\x00\x01", b"\x00" * 100, head + b"X: " + b"y" * 100_000]
        for i in itertools.count():
            if self.stop.wait(0.01):
                return
            with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as one:
                try:
                    one.sendall(lies[i % len(lies)])
                    one.settimeout(0.05)
                    one.recv(4096)
                except OSError:
                    pass

    def stall(self):
        """Clients that send half of a request and wait: as many at a time as it has patience for."""
        while not self.stop.is_set():
            clients = [socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) for _ in range(20)]
            for client in clients:
                client.sendall(b"POST /Store/read HTTP/1.1\r\nHost: x\r\nContent-Le")
            self.stop.wait(0.5)
            for client in clients:
                client.close()


def resident(pid):
    """Kilobytes."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Stress(harness.Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.idl = self.folder / "store.thrift"
        self.idl.write_text(IDL)

    def change_idl(self, turn):
        if turn % 5 == 4:
            replace(self.idl, BROKEN)
        else:
            replace(self.idl, IDL + f"struct New{turn} {{ 1: list<Thing> things }}\n" * (turn % 3))

    def trouble(self, upstreams, gateway, sizes):
        """For as long as it takes: once a second the IDL changes, and one or the other server dies."""
        end = time.monotonic() + SECONDS
        turn = 0
        pause = min(1.0, SECONDS / 10)
        while time.monotonic() < end:
            self.change_idl(turn)
            victim = upstreams[turn % 2]
            victim.kill()
            time.sleep(pause / 4)
            victim.start()
            time.sleep(pause * 3 / 4)
            sizes.append(resident(gateway.process.pid))
            turn += 1
        replace(self.idl, IDL)

    def test_whatever_happens_each_request_gets_what_is_right(self):
        server_idl = self.folder / "server.thrift"
        server_idl.write_text(IDL)
        upstreams = [Upstream(server_idl, f"unix://{self.folder}/{name}") for name in "ab"]
        sizes = []
        words = ["--watch", "--watch-interval", "50ms", "--threads", "2", "--timeout", "5s",
                 "--open-time", "100ms"]
        for upstream in upstreams:
            words += ["--upstream", f"Store={upstream.url}?transport=framed"]
        try:
            with Gateway(self.idl, *words) as gateway:
                pid = gateway.process.pid
                self.assertEqual(gateway.get("/Store/read", "POST", '{"number": 1}')[0], 200)
                before = descriptors(pid)
                load = Load(gateway.port)
                threads = [threading.Thread(target=load.call, args=(seed,)) for seed in range(CALLERS)]
                threads += [threading.Thread(target=load.lie), threading.Thread(target=load.stall)]
                for thread in threads:
                    thread.start()
                self.trouble(upstreams, gateway, sizes)
                load.stop.set()
                for thread in threads:
                    thread.join()
                print({kind: dict(statuses) for kind, statuses in load.statuses.items()},
                      f"memory: {sizes[0]} to {sizes[-1]} kB")
                # it is as it was: everything is answered, and no connection of those who left is kept
                wait_until(lambda: '"current": true' in gateway.get("/status")[1])
                wait_until(lambda: gateway.get("/Store/write", "POST", '{"number": 0}')[0] == 200)
                wait_until(lambda: json.loads(gateway.get("/status")[1])["connections"] == 1)
                self.assertLessEqual(descriptors(pid), before + POOLED)
                self.assertEqual(gateway.stop(), 0)
        finally:
            for upstream in upstreams:
                upstream.kill()
        self.assertEqual(load.wrong, [])
        self.assertGreater(load.statuses["read"][200], 20)
        # one of the two is always there, and reading again is safe
        self.assertGreater(load.statuses["read"][200] * 50, sum(load.statuses["read"].values()) * 49)
        written = collections.Counter(upstreams[0].written + upstreams[1].written)
        self.assertEqual([number for number, times in written.items() if times > 1 and number != 0], [])
        succeeded = [number for number, status in load.answered.items() if status == 200]
        self.assertEqual([number for number in succeeded if written[number] != 1], [])
        if SECONDS >= 60:
            half = len(sizes) // 2
            self.assertLess(max(sizes[half:]), max(sizes[:half]) * 1.1)


if __name__ == "__main__":
    harness.main()
