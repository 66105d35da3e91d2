#!/usr/bin/env python3
"""gateway: flags and files, signals, TLS, changes of the IDL; and two replicas behind HAProxy."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.parse

import harness
from gateways import Gateway, replace, wait_until
from harness import SAMPLES, LIMIT, Serving

USER = SAMPLES / "user.thrift"
KEYS = harness.arguments.source / "tests" / "support" / "keys"


class GatewayTest(harness.Case):
    def test_calls_and_ends(self):
        with Serving(USER, "UserService") as server, \
                Gateway(USER, "--upstream", "UserService=" + server.url) as gateway:
            status, body = gateway.get("/UserService/getUser", "POST", '{"userId": "1"}')
            self.assertEqual((status, json.loads(body)), (200, "getUser"))
            self.assertEqual(gateway.get("/UserService/nothing", "POST", "{}")[0], 404)
            self.assertEqual(gateway.get("/docs")[0], 200)
            self.assertEqual(gateway.stop(), 0)

    def test_listens_and_calls_over_unix_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            place = urllib.parse.quote(folder, safe="")
            with Serving(USER, "UserService", listen="unix://" + folder + "/upstream") as server:
                url = "http+unix://" + place + "%2F"
                with Gateway(USER, "--upstream", "UserService=" + url + "upstream/any/path",
                             listen=url + "gateway") as gateway:
                    status, body = gateway.get("/UserService/getUser", "POST", '{"userId": "1"}')
                    self.assertEqual((status, json.loads(body)), (200, "getUser"))
                    self.assertEqual(gateway.stop(), 0)
                    self.assertFalse(os.path.exists(folder + "/gateway"))
                self.assertIn("unix", server.url)

    def test_what_is_wrong_with_the_words(self):
        self.fails(2, "no --upstream is given", "gateway", USER, "--listen", "http://127.0.0.1:0")
        self.fails(2, "no .thrift file is given", "gateway")
        self.fails(2, "no --listen is given", "gateway", USER, "--upstream", "tcp://127.0.0.1:1")
        self.fails(2, "expected an exception and a status", "gateway", USER, "--upstream",
                   "tcp://127.0.0.1:1", "--listen", "http://127.0.0.1:0", "--map", "X")
        self.fails(1, "the IDL has no exception `NotFound`", "gateway", USER, "--upstream",
                   "tcp://127.0.0.1:1", "--listen", "http://127.0.0.1:0", "--map", "NotFound=404")
        self.fails(1, "did you mean `UserService`?", "gateway", USER, "--upstream",
                   "UserServic=tcp://127.0.0.1:1", "--listen", "http://127.0.0.1:0")
        self.fails(2, "listens on `http://`, `https://` or `http+unix://`", "gateway", USER, "--upstream",
                   "tcp://127.0.0.1:1", "--listen", "tcp://127.0.0.1:0")

    def test_a_file_says_what_flags_say(self):
        with tempfile.TemporaryDirectory() as folder, Serving(USER, "UserService") as server:
            config = pathlib.Path(folder) / "gateway.json"
            tokens = pathlib.Path(folder) / "tokens"
            log = pathlib.Path(folder) / "access.log"
            tokens.write_text("# who may\ngood\n")
            config.write_text(json.dumps({
                "idl": [str(USER)], "upstream": {"UserService": [server.url]},
                "listen": "http://127.0.0.1:0", "max_body": 100, "timeout": "3s",
                "token_file": str(tokens), "access_log": str(log), "watch": True, "threads": 1}))
            good = {"Authorization": "Bearer good"}
            with Gateway("--config", config, "--max-body", "1000", listen=None) as gateway:
                call = ("/UserService/getUser", "POST")
                self.assertEqual(gateway.get(*call, "{}")[0], 401)
                self.assertEqual(gateway.get(*call, "{}" + " " * 200, good)[0], 200)
                self.assertEqual(gateway.get(*call, "{}" + " " * 2000, good)[0], 413)
                self.assertEqual(gateway.stop(), 0)
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            self.assertEqual([line["status"] for line in lines], [401, 200, 413])
            config.write_text('{"max_bdy": 1}')
            self.fails(1, "max_bdy: there is no such option; did you mean `max_body`?", "gateway",
                       "--config", config)
            config.write_text('{"max_body": "much"}')
            self.fails(1, "max_body: ", "gateway", "--config", config)
            for wrong, told in (('"max_body": -1', "`-1` is no amount"), ('"rate": "nan"', "`nan` is no amount"),
                                ('"timeout": 5', "is no time"), ('"": ["x"]', "no such option")):
                config.write_text("{%s}" % wrong)
                self.fails(1, told, "gateway", "--config", config)
            config.write_text('{"include": ["x"], "max_body": 1e6}')  # then nothing is said of these
            self.fails(2, "no .thrift file is given", "gateway", "--config", config)
            config.write_text('{"max_body": [1, 2]}')
            self.fails(1, "expected one value, got an array", "gateway", "--config", config)

    def test_the_schema_knows_every_option(self):
        schema = json.loads(self.succeeds("gateway", "--config-schema").out)
        help_text = self.succeeds("gateway", "--help").out
        words = {word.replace("-", "_") for word in re.findall(r"--([a-z][a-z0-9-]+)", help_text)}
        words -= {"help", "config", "config_schema", "allow_neg_keys", "json"}  # a second name, and curl's
        self.assertLess({"max_body", "upstream", "listen", "int64"}, words)
        self.assertEqual(set(), words - set(schema["properties"]))
        self.assertIn("idl", schema["properties"])

    def test_changes_are_followed(self):
        with tempfile.TemporaryDirectory() as folder, Serving(USER, "UserService") as server:
            idl = pathlib.Path(folder) / "user.thrift"
            shutil.copy(USER, idl)
            with Gateway(idl, "--upstream", server.url, "--watch", "--watch-interval",
                         "20ms") as gateway:
                replace(idl, USER.read_text() + "\nstruct {")
                wait_until(lambda: '"current": false' in gateway.get("/status")[1])
                self.assertEqual(gateway.get("/UserService/getUser", "POST", "{}")[0], 200)
                replace(idl, USER.read_text().replace("getUser(", "fetchUser("))
                wait_until(lambda: gateway.get("/UserService/getUser", "POST", "{}")[0] == 404)
                self.assertIn("method `UserService.getUser` is gone", gateway.get("/status")[1])
            log = "".join(gateway.lines)
            self.assertIn("the IDL was not taken; the one before stays", log)
            self.assertIn("user.thrift:", log)
            self.assertIn("breaking change: method `UserService.getUser` is gone", log)

    def test_sighup_looks_for_changes(self):
        with tempfile.TemporaryDirectory() as folder, Serving(USER, "UserService") as server:
            idl = pathlib.Path(folder) / "user.thrift"
            shutil.copy(USER, idl)
            with Gateway(idl, "--upstream", server.url) as gateway:
                idl.write_text(USER.read_text().replace("getUser(", "fetchUser("))
                self.assertEqual(gateway.get("/UserService/getUser", "POST", "{}")[0], 200)
                gateway.process.send_signal(signal.SIGHUP)
                wait_until(lambda: gateway.get("/UserService/getUser", "POST", "{}")[0] == 404)

    def test_tls_and_certificates_of_clients(self):
        listen = f"https://127.0.0.1:0?cert={KEYS}/server.pem&ca={KEYS}/ca.pem"
        with Serving(USER, "UserService") as server, \
                Gateway(USER, "--upstream", server.url, listen=listen) as gateway:
            context = ssl.create_default_context(cafile=KEYS / "ca.pem")
            context.load_cert_chain(KEYS / "client.pem")
            context.check_hostname = False
            call = ("/UserService/getUser", "POST", "{}")
            self.assertEqual(gateway.get(*call, context=context)[0], 200)
            stranger = ssl.create_default_context(cafile=KEYS / "ca.pem")
            stranger.check_hostname = False
            with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
                gateway.get(*call, context=stranger)
            self.assertEqual(gateway.get(*call, context=context)[0], 200)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


HAPROXY = """
global
  maxconn 200
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  retries 3
  option redispatch
  retry-on conn-failure empty-response 503
