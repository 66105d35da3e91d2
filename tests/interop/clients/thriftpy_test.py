#!/usr/bin/env python3
"""thriftpy, as Debian has it, calls `thriftpp serve` and is called by `thriftpp call`: binary by its
pure Python and by its extension, buffered and framed, over TCP and UNIX sockets.

Run by ctest with `--bin FOLDER --source FOLDER --shared FOLDER`.
"""

import contextlib
import itertools
import json
import pathlib
import select
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tool"))
import harness  # pylint: disable=wrong-import-position

PYTHON = "/usr/bin/python3"  # the one that Debian's package belongs to
PEER = [PYTHON, "-W", "ignore", str(HERE / "thriftpy/peer.py")]
IDL = HERE / "thriftpy/users.thrift"
SMALL = HERE / "thriftpy/user.thrift"
SAMPLE = harness.SAMPLES / "user.thrift"  # the same, as we load it
WAYS = list(itertools.product(["tcp", "unix"], ["buffered", "framed"], ["binary", "cybin"]))

ZOE = {"id": "7", "name": "Zo\u00eb \u2615", "age": 33, "role": "ADMIN",
       "addresses": [{"city": "Ulm", "floor": -2}, {"city": ""}],
       "counts": {"big": 2**63 - 1, "small": -2**63}, "groups": [-5, 5], "key": "AP+A", "score": -0.5,
       "active": True, "level": -128, "visits": 4}
NOBODY = {"id": "8", "name": "", "age": 0, "visits": 3}
SMALL_ZOE = {name: ZOE[name] for name in ("id", "name", "age")}


def why_not():
    if not pathlib.Path(PYTHON).exists() or subprocess.run(
            [PYTHON, "-W", "ignore", "-c", "import thriftpy"], stderr=subprocess.DEVNULL,
            check=False).returncode != 0:
        return "no python3-thriftpy"
    return None


