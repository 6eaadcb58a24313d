"""Conditions and the records they ask for: docs/DECISIONS.md, sections 4, 5 and 9.1."""

from facts import (AREA, CATEGORY, DATES, DOMAIN, FLAGS, SETS, Fact, compare, read, scalar, shown,
                   typed, unique, unknown)
from world import FALSE, TRUE, UNKNOWN, day_of, days_of, kebab
from wording import LISTS, RECORD_KINDS, condition_text, single



class Leaf:
    """Why a condition is not true, and with which value."""

    def __init__(self, code, condition, value, found=None, owner=None, records=(), word=None):
        self.code, self.condition, self.value = code, condition, value
        self.found, self.owner, self.word = found, owner, word
        self.records = [r.reference for r in records]

    def said(self):
        """As the answer says it."""
        said = {"code": self.code, "condition": self.condition, "found": self.found,
                "owner": self.owner, "word": self.word, "records": self.records}
        return {name: part for name, part in said.items() if part}


class Outcome:
    """What a condition came to, with the leaves that say why it is not true."""

    def __init__(self, value, leaves=(), record=None):
        self.value, self.leaves = value, [] if value == TRUE else list(leaves)
        self.record = record

    def unknown_leaves(self):
        return [leaf for leaf in self.leaves if leaf.value == UNKNOWN]


class Parsed:
    """A condition with what is asked of it again and again: its key, its text, its tests."""

    def __init__(self, condition):
        self.condition = condition
        self.key, self.inside = single(condition)
        self.text = condition_text(condition)
        self.tests = None
        shape = self.key if self.key in OPERATORS + RECORD_KINDS else "fact"
        self.names = [f"{shape} {NAMES[value]}" for value in (FALSE, UNKNOWN, TRUE)]
        if self.key in RECORD_KINDS:
            self.tests = {kebab(name): spread(test) for name, test in self.inside.items()}
        elif self.key not in OPERATORS:
            self.tests = spread(self.inside)


OPERATORS = ("all", "any", "sure", "not", "cond", "unsettled")


def parse(leg, condition):
    parsed = leg.world.parsed.get(id(condition))
    if not parsed:
        parsed = leg.world.parsed[id(condition)] = Parsed(condition)
    return parsed


def evaluate(leg, condition):
    """Section 4: every branch, whatever the others came to."""
    parsed = parse(leg, condition)
    outcome = evaluate_parsed(leg, parsed)
    leg.count(parsed.names[outcome.value])
    if leg.values is not None:
        leg.values[id(condition), leg.agreement, leg.scopes] = outcome.value
    return outcome


NAMES = {FALSE: "false", UNKNOWN: "unknown", TRUE: "true"}


def evaluate_parsed(leg, parsed):
    if parsed.key in LISTS:
        return evaluate_list(leg, parsed.key, parsed.inside)
    if parsed.key == "cond":
        return evaluate_list(leg, "all", leg.rulebook.get("define")[parsed.inside])
    if parsed.key == "not":
        return evaluate_not(leg, parsed)
    if parsed.key == "unsettled":
        return evaluate_unsettled(leg, parsed)
    if parsed.key in RECORD_KINDS:
        return evaluate_record(leg, parsed.key, parsed.tests, parsed.text)
    return evaluate_fact(leg, parsed)


def evaluate_list(leg, operator, inside):
    inside = inside if isinstance(inside, list) else [inside]
    parts = [evaluate(leg, part) for part in inside]
    leaves = [leaf for part in parts for leaf in part.leaves]
    values = [part.value for part in parts]
    if operator == "any":
        return Outcome(max(values, default=FALSE), leaves)
    least = min(values, default=TRUE)
    return Outcome(FALSE if operator == "sure" and least != TRUE else least, leaves)


def evaluate_not(leg, parsed):
    part = evaluate(leg, parsed.inside)
    if part.value == UNKNOWN:
        return Outcome(UNKNOWN, part.unknown_leaves())
    if part.value == FALSE:
        return Outcome(TRUE)
    return Outcome(FALSE, [exception(leg, parsed, parse(leg, parsed.inside), part)])


