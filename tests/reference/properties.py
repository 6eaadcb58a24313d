"""What must hold of Carnet's answers whoever evaluates them, by brute force on generated worlds.

Each check yields (property, what was asked, the two answers that should not both be).
"""

import copy
import json
import random

from pipe import Refused
from world import day_of, text_of

REFUSED, PERMITTED = ("DENIED", "INDETERMINATE"), ("NOT_A_TRANSFER", "PERMITTED",
                                                   "PERMITTED_WITH_OBLIGATIONS")
# Trying remedies looks at days that do not count (section 8).
REMEDIES = ("remedies", "remedies_cut", "beyond_remedy")
# Everything in a generated world begins and ends before this many days are over.
HORIZON = 25
# What a kind of record may leave in dispute: what conditions are asked of.
DISPUTABLE = {
    "party": ["area", "establishments", "bound-by", "public-body", "sector", "is",
              "supervised-by", "branch-of", "employee-of"],
    "engagement": ["capacity", "exporter-role", "importer-role", "keys-holder", "keys-area",
                   "keys-shared-control", "provider-handles-data"],
    "data-set": ["categories", "origin", "policies", "subjects", "key", "local-copy"],
    "agreement": ["exporter", "importer", "instrument", "module", "signed", "annexes-complete",
                  "categories", "purposes", "areas", "modes", "safeguards", "approved",
                  "unchanged", "addenda"],
    "instrument": ["laws", "modules"],
    "certificate": ["holder", "scheme", "role", "covers", "status", "next-due"],
    "finding": ["by", "area", "says", "scope"],
    "assessment": ["kind", "by", "exporter", "importer", "area", "outcome", "date", "next-due"],
    "disclosure": ["exporter", "areas", "recipients", "categories", "purposes", "names"],
    "order": ["by", "exporter", "importer", "areas", "categories", "stays"],
    "area": ["member-of", "part-of"], "data-category": ["broader", "tags"], "purpose": ["broader"],
    "term": ["silence"],
}


def verdict(line):
    return json.loads(line)["verdict"] if line.startswith("{") else "error"


