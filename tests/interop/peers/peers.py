"""What peers there are: how each is built and started, and which combinations its library has."""

import dataclasses
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
IDL = HERE / "cross.thrift"
PLAIN = ("binary", "compact", "json", "header")
MULTI = ("multi", "multic", "multij", "multih")


@dataclasses.dataclass(frozen=True)
class Case:
    language: str
    protocol: str
    transport: str
    socket: str

    def name(self):
        return "interop.peers.%s.%s-%s-%s" % (self.language, self.protocol, self.transport,
                                              self.socket)


def run(*command, **options):
    """Runs a step of a build; what it says is shown where it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise SystemExit("%s ended with %d\n%s" % (" ".join(map(str, command)), done.returncode,
                                                  done.stdout))
    return done.stdout


def works(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              stdin=subprocess.DEVNULL, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def debian_version(package):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return "%s %s" % (package, found.partition("-")[0])


class Peer:
    name = ""
    generator = ""
    protocols = ("binary", "compact", "json", "multi", "multic", "multij")
    transports = {"ip": ("buffered", "framed")}  # by socket
    quick = False

    def __init__(self, folder, certs):
        self.folder, self.certs = folder, certs
        self.gen = folder / "gen"

    def why_not(self):
        if shutil.which("thrift") is None:
            return "no thrift-compiler"
        return self.missing()

    def missing(self):
        """Why its library or language cannot be had; None where it can."""
        raise NotImplementedError

    def build(self):
        self.gen.mkdir(parents=True, exist_ok=True)
        run("thrift", "--gen", self.generator, "-out", self.gen, IDL)

    def command(self, role):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def has(self, role, case):
        """Whether the library has that side of it."""
        return True

    def has_both(self, protocol, transport, socket):
        """Whether there is anything of the combination."""
        return True

    def cases(self):
        for socket, transports in self.transports.items():
            for transport in transports:
                for protocol in self.protocols:
                    if self.has_both(protocol, transport, socket):
                        yield Case(self.name, protocol, transport, socket)


class Python(Peer):
    name = "py"
    generator = "py"
    protocols = PLAIN + MULTI + ("accel", "accelc")
    transports = {"ip": ("buffered", "framed", "zlib", "http"),
                  "ssl": ("buffered", "framed", "http"),
                  "domain": ("buffered", "framed")}
    python = "/usr/bin/python3"  # the one that Debian's packages belong to
    quick = True

    def library(self):
        return debian_version("python3-thrift")

    def missing(self):
        if not works(self.python, "-c", "from thrift.protocol import TBinaryProtocol"):
            return "no python3-thrift, or no python3-six, which it needs"
        return None

    def command(self, role):
        return [self.python, HERE / "py/peer.py", role]

    def environment(self):
        return dict(os.environ, PYTHONPATH=str(self.gen))


class Cpp(Peer):
    name = "cpp"
    generator = "cpp"
    protocols = PLAIN + MULTI
    transports = {"ip": ("buffered", "framed", "evframed", "zlib", "http"),
                  "ssl": ("buffered", "framed", "zlib", "http"),
                  "domain": ("buffered", "framed", "zlib"),
                  "abstract": ("buffered", "framed")}

    def library(self):
        return debian_version("libthrift-dev")

    def missing(self):
        if not pathlib.Path("/usr/include/thrift/Thrift.h").exists():
            return "no libthrift-dev"
        if shutil.which("g++") is None:
            return "no g++"
        return None

    def build(self):
        super().build()
        sources = [HERE / "cpp/peer.cpp"] + [self.gen / name for name in
                                             ("ThriftTest.cpp", "SecondService.cpp", "cross_types.cpp")]
        ccache = ["ccache"] if shutil.which("ccache") else []
        objects = [self.folder / (source.stem + ".o") for source in sources]
        for source, made in zip(sources, objects):
            run(*ccache, "g++", "-std=c++17", "-O1", "-I", self.gen, "-c", source, "-o", made)
        run("g++", *objects, "-lthrift", "-lthriftz", "-lthriftnb", "-levent", "-lssl", "-lcrypto",
            "-lz", "-lpthread", "-o", self.folder / "peer")

    def command(self, role):
        return [self.folder / "peer", role]


class Node(Peer):
    name = "node"
    generator = "js:node"
    protocols = PLAIN + MULTI
    transports = {"ip": ("buffered", "framed", "http"), "ssl": ("buffered", "framed", "http"),
                  "domain": ("buffered", "framed")}

    def library(self):
        return "npm's thrift 0.17.0"

    def missing(self):
        """From the registry, once a build folder."""
        if shutil.which("node") is None or shutil.which("npm") is None:
            return "no nodejs and npm"
        if (self.folder / "node_modules/thrift").exists():
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "node/package.json", self.folder)
        if not works("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                     "--prefix", str(self.folder)):
            return "npm cannot install thrift 0.17.0"
        return None

    def command(self, role):
        return ["node", HERE / "node/peer.js", role]

    def environment(self):
        return dict(os.environ, NODE_PATH="%s:%s" % (self.folder / "node_modules", self.gen))


PEERS = {peer.name: peer for peer in (Python, Cpp, Node)}
