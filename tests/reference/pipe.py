"""The other side: build/PRESET/tests/reference_answer, asked over a pipe (answer.c)."""

import json
import subprocess


class Refused(Exception):
    """The registry, the change or the cases were refused."""


class Carnet:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def _say(self, verb, text):
        data = text.encode()
        self.process.stdin.write(b"%s %d\n" % (verb.encode(), len(data)) + data)
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == b".\n":
                break
            lines.append(line[:-1].decode())
        else:
            raise Refused(f"{verb}: it ended")
        if lines and lines[0] == "refused":
            raise Refused("\n".join(lines[1:]))
        return lines

    def folder(self, path):
        self._say("folder", path)

    def world(self, records):
        self._say("world", json.dumps(records))

    def change(self, records=(), retire=()):
        self._say("change", json.dumps({"records": list(records), "retire": list(retire)}))

    def ask(self, questions, given=()):
        """The answers as lines of JSON, for questions as they stand under `ask`."""
        return self.ask_cases([{"id": "q", "ask": q, **({"given": given} if given else {})}
                               for q in questions])

    def ask_cases(self, cases):
        return self._say("ask", json.dumps(cases)) if cases else []

    def records(self):
        return [json.loads(line) for line in self._say("records", "")]

    def cases(self):
        return [json.loads(line) for line in self._say("cases", "")]
