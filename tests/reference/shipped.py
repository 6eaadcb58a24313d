"""The shipped registry, read by another YAML reader, and all its cases, put to both sides."""

import datetime
import glob
import multiprocessing
import os
import re
from collections import Counter

import yaml

from compare import project, same, shown
from evaluator import decide
from pipe import Carnet
from world import World

# Below these stand words of law, of facts or of duties, which keep their dashes.
AS_WRITTEN = {"applies", "not-a-transfer", "needs", "when", "scope", "facts", "performs", "define"}


class Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2 as registry.proto has it: NO is a word, a date is text."""


Reader.yaml_implicit_resolvers = {}
Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Reader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?[0-9]+$"), list("-0123456789"))


def snake(value):
    """Names of fields as the messages have them, however they were written."""
    if isinstance(value, list):
        return [snake(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name.replace("-", "_"): part if name.replace("_", "-") in AS_WRITTEN else snake(part)
            for name, part in value.items()}


def as_lists(fields):
    """A single scalar where a list is wanted stands for a list of that one."""
    for name in ("broader", "tags", "member_of", "establishments", "bound_by", "supervised_by", "is",
                 "categories", "origin", "policies", "subjects", "addenda", "purposes", "areas",
                 "modes", "safeguards", "modules", "laws", "covers", "recipients", "names", "stays",
                 "speaks_for", "grounds", "prohibitions", "duties", "unsettled"):
        if name in fields and not isinstance(fields[name], list):
            fields[name] = [fields[name]]
    return fields


def read(registry):
    """Records and cases of a folder."""
    records, cases = [], []
    for path in sorted(glob.glob(os.path.join(registry, "**", "*.y*ml"), recursive=True)):
        with open(path, encoding="utf-8") as text:
            for document in yaml.load_all(text, Reader):
                if document and "ask" in document:
                    cases.append(snake(document))
                elif document:
                    records.append(record_of(document))
    return records, cases


def record_of(document):
    (kind, fields), = document.items()
    fields = as_lists(snake(fields))
    for part in fields.get("grounds", []):
        as_lists(part)
    return {kind: fields}


def question_of(case):
    question = dict(case["ask"])
    question.setdefault("as_of", datetime.date.today().isoformat())
    question["recipients"] = [r if isinstance(r, str) else dict(r) for r in
                              listed(question["recipients"])]
    for recipient in question["recipients"]:
        for name in ("storage", "access"):
            if not isinstance(recipient, str) and name in recipient:
                recipient[name] = listed(recipient[name])
    if "categories" in question:
        question["categories"] = listed(question["categories"])
    given = [record_of(r) for r in listed(case.get("given", []))
             + listed(question.pop("given", []))]
    return question, given


def listed(value):
    return value if isinstance(value, list) else [value]


def compare_some(task):
    answer, registry, at, step = task
    counts, found = Counter(), []
    records, cases = read(registry)
    world, carnet = World(records), Carnet(answer)
    carnet.folder(registry)
    for case in cases[at::step]:
        question, given = question_of(case)
        asked = {"id": "shipped", "ask": question, **({"given": given} if given else {})}
        line, = carnet.ask_cases([asked])
        theirs = project(line)
        ours = decide(world.with_given(given) if given else world, question)
        counts["shipped"] += 1
        # Remedies of so large a registry take us minutes, and their days are among those noted.
        if ours.get("verdict") in ("DENIED", "INDETERMINATE"):
            theirs["holds_until"] = ours["holds_until"] = ""
        if not same(theirs, ours):
            counts["differences"] += 1
            found.append(f"shipped case {case.get('id', case['ask'])}\n{shown(theirs, ours)}")
    carnet.close()
    return counts, found


def compare_shipped(answer, registry, jobs):
    counts, found = Counter(), []
    with multiprocessing.Pool(jobs) as pool:
        for some_counts, some_found in pool.imap_unordered(
                compare_some, [(answer, registry, at, jobs) for at in range(jobs)]):
            counts += some_counts
            found += some_found
    if not counts["shipped"]:
        found.append(f"{registry}: no cases")
    return counts, found
