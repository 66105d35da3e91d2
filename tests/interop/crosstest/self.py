#!/usr/bin/env python3
"""self.py CROSSTEST SHARED: our client against our server in every combination of the cross test.

Prints a line for each that fails. Without ThriftTest.thrift in SHARED it says that it is skipped."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

CROSSTEST, SHARED = sys.argv[1:]
IDL = pathlib.Path(SHARED) / "corpus/files/apache__thrift/test/ThriftTest.thrift"
KEYS = pathlib.Path(__file__).resolve().parent.parent.parent / "support/keys"


def certs(folder):
    """The files by the names that Apache's cross test gives them."""
    for side in ("server", "client"):
        pem = (KEYS / (side + ".pem")).read_text()
        key = pem.index("-----BEGIN PRIVATE KEY")
        (folder / (side + ".crt")).write_text(pem[:key])
        (folder / (side + ".key")).write_text(pem[key:])
    (folder / "CA.pem").write_text((KEYS / "ca.pem").read_text())
    return folder


def combinations():
    for protocol in ("binary", "compact", "json", "header", "multi", "multic", "multij", "multih"):
        for transport in ("buffered", "framed", "zlib", "http", "header"):
            yield protocol, transport


def run(server_flags, client_flags, socket_flags):
    server = subprocess.Popen([CROSSTEST, "server", "--idl", IDL, *server_flags, *socket_flags],
                              stdout=subprocess.PIPE, text=True)
    failed = 0
    try:
        url = server.stdout.readline()
        found = re.search(r":(\d+)[?\n]", url)
        port = found.group(1) if found else "0"
        for protocol, transport in combinations():
            client = [CROSSTEST, "client", "--idl", IDL, "--protocol=" + protocol,
                      "--transport=" + transport, *client_flags, "--port=" + port]
            if transport == "zlib":
                client.append("--zlib")
            done = subprocess.run(client + [w for w in socket_flags if w != "--port=0"],
                                  capture_output=True, text=True, timeout=60)
            if "is not supported" in done.stderr:
                print("skipped: interop.crosstest.self.%s (not in this build)" % protocol)
            elif done.returncode != 0:
                failed += 1
                print("failed: %s %s %s: %d\n%s%s" % (protocol, transport, client_flags,
                                                      done.returncode, done.stdout, done.stderr))
        server.send_signal(signal.SIGHUP)
        if server.wait(60) != 0:
            sys.exit("the server ended with %d" % server.returncode)
    finally:
        server.kill()
        server.wait()
    return failed


def main():
    if not IDL.exists():
        print("skipped: interop.crosstest.self (no ThriftTest.thrift in %s)" % SHARED)
        return 0
    with tempfile.TemporaryDirectory(prefix="thriftpp-") as name:
        folder = certs(pathlib.Path(name))
        ssl = ["--ssl", "--certs", str(folder)]
        failed = run([], ["--host=127.0.0.1"], ["--port=0"])
        failed += run(ssl, ssl + ["--host=127.0.0.1"], ["--port=0"])
        failed += run([], [], ["--domain-socket", str(folder / "socket")])
        failed += run([], [], ["--abstract-namespace", "--domain-socket",
                               "thriftpp-crosstest-%d" % os.getpid()])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
