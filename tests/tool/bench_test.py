#!/usr/bin/env python3
"""bench: how many calls, what came of them, and from when their latency counts."""

import json
import socket
import struct
import tempfile
import threading
import time

import harness
from harness import SAMPLES, Serving

USER = SAMPLES / "user.thrift"
SHOP = SAMPLES / "shop.thrift"


class Stalling:
    """Answers getUser in strict binary; before the first answer it does nothing for `seconds`."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}?transport=framed"
        self.thread = threading.Thread(target=self.answer)

    def answer(self):
        stalled = False
        while True:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rb") as requests:
                stalled = self.answer_on(connection, requests, stalled)
            if stalled:
                return

    def answer_on(self, connection, requests, stalled):
        while size := requests.read(4):
            message = requests.read(struct.unpack(">i", size)[0])
            if not stalled:
                time.sleep(self.seconds)
                stalled = True
            name_size = struct.unpack(">i", message[4:8])[0]
            head = b"\x80\x01\x00\x02" + message[4:12 + name_size]  # the name, the sequence id
            reply = head + b"\x0b\x00\x00" + struct.pack(">i", 3) + b"Ann" + b"\x00"
            connection.sendall(struct.pack(">i", len(reply)) + reply)
        return stalled

    def __enter__(self):
        self.thread.start()
        return self.url

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()


class Bench(harness.Case):
    def figures(self, *words):
        return json.loads(self.succeeds("bench", *words, "--json").out)

    def test_as_many_calls_as_were_asked_for_and_no_more(self):
        with Serving(USER, "UserService") as server:
            figures = self.figures(USER, "UserService.getUser", "userId=1", "--calls", "500", "-c", "3",
                                   "--depth", "4", "--to", server.url + "?transport=framed")
        self.assertEqual(figures["calls"], 500)
        self.assertEqual(figures["results"], 500)
        self.assertEqual((figures["exceptions"], figures["errors"], figures["timed_out"],
                          figures["broken"]), (0, 0, 0, 0))
        self.assertEqual((figures["connections"], figures["depth"]), (3, 4))
        took = figures["latency_us"]
        rising = [took[name] for name in ("min", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99",
                                          "max")]
        self.assertEqual(rising, sorted(rising))
        self.assertGreater(took["min"], 0)
        self.assertAlmostEqual(figures["calls_per_second"] * figures["seconds"], 500, delta=0.01)

    def test_a_rate_says_how_many_calls_begin(self):
        with Serving(USER, "UserService") as server:
            figures = self.figures(USER, "getUser", "userId=1", "--rate", "200", "-d", "500ms",
                                   "--to", server.url)
        self.assertEqual(figures["calls"], 100)
        self.assertEqual(figures["rate"], 200)

    def test_what_waits_for_a_stalled_service_is_late(self):
        # One call is held up, and those that were to begin meanwhile: most of them.
        with Stalling(0.8) as url:
            figures = self.figures(USER, "getUser", "userId=1", "--rate", "50", "-d", "1s", "--to", url)
        self.assertEqual(figures["results"], 50)
        self.assertGreater(figures["latency_us"]["p50"], 200_000)

    def test_exceptions_are_counted_apart_and_set_the_exit_code(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as replies:
            json.dump({"product": {"exception": {"missing": {"what": "product"}}},
                       "stock": {"error": {"message": "counting", "type": 6}}}, replies)
            replies.flush()
            with Serving(SHOP, "Shop", "--replies", replies.name) as server:
                for method, code, name in [("product", 6, "exceptions"), ("stock", 7, "errors")]:
                    with self.subTest(method):
                        ran = harness.run("bench", SHOP, method, "{}", "-n", "20", "--json", "--to",
                                          server.url)
                        self.assertEqual(ran.code, code, ran)
                        self.assertEqual(json.loads(ran.out)[name], 20)
                        self.assertIn("the first that failed", ran.err)

    def test_calls_that_nobody_answers_time_out(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
            ran = harness.run("bench", USER, "getUser", "userId=1", "-n", "3", "--timeout", "200ms",
                              "--json", "--to", url)
        self.assertEqual(ran.code, 4, ran)
        figures = json.loads(ran.out)
        self.assertEqual((figures["calls"], figures["timed_out"]), (3, 3))
        self.assertGreaterEqual(figures["latency_us"]["min"], 200_000)

    def test_people_read_a_table(self):
        with Serving(USER, "UserService") as server:
            ran = self.succeeds("bench", USER, "getUser", "userId=1", "-n", "10", "--to", server.url)
        self.assertRegex(ran.out, r"^10 calls in \d+\.\d\d s: \d+ a second\nlatency\n  min +\d+\.\d{3} ms\n")
        self.assertNotIn("exceptions", ran.out)

    def test_what_cannot_work_is_told_before_anything_is_called(self):
        self.fails(3, "refused", "bench", USER, "getUser", "userId=1", "--to", "tcp://127.0.0.1:1")
        self.fails(1, "did you mean `getUser`?", "bench", USER, "getUsr", "--to", "tcp://127.0.0.1:1")
        self.fails(2, "--depth", "bench", USER, "getUser", "--rate", "5", "--depth", "2", "--to",
                   "tcp://127.0.0.1:1")


if __name__ == "__main__":
    harness.main()
