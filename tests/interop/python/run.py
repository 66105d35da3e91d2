#!/usr/bin/env python3
"""One case of our peer against Apache's Python runtime.

    run.py --peer INTEROP_PEER --build FOLDER ROLE SOCKET TRANSPORT

ROLE is what the Python side is: server or client. SOCKET is tcp or unix, TRANSPORT buffered or
framed. Without Debian's python3-thrift or thrift-compiler the case says that it is skipped.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
IDL = HERE.parent / "interop.thrift"
PYTHON = "/usr/bin/python3"  # the one that Debian's package belongs to
SECONDS = 60


def skip(case, reason):
    print("skipped: %s (%s)" % (case, reason))
    sys.exit(0)


def why_not():
    if not pathlib.Path(PYTHON).exists() or subprocess.run(
            [PYTHON, "-c", "from thrift.protocol import TBinaryProtocol"],
            stderr=subprocess.DEVNULL).returncode != 0:
        return "no python3-thrift, or no python3-six, which it needs"
    if shutil.which("thrift") is None:
        return "no thrift-compiler"
    return None


def with_server(command, run_client):
    """Starts the server, has `run_client` called with what it printed first, and ends it."""
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        place = server.stdout.readline().strip()
        if not place:
            sys.exit("the server did not start")
        status = run_client(place)
        server.stdin.close()  # its sign to end
        if server.wait(SECONDS) != 0:
            sys.exit("the server ended with %d" % server.returncode)
        return status
    finally:
        server.kill()
        server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("role", choices=["server", "client"])
    parser.add_argument("socket", choices=["tcp", "unix"])
    parser.add_argument("transport", choices=["buffered", "framed"])
    args = parser.parse_args()
    reason = why_not()
    if reason:
        skip("interop.python.%s.%s.%s" % (args.role, args.socket, args.transport), reason)

    pathlib.Path(args.build).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.build) as gen, \
            tempfile.TemporaryDirectory(prefix="thriftpp-") as folder:
        # -r: the included file too. Arguments without ids earn warnings, which say nothing here.
        subprocess.run(["thrift", "-r", "--gen", "py", "-out", gen, str(IDL)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        path = folder + "/socket"
        query = "?transport=" + args.transport
        python = [PYTHON, str(HERE / "peer.py"), gen, args.role, args.socket, args.transport]

        def run(command):
            return subprocess.run(command, timeout=SECONDS).returncode

        if args.role == "client":
            url = "unix://" + path if args.socket == "unix" else "tcp://127.0.0.1:0"

            def python_client(place):  # our server detects the framing
                return run(python + [path if args.socket == "unix" else place.rpartition(":")[2]])

            status = with_server([args.peer, "server", str(IDL), url], python_client)
        else:
            def our_client(place):
                url = "unix://" + place if args.socket == "unix" else "tcp://127.0.0.1:" + place
                return run([args.peer, "client", str(IDL), url + query])

            status = with_server(python + [path], our_client)
    if status != 0:
        sys.exit("the client ended with %d" % status)


if __name__ == "__main__":
    main()
