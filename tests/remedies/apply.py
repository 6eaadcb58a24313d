#!/usr/bin/env python3
"""Takes carnet at its word: remedies of every case are carried out.

	apply.py CARNET REGISTRY [MOST [EVERY]]

Asks all cases of a registry, or one of EVERY.  Where one is not permitted and remedies are
named, each remedy (at most MOST of a case) is made real: what is to be said goes into the
question, what is to be recorded or obtained becomes a record beside the registry, what is to be
performed is marked so.
Then the question must be permitted; and with any one step left out it must not be.

Many a step can be taken in several ways: which instrument, which module, which of the words that a
condition lists.  One of them must do.  A step that only says what must not be (`not: {subject.area:
VN}`) leaves open what is.  Some values are tried; one that does says more than the step, so that
others may no longer be needed, and none is left out.  If no value does, the remedy is counted
apart, as are those with a step that cannot be made up: these rest on the engine's own trial.
"""
import copy
import datetime
import glob
import itertools
import json
import subprocess
import sys

import yaml

WAYS_MAX = 48  # of one remedy
ALTERNATIVES_MAX = 3  # of one list of words
OTHERS_MAX = 4  # where anything but the words will do
AREAS = ["KR", "JP", "BE", "US", "TH", "BR"]
KINDS = {"engagement.capacity": "capacity", "importer.sector": "sector",
         "exporter.sector": "sector", "engagement.exporter-role": "role",
         "engagement.importer-role": "role", "keys.holder": "key-holder"}
PERMITS = {"NOT_A_TRANSFER", "PERMITTED", "PERMITTED_WITH_OBLIGATIONS"}
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # NO is a country


class Vague(Exception):
    """What the step asks for cannot be made up."""


class Registry:
    def __init__(self, folder):
        self.records, self.cases = {}, []
        for path in sorted(glob.glob(folder + "/**/*.yaml", recursive=True)):
            with open(path, encoding="utf-8") as file:
                for document in yaml.load_all(file, Loader):
                    self.add(document, path)

    def add(self, document, path):
        if not document:
            return
        if "ask" in document:
            self.cases.append(dict(document, path=path))
            return
        for kind, record in document.items():
            self.records.setdefault(kind, []).append(record)

    def find(self, kind, case, **fields):
        """Records of a kind with these fields, a case's own before the registry's."""
        own = [given[kind] for given in listed(case.get("given")) if kind in given]
        own += [given[kind] for given in listed(case["ask"].get("given")) if kind in given]
        ids = {record["id"] for record in own}
        others = [record for record in self.records.get(kind, []) if record["id"] not in ids]
        return [record for record in own + others
                if all(record.get(name) == value for name, value in fields.items())]


def listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def test_of(value):
    """A test in its long form."""
    return value if isinstance(value, dict) else {"in": value}


def first(test):
    for member in ("in", "main", "has"):
        if test.get(member):
            return listed(test[member])[0]
    raise Vague(test)


def below(text):
    if "-" in text[1:]:
        return str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1))
    return str(int(text) - 1)