frontend in
  bind 127.0.0.1:{port}
  default_backend gateways
backend gateways
  option httpchk GET /readyz
  default-server check inter 50ms fall 1 rise 1
  server a 127.0.0.1:{a}
  server b 127.0.0.1:{b}
"""


class ReplicasTest(harness.Case):
    """What a balancer in front needs is there: checks, draining, and nothing kept in one of them."""

    def setUp(self):
        self.haproxy = shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")
        if self.haproxy is None:
            self.skipTest("no haproxy")

    def load(self, port, stop, results):
        while not stop.is_set():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
                for _ in range(20):
                    connection.request("POST", "/UserService/getUser", '{"userId": "1"}',
                                       {"Content-Type": "application/json"})
                    reply = connection.getresponse()
                    reply.read()
                    results.append(reply.status)
                    if stop.is_set():
                        break
                connection.close()
            except (OSError, http.client.HTTPException) as error:
                results.append(repr(error))

    def run_with(self, act):
        """Statuses of all calls while `act(replica)` happens to one of the two."""
        with tempfile.TemporaryDirectory() as folder, Serving(USER, "UserService") as server:
            words = (USER, "--upstream", server.url, "--threads", "1", "--drain-delay", "300ms")
            with Gateway(*words) as a, Gateway(*words) as b:
                port = free_port()
                config = pathlib.Path(folder) / "haproxy.cfg"
                config.write_text(HAPROXY.format(port=port, a=a.port, b=b.port))
                proxy = subprocess.Popen([self.haproxy, "-f", config, "-db"],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    def answers():
                        with socket.socket() as one:
                            return one.connect_ex(("127.0.0.1", port)) == 0
                    wait_until(answers)
                    stop = threading.Event()
                    results = []
                    threads = [threading.Thread(target=self.load, args=(port, stop, results))
                               for _ in range(4)]
                    for thread in threads:
                        thread.start()
                    wait_until(lambda: len(results) > 100)
                    act(a)
                    before = len(results)
                    wait_until(lambda: len(results) > before + 200)
                    stop.set()
                    for thread in threads:
                        thread.join()
                    return results
                finally:
                    proxy.terminate()
                    proxy.wait(LIMIT)

    def test_a_replica_that_is_told_to_stop_costs_no_call(self):
        results = self.run_with(lambda replica: self.assertEqual(replica.stop(), 0))
        self.assertEqual(set(results), {200})

    def test_a_replica_that_is_killed_costs_only_what_it_had_begun(self):
        def kill(replica):
            replica.process.kill()
            replica.process.wait()
        results = self.run_with(kill)
        failed = [result for result in results if result != 200]
        # four clients, one request each: those that were being answered may be lost, no others
        self.assertLessEqual(len(failed), 4, failed)
        self.assertEqual(set(results[-100:]), {200})


if __name__ == "__main__":
    harness.main()
