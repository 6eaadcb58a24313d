"""What both evaluators must agree on, from an answer of ours, and how a difference is shown.

The sentences are left out, since a sentence may change; the word that one speaks of is not.
"""

import json
import re

# The word that a sentence speaks of is nowhere else in the answer.
WORD = {code: re.compile(pattern) for code, pattern in {
    "GROUND": r"^(.*) permits it", "PROHIBITED": r"^(.*) prohibits it",
    "DUTY_REFUSED": r"^The duty (.*) is owed", "PROHIBITION_UNKNOWN": r"^Whether (.*) prohibits it",
    "GROUND_UNKNOWN": r"^Whether (.*) permits it", "UNMODELLED_LAW": r"in the registry speaks for (.*)\.$",
    "FACT_UNKNOWN": r"^([^ ]*) is ", "FACT_IS_OTHERWISE": r"^([^ ]*) is ",
    "UNSETTLED_QUESTION": r"^The question (.*) is not settled",
    "SETTLED_OTHERWISE": r"^The question (.*) is settled:",
    "NOT_COVERED": r"does not cover it: (.*)\.$",
}.items()}
NO_FOUND = {"GROUND", "PROHIBITED", "NOT_A_TRANSFER", "GROUND_UNKNOWN", "PROHIBITION_UNKNOWN",
            "TRANSFER_UNKNOWN", "APPLIES_UNKNOWN", "LOW_CONFIDENCE", "DOUBT", "REVIEW_OVERDUE"}
REMEDIES = ("remedies", "remedies_cut", "beyond_remedy")


def references(listed):
    return [[r["kind"], r["id"], r.get("from", "")] for r in listed]


def project_reason(reason):
    code = reason["code"]
    said = {"code": code}
    for name in ("condition", "found", "owner"):
        if reason.get(name) and not (name == "found" and code in NO_FOUND):
            said[name] = reason[name]
    word = code in WORD and WORD[code].search(reason.get("text", ""))
    if word:
        said["word"] = word.group(1)
    if reason.get("records"):
        said["records"] = references(reason["records"])
    return said


def project_opinion(opinion):
    return {
        "rulebook": opinion.get("rulebook", ""), "kind": opinion.get("kind", ""),
        "verdict": opinion["verdict"], "decided_by": opinion.get("decided_by", ""),
        "cite": opinion.get("cite", ""), "legs": opinion.get("legs", [0]),
        "reasons": [project_reason(r) for r in opinion.get("reasons", ())],
        "records": references(opinion.get("records", ())),
        "asserted": opinion.get("asserted", []), "duties": opinion.get("duties", []),
        "grounds": [project_ground(g, opinion) for g in opinion.get("grounds", ())],
    }


def project_ground(ground, opinion):
    said = {"ground": ground["ground"], "cite": ground.get("cite", ""), "result": ground["result"]}
    if opinion["verdict"] in ("DENIED", "INDETERMINATE"):
        said["failed"] = [project_reason(r) for r in ground.get("failed", ())]
    return said


def project_step(step):
    return {"act": step["act"], "what": step.get("what", ""), "owner": step.get("owner", ""),
            "effort": step.get("effort", 0), "exporter": step.get("exporter", ""),
            "importer": step.get("importer", "")}


def project(line, remedies=False):
    """What both sides must agree on, from a line that Carnet answered."""
    if line.startswith("error: "):
        # Of several faults any may be named.
        return {"error": line.split(": ")[1].split("[")[0]}
    decision = json.loads(line)
    said = {
        "verdict": decision["verdict"],
        "legs": [{"hop": leg.get("hop", 0), "exporter": leg.get("exporter", ""),
                  "recipient": leg.get("recipient", ""), "area": leg.get("area", ""),
                  "category": leg.get("category", ""), "verdict": leg["verdict"]}
                 for leg in decision.get("legs", ())],
        "weakest_leg": decision.get("weakest_leg", 0),
        "opinions": [project_opinion(o) for o in decision.get("opinions", ())],
        "duties": [{"duty": d["duty"], "rulebooks": d["rulebooks"], "cites": d.get("cites", []),
                    "performs": d.get("performs", ""), "standing": d.get("standing", False)}
                   for d in decision.get("duties", ())],
        "reasons": [project_reason(r) for r in decision.get("reasons", ())],
        "absent": decision.get("absent", []),
        "holds_until": decision.get("holds_until", ""),
    }
    if remedies:
        said["remedies"] = [{"effort": r.get("effort", 0),
                             "steps": [project_step(s) for s in r["steps"]]}
                            for r in decision.get("remedies", ())]
        said["remedies_cut"] = decision.get("remedies_cut", False)
        said["beyond_remedy"] = [{"rulebook": b.get("rulebook", ""),
                                  "decided_by": b.get("decided_by", "")}
                                 for b in decision.get("beyond_remedy", ())]
    return said


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def same(theirs, ours):
    return canonical(theirs) == canonical(ours)


def differences(theirs, ours, path=""):
    """Where the two differ: (path, Carnet's, ours)."""
    theirs, ours = json.loads(canonical(theirs)), json.loads(canonical(ours))
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in sorted(set(theirs) | set(ours)):
            yield from differences(theirs.get(name), ours.get(name), f"{path}.{name}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, pair in enumerate(zip(theirs, ours)):
            yield from differences(*pair, f"{path}[{i}]")
    elif theirs != ours:
        yield path, theirs, ours


def shown(theirs, ours):
    lines = []
    for path, one, other in list(differences(theirs, ours))[:6]:
        lines += [f"  {path}", f"    carnet:    {json.dumps(one)}", f"    reference: {json.dumps(other)}"]
    return "\n".join(lines)


def kind_of(theirs, ours):
    """The first place that differs, without its numbers: shrinking keeps it."""
    for path, _, _ in differences(theirs, ours):
        return re.sub(r"\[\d+\]", "", path)
    return None
