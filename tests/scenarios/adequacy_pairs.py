"""Every dated pair of the source of adequacy findings, asked of carnet offline and looked up among the shipped cases.

    adequacy_pairs.py CARNET REGISTRY ADEQUACY.YAML

The source says for each finding by whom, of whom, from which day and to which (its `to` is the last day).  From that
follow four days: before, first, last, after.  On each, and for each row of its own table of pairs, the law in question
must say what the source says: with what its scope asks for (a certificate, a sort of recipient, a fact), and without.
"""
import datetime
import json
import subprocess
import sys

import yaml

carnet, registry, source = sys.argv[1:4]

LAWS = {"EU-GDPR": "eu-gdpr", "UK-GDPR": "uk-gdpr", "CH-FADP": "ch-fadp", "JP-APPI": "jp-appi", "KR-PIPA": "kr-pipa"}
HOME = {"eu-gdpr": "DE", "uk-gdpr": "GB", "ch-fadp": "CH", "jp-appi": "JP", "kr-pipa": "KR"}
# The first day of each law here: before it there is nothing to ask.
BEGINS = {"eu-gdpr": "1998-10-24", "uk-gdpr": "2020-12-31", "ch-fadp": "2008-01-01", "jp-appi": "2005-04-01",
          "kr-pipa": "2011-09-30"}
# Before, a list helped that bound nobody: the source gives no day of it.
BINDING_IN_SWITZERLAND = datetime.date(2023, 9, 1)
# Inside, not adequate: members of the Union or the EEA on those days.
INSIDE = {"HU": ("2004-05-01", "9999"), "GB": ("1998", "2020-12-31"), "IS": ("1998", "9999"), "LI": ("1998", "9999"),
          "NO": ("1998", "9999")}
GROUPS = {"EEA": ["DE", "IS"], "EEA,org:EU": ["DE"]}
CERTIFICATES = {"EU-US-SH": ["safe-harbor"], "EU-US-PS": ["privacy-shield"], "EU-US-DPF": ["dpf"],
                "GB-US": ["dpf", "dpf-uk-extension"], "CH-US": ["swiss-us-dpf"], "CH-US-PS": ["swiss-us-privacy-shield"]}
# What a scope asks for beside: of the recipient, with and without, and as a fact.
UNDER_PIPEDA = {True: ["pipeda-organisation"], False: ["outside-pipeda"]}
RECIPIENTS = {("eu-gdpr", "CA"): UNDER_PIPEDA, ("uk-gdpr", "CA"): UNDER_PIPEDA, ("ch-fadp", "CA"): UNDER_PIPEDA}
FACTS = {("eu-gdpr", "IL"): {"transfer.automated": True}, ("uk-gdpr", "IL"): {"transfer.automated": True}}
PERMITTED = {"PERMITTED", "PERMITTED_WITH_OBLIGATIONS"}


def day(text):
    return datetime.date.fromisoformat(str(text))


def destinations(text):
    """The areas of a finding: `AD,AR,CA(private)` is three, a group stands for two of its members."""
    text = str(text)
    if text in GROUPS:
        return GROUPS[text]
    return [] if text == "*" else [part.split("(")[0] for part in text.split(",")]


def findings_on(findings, law, dest, date):
    """Those findings of the source that stand on the day."""
    return [f for f in findings if LAWS.get(f["by"]) == law and dest in destinations(f["dest"])
            and f["from"] != "none" and day(f["from"]) <= date
            and (f["to"] == "open" or date <= day(f["to"]))]


def expected(findings, law, dest, date):
    """What the source says of the day: verdicts, and the schemes that open the way."""
    first, last = INSIDE.get(dest, ("9999", "9999"))
    if law == "eu-gdpr" and first <= date.isoformat() <= last:
        return {"NOT_A_TRANSFER"}, []
    if law == "ch-fadp" and dest != "US" and date < BINDING_IN_SWITZERLAND:
        return PERMITTED | {"INDETERMINATE"}, []
    standing = findings_on(findings, law, dest, date)
    if any("bridging-clause" in f.get("scope", []) for f in standing):
        return {"NOT_A_TRANSFER"}, []
    if standing:
        return PERMITTED, CERTIFICATES.get(standing[0]["id"], [])
    return {"DENIED"}, []


def dates_of(finding):
    """The four days of a finding."""
    if finding["from"] == "none":
        return []
    first = day(finding["from"])
    days = [first - datetime.timedelta(1), first]
    if finding["to"] != "open":
        days += [day(finding["to"]), day(finding["to"]) + datetime.timedelta(1)]
    return days


def pairs_of(book):
    """(law, dest, date): from the findings and from the source's own table; ours, each once, in order."""
    pairs = {}
    for finding in book["findings"]:
        for dest in destinations(finding["dest"]):
            for date in dates_of(finding):
                pairs[LAWS.get(finding["by"]), dest, date] = None
    for row in book["pair_table_for_tests"]:
        pairs[LAWS.get(row["by"]), row["dest"], day(row["date"])] = row["adequate"]
    return {pair: said for pair, said in pairs.items()
            if pair[0] and pair[2].isoformat() >= BEGINS[pair[0]]}


