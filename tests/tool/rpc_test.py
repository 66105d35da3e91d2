#!/usr/bin/env python3
"""call and serve: every shape of method, data in every form, and an exit code for each outcome."""

import json
import os
import pathlib
import signal
import socket
import struct
import tempfile
import threading

import harness
from harness import SAMPLES, Serving, run

USER = SAMPLES / "user.thrift"
SHOP = SAMPLES / "shop.thrift"
UUID = "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"
LISTEN = "tcp://127.0.0.1:0"


class Peer:
    """A TCP peer that accepts one connection, sends `reply` once it has heard something, and closes
    it; with reply None it says nothing until the client has gone."""

    def __init__(self, reply):
        self.reply = reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(10)
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.answer)
        self.thread.start()

    def answer(self):
        try:
            connection, _ = self.listener.accept()
        except TimeoutError:
            return  # nobody came, which the test has seen too
        with connection:
            connection.recv(65536)
            if self.reply is None:
                connection.recv(1)  # until it is closed
            else:
                connection.sendall(self.reply)

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()


class Calls(harness.Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def replies(self, replies):
        path = self.folder / "replies.json"
        path.write_text(replies if isinstance(replies, str) else json.dumps(replies))
        return path

    def test_plausible_replies_have_the_types_of_the_idl(self):
        with Serving(USER, "UserService") as server:
            to = ["--to", server.url]
            self.assertEqual(self.succeeds("call", USER, "UserService.getUser", "userId=1", *to).out,
                             '"getUser"\n')
            self.assertEqual(self.succeeds("call", USER, "getAllUsers", *to).out,
                             '[{"id":"id","name":"name","age":1}]\n')
            ran = self.succeeds("call", USER, "updateUser", "userId=1",
                                'updatedUser={"id":"1","name":"Ann","age":3}', *to)
            self.assertEqual(ran.out, "")
        with Serving(SHOP, "Shop") as server:
            ran = self.succeeds("call", SHOP, "Shop.place", "{}", "--indent", "2", "--to", server.url)
            order = json.loads(ran.out)
            self.assertEqual(order["state"], "PLACED")
            self.assertEqual(order["payment"], {"card_token": "card_token"})
            self.assertEqual(order["lines"][0]["count"], 1)
            again = self.succeeds("call", SHOP, "Shop.place", "{}", "--to", server.url)
            self.assertEqual(json.loads(again.out), order)

    def test_replies_come_from_a_file(self):
        path = self.replies({
            "product": {"exception": {"missing": {"what": "product", "id": UUID}}},
            "search": {"result": [{"id": UUID, "name": "A", "price": {"amount": 5}}]},
            "cancel": {},
            "stock": {"error": {"message": "counting", "type": 6}},
            "ping": {"result": None},
        })
        with Serving(SHOP, "Shop", "--replies", path) as server:
            to = ["--to", server.url]
            ran = run("call", SHOP, "Shop.product", f"id={UUID}", *to)
            self.assertEqual((ran.code, ran.err), (6, ""), ran)
            self.assertEqual(json.loads(ran.out),
                             {"exception": {"missing": {"what": "product", "id": UUID}}})
            ran = run("call", SHOP, "Shop.stock", f'products=["{UUID}"]', *to)
            self.assertEqual((ran.code, ran.err), (7, ""), ran)
            self.assertEqual(ran.out, '{"error":{"message":"counting","type":6}}\n')
            found = json.loads(self.succeeds("call", SHOP, "Shop.search", "words=a", *to).out)
            self.assertEqual(found[0]["price"], {"amount": 5, "currency": "EUR"})
            for method, words in [("cancel", [f"order={UUID}"]), ("ping", []),
                                  ("viewed", [f"product={UUID}", "at=5"])]:
                self.assertEqual(self.succeeds("call", SHOP, f"Shop.{method}", *words, *to).out, "")
            # what comes of the IDL that the server shares with others
            self.assertEqual(self.succeeds("call", SHOP, "Shop.uptime", *to).out, "1.5\n")

    def test_data_is_words_or_json_or_a_file_or_standard_input(self):
        file = self.folder / "data.json"
        file.write_text('{"userId": "7"}')
        raw = self.folder / "raw"
        raw.write_bytes(b"a\xff")
        with Serving(USER, "UserService", "-v") as server:
            for data, stdin, seen in [
                (["userId=7"], b"", '{"userId":"7"}'),
                (["userId:=\"7\""], b"", '{"userId":"7"}'),
                (['{"userId": "7"}'], b"", '{"userId":"7"}'),
                ([f"@{file}"], b"", '{"userId":"7"}'),
                (["@-"], b'{"userId": "8"}', '{"userId":"8"}'),
                ([f"userId=@{raw}"], b"", '{"userId":{"base64":"Yf8="}}'),
                (["userId==@x"], b"", '{"userId":"=@x"}'),
                ([], b"", "{}"),
            ]:
                with self.subTest(data):
                    self.succeeds("call", USER, "getUser", *data, "--to", server.url, stdin=stdin)
                    self.assertEqual(server.process.stderr.readline(), f"getUser {seen}\n")
            self.succeeds("call", USER, "updateUser", "updatedUser.id=1", "updatedUser.age=-3",
                          "updatedUser.name=Ann B", "--to", server.url)
            self.assertEqual(server.process.stderr.readline(),
                             'updateUser {"updatedUser":{"id":"1","name":"Ann B","age":-3}}\n')

    def test_words_follow_the_type(self):
        with Serving(SHOP, "Shop", "-v") as server:
            def seen(*words):
                self.succeeds("call", SHOP, *words, "--to", server.url)
                return json.loads(server.process.stderr.readline().split(" ", 1)[1])
            self.assertEqual(seen("Shop.search", "words=1", "category=GAMES", "limit=3"),
                             {"words": "1", "category": "GAMES", "limit": 3})
            self.assertEqual(seen("Shop.search", "category=10"), {"category": "BOOKS", "limit": 20})
            self.assertEqual(seen("Shop.place", "payment.on_delivery=true",
                                  f'lines=[{{"product":"{UUID}"}}]'),
                             {"lines": [{"product": UUID, "count": 1}],
                              "payment": {"on_delivery": True}})

    def test_every_way_to_a_server(self):
        path = self.folder / "s"
        for listen, query in [(LISTEN, "?transport=framed"), (LISTEN, "?transport=buffered"),
                              (f"unix://{path}", "?transport=framed"),
                              (f"unix:@thriftpp-test-{path.parent.name}", "")]:
            with self.subTest(listen + query), Serving(USER, "UserService", listen=listen) as server:
                ran = self.succeeds("call", USER, "getUser", "--to", server.url + query)
                self.assertEqual(ran.out, '"getUser"\n')

    def test_sasl_lets_in_whom_the_file_names(self):
        users = self.folder / "users"
        users.write_text("# who may call\nann:first secret\nbob:second\nann:first:x\n")
        call = ("call", USER, "getUser", "--to")
        with Serving(USER, "UserService", "--users", users, listen=LISTEN + "?sasl=plain") as server:
            url = server.url + "&user="
            for user, password, good in [("ann", "first secret", True), ("bob", "second", True),
                                         ("ann", "second", False), ("eve", "", False),
                                         ("ann%3Afirst", "x", False)]:
                env = {**os.environ, "THRIFTPP_PASSWORD": password}
                with self.subTest(user=user, password=password):
                    if good:
                        self.assertEqual(self.succeeds(*call, url + user, env=env).out, '"getUser"\n')
                    else:
                        self.fails(2, "refused", *call, url + user, env=env)
        users.write_text("\n")
        self.fails(1, f"{users} holds no users", "serve", USER, "UserService", "--users", users,
                   "--listen", LISTEN)

    def test_headers_go_along_and_verbose_shows_what_came_back(self):
        with Serving(USER, "UserService", listen="http://127.0.0.1:0") as server:
            ran = self.succeeds("call", USER, "UserService.getUser", "userId=1", "-v",
                                "-H", "X-Tag: seven", "--to", server.url)
            self.assertEqual(ran.out, '"getUser"\n')
            self.assertRegex(ran.err, r"^getUser to http://127.0.0.1:\d+/: [\d.]+ ms, \d+ bytes sent, "
                                      r"\d+ received in binary\n< Content-Type: application/x-thrift\n")
            self.fails(2, "`x` is no header like `name: value`", "call", USER, "getUser", "-H", "x",
                       "--to", server.url)
            self.fails(2, "is no header that HTTP can send", "call", USER, "getAllUsers",
                       "-H", "x: a\nb", "--to", server.url)

    def test_many_calls_go_over_one_connection(self):
        lines = '{"userId": "1"}\n\n{"userId": "2"}\n{"userId": "3"}'
        replies = self.replies({"getUser": {"error": {"message": "no", "type": 6}}})
        for transport in ("framed", "zlib", "header"):
            with Serving(USER, "UserService") as server:
                ran = self.succeeds("call", USER, "UserService.getUser", "--lines", "@-", "--to",
                                    server.url + "?transport=" + transport, stdin=lines)
                self.assertEqual(ran.out, '{"result":"getUser"}\n' * 3)
        with Serving(USER, "UserService", "--replies", replies) as server:
            ran = run("call", USER, "getUser", "--lines", "@-", "--to", server.url, stdin=lines)
            self.assertEqual(ran.code, 7, ran)
            self.assertEqual(ran.out, '{"error":{"message":"no","type":6}}\n' * 3)
            self.fails(1, "line 1:", "call", USER, "getUser", "--lines", "@-", "--to", server.url,
                       stdin='{"userid": 1}\n')
            self.fails(2, "takes the place of DATA", "call", USER, "getUser", "userId=1",
                       "--lines", "@-", "--to", server.url)

    def test_a_probe_finds_out_what_a_port_speaks(self):
        for listen, query in [
            ("tcp://127.0.0.1:0", "?protocol=binary&transport=framed"),
            ("tcp://127.0.0.1:0?transport=buffered", "?protocol=binary&transport=buffered"),
            ("tcp://127.0.0.1:0?transport=header", "?protocol=binary&transport=header"),
            ("tcp://127.0.0.1:0?transport=zlib", "?protocol=binary&transport=zlib"),
        ]:
            with self.subTest(listen), Serving(USER, "UserService", listen=listen) as server:
                place = server.url.partition("?")[0]
                ran = self.succeeds("probe", USER, "--to", place)
                self.assertEqual(ran.out, place + query + "\n")
        with Serving(USER, "UserService", listen="http://127.0.0.1:0") as server:
            ran = self.succeeds("probe", USER, "-v", "--to", "tcp" + server.url[4:].rstrip("/"))
            self.assertEqual(ran.out, server.url + "?protocol=binary\n")
            self.assertIn("- tcp://", ran.err)
            self.assertIn("+ http://", ran.err)
        with Peer(b"SSH-2.0\r\n") as url:
            ran = run("probe", USER, "--to", url, "--timeout", "200ms")
            self.assertEqual(ran.code, 5, ran)
            self.assertIn("nothing that was tried was understood", ran.err)

    def test_a_probe_finds_services_where_a_call_without_one_closes_the_connection(self):
        def serve(connection):
            head = connection.recv(12)  # size of the frame, version, size of the name
            if len(head) < 12 or head[4:8] != b"\x80\x01\0\1":
                return
            name = connection.recv(int.from_bytes(head[8:], "big"))
            if not name.startswith(b"UserService:"):
                return
            name = name.partition(b":")[2]
            reply = b"\x80\x01\0\3" + len(name).to_bytes(4, "big") + name + connection.recv(4)
            reply += b"\x0b\0\1\0\0\0\2no\x08\0\2\0\0\0\1\0"
            connection.sendall(len(reply).to_bytes(4, "big") + reply)

        def accept(listener):
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)

        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=accept, args=(listener,))
            thread.start()
            url = "tcp://127.0.0.1:%d" % listener.getsockname()[1]
            ran = self.succeeds("probe", USER, "--timeout", "5s", "--to", url)
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        self.assertEqual(ran.out, url + "?protocol=binary&transport=framed&service=UserService\n")

    def test_ipv6(self):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("this machine has no ::1")
        with Serving(USER, "UserService", listen="tcp://[::1]:0") as server:
            self.assertRegex(server.url, r"^tcp://\[::1\]:\d+$")
            ran = self.succeeds("call", USER, "getUser", "--to", server.url)
            self.assertEqual(ran.out, '"getUser"\n')

    def test_the_server_ends_when_told(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with Serving(USER, "UserService") as server:
                self.assertEqual(server.stop(how), (0, ""))

    def test_nobody_there_is_3(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.fails(3, f"tcp://127.0.0.1:{port}: ", "call", USER, "getUser",
                   "--to", f"tcp://127.0.0.1:{port}")
        self.fails(3, f"unix://{self.folder}/none: ", "call", USER, "getUser",
                   "--to", f"unix://{self.folder}/none")

    def test_no_answer_is_4(self):
        with Peer(None) as url:
            self.fails(4, f"{url}: ", "call", USER, "getUser", "--timeout", "50ms", "--to", url)

    def test_a_broken_answer_is_5(self):
        for reply in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x80\x01\x00\x02\x7f\xff\xff\xff"):
            with self.subTest(reply), Peer(reply) as url:
                self.fails(5, "", "call", USER, "getUser", "--to", url)
        head = b"\x80\x01\x00\x02" + struct.pack(">i", 7) + b"getUser" + struct.pack(">i", 1)
        with Peer(head + b"\x08\x00\x00\x00\x00\x00\x05\x00") as url:  # an i32 where a string is
            ran = run("call", USER, "getUser", "--to", url)
            self.assertIn(ran.code, (5, 7), ran)

    def test_wrong_data_is_1_and_nothing_is_sent(self):
        to = ["--to", "tcp://127.0.0.1:1"]  # where nobody is: the mistake is found first
        for words, message in [
            (["usrId=1"], "`getUser` has no argument `usrId`; did you mean `userId`?"),
            (['{"usrId": "1"}'], "no field `usrId`; did you mean `userId`?"),
            (['{"userId": 1}'], "userId: expected `string`, got `1`"),
            (['{"userId": '], "not JSON at line 1"),
            (["@/no/such/file"], "cannot read `/no/such/file`"),
        ]:
            with self.subTest(words):
                self.fails(1, message, "call", USER, "getUser", *words, *to)
        for words, message in [
            (["updatedUser.age=3000000000"], "updatedUser.age: 3000000000 does not fit `i32`"),
            (["updatedUser.age=x"], "updatedUser.age: not JSON at line 1, column 1"),
            (["updatedUser.id=1"], "`updatedUser.name`: required field"),
            (['updatedUser={"id":"1","name":"A"}'], "updatedUser.age: required field"),
        ]:
            with self.subTest(words):
                self.fails(1, message, "call", USER, "updateUser", *words, *to)
        self.fails(1, "`getUsr`; did you mean `getUser`?", "call", USER, "UserService.getUsr", *to)
        self.fails(1, "`UserServce`; did you mean `UserService`?", "call", USER,
                   "UserServce.getUser", *to)

    def test_misuse_is_2(self):
        self.fails(2, "--to is required", "call", USER, "getUser")
        self.fails(2, "`x` is no argument", "call", USER, "getUser", "x", "--to", "tcp://h:1")
        self.fails(2, "`userId` is given twice", "call", USER, "getUser", "userId=1", "userId=2",
                   "--to", "tcp://h:1")
        self.fails(2, "`gopher", "call", USER, "getUser", "--to", "gopher://h:1")
        self.fails(2, "`soon` is no time", "call", USER, "getUser", "--to", "tcp://h:1",
                   "--timeout", "soon")
        self.fails(2, "--listen is required", "serve", USER, "UserService")
        self.fails(2, "no verb `cal`; did you mean `call`?", "cal")
        self.fails(2, "thriftpp", "--no-such-option")

    def test_mistakes_in_replies_are_told_before_anybody_is_served(self):
        for replies, message in [
            ({"getUsr": {"result": ""}}, "`getUsr`; did you mean `getUser`?"),
            ({"getUser": {"result": 1}}, "getUser: result: expected `string`, got `1`"),
            ({"getUser": {"reslt": ""}}, "no `reslt` belongs here; did you mean `result`?"),
            ({"updateUser": {"result": 1}}, "`updateUser` returns nothing"),
            ({"getUser": {}}, "getUser: expected `result`, `exception` or `error`: the method returns"),
            ({"getAllUsers": {"result": [{"id": "1"}]}}, "getAllUsers: result[0].name: required"),
            ("[", "not JSON at line 1"),
            ("[]", "expected an object of replies by method, got an array"),
        ]:
            with self.subTest(replies):
                self.fails(1, message, "serve", USER, "UserService", "--listen", LISTEN,
                           "--replies", self.replies(replies))
        self.fails(1, "cannot read", "serve", USER, "UserService", "--listen", LISTEN,
                   "--replies", "/no/such/file")
        self.fails(1, "`Userservice`; did you mean `UserService`?", "serve", USER, "Userservice",
                   "--listen", LISTEN)

    def test_a_port_that_is_taken_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
            self.fails(3, url, "serve", USER, "UserService", "--listen", url)


class Help(harness.Case):
    def test_each_verb_has_an_example(self):
        verbs = ["check", "describe", "call", "bench", "serve", "probe", "decode", "encode"]
        overview = self.succeeds("--help").out
        for verb in verbs:
            self.assertIn(f"  {verb} ", overview)
            self.assertIn(f"  thriftpp {verb} ", self.succeeds(verb, "--help").out)

    def test_the_version_is_told(self):
        self.assertRegex(self.succeeds("--version").out, r"^thriftpp \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    harness.main()
