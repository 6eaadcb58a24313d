#!/usr/bin/env python3
"""The questions of the LINE Out policy against their answers.

usage: line_out.py CARNET REGISTRY_DATA TABLE [LINE_OUT_YAML]

TABLE holds, one a line: the question's id, who is asked (a rulebook, or `all` for the strictest
of all), the verdicts that its source accepts, the duties that it names.  With LINE_OUT_YAML, the
source itself, TABLE must be what that says.  An answer that differs must carry its reason as the
note of its case; a certain one may differ only in that its permission comes with duties.
"""
import glob
import json
import re
import subprocess
import sys

import yaml

# What the source calls a refusal, by what would cure it.
REFUSALS = {"needs_consent": "denied", "needs_safeguard": "denied"}
STRICTNESS = ["NOT_A_TRANSFER", "PERMITTED", "PERMITTED_WITH_OBLIGATIONS", "INDETERMINATE", "DENIED"]


# The source compares verdicts coarsely first; whether a permission comes with duties is finer.
COARSE = {"permitted_with_obligations": "permitted"}
# The policy did not exist in 2014: the case brings its test as a rulebook of its own.
ASKED = {"LO-028": "line-out-sites-test"}


def accepted(question):
    verdicts = [question["expect"]] + question.get("also_accept", [])
    return sorted({REFUSALS.get(one, one) for one in verdicts})


def asked(question):
    if question["id"] in ASKED:
        return ASKED[question["id"]]
    if question["layer"] == "policy":
        return "line-out-policy"
    if question["layer"] == "both":
        return "all"
    return question["facts"].get("regime", ["KR-PIPA"])[0].lower()


def rows_of_source(path):
    with open(path, encoding="utf-8") as source:
        questions = yaml.safe_load(source)["questions"]
    return [[one["id"], asked(one), ",".join(accepted(one)), one["certainty"],
             ",".join(one.get("obligations", [])) or "-"] for one in questions]


def questions(registry):
    """The documents that are questions of the policy, as text."""
    for path in sorted(glob.glob(registry + "/**/*.yaml", recursive=True)):
        with open(path, encoding="utf-8") as file:
            for document in re.split(r"^---$", file.read(), flags=re.MULTILINE):
                if re.search(r"^id: LO-\d", document, re.MULTILINE):
                    yield document


def answers(carnet, registry):
    found = {}
    run = subprocess.run([carnet, "check", "-f", "-", "--registry", registry, "-o", "json"],
                         input="---\n".join(questions(registry)).encode(),
                         capture_output=True, check=False)
    if run.returncode in (2, 4):
        sys.exit(run.stderr.decode())
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        found.setdefault(answer["case"].get("id", ""), []).append(answer)
    return found


def notes(registry):
    cases = [yaml.safe_load(document) for document in questions(registry)]
    return {case["id"]: case.get("note", "") for case in cases}


def verdict_and_duties(decision, rulebook):
    if rulebook == "all":
        return decision["verdict"], {one["duty"] for one in decision.get("duties", [])}
    said = [one for one in decision.get("opinions", []) if one.get("rulebook") == rulebook]
    duties = {duty for one in said for duty in one.get("duties", [])}
    duties |= {one["duty"] for one in decision.get("duties", [])}
    if not said:
        return "no opinion", duties
    return max((one["verdict"] for one in said), key=STRICTNESS.index), duties


def judge(row, found, note):
    """What is wrong with the answer to one question, and whether it differs."""
    name, rulebook, verdicts, certainty, duties = row
    if len(found) != 1:
        return [f"{name}: {len(found)} cases have this id, one is wanted"], False
    wrong = []
    if not found[0]["case"].get("as_expected", False):
        wrong.append(f"{name}: does not come out as its case expects")
    verdict, owed = verdict_and_duties(found[0]["decision"], rulebook)
    missing = [] if duties == "-" else [one for one in duties.split(",") if one not in owed]
    wanted = verdicts.split(",")
    same = verdict.lower() in wanted and not missing
    near = COARSE.get(verdict.lower(), verdict.lower()) in [COARSE.get(one, one) for one in wanted]
    if not same:
        what = f"{name} ({certainty}): {rulebook} says {verdict.lower()}, the source {verdicts}"
        what += f"; not owed: {', '.join(missing)}" if missing else ""
        if not note or (certainty == "certain" and not near) or (near and missing):
            wrong.append(what + ("" if note else "; its case has no note that says why"))
        else:
            print(what + f"\n    {note.strip()}")
    return wrong, not same


def main():
    carnet, registry, table = sys.argv[1:4]
    with open(table, encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    wrong = []
    if len(sys.argv) > 4:
        source = rows_of_source(sys.argv[4])
        wrong += [f"the table differs from the source at {one[0]}: {' '.join(one)}"
                  for one in source if one not in rows]
        if len(source) != len(rows):
            wrong.append(f"the source has {len(source)} questions, the table {len(rows)}")
    found, reasons = answers(carnet, registry), notes(registry)
    differing = 0
    for row in rows:
        more, differs = judge(row, found.get(row[0], []), reasons.get(row[0], ""))
        wrong += more
        differing += differs
    print(f"{len(rows)} questions, {differing} answered otherwise than the source with a reason")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