def exception(leg, parsed, inner, part):
    """What stands under `not` is true: with the fact, or the record, if it is a single test."""
    leaf = Leaf("EXCEPTION_HOLDS", parsed.text, FALSE)
    if inner.key in RECORD_KINDS and part.record:
        leaf.records, leaf.found = [part.record.reference], named(part.record)
    elif inner.key not in OPERATORS + RECORD_KINDS:
        fact = read(leg, inner.key)
        leaf.found = found_of(inner.key, fact, TRUE) if inner.key != "as-of" else None
        leaf.records = [r.reference for r in fact.records]
    return leaf


# ---- 4.4: open questions ----

def evaluate_unsettled(leg, parsed):
    question = parsed.inside
    value, answer = settle(leg, question)
    if value == TRUE:
        return Outcome(TRUE)
    if value == FALSE:
        return Outcome(FALSE, [Leaf("SETTLED_OTHERWISE", parsed.text, FALSE,
                                    named(answer) if answer else None, None,
                                    [answer] if answer else [], question)])
    term = leg.owner_term(question)
    owner = (term.get("owner") if term else None) or leg.rulebook.get("owner")
    return Outcome(UNKNOWN, [Leaf("UNSETTLED_QUESTION", parsed.text, UNKNOWN, owner=owner,
                                  word=question)])


def settle(leg, question):
    """What dated assessments say of it, and the one that says no."""
    given = leg.applied_question(question)
    if given is not None:
        return given, None
    if not any(may_answer(assessment, question) for assessment in leg.candidates("assessment")):
        return UNKNOWN, None
    holds, _ = answer_to(leg, question, "holds")
    fails, record = answer_to(leg, question, "does-not-hold")
    if holds == TRUE and fails == FALSE:
        return TRUE, None
    return (FALSE, record) if fails == TRUE and holds == FALSE else (UNKNOWN, None)


def may_answer(assessment, question):
    return assessment.settled("kind") in (None, question)


def answer_to(leg, question, outcome):
    """The value of the record test, and its record; only a true one leaves traces."""
    absent = set(leg.absent)
    tests = {"kind": spread(question), "outcome": spread(outcome)}
    result, _ = apart(leg, evaluate_record, "assessment", tests, "")
    leg.absent.clear()
    leg.absent.update(absent)
    if result.value == TRUE:
        leg.look_at(result.record)
    return result.value, result.record


# ---- 4.1: facts ----

def evaluate_fact(leg, parsed):
    name = parsed.key
    fact = read(leg, name)
    leg.look_at(*fact.records, *fact.seen)
    if fact.asserted:
        leg.asserted.add(fact.asserted)
    if leg.is_false(parsed.text):
        value = FALSE
    else:
        value = test_of_fact(leg, name, fact, parsed.tests)
    if value == TRUE:
        return Outcome(TRUE)
    code = "FACT_UNKNOWN" if value == UNKNOWN else "FACT_IS_OTHERWISE"
    owner = leg.owner_term(name)
    return Outcome(value, [Leaf(code, parsed.text, value, found_of(name, fact, value),
                                owner.get("owner") if owner else None, fact.records, name)])


def found_of(name, fact, value):
    if name == "as-of":
        return "the day of the question"
    members = [shown(m) for m in fact.members]
    if not members:
        return "none" if value == FALSE else "unknown"
    return members[0] if len(members) == 1 else "[" + ", ".join(members) + "]"


def spread(test):
    """The long form of a test: lists of values under each name."""
    if not isinstance(test, dict):
        test = {"in": test}
    return {name: part if isinstance(part, list) or name in ("lt", "ge", "is") else [part]
            for name, part in test.items()}


def values_of(list_of, like):
    return [typed(value, like == "date") for value in list_of]


def test_of_fact(leg, name, fact, test):
    like = "date" if is_date(leg, name) else None
    results = []
    for key, wanted in test.items():
        if key == "is":
            other = look(leg, wanted)
            note_as_of(leg, name, [v for v in other.members + other.perhaps])
            note_as_of(leg, wanted, fact.members)
            result = test_in(leg, fact, other.members)
            if result != TRUE and (other.open or other.perhaps):
                result = UNKNOWN
        elif key in ("lt", "ge"):
            limit = typed(wanted, like == "date")
            if name == "as-of":
                leg.note(limit[1])
            result = test_limit(fact, key, limit)
        else:
            listed = values_of(wanted, like)
            note_as_of(leg, name, listed)
            result = {"in": test_in, "main": test_main, "has": test_has}[key](leg, fact, listed)
        leg.count(f"fact {key} {NAMES[result]}")
        results.append(FALSE if fact.is_known_empty() else result)
    return min(results, default=UNKNOWN)


