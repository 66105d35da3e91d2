#!/usr/bin/env python3
"""self.py INTEROP_PEER buffered|framed: our client against our server."""

import pathlib
import subprocess
import sys

peer, transport = sys.argv[1:]
idl = str(pathlib.Path(__file__).resolve().parent / "interop.thrift")
server = subprocess.Popen([peer, "server", idl, "tcp://127.0.0.1:0"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True)
try:
    url = server.stdout.readline().strip()
    client = subprocess.run([peer, "client", idl, url + "?transport=" + transport], timeout=60)
    server.stdin.close()
    sys.exit(client.returncode or server.wait(60))
finally:
    server.kill()
    server.wait()