class Remedy:
    """One remedy of one case."""

    def __init__(self, registry, case, decision, steps):
        self.registry, self.case, self.decision, self.steps = registry, case, decision, steps
        self.day = case["ask"].get("as-of") or decision["as_of"]
        self.is_open = False  # some step only says what must not be

    def ways(self, step):
        """How the step can be carried out: functions that change a case."""
        if step["act"] == "perform":
            return [lambda case: put(case["ask"], "performs", step["what"], "yes")]
        (name, value), = yaml.load("{" + step["what"] + "}", Loader).items()
        if step["act"] == "obtain":
            return self.papers(step, name, value)
        make = self.record if step["act"] == "record" else self.say
        return [make(step, name, one) for one in self.alternatives(name, value)]

    def alternatives(self, name, value):
        """Of a list of words any will do; of what must not be, anything else."""
        if name != "not":
            return [value] if isinstance(value, dict) else listed(value)[:ALTERNATIVES_MAX]
        (fact, test), = value.items()
        if {"lt", "ge"} & set(test_of(test)):
            return [value]
        self.is_open = True
        return [{fact: {"other": word}} for word in self.others(fact, words(test_of(test)))]

    def others(self, fact, excluded):
        term = next((term for term in self.registry.records["term"] if term["id"] == fact), {})
        if fact == "data.origin":
            found = ["none"]
        elif fact == "leg.purpose":
            found = [one["id"] for one in self.registry.records["purpose"]
                     if not any(one["id"].startswith(word) or word.startswith(one["id"])
                                for word in excluded)]
        elif term.get("type") == "area":
            found = AREAS
        else:
            kind = KINDS.get(fact, term.get("of"))
            found = [one["id"] for one in self.registry.records["term"] if one["kind"] == kind]
        return [word for word in found if word not in excluded][:OTHERS_MAX]

    def value_for(self, name, test):
        """What makes the test of a fact true."""
        if name == "not":
            (name, test), = test.items()
            test = test_of(test)
            if set(test) == {"lt"}:
                return name, test["lt"]
            if set(test) == {"ge"}:
                return name, below(test["ge"])
            if not isinstance(test.get("other"), str):
                raise Vague(name)
            return name, test["other"]
        test = test_of(test)
        if "ge" in test:
            return name, test["ge"]
        if "lt" in test:
            return name, below(test["lt"])
        if "is" in test:
            raise Vague(name)
        return name, first(test)

    def say(self, step, name, value):
        name, word = self.value_for(name, value)

        def change(case):
            ask = case["ask"]
            if name == "leg.purpose":
                ask["purpose"] = word
            elif name == "access.mode":
                ask["recipients"][self.hop(step)]["mode"] = word
            else:
                say(self.registry, ask, name, word)
        return change

    def hop(self, step):
        for at, recipient in enumerate(self.case["ask"]["recipients"]):
            if recipient["party"] == step["importer"]:
                return at
        raise Vague(step)

    def record(self, step, name, value):
        name, word = self.value_for(name, value)
        about, field = name.split(".")
        if field in ("same-legal-person", "areas", "area"):  # these change what the legs are
            raise Vague(name)
        kind = "data-set" if about == "data" else "party"
        if about in ("engagement", "keys"):
            pair = {"exporter": step["exporter"], "importer": step["importer"]}
            found = self.registry.find("engagement", self.case, **pair)
            found = found or [dict(pair, id="remedy-engagement")]
            field = "keys-" + field if about == "keys" else field
            return lambda case: give_all(case, "engagement", found, field, word)
        about = self.case["ask"].get("data-set") if about == "data" else step[about]
        found = self.registry.find(kind, self.case, id=about)
        if not found:
            raise Vague(name)
        return lambda case: give_all(case, kind, found, field, word)

    # ---- Papers ----

    def papers(self, step, kind, tests):
        tests = {field: test_of(test) for field, test in tests.items()}
        make = {"agreement": self.agreements, "certificate": self.certificates,
                "assessment": self.assessments, "disclosure": self.disclosures}[kind]
        if kind == "agreement":
            return [self.with_roles(record) for record in make(step, tests)] + \
                [lambda case, record=record: amend(case, record)
                 for record in self.amended(step, tests)]
        return [lambda case, record=record: give(case, kind, record)
                for record in make(step, tests)]

    def agreements(self, step, tests):
        found = []
        for word in words(tests["instrument"]):
            for instrument in self.registry.find("instrument", self.case, id=word):
                modules = {module.get("module") or "" if isinstance(module, dict) else module
                           for module in listed(instrument.get("modules"))} or {""}
                for module in sorted(modules):
                    if "module" in tests and module not in words(tests["module"]):
                        continue
                    found.append(self.agreement(step, tests, word, module))
        return found

    def with_roles(self, record):
        """Who signs a module makes sure of the roles that it is for."""
        def change(case):
            add_agreement(case, record)
            pair = {"exporter": record["exporter"], "importer": record["importer"]}
            found = self.registry.find("engagement", case, **pair)
            found = found or [dict(pair, id="remedy-engagement")]
            for side in ("exporter-role", "importer-role"):
                role = self.role_of(record, side)
                if role and not self.records(side) and not any(one.get(side) for one in found):
                    give_all(case, "engagement", found, side, role)
        return change

    def amended(self, step, tests):
        """Papers on file, with what is asked of them added."""
        pair = {"exporter": step["exporter"], "importer": step["importer"]}
        for old in self.registry.find("agreement", self.case, **pair):
            if old.get("instrument") in words(tests["instrument"]):
                new = self.agreement(step, tests, old["instrument"], old.get("module"))
                fields = {field: new[field] for field in tests if field in new}
                for field in ("safeguards", "addenda"):
                    if field in fields:
                        fields[field] = sorted(set(listed(old.get(field))) | set(fields[field]))
                yield dict(old, **fields)

    def records(self, side):
        return any(step["act"] == "record" and step["what"].startswith("engagement." + side)
                   for step in self.steps)

    def role_of(self, record, side):
        for instrument in self.registry.find("instrument", self.case, id=record["instrument"]):
            for module in listed(instrument.get("modules")):
                if isinstance(module, dict) and module.get("module") == record.get("module"):
                    return module.get(side)
        return None

    def agreement(self, step, tests, word, module):
        record = {"exporter": step["exporter"], "importer": step["importer"], "instrument": word,
                  "signed": self.day, "annexes-complete": "yes", "categories": ["any"],
                  "purposes": ["any"], "areas": ["any"], "any-mode": "true"}
        if module:
            record["module"] = module
        for field in ("safeguards", "addenda"):
            if field in tests:
                record[field] = [first(tests[field])]
        for field in ("approved", "unchanged"):
            if field in tests:
                record[field] = "yes" if first(tests[field]) == "true" else "no"
        return record

    def certificates(self, step, tests):
        holder = tests.get("holder", {"is": "importer.party"}).get("is", "")
        if holder not in ("importer.party", "exporter.party"):
            raise Vague(step)
        record = {"holder": step[holder.partition(".")[0]], "status": "active", "covers": ["any"]}
        if "covers" in tests and "is" not in tests["covers"]:
            record["covers"] = [first(tests["covers"])]
        if "role" in tests:
            record["role"] = first(tests["role"])
        return [dict(record, scheme=word) for word in words(tests["scheme"])]

    def assessments(self, step, tests):
        record = {"exporter": step["exporter"], "importer": step["importer"], "date": self.day}
        if {"area", "next-due"} & set(tests):
            raise Vague(step)
        for field in ("exporter", "importer"):
            if tests.get(field, {"is": field + ".party"}) != {"is": field + ".party"}:
                raise Vague(step)
        for field in ("by", "outcome"):
            if field in tests:
                record[field] = first(tests[field])
        return [dict(record, kind=word) for word in words(tests["kind"])]

    def disclosures(self, step, tests):
        hop = [leg for leg in self.decision["legs"]
               if leg["recipient"] == step["importer"] and leg["exporter"] == step["exporter"]]
        facts = {"leg.area": [leg["area"] for leg in hop if leg.get("area")],
                 "leg.category": [leg["category"] for leg in hop if leg.get("category")],
                 "leg.purpose": listed(self.case["ask"].get("purpose")),
                 "importer.party": [step["importer"]]}
        record = {"exporter": step["exporter"]}
        for field, test in tests.items():
            values = facts.get(test["is"]) if "is" in test else [first(test)]
            if not values:
                raise Vague(step)
            record[field] = sorted(set(values))
        return [record]

    # ---- All steps together ----

    def changed(self, ways, without=None):
        case = {"id": "remedied", "ask": copy.deepcopy(self.case["ask"])}
        if self.case.get("given"):
            case["given"] = copy.deepcopy(self.case["given"])
        for at, way in enumerate(ways):
            if at != without:
                way(case)
        return case

    def every_way(self):
        ways = [self.ways(step) for step in self.steps]
        if not all(ways):
            raise Vague(self.steps)
        return list(itertools.islice(itertools.product(*ways), WAYS_MAX))