def is_date(leg, name):
    if name in DATES:
        return True
    term = leg.world.current("term", name, leg.day)
    return bool(term) and kebab(term.get("type", "")) == "date"


def look(leg, name):
    """Another fact, read for `is`."""
    other = read(leg, name)
    leg.look_at(*other.records, *other.seen)
    if other.asserted:
        leg.asserted.add(other.asserted)
    return other


def note_as_of(leg, name, values):
    if name == "as-of":
        for kind, day in values:
            if kind == "date":
                leg.note(day, day + 1)


def test_in(leg, fact, listed):
    result = min((compare(leg, m, fact.domain, listed) for m in fact.members), default=TRUE)
    perhaps = [compare(leg, p, fact.domain, listed) for p in fact.perhaps]
    if fact.open or not fact.members or any(p != TRUE for p in perhaps):
        result = min(result, UNKNOWN)
    return result


def test_main(leg, fact, listed):
    return TRUE if test_in(leg, fact, listed) == TRUE else UNKNOWN


def test_has(leg, fact, listed):
    result = max((compare(leg, m, fact.domain, listed) for m in fact.members), default=FALSE)
    perhaps = [compare(leg, p, fact.domain, listed) for p in fact.perhaps]
    if fact.open or any(p != FALSE for p in perhaps):
        result = max(result, UNKNOWN)
    return result


def test_limit(fact, key, limit):
    def one(value):
        if value[0] != limit[0] or value[0] not in ("number", "date"):
            return UNKNOWN
        below = value[1] < limit[1]
        return TRUE if below == (key == "lt") else FALSE
    result = min(map(one, fact.members), default=TRUE)
    return min(result, UNKNOWN) if fact.open or fact.perhaps else result


# ---- 4.3: fields of a record ----

def read_field(rectangle, name):
    """The field as a fact, and whether it holds the word `any`."""
    if name not in rectangle.read:
        rectangle.read[name] = read_field_of(rectangle, name)
    return rectangle.read[name]


def read_field_of(rectangle, name):
    kind = rectangle.kind
    domain = DOMAIN.get((kind, name))
    if name == "id":
        return Fact([rectangle.id]), False
    if name in rectangle.disputed:
        return unknown(domain), False
    value = rectangle.get(name)
    if name == "modes" and rectangle.get("any-mode"):
        return Fact(), True
    if name in SETS.get(kind, ()):
        members = [kebab(m) if name == "modes" else m for m in listed(value)]
        return Fact([m for m in members if m != "any"], domain=domain), "any" in members
    if name in FLAGS:
        return scalar({"yes": True, "no": False}.get(kebab(value)) if value not in (None, "") else None), False
    if name == "status" and value:
        value = kebab(value)
    return scalar(value, domain, date=name in DATES), False


def listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def test_field(leg, rectangle, name, test):
    field, has_any = read_field(rectangle, name)
    date = name in DATES
    results = []
    for key, wanted in test.items():
        if key == "is":
            other = look(leg, wanted)
            note_as_of(leg, wanted, field.members)
            result = lies_within(leg, other, field, has_any)
        elif key in ("lt", "ge"):
            result = test_limit(field, key, typed(wanted, date))
        else:
            words = values_of(wanted, "date" if date else None)
            result = {"in": test_in, "main": test_main, "has": test_has}[key](leg, field, words)
            if has_any:
                result = TRUE if key == "has" else UNKNOWN
        leg.count(f"field {key} {NAMES[result]}")
        results.append(FALSE if field.is_known_empty() and not has_any else result)
    return min(results, default=UNKNOWN)


def lies_within(leg, other, field, has_any=False):
    """Whether the other fact lies within the field (`is`, 4.3)."""
    if other.is_known_empty():
        return FALSE
    if has_any:
        return TRUE
    if field.is_known_empty():
        return FALSE
    results = [compare(leg, m, other.domain, field.members) for m in other.members]
    result = min(results, default=TRUE)
    perhaps = [compare(leg, p, other.domain, field.members) for p in other.perhaps]
    if other.open or not other.members or any(p != TRUE for p in perhaps):
        result = min(result, UNKNOWN)
    return max(result, UNKNOWN) if field.open else result


def test_fields(leg, rectangle, tests):
    return min([test_field(leg, rectangle, name, test) for name, test in tests.items()],
               default=TRUE)


# ---- 5: records ----

