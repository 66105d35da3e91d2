#!/usr/bin/env python3
"""jaeger-client, from npm, reports spans to `thriftpp serve` in datagrams, and posts them as a bare Batch
over HTTP, which `thriftpp decode` reads; both by the IDL that the package has.

Run by ctest with `--bin FOLDER --source FOLDER --shared FOLDER`; the working folder is where npm installs.
"""

import http.server
import json
import pathlib
import re
import select
import sys
import threading

import npm

sys.path.insert(0, str(npm.HERE.parents[1] / "tool"))
import harness  # pylint: disable=wrong-import-position

FOLDER = pathlib.Path.cwd() / "jaeger"
IDL = FOLDER / "node_modules/jaeger-client/dist/src/jaeger-idl/thrift"
VALUES = {"STRING": "vStr", "DOUBLE": "vDouble", "BOOL": "vBool", "LONG": "vLong"}


def tags(found):
    return {tag["key"]: tag[VALUES[tag["vType"]]] for tag in found}


def signed(word):
    """An id's 64 bits as hexadecimal digits, as the i64 that IDL has for it."""
    return int.from_bytes(bytes.fromhex(word.zfill(16)), "big", signed=True)


class Collector:
    """`with Collector() as collector:` an HTTP server that keeps what is posted."""

    def __enter__(self):
        posts = self.posts = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"])) \
                    if "Content-Length" in self.headers else b"".join(self.chunks())
                posts.append((self.path, self.headers["Content-Type"], body))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def chunks(self):
                while size := int(self.rfile.readline(), 16):
                    yield self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/api/traces" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Jaeger(harness.Case):
    def report(self, way, where):
        """The ids of the spans that the client has reported."""
        status, output = npm.node("jaeger/spans.js", FOLDER, way, where)
        self.assertEqual(status, 0, output)
        return {name: signed(word) for name, word in json.loads(output).items()}

    def expect(self, batch, service, ids):
        process = batch["process"]
        self.assertEqual(process["serviceName"], service)
        found = tags(process["tags"])
        self.assertEqual((found["app.version"], found["n"]), ("1.2.3", 42))
        self.assertRegex(found["jaeger.version"], r"^Node-3\.")

        spans = {span["operationName"]: span for span in batch["spans"]}
        self.assertEqual(len(batch["spans"]), 3)
        self.assertEqual(set(spans), {"GET /order", "sql", "later"})
        for name, key in (("GET /order", "order"), ("sql", "sql"), ("later", "later")):
            self.assertEqual(spans[name]["traceIdLow"], ids["trace"])
            self.assertEqual(spans[name]["spanId"], ids[key])
        order, sql, later = (spans[name] for name in ("GET /order", "sql", "later"))

        self.assertEqual((order["parentSpanId"], order["startTime"], order["duration"]),
                         (0, 1700000000123000, 7000))
        self.assertEqual(tags(order["tags"]), {
            "sampler.type": "const", "sampler.param": True, "user": "Zo\u00eb \u2615", "ok": True,
            "ratio": 0.25, "big": 2**53 - 1})
        (log,) = order["logs"]
        self.assertEqual(log["timestamp"], 1700000000124000)
        self.assertEqual(tags(log["fields"]), {"event": "cache miss", "key": "order:17"})

        self.assertEqual((sql["parentSpanId"], sql["startTime"], sql["duration"]),
                         (ids["order"], 1700000000124000, 1000))
        self.assertEqual(tags(sql["tags"]), {"db.statement": "SELECT 1", "error": True})
        self.assertEqual(later["references"], [
            {"refType": "FOLLOWS_FROM", "traceIdLow": ids["trace"], "traceIdHigh": 0,
             "spanId": ids["order"]}])

    def by_datagrams(self, query):
        with harness.Serving(IDL / "agent.thrift", "Agent", "-v", "--no-warnings",
                             listen="udp://127.0.0.1:0" + query) as server:
            port = re.match(r"udp://127\.0\.0\.1:(\d+)", server.url).group(1)
            ids = self.report("udp", port)
            # Nobody answers a datagram: wait until the server tells of it.
            ready, _, _ = select.select([server.process.stderr], [], [], harness.LIMIT)
            self.assertTrue(ready, "the datagram did not arrive")
            method, words = server.process.stderr.readline().split(" ", 1)
            self.assertEqual(method, "emitBatch")
            self.expect(json.loads(words)["batch"], "shop-udp", ids)
            self.assertEqual(server.stop(), (0, ""))

    def test_datagrams_of_any_protocol(self):
        self.by_datagrams("")

    def test_datagrams_of_one_protocol(self):
        self.by_datagrams("?protocol=binary")

    def test_http(self):
        with Collector() as collector:
            ids = self.report("http", collector.url)
        ((path, kind, body),) = collector.posts
        self.assertEqual(kind, "application/x-thrift")
        self.assertEqual(path, "/api/traces")
        ran = self.succeeds("decode", IDL / "jaeger.thrift", "Batch", "--no-warnings", stdin=body)
        self.expect(json.loads(ran.out), "shop-http", ids)
        again = self.succeeds("encode", IDL / "jaeger.thrift", "Batch", "--no-warnings", stdin=ran.bytes)
        self.assertEqual(again.bytes, body)


if __name__ == "__main__":
    reason = npm.why_not("jaeger", FOLDER)
    if reason:
        print("skipped: interop.clients.jaeger (%s)" % reason)
    else:
        harness.main()
