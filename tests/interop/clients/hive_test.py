#!/usr/bin/env python3
"""hive-driver, from npm, has a session with `thriftpp serve` by TCLIService.thrift, which answers as
a recorded server did: our replies are its replies, and what it asks for is what was recorded.

Run by ctest with `--bin FOLDER --source FOLDER --shared FOLDER`; the working folder is where npm installs.
"""

import base64
import json
import pathlib
import re
import sys
import tempfile

import npm

sys.path.insert(0, str(npm.HERE.parents[1] / "tool"))
import harness  # pylint: disable=wrong-import-position

HIVE = harness.SHARED / "real/hive"
FOLDER = pathlib.Path.cwd() / "hive"
PLAIN = ["--enums", "number", "--maps", "pairs", "--no-warnings"]


def recorded(name):
    """(the method, the value) of a recorded message."""
    (message,) = json.loads((HIVE / f"hive-driver-http-{name}.bin.json").read_text())["messages"]
    return message["method"], message["value"]


def replies(*names):
    """What `serve --replies` takes."""
    values = dict(recorded(f"{name}.reply") for name in names)
    return {method: {"result": value["success"]} for method, value in values.items()}


def rows(reply):
    """Of FetchResults: a row is an object by the columns' names, and a bit says what is NULL."""
    names = [column["columnName"]
             for column in recorded("05-GetResultSetMetadata.reply")[1]["success"]["schema"]["columns"]]
    table = []
    for column in reply["results"]["columns"]:
        (values,) = column.values()
        nulls = base64.b64decode(values["nulls"])
        table.append([None if i // 8 < len(nulls) and nulls[i // 8] >> i % 8 & 1 else value
                      for i, value in enumerate(values["values"])])
    return [dict(zip(names, row)) for row in zip(*table)]


def why_not():
    if not HIVE.is_dir():
        return "no ../shared/real/hive"
    return npm.why_not("hive", FOLDER)


class Hive(harness.Case):
    BOTH = ["01-OpenSession", "02-GetInfo"]
    SELECT = ["03-ExecuteStatement", "04-GetOperationStatus", "05-GetResultSetMetadata",
              "06-FetchResults", "08-CloseOperation"]
    END = ["10-CloseSession"]

    def session(self, way, names):
        """What the client saw, and the (method, arguments) that the server was called with."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(replies(*names), file)
            file.flush()
            listen = "tcp://127.0.0.1:0?sasl=plain" if way == "sasl" else way + "://127.0.0.1:0"
            with tempfile.NamedTemporaryFile("w") as users, \
                 harness.Serving(HIVE / "TCLIService.thrift", "TCLIService", "--replies", file.name,
                                 "-v", *PLAIN, *self.users(way, users), listen=listen) as server:
                port = re.search(r":(\d+)", server.url.partition("//")[2]).group(1)
                status, output = npm.node("hive/session.js", FOLDER, way, port)
                self.assertEqual(status, 0, output)
                status, calls = server.stop()
        self.assertEqual(status, 0, calls)
        calls = [line.split(" ", 1) for line in calls.splitlines()]
        return json.loads(output), [(method, json.loads(words)) for method, words in calls]

    @staticmethod
    def users(way, file):
        """What tells `serve` whom to let in, where that is asked."""
        if way != "sasl":
            return []
        file.write("me:pw\n")
        file.flush()
        return ["--users", file.name]

    def expect_calls(self, calls, names):
        self.assertEqual([method for method, _ in calls], [name.split("-")[1] for name in names])
        for call, name in zip(calls, names):
            self.assertEqual(call, recorded(name + ".request"))

    def has_rows(self, way):
        names = self.BOTH + self.SELECT + self.END
        seen, calls = self.session(way, names)
        self.expect_calls(calls, names)
        expected = rows(recorded("06-FetchResults.reply")[1]["success"])
        self.assertEqual(len(expected), 1000)
        self.assertEqual(expected[1], {"id": None, "name": "name 1 Zo\u00eb", "score": 0.5, "ok": False,
                                       "n": 1})
        self.assertEqual(seen, {"name": "mock-hive", "rows": expected, "closed": True, "ended": True})

    def has_an_error(self, way):
        names = self.BOTH + ["09-ExecuteStatement"] + self.END
        seen, calls = self.session(way, names)
        self.expect_calls(calls, self.BOTH + ["03-ExecuteStatement"] + self.END)
        status = recorded("09-ExecuteStatement.reply")[1]["success"]["status"]
        self.assertEqual(seen, {"name": "mock-hive", "ended": True, "error": {
            "name": "Status Error", "code": status["errorCode"], "message": status["errorMessage"],
            "stack": "\n".join(status["infoMessages"])}})

    def test_rows_over_tcp(self):
        self.has_rows("tcp")

    def test_rows_over_http(self):
        self.has_rows("http")

    def test_rows_over_sasl(self):
        self.has_rows("sasl")

    def test_an_error_over_tcp(self):
        self.has_an_error("tcp")

    def test_an_error_over_http(self):
        self.has_an_error("http")


if __name__ == "__main__":
    reason = why_not()
    if reason:
        print("skipped: interop.clients.hive (%s)" % reason)
    else:
        harness.main()
