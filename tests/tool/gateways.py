"""`thriftpp gateway` as the tests run it."""

import http.client
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

from harness import LIMIT, THRIFTPP


class Gateway:
    """`with Gateway(...) as gateway:` a `thriftpp gateway` on a free port of loopback."""

    def __init__(self, *words, listen="http://127.0.0.1:0"):
        self.command = [THRIFTPP, "gateway", *words]
        if listen:
            self.command += ["--listen", listen]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        self.lines = []
        line = ""
        for line in self.process.stderr:
            started = re.match(r"listening on (?:https?://127.0.0.1:(\d+)|http\+unix://([^/\s]+))$", line)
            if started:
                self.port = int(started.group(1) or 0)
                self.socket = urllib.parse.unquote(started.group(2) or "")
                self.reader = threading.Thread(target=self.read)
                self.reader.start()
                return self
        raise AssertionError(f"the gateway did not start: {line}")

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def get(self, path, method="GET", body=None, headers=None, context=None):
        """Status and body."""
        if self.socket:
            connection = http.client.HTTPConnection("localhost", timeout=LIMIT)
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(self.socket)
        elif context:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=LIMIT,
                                                     context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        with_type = {"Content-Type": "application/json", **(headers or {})}
        connection.request(method, path, body, with_type)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LIMIT)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()


def replace(file, text):
    """At once, as editors do it: nobody reads a half."""
    aside = file.with_suffix(".new")
    aside.write_text(text)
    aside.rename(file)


def wait_until(what):
    end = time.monotonic() + LIMIT
    while not what():
        if time.monotonic() > end:
            raise AssertionError("it did not happen")
        time.sleep(0.02)