class Checks:
    def __init__(self, carnet, generated, seed, counts):
        self.carnet, self.records = carnet, generated["records"]
        self.questions, self.sure = generated["questions"], generated["sure"]
        self.r, self.counts = random.Random(f"properties {seed}"), counts

    def run(self):
        self.carnet.world(self.records)
        self.before = self.carnet.ask(self.questions)
        yield from self.holds_until()
        if not self.sure:
            yield from self.silence()
            yield from self.unknown()
        yield from self.order_of_records()
        yield from self.two_clocks()

    # ---- The whole answer is the same on each day before the one named ----

    def holds_until(self):
        for question, line in self.sample(12):
            if line.startswith("error"):
                continue
            until = json.loads(line).get("holds_until")
            day = day_of(question["as_of"])
            last = min(day_of(until), day + HORIZON) if until else day + HORIZON
            days = [{**question, "as_of": text_of(d)} for d in range(day + 1, last + 1)]
            answers = self.carnet.ask(days)
            self.counts["holds until"] += 1
            for asked, answer in zip(days[:-1] if until else days, answers):
                if without(answer, REMEDIES) != without(line, REMEDIES):
                    yield "holds until", asked, line, answer
                    break
            if until and last == day_of(until):
                self.counts["holds until: a day was named"] += 1
                aside = ("holds_until",) + REMEDIES
                self.counts["holds until: early"] += without(answers[-1], aside) == without(line, aside)

    def sample(self, count):
        pairs = list(zip(self.questions, self.before))
        return self.r.sample(pairs, min(count, len(pairs)))

    # ---- To leave out what was stated opens nothing ----

    def silence(self):
        for question, line in self.sample(25):
            stated = question.get("facts")
            if not stated or verdict(line) not in REFUSED or '"UNKNOWN_' in line:
                continue
            for name in stated:
                silent = {**question, "facts": {n: v for n, v in stated.items() if n != name}}
                answer, = self.carnet.ask([silent])
                self.counts["silence"] += 1
                if verdict(answer) in PERMITTED:
                    yield "silence", {"question": question, "left out": name}, line, answer

    # ---- Records in another order are the same records ----

    def order_of_records(self):
        shuffled = list(self.records)
        self.r.shuffle(shuffled)
        self.carnet.world(shuffled)
        for question, line, answer in zip(self.questions, self.before,
                                          self.carnet.ask(self.questions)):
            self.counts["order of records"] += 1
            if answer != line:
                yield "order of records", question, line, answer

    # ---- What is put in dispute permits nothing ----

    def unknown(self):
        for _ in range(6):
            at = self.r.randrange(len(self.records))
            (kind, fields), = self.records[at].items()
            present = [n for n in DISPUTABLE.get(kind, ()) if n.replace("-", "_") in fields
                       and n not in fields.get("unsettled", ())]
            if not present:
                continue
            field = self.r.choice(present)
            doubtful = {kind: {**fields, "unsettled": fields.get("unsettled", []) + [field]}}
            yield from self.in_dispute(at, doubtful, f"{kind} {fields['id']}: {field}")

    def in_dispute(self, at, doubtful, what):
        records = self.records[:at] + [doubtful] + self.records[at + 1:]
        try:
            self.carnet.world(records)
        except Refused:
            self.counts["unknown: refused by the registry"] += 1
            return
        for question, line, answer in zip(self.questions, self.before,
                                          self.carnet.ask(self.questions)):
            self.counts["unknown"] += 1
            if verdict(line) in REFUSED and verdict(answer) in PERMITTED:
                yield "unknown", {"question": question, "in dispute": what}, line, answer

    # ---- What is known later changes nothing earlier ----

    def two_clocks(self):
        self.carnet.world(self.records)
        known = {1: self.before}
        for _ in range(3):
            if not self.change():
                continue
            known[max(known) + 1] = self.carnet.ask(self.questions)
            for revision, lines in known.items():
                asked = [{**q, "known_at": revision} for q in self.questions]
                for question, line, answer in zip(asked, lines, self.carnet.ask(asked)):
                    self.counts["two clocks"] += 1
                    if answer != line:
                        yield "two clocks", question, line, answer

    def change(self):
        """Other versions of some slices, new slices, and some that no longer hold."""
        changed = copy.deepcopy(self.r.sample(self.records, 8))
        for record in changed:
            (kind, fields), = record.items()
            self.turn(kind, fields)
        retire = [{"kind": kind, "id": fields["id"], "from": fields.get("from", "")}
                  for (kind, fields), in (r.items() for r in self.r.sample(self.records, 2))
                  if kind in ("agreement", "certificate", "finding", "assessment", "order",
                              "engagement", "disclosure")]
        keys = {(k["kind"], k["id"], k["from"]) for k in retire}
        changed = [r for r in unique_slices(changed) if slice_of(r) not in keys]
        try:
            self.carnet.change(changed, retire)
        except Refused as refused:
            self.counts["two clocks: refused by the registry"] += 1
            if "changes nothing" not in str(refused):
                self.last_refused = str(refused)
            return False
        return True

    def turn(self, kind, fields):
        way = self.r.randrange(4)
        present = [n for n in DISPUTABLE.get(kind, ()) if n.replace("-", "_") in fields]
        if way == 0 and present:
            fields["unsettled"] = [self.r.choice(present)]
        elif way == 1:
            fields["until"] = text_of(day_of(fields.get("from", "2024-06-01")) + self.r.randint(1, 20))
        elif way == 2:
            fields["from"] = text_of(day_of("2024-06-15") + self.r.randint(-4, 4))
            fields.pop("until", None)
        else:
            fields["doubt"] = "y"


def slice_of(record):
    (kind, fields), = record.items()
    return kind, fields["id"], fields.get("from", "")


def unique_slices(records):
    return list({slice_of(record): record for record in records}.values())


def without(line, names):
    answer = json.loads(line) if line.startswith("{") else {"error": line}
    return {name: part for name, part in answer.items() if name not in names}