def words(test):
    return [word for member in ("in", "has", "main") for word in listed(test.get(member))]


def put(ask, field, name, value):
    ask[field] = dict(ask.get(field) or {}, **{name: value})


def say(registry, ask, name, word):
    term = next(term for term in registry.records["term"] if term["id"] == name)
    facts = ask.get("facts") or {}
    if term.get("type") == "words":
        put(ask, "facts", name, sorted(set(listed(facts.get(name)) + [word])))
    elif term.get("type") in ("flag", "number"):
        put(ask, "facts", name, json.loads(word))
    else:
        put(ask, "facts", name, word)


def give(case, kind, record):
    """A record beside the registry, under an id of its own unless it has one."""
    given = case.setdefault("given", [])
    record = dict(record)
    record.setdefault("id", "remedy-%d" % len(given))
    given[:] = [one for one in given
                if one.get(kind, {}).get("id") != record["id"] or
                one[kind].get("from") != record.get("from")]
    given.append({kind: record})


def amend(case, record):
    """Twice the same paper: what both ask of it."""
    for one in listed(case.get("given")):
        other = one.get("agreement", {})
        if other.get("id") == record["id"]:
            record = dict(other, **record)
            for field in ("safeguards", "addenda"):
                both = set(listed(other.get(field))) | set(listed(record.get(field)))
                record.update({field: sorted(both)} if both else {})
    give(case, "agreement", record)


def add_agreement(case, record):
    """One paper of an instrument between two parties can hold all that is asked of it."""
    for one in listed(case.get("given")):
        other = one.get("agreement", {})
        if other.get("id", "").startswith("remedy-") and all(
                other.get(field) == record.get(field)
                for field in ("exporter", "importer", "instrument", "module")):
            for field in ("safeguards", "addenda"):
                other[field] = sorted(set(other.get(field, [])) | set(record.get(field, [])))
            for field in ("approved", "unchanged"):
                other.update({field: record[field]} if field in record else {})
            return
    give(case, "agreement", record)