def in_order(value):
    """The elements of `groups`, which is a set, by size: users of either side."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if isinstance(value, dict):
        return {key: sorted(item) if key == "groups" else in_order(item) for key, item in value.items()}
    return value


def as_peer_shows(user):
    """thriftpy has numbers for enums."""
    return dict(user, role=7)


@contextlib.contextmanager
def peer_server(scheme, transport, protocol, idl=IDL):
    """Yields a server's URL and a function that ends it and returns the calls that it told of."""
    with tempfile.TemporaryDirectory(prefix="thriftpp-") as folder:
        where = f"unix://{folder}/socket" if scheme == "unix" else "tcp://127.0.0.1:0"
        process = subprocess.Popen([*PEER, "server", idl, where, transport, protocol],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            ready, _, _ = select.select([process.stdout], [], [], harness.LIMIT)
            line = process.stdout.readline() if ready else ""
            if not line:
                raise AssertionError("thriftpy's server did not start")
            (place,) = json.loads(line)

            def calls():
                process.kill()
                return [in_order(json.loads(line)) for line in process.stdout]

            yield f"{scheme}://{place}?transport={transport}", calls
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


class ThriftPy(harness.Case):
    def call_all(self, to, calls):
        def call(method, *words):
            out = self.succeeds("call", IDL, "UserService." + method, *words, "--to", to).out
            return in_order(json.loads(out)) if out else None

        # four calls in one connection; the code is that of the first that failed
        ran = harness.run("call", IDL, "UserService.getUser", "--lines", "@-", "--to", to,
                          stdin="".join(json.dumps({"userId": i}) + "\n" for i in ("7", "0", "-1", "7")))
        self.assertEqual(ran.code, 6, ran)
        self.assertEqual([in_order(json.loads(line)) for line in ran.out.splitlines()], [
            {"result": ZOE},
            {"exception": {"missing": {"what": "nobody is 0", "code": 404}}},
            {"exception": {"refused": {"why": "a negative id"}}},
            {"result": ZOE}])
        self.assertIsNone(call("note", "text=\u2615", "level=-3"))
        self.assertEqual(call("getAllUsers"), [ZOE, NOBODY])
        self.assertIsNone(call("updateUser", json.dumps({"userId": "7", "updatedUser": ZOE})))
        self.assertIsNone(call("ping"))
        self.assertEqual(call("sum", f"numbers=[1,-2,{2**62}]"), 2**62 - 1)
        self.assertEqual(calls(), [
            ["getUser", "7"], ["getUser", "0"], ["getUser", "-1"], ["getUser", "7"],
            ["note", "\u2615", -3], ["getAllUsers"], ["updateUser", "7", as_peer_shows(ZOE)],
            ["ping"], ["sum", [1, -2, 2**62]]])

    def test_it_is_called(self):
        for way in WAYS:
            with self.subTest(way), peer_server(*way) as (to, calls):
                self.call_all(to, calls)

    def client(self, way, replies, idl=IDL, peer_idl=IDL):
        """What its client got, and the (method, arguments) that our server was called with."""
        scheme, transport, protocol = way
        with tempfile.TemporaryDirectory(prefix="thriftpp-") as folder:
            file = pathlib.Path(folder) / "replies.json"
            file.write_text(json.dumps(replies))
            where = f"unix://{folder}/socket" if scheme == "unix" else "tcp://127.0.0.1:0"
            with harness.Serving(idl, "UserService", "--replies", file, "-v", listen=where) as server:
                done = subprocess.run([*PEER, "client", peer_idl, server.url, transport, protocol],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                      timeout=harness.LIMIT, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)
                status, calls = server.stop()
        self.assertEqual(status, 0, calls)
        calls = [line.split(" ", 1) for line in calls.splitlines()]
        return ([in_order(json.loads(line)) for line in done.stdout.splitlines()],
                [(method, in_order(json.loads(words))) for method, words in calls])

    # note, which is oneway, has no reply, although thriftpy's message says that it is a plain call
    CALLS = [
        ("getUser", {"userId": "7"}),
        ("note", {"text": "thriftpy sends it as a call that expects a reply", "level": 3}),
        ("sum", {"numbers": [1, -2, 2**62]}),
        ("updateUser", {"userId": "7", "updatedUser": ZOE}),
        ("getAllUsers", {}),
        ("ping", {}),
    ]

    def test_it_calls_and_has_results(self):
        replies = {"getUser": {"result": ZOE}, "sum": {"result": -2**63},
                   "getAllUsers": {"result": [ZOE, NOBODY]}}
        for way in WAYS:
            with self.subTest(way):
                got, calls = self.client(way, replies)
                self.assertEqual(calls, self.CALLS)
                self.assertEqual(got, [
                    ["result", as_peer_shows(ZOE)], ["result", None], ["result", -2**63],
                    ["result", None], ["result", [as_peer_shows(ZOE), NOBODY]], ["result", None]])

    def test_it_calls_and_has_exceptions(self):
        replies = {"getUser": {"exception": {"missing": {"what": "nobody is 7", "code": 404}}},
                   "updateUser": {"exception": {"refused": {"why": "no"}}},
                   "sum": {"error": {"message": "too much", "type": 6}},
                   "getAllUsers": {"result": []}}
        for way in WAYS:
            with self.subTest(way):
                got, calls = self.client(way, replies)
                self.assertEqual(calls, self.CALLS)
                self.assertEqual(got, [
                    ["NotFound", {"what": "nobody is 7", "code": 404}], ["result", None],
                    ["TApplicationException", 6, "too much"], ["Refused", {"why": "no"}],
                    ["result", []], ["result", None]])

    def test_it_is_called_where_the_idl_has_no_ids(self):
        way = ("tcp", "buffered", "cybin")
        with peer_server(*way, idl=SMALL) as (to, calls):
            got = [self.succeeds("call", SAMPLE, "UserService." + words[0], *words[1:], "--to", to).out
                   for words in (["getUser", "userId=7"],
                                 ["updateUser", json.dumps({"userId": "7", "updatedUser": SMALL_ZOE})],
                                 ["getAllUsers"])]
            self.assertEqual([json.loads(out) if out else None for out in got], [
                ZOE["name"], None, [SMALL_ZOE, {"id": "8", "name": "", "age": 0}]])
            self.assertEqual(calls(), [["getUser", "7"], ["updateUser", "7", SMALL_ZOE], ["getAllUsers"]])

    def test_it_calls_where_the_idl_has_no_ids(self):
        got, calls = self.client(("tcp", "buffered", "cybin"), {
            "getUser": {"result": "Zo\u00eb"}, "getAllUsers": {"result": [SMALL_ZOE]}}, SAMPLE, SMALL)
        self.assertEqual(calls, [("getUser", {"userId": "7"}),
                                 ("updateUser", {"userId": "7", "updatedUser": SMALL_ZOE}),
                                 ("getAllUsers", {})])
        self.assertEqual(got, [["result", "Zo\u00eb"], ["result", None], ["result", [SMALL_ZOE]]])


if __name__ == "__main__":
    reason = why_not()
    if reason:
        print("skipped: interop.clients.thriftpy (%s)" % reason)
    else:
        harness.main()