def evaluate_record(leg, kind, tests, text):
    if leg.is_obtained(kind, tests):
        return Outcome(TRUE)
    if kind == "agreement":
        from agreements import evaluate_agreement
        return evaluate_agreement(leg, tests, text)
    best, best_value, leaves, way_to_best = None, FALSE, [], set()
    look_for(leg, kind, tests)
    for rectangle in may_be_of_leg(leg, kind, tests):
        of_leg, way = apart(leg, is_of_leg, rectangle, tests)
        if kind != "finding":
            leg.look_at(*way)
        fields = test_fields(leg, rectangle, tests) if of_leg != FALSE else FALSE
        if min(of_leg, fields) == FALSE:
            continue
        leg.note(rectangle.first, rectangle.last)
        if kind == "finding" and not rectangle.in_force(leg.day):
            continue
        standing, reasons = stand(leg, rectangle, tests, text)
        if not rectangle.in_force(leg.day):
            continue
        value = min(of_leg, fields, standing)
        if best is None or value > best_value:
            best, best_value, way_to_best = rectangle, value, way
        if standing == TRUE and value == UNKNOWN:
            reasons = [Leaf("RECORD_UNKNOWN", text, UNKNOWN, named(rectangle), None, [rectangle])]
        leaves += reasons
    leg.look_at(*way_to_best)
    return record_outcome(leg, kind, text, best_value, best, leaves)


def apart(leg, judge, *arguments):
    """What it comes to, and the records it looked at, which do not count yet."""
    before, leg.records = leg.records, set()
    result = judge(leg, *arguments)
    seen, leg.records = leg.records, before
    return result, seen


def may_be_of_leg(leg, kind, tests):
    """The records of which it is not plain at once that they are of another leg."""
    if kind == "certificate" and "holder" not in tests:
        return leg.world.tied_to(kind, "holder", leg.importer.id)
    if kind == "disclosure":
        return leg.world.tied_to(kind, "exporter", leg.exporter.id)
    if kind in ("finding", "order") and "by" not in tests:
        return leg.world.tied_to(kind, "by", leg.rulebook.id)
    return leg.candidates(kind)


def look_for(leg, kind, tests):
    """What is read and walked whether there are candidates or not."""
    places = []
    if kind == "assessment":
        places = ["leg.area"]
    elif kind == "finding":
        asked = place_asked(tests)
        places = [asked] if asked in ("leg.area", "importer.area") else ["leg.area", "importer.area"]
    for place in places:
        for _, word in look(leg, place).members:
            leg.walk(AREA, word)


def named(rectangle):
    return f"{rectangle.kind} {rectangle.id}"


def record_outcome(leg, kind, text, value, record, leaves):
    leg.look_at(record)
    if value != TRUE and not leaves:
        leg.absent.add((kind, text))
        leaves = [Leaf("NO_RECORD", text, FALSE, "none")]
    return Outcome(value, leaves, record)


def is_of_leg(leg, rectangle, tests):
    """5.2: whether the candidate is of this leg; fields in dispute make it unknown at most."""
    judge, ties = OF_LEG[rectangle.kind]
    value = judge(leg, rectangle, tests)
    disputed = any(tie in rectangle.disputed and tie_counts(rectangle, tie, tests) for tie in ties)
    return min(value, UNKNOWN) if disputed else value


def tie_counts(rectangle, tie, tests):
    """`by` ties nothing where the test names it; there its field test reads it as unknown."""
    return not (tie == "by" and (rectangle.kind == "assessment" or "by" in tests))


def by_holder(leg, rectangle, tests):
    holders = {leg.importer.id} | ({leg.exporter.id} if "holder" in tests else set())
    return TRUE if rectangle.get("holder") in holders else FALSE


def by_exporter(leg, rectangle, _):
    return TRUE if rectangle.get("exporter") == leg.exporter.id else FALSE


def by_law(leg, rectangle, tests):
    return "by" in tests or rectangle.get("by") == leg.rulebook.id


def names_parties(leg, rectangle):
    return (rectangle.get("exporter") in (None, "", leg.exporter.id)
            and rectangle.get("importer") in (None, "", leg.importer.id))


def place_asked(tests):
    return tests.get("area", {}).get("is")