def record(of, **fields):
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    return {of: dict(fields, confidence="high", source=["Invented for this test"])}


def question(law, dest, date, schemes, able):
    """One shop sends a phone number; `able` with all that a scope may ask for."""
    recipient = dict(id="there", kind="organisation", area=dest, sector="online-service", public_body="no",
                     bound_by=["none"])
    if (law, dest) in RECIPIENTS:
        recipient["is"] = RECIPIENTS[law, dest][able]
    given = [
        record("party", id="here", kind="organisation", area=HOME[law], sector="online-service", public_body="no",
               bound_by=["none"]),
        record("party", **recipient),
        record("data-set", id="held", exporter="here", categories=["user.contact.phone_number"], areas=[HOME[law]],
               origin=["none"], policies=["none"]),
        record("engagement", id="here.there", exporter="here", importer="there", capacity="business-partner",
               exporter_role="controller", importer_role="controller", evidence="The question"),
    ]
    for scheme in schemes if able else []:
        given.append(record("certificate", id="there." + scheme, holder="there", scheme=scheme, role="controller",
                            covers=["any"], status="active"))
    return {
        "id": "%s-%s-%s-%s" % (law, dest.lower().replace(":", "-"), date, "able" if able else "bare"),
        "given": given,
        "ask": {
            "data-set": "held", "purpose": "essential.service.provision",
            "recipients": [{"party": "there", "mode": "transmission"}],
            "facts": FACTS.get((law, dest), {}) if able else {name: False for name in FACTS.get((law, dest), {})},
            "as-of": date.isoformat(),
        },
    }


def ask(questions):
    """The opinion of each question's law, by the question's id."""
    text = yaml.safe_dump_all(questions, sort_keys=False).replace("area: NO\n", "area: 'NO'\n")
    ran = subprocess.run([carnet, "check", "-f", "-", "--registry", registry, "-o", "json"], input=text, text=True,
                         capture_output=True, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    if len(lines) != len(questions):
        sys.exit(ran.stderr + "%d answers to %d questions" % (len(lines), len(questions)))
    return {q["id"]: (line.get("decision") or line)["opinions"] for q, line in zip(questions, lines)}


def opinion(opinions, law):
    return next((o["verdict"] for o in opinions if o.get("rulebook") == law), "NO_OPINION")


def shipped(law):
    """What the cases of the law's own folder say: (area, day) to verdicts."""
    areas, said = {}, {}
    with open("%s/line-out/parties.yaml" % registry, encoding="utf-8") as file:
        for document in yaml.safe_load_all(file):
            if document and "party" in document:
                areas[document["party"]["id"]] = str(document["party"].get("area", ""))
    with open("%s/%s/cases.yaml" % (registry, law), encoding="utf-8") as file:
        for case in yaml.safe_load_all(file):
            here = dict(areas)
            here.update((r["party"]["id"], str(r["party"].get("area", ""))) for r in case.get("given", []) if "party" in r)
            last = case["ask"]["recipients"][-1]
            for area in [here.get(last["party"], "")] + last.get("storage", []) + last.get("access", []):
                for o in case["expect"].get("opinions", []):
                    if o["rulebook"] == law:
                        said.setdefault((area, str(case["ask"]["as-of"])), set()).add(
                            o["verdict"].upper().replace("-", "_"))
    return said


def main():
    with open(source, encoding="utf-8") as file:
        book = yaml.safe_load(file)
    findings, wrong, questions, checks = book["findings"], [], [], []
    pairs = pairs_of(book)
    for (law, dest, date), said in pairs.items():
        verdicts, schemes = expected(findings, law, dest, date)
        # the source's own table must agree with its own findings
        if said is False and verdicts != {"DENIED"} or said is True and verdicts != PERMITTED:
            wrong.append("%s %s %s: the source says %r and its findings %s" % (law, dest, date, said, sorted(verdicts)))
        questions.append(question(law, dest, date, schemes, True))
        checks.append((questions[-1]["id"], law, dest, date, verdicts))
        limited = schemes or (law, dest) in RECIPIENTS or (law, dest) in FACTS
        if verdicts == PERMITTED and limited:  # and not without
            questions.append(question(law, dest, date, schemes, False))
            checks.append((questions[-1]["id"], law, dest, date, {"DENIED"}))
    answers, cases = ask(questions), {law: shipped(law) for law in set(LAWS.values())}
    for name, law, dest, date, verdicts in checks:
        came = opinion(answers[name], law)
        if came not in verdicts:
            wrong.append("%s: expected %s, came out %s" % (name, "/".join(sorted(verdicts)), came))
        if name.endswith("-able") and not cases[law].get((dest, date.isoformat()), set()) & verdicts:
            wrong.append("%s %s %s: no such case in %s/cases.yaml" % (law, dest, date, law))
    for line in wrong:
        print(line)
    print("%d dated pairs, %d questions, %d wrong" % (len(pairs), len(questions), len(wrong)))
    sys.exit(bool(wrong))


main()
