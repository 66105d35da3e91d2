#!/usr/bin/env python3
"""One case of our peer against Apache's Python runtime.

    run.py --peer INTEROP_PEER --build FOLDER ROLE SOCKET TRANSPORT PROTOCOL

ROLE is what the Python side is: server or client; the others are what peer.py takes. Without Debian's python3-thrift or thrift-compiler the case says that it is skipped.
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
KEYS = str(HERE.parent.parent / "support" / "keys") + "/"
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


def client_url(args, place):
    protocol = args.protocol.removeprefix("multi-")
    query = "?protocol=" + protocol
    if args.protocol != protocol:
        query += "&service=Interop"
    if protocol == "header":
        query += "&compress=zlib"
    if args.transport == "http":
        return "http://127.0.0.1:%s/any%s" % (place, query)
    # Apache's "header over buffered" has one length, over framed two.
    query += "&transport=" + args.transport
    if args.socket == "unix":
        return "unix://" + place + query
    if args.socket == "tls":
        return "tls://127.0.0.1:%s%s&ca=%sca.pem" % (place, query, KEYS)
    return "tcp://127.0.0.1:" + place + query


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("role", choices=["server", "client"])
    parser.add_argument("socket", choices=["tcp", "unix", "tls"])
    parser.add_argument("transport", choices=["buffered", "framed", "zlib", "http"])
    parser.add_argument("protocol")
    args = parser.parse_args()
    case = "interop.python.%s" % ".".join(
        [args.role, args.socket, args.transport, args.protocol])
    reason = why_not()
    if reason:
        skip(case, reason)
    if subprocess.run([args.peer, "has", args.protocol.removeprefix("multi-")]).returncode != 0:
        skip(case, "this build has no protocol `%s`" % args.protocol)

    pathlib.Path(args.build).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.build) as gen, \
            tempfile.TemporaryDirectory(prefix="thriftpp-") as folder:
        # -r: the included file too. Arguments without ids earn warnings, which say nothing here.
        subprocess.run(["thrift", "-r", "--gen", "py", "-out", gen, str(IDL)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        path = folder + "/socket"
        python = [PYTHON, str(HERE / "peer.py"), gen, args.role, args.socket, args.transport,
                  args.protocol]

        def run(command):
            return subprocess.run(command, timeout=SECONDS).returncode

        if args.role == "client":
            if args.socket == "unix":
                url = "unix://" + path
            elif args.socket == "tls":
                url = "tls://127.0.0.1:0?cert=%sserver.pem" % KEYS
            else:
                url = "tcp://127.0.0.1:0"

            def python_client(place):  # our server detects everything else
                place = place.partition("?")[0]
                return run(python + [path if args.socket == "unix" else place.rpartition(":")[2]])

            status = with_server([args.peer, "server", str(IDL), url], python_client)
        else:
            def our_client(place):
                return run([args.peer, "client", str(IDL), client_url(args, place)])

            status = with_server(python + [path], our_client)
    if status != 0:
        sys.exit("the client ended with %d" % status)


if __name__ == "__main__":
    main()