def by_place(leg, rectangle, tests):
    if not by_law(leg, rectangle, tests):
        return FALSE
    asked = place_asked(tests)
    area = Fact([rectangle.get("area")], domain=AREA)
    seat = read(leg, "importer.area")
    if asked == "importer.area":
        return lies_within(leg, seat, area)
    result = lies_within(leg, read(leg, "leg.area"), area)
    if asked == "leg.area" or seat.open:
        return result
    return max(result, lies_within(leg, seat, area))


def by_subject(leg, rectangle, _):
    if not any(rectangle.get(name) for name in ("exporter", "importer", "area")):
        return FALSE
    if not names_parties(leg, rectangle):
        return FALSE
    if not rectangle.get("area"):
        return TRUE
    return lies_within(leg, read(leg, "leg.area"), Fact([rectangle.get("area")], domain=AREA))


def by_order(leg, rectangle, tests):
    if not by_law(leg, rectangle, tests) or not names_parties(leg, rectangle):
        return FALSE
    value = TRUE
    for name, fact, domain in (("areas", "leg.area", AREA), ("categories", "leg.category", CATEGORY)):
        if rectangle.get(name) and value != FALSE:
            named_words = Fact(listed(rectangle.get(name)), domain=domain)
            value = min(value, lies_within(leg, read(leg, fact), named_words))
    return value


OF_LEG = {
    "certificate": (by_holder, ["holder"]),
    "disclosure": (by_exporter, ["exporter"]),
    "finding": (by_place, ["by", "area"]),
    "assessment": (by_subject, ["exporter", "importer", "area"]),
    "order": (by_order, ["by", "exporter", "importer", "areas", "categories"]),
}


# ---- 5.3: standing ----

def stand(leg, rectangle, tests, text):
    """Whether it stands, and the reasons if it does not."""
    steps = list(STANDING[rectangle.kind](leg, rectangle, tests, text))
    value = min([step[0] for step in steps], default=TRUE)
    if value == TRUE:
        return TRUE, []
    # The lesser counts, of equal ones the later.
    _, code, before = [step for step in steps if step[0] == value][-1]
    if not code:
        return value, []
    return value, before + [Leaf(code, text, value, named(rectangle), None, [rectangle])]


def stand_finding(leg, rectangle, tests, text):
    if "scope" in rectangle.disputed:
        yield UNKNOWN, "OUT_OF_SCOPE", []
    elif rectangle.get("scope"):
        scope = within_scope(leg, rectangle.get("scope"))
        yield scope.value, "OUT_OF_SCOPE", scope.leaves


def within_scope(leg, condition):
    if leg.scopes == SCOPES_MAX:
        return Outcome(UNKNOWN)
    leg.scopes += 1
    result = evaluate(leg, condition)
    leg.scopes -= 1
    return result


# Scopes of findings within scopes of findings.
SCOPES_MAX = 4


def stand_due(leg, rectangle):
    due = day_in(leg, rectangle, "next-due")
    if "next-due" in rectangle.disputed:
        yield UNKNOWN, "RECORD_UNKNOWN", []
    elif due is not None and due <= leg.day:
        yield FALSE, "OVERDUE", []


def day_in(leg, rectangle, name):
    """The day in a field, noted even if it is in dispute."""
    text = rectangle.get(name)
    if text:
        leg.note(day_of(text))
    return day_of(text) if text else None


def stand_certificate(leg, rectangle, tests, text):
    yield from stand_due(leg, rectangle)
    status = kebab(rectangle.settled("status") or "unspecified")
    if "status" not in tests and status != "active":
        yield UNKNOWN if status == "unspecified" else FALSE, "NOT_CERTIFIED", []


def stand_assessment(leg, rectangle, tests, text):
    yield from stand_due(leg, rectangle)
    made = day_in(leg, rectangle, "date")
    if "date" in rectangle.disputed:
        yield UNKNOWN, "NOT_YET_MADE", []
    elif made is not None and made > leg.day:
        yield FALSE, "NOT_YET_MADE", []


def stand_order(leg, rectangle, tests, text):
    stayed = False
    for stay in rectangle.get("stays", ()):
        first, last = days_of(stay)
        leg.note(first, last)
        stayed |= first <= leg.day < last
    if "stays" in rectangle.disputed:
        yield UNKNOWN, "RECORD_UNKNOWN", []
    elif stayed:
        yield FALSE, None, []


STANDING = {"finding": stand_finding, "certificate": stand_certificate, "order": stand_order,
            "assessment": stand_assessment, "disclosure": lambda *_: ()}
