"""What came of the runs: lines for the tally of tests/run, and tables in Markdown."""

BEGIN = "<!-- the tables below are written by peers/run.py --table -->\n"
END = "<!-- end of the tables -->\n"
TRANSPORTS = ("buffered", "framed", "fastframed", "evframed", "zlib", "http")


def skipped(language, reason):
    print("skipped: interop.peers.%s (%s)" % (language, reason))


class Report:
    def __init__(self, language, library, results):
        self.language, self.library, self.results = language, library, results

    def verdicts(self):
        """(run, which side of ours, passed, whether it has to pass) of each run with us."""
        for run, (baseline, client, server) in self.results:
            for side, passed in (("client", client), ("server", server)):
                if passed is not None:
                    yield run, side, passed, baseline is not False

    def failures(self):
        """A peer that never gets along with itself tells nothing: then no failure is excused."""
        works = any(baseline for _, (baseline, _, _) in self.results)
        return [v for v in self.verdicts() if not v[2] and (v[3] or not works)]

    def show(self, verbose=False):
        failures = self.failures()
        for run, side, _, _ in failures:
            print("failed: %s: our %s\n%s" % (run.case.name(), side, "\n".join(run.log)))
        for run, (baseline, client, server) in self.results:
            if baseline is False:
                print("note: %s fails between Apache's own client and server" % run.case.name())
                if verbose:
                    print("\n".join(run.baseline_log))
        passed = sum(1 for v in self.verdicts() if v[2])
        excused = sum(1 for v in self.verdicts() if not v[2] and not v[3])
        print("%s: %d combinations with %s; %d runs fail where Apache's own do"
              % (self.language, len(self.results), self.library, excused))
        print("\n".join(self.table()))
        print("test cases: %d | %d passed | %d failed | 0 skipped"
              % (passed + len(failures), passed, len(failures)))

    def table(self):
        """A row a protocol, a column a transport and socket."""
        found = {(r.case.protocol, r.case.transport, r.case.socket): v for r, v in self.results}
        columns = list(dict.fromkeys((r.case.transport, r.case.socket) for r, _ in self.results))
        columns.sort(key=lambda c: (["ip", "ssl", "domain", "abstract"].index(c[1]),
                                    TRANSPORTS.index(c[0])))
        protocols = list(dict.fromkeys(r.case.protocol for r, _ in self.results))
        heads = [t if s == "ip" else "%s, %s" % (t, s) for t, s in columns]
        yield "| protocol | " + " | ".join(heads) + " |"
        yield "|---" * (len(heads) + 1) + "|"
        for protocol in protocols:
            cells = [cell(found.get((protocol, *column))) for column in columns]
            yield "| %s | %s |" % (protocol, " | ".join(cells))


def cell(verdict):
    if verdict is None:
        return ""
    baseline, client, server = verdict
    sides = [(name, good) for name, good in (("client", client), ("server", server))
             if good is not None]
    if all(good for _, good in sides):
        text = "yes" if len(sides) == 2 else sides[0][0] + " only"
    else:
        text = "fails: " + ", ".join(name for name, good in sides if not good)
    return text + (" &dagger;" if baseline is False else "")


def write(path, reports):
    """Replaces the tables of these languages, and leaves those of others."""
    before, rest = path.read_text().split(BEGIN)
    old, after = rest.split(END)
    sections = {part.split(":")[0]: part for part in old.split("\n### ")[1:]}
    for report in reports:
        sections[report.language] = "%s: %s\n\n%s\n" % (report.language, report.library,
                                                       "\n".join(report.table()))
    text = "".join("\n### " + sections[language].rstrip("\n") + "\n" for language in sections)
    path.write_text(before + BEGIN + text + "\n" + END + after)