def give_all(case, kind, records, field, word):
    for record in records:
        now = [one[kind] for one in listed(case.get("given"))
               if one.get(kind, {}).get("id") == record["id"]]
        record = copy.deepcopy(now[0] if now else record)
        if word in ("true", "false"):
            word = "yes" if word == "true" else "no"
        record[field] = [word] if field in LISTS else word
        record["unsettled"] = [one for one in listed(record.get("unsettled")) if one != field]
        give(case, kind, record)


LISTS = {"is", "supervised-by", "bound-by", "origin", "policies", "subjects"}
NUMBERS = {"known-at"}
FLAGS = {"any-mode", "retired", "offer", "standing"}


def typed(value, name=""):
    """As JSON wants it: what YAML left as text."""
    if isinstance(value, dict):
        return {key: typed(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item, name) for item in value]
    if value in ("true", "false"):
        return value == "true"
    if name in NUMBERS or (isinstance(value, str) and value.isdigit()):
        return int(value)
    return value


def ask_all(carnet, folder, cases):
    """The decision of each case; None if it cannot be asked."""
    text = "\n---\n".join(json.dumps(typed(case), ensure_ascii=False) for case in cases)
    run = subprocess.run([carnet, "check", "-f", "-", "--registry", folder, "-o", "json"],
                         input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         check=False)
    answers = [json.loads(line)["decision"] for line in run.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit("%d of %d cases were answered:\n%s"
                 % (len(answers), len(cases), run.stderr[-2000:]))
    return answers


class Trial:
    """A remedy that can be carried out, and what came of it."""

    def __init__(self, case, remedy, ways):
        self.case, self.remedy, self.ways = case, remedy, ways
        self.way = None

    def complain(self, what):
        print("%s (%s): %s\n    %s" % (self.case.get("id"), self.case["path"], what,
                                       "; ".join(step["act"] + " " + step["what"]
                                                 for step in self.remedy.steps)))


def trials_of(registry, decisions, counts, most):
    for case, decision in zip(registry.cases, decisions):
        if decision["verdict"] in PERMITS:
            assert not decision.get("remedies") and not decision.get("beyond_remedy"), case["id"]
            continue
        counts["refused"] += 1
        counts["beyond"] += bool(decision.get("beyond_remedy"))
        counts["without"] += not decision.get("remedies") and not decision.get("beyond_remedy")
        for found in decision.get("remedies", [])[:most]:
            counts["remedies"] += 1
            remedy = Remedy(registry, case, decision, found["steps"])
            try:
                yield Trial(case, remedy, remedy.every_way())
            except Vague:
                counts["assumed"] += 1


def ask_wholes(ask, trials, counts):
    """Finds for each the first way that permits; how many have none."""
    wrong = 0
    asked = [(trial, way) for trial in trials for way in trial.ways]
    answers = ask([trial.remedy.changed(way) for trial, way in asked])
    for (trial, way), answer in zip(asked, answers):
        if answer["verdict"] in PERMITS and not trial.way:
            trial.way = way
    for trial in trials:
        if trial.way:
            counts["open" if trial.remedy.is_open else "real"] += 1
        elif trial.remedy.is_open:
            counts["assumed"] += 1
        else:
            trial.complain("does not permit")
            wrong += 1
    return wrong


def ask_parts(ask, trials):
    """Leaves out each step; how often it permits without."""
    wrong = 0
    asked = [(trial, at) for trial in trials if trial.way and not trial.remedy.is_open
             for at in range(len(trial.way))]
    answers = ask([trial.remedy.changed(trial.way, at) for trial, at in asked])
    for (trial, at), answer in zip(asked, answers):
        if answer["verdict"] in PERMITS:
            trial.complain("permits without '%s'" % trial.remedy.steps[at]["what"])
            wrong += 1
    return wrong


def main():
    carnet, folder = sys.argv[1:3]
    most = int(sys.argv[3]) if len(sys.argv) > 3 else None
    every = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    registry = Registry(folder)
    counts = dict.fromkeys(["refused", "beyond", "without", "remedies", "real", "open",
                            "assumed", "asked"], 0)

    registry.cases = registry.cases[::every]

    def ask(cases):
        counts["asked"] += len(cases)
        return ask_all(carnet, folder, cases)

    decisions = ask([{"id": case.get("id", ""), "ask": case["ask"],
                      "given": case.get("given", [])} for case in registry.cases])
    trials = list(trials_of(registry, decisions, counts, most))
    wrong = ask_wholes(ask, trials, counts) + ask_parts(ask, trials)
    print("%(refused)d questions not permitted: %(beyond)d beyond remedy, %(without)d with no "
          "remedy found; %(remedies)d remedies: %(real)d carried out, %(open)d with values of our "
          "choice, %(assumed)d by assumption; "
          "%(asked)d questions asked" % counts)
    sys.exit(1 if wrong or not trials else 0)


if __name__ == "__main__":
    main()
