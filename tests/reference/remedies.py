"""Remedies: docs/DECISIONS.md, section 11."""

import re

from agreements import fits
from conditions import OPERATORS, evaluate, is_of_leg, parse, settle, test_fields, test_of_fact
from facts import ENGAGEMENT_FACTS, Fact, is_callers_name, read
from wording import RECORD_KINDS
from world import FALSE, NEVER, TRUE, UNKNOWN, days_of, kebab

ACTS = ("say", "record", "obtain", "perform")
THE_QUESTION = -1
SETS_MAX, STEPS_MAX, LEGS_MAX = 8, 16, 64
NO_EFFORT = 9
DATA_FACTS = ("data.key", "data.local-copy", "data.origin", "data.policies", "data.subjects")
# 3.2, but for the parties themselves.
PARTY_FACTS = (
    "exporter.areas", "importer.areas", "importer.area", "exporter.bound-by", "importer.bound-by",
    "exporter.public-body", "importer.public-body", "exporter.sector", "importer.sector",
    "exporter.is", "importer.is", "importer.supervised-by", "importer.same-legal-person",
    "engagement.exporter-role", "engagement.importer-role", "engagement.capacity",
    "engagement.provider-handles-data", "keys.holder", "keys.area", "keys.shared-control")
# Where each kind of record says what it is.
OFFERED = {"agreement": "instrument", "certificate": "scheme", "assessment": "kind",
           "disclosure": "names"}


NO_REMEDIES = {"remedies": [], "remedies_cut": False, "beyond_remedy": []}


class Step:
    """One thing to say, to record, to obtain or to perform."""

    def __init__(self, act, place, text, term, **about):
        self.act, self.place, self.text = act, place, text
        self.owner, self.effort = term.get("owner") or "", term.get("effort") or NO_EFFORT
        self.rank = ACTS.index(act), place, text
        # What it is about: `fact` or `question`, `wanted`, `leaf` (its text), `witness`, `has`.
        self.fact = self.question = self.leaf = self.witness = None
        self.wanted, self.has, self.domain, self.kind, self.tests = TRUE, False, None, None, None
        for name, value in about.items():
            setattr(self, name, value)

    def __eq__(self, other):
        return self.rank == other.rank

    def __hash__(self):
        return hash(self.rank)

    def excludes(self, other):
        if self.place != other.place or self.text == other.text:
            return False
        if self.question is not None:
            return self.question == other.question
        if self.fact is None or self.fact != other.fact or None in (self.witness, other.witness):
            return False
        return not (self.has and other.has and self.wanted == other.wanted == TRUE)


class Sets:
    """11.4: keeps lists of sets small, and whether any was left out."""

    def __init__(self):
        self.cut, self.steps = False, {}

    def found(self, step):
        """A step that is found again keeps the owner and effort that it was first found with."""
        return self.steps.setdefault(step.rank, step)

    def small(self, sets):
        sets = unique(s for s in sets if not contradicts(s))
        self.cut |= any(len(s) > STEPS_MAX for s in sets)
        sets = [s for s in sets if len(s) <= STEPS_MAX]
        sets = [s for s in sets if not any(other < s for other in sets)]
        sets.sort(key=rank)
        self.cut |= len(sets) > SETS_MAX
        return sets[:SETS_MAX]

    def together(self, lists):
        return self.small([s for one in lists for s in one])

    def each_with_each(self, lists):
        united = lists[0] if lists else [frozenset()]
        for one in lists[1:]:
            united = self.small([a | b for a in united for b in one])
        return united


def unique(values):
    return list(dict.fromkeys(values))


def contradicts(steps):
    return any(a.excludes(b) for a in steps for b in steps)


def rank(steps):
    return sum(s.effort for s in steps), len(steps), sorted(s.rank for s in steps)


# ---- 11.1 to 11.3: the step that a leaf offers ----

def term_offers(leg, name, by_caller=False):
    """The term in force, if it has `offer`."""
    term = leg.noted.lookup(leg.world, "term", name)
    if not term or not term.get("offer"):
        return None
    return term if not by_caller or is_callers(term) else None


def is_callers(term):
    return kebab(term.get("kind", "")) == "fact" and kebab(term.get("by", "")) == "caller"


def leaf_step(leg, parsed, wanted):
    if parsed.key == "unsettled":
        return question_step(leg, parsed, wanted)
    if parsed.key in RECORD_KINDS:
        return record_step(leg, parsed) if wanted == TRUE else None
    return fact_step(leg, parsed, wanted)


def question_step(leg, parsed, wanted):
    outcome, opposite = ("holds", "does-not-hold")[::1 if wanted == TRUE else -1]
    term = unsaid(leg, parsed.inside, opposite) and term_offers(leg, parsed.inside)
    text = f"assessment: {{kind: {parsed.inside}, outcome: {outcome}}}"
    return term and Step("obtain", leg.hop.number, text, term, question=parsed.inside,
                         wanted=wanted, kind="assessment",
                         tests={"kind": [parsed.inside], "outcome": [outcome]})


def fact_step(leg, parsed, wanted):
    name = parsed.key
    offer = fact_offer(leg, name)
    if not offer:
        return None
    act, place, term = offer
    about = {"fact": name, "wanted": wanted, "leaf": parsed.text,
             "has": list(parsed.tests) == ["has"], "domain": read(leg, name).domain}
    if wanted == TRUE:
        witness = witness_of_true(leg, parsed)
        return witness and Step(act, place, parsed.text, term, witness=witness, **about)
    flag = only_flag(parsed.tests)
    text = f"not: {{{parsed.text}}}"
    if flag is not None:
        text = f"{name}: {'false' if flag else 'true'}"
    return Step(act, place, text, term, witness=witness_of_false(leg, parsed), **about)


def fact_offer(leg, name):
    """Act, place and term, if the fact is one of those that are offered and is open."""
    hop, fact = leg.hop.number, read(leg, name)
    is_blank = fact.open and not fact.members and not fact.perhaps
    if name == "access.mode":
        act, place, is_open = "say", hop, leg.mode is None
    elif name == "leg.purpose":
        act, place, is_open = "say", THE_QUESTION, not leg.question.get("purpose")
    elif name in DATA_FACTS:
        act, place, is_open = "record", THE_QUESTION, is_blank
    elif name in PARTY_FACTS:
        is_one = name not in ENGAGEMENT_FACTS or len(leg.engagements) < 2
        act, place, is_open = "record", hop, is_blank and is_one
    else:
        is_open = is_callers_name(name) and name not in leg.question.get("facts", {})
        term = is_open and term_offers(leg, name, by_caller=True)
        return ("say", THE_QUESTION, term) if term else None
    term = is_open and term_offers(leg, name)
    return (act, place, term) if term else None


def only_flag(tests):
    """The flag, if the test is nothing but one flag by `in`."""
    if list(tests) == ["in"] and len(tests["in"]) == 1 and isinstance(tests["in"][0], bool):
        return tests["in"][0]
    return None


def values_tested(leg, parsed):
    """Candidates for a witness, in their order, as (type, value)."""
    from conditions import is_date, values_of
    like = "date" if is_date(leg, parsed.key) else None
    tests = parsed.tests
    for key in ("in", "main", "has"):
        yield from values_of(tests.get(key, ())[:1], like)
    yield from values_of([tests[key] for key in ("ge",) if key in tests], like)
    yield from [(kind, value - 1) for kind, value in
                values_of([tests[key] for key in ("lt",) if key in tests], like)]
    if "is" in tests:
        other = read(leg, tests["is"])
        if len(other.members) == 1 and not other.open and not other.perhaps:
            yield other.members[0]


def witness_of_true(leg, parsed):
    for value in values_tested(leg, parsed):
        if test_of_fact(leg, parsed.key, just(value, read(leg, parsed.key).domain),
                        parsed.tests) == TRUE:
            return value
    return None


def witness_of_false(leg, parsed):
    from conditions import is_date, values_of
    like = "date" if is_date(leg, parsed.key) else None
    flag, tests = only_flag(parsed.tests), parsed.tests
    if flag is not None:
        return "flag", not flag
    if list(tests) == ["lt"]:
        return values_of([tests["lt"]], like)[0]
    if list(tests) == ["ge"]:
        kind, value = values_of([tests["ge"]], like)[0]
        return kind, value - 1
    return None


def just(value, domain):
    fact = Fact(domain=domain)
    fact.members = [value]
    return fact


def record_step(leg, parsed):
    term = is_of_the_day(leg, parsed) and offered_word(leg, parsed)
    return Step("obtain", leg.hop.number, parsed.text, term, kind=parsed.key, tests={
        name: test.get("in") if list(test) == ["in"] else test
        for name, test in parsed.tests.items()}, **about_question(parsed)) if term else None


def about_question(parsed):
    """`assessment: {kind: Q, outcome: holds}`, or `does-not-hold`, answers the question Q."""
    answered = re.fullmatch(r"assessment: \{kind: ([^ \[{]+), outcome: (holds|does-not-hold)\}",
                            parsed.text)
    if not answered:
        return {}
    return {"question": answered[1], "wanted": TRUE if answered[2] == "holds" else FALSE}


def unsaid(leg, question, outcome):
    """No assessment says so."""
    from conditions import answer_to
    return answer_to(leg, question, outcome)[0] == FALSE


def is_of_the_day(leg, parsed):
    """What is made today has today's date."""
    field = {"agreement": "signed", "assessment": "date"}.get(parsed.key)
    if field not in parsed.tests:
        return True
    before, leg.notes = leg.notes, leg.noted
    value = test_of_fact(leg, "as-of", read(leg, "as-of"), parsed.tests[field])
    leg.notes = before
    return value == TRUE


def offered_word(leg, parsed):
    """11.3: the term of the first word that is offered."""
    test = parsed.tests.get(OFFERED.get(parsed.key), {})
    for key in ("in", "has", "main"):
        for word in test.get(key, ()):
            term = instrument_offer(leg, parsed, word) if parsed.key == "agreement" \
                else term_offers(leg, word)
            if term:
                return term
    return None


def instrument_offer(leg, parsed, word):
    instrument = leg.noted.lookup(leg.world, "instrument", word)
    if not instrument:
        return None
    windows = [w for w in instrument.get("laws", ()) if w["rulebook"] == leg.rulebook.id]
    for window in windows:
        leg.noted.add(*edges(window))
    term = term_offers(leg, instrument.get("kind"))
    if not term or {"laws", "modules"} & instrument.disputed:
        return None
    if not leg.is_policy() and not any(is_open(leg, window) for window in windows):
        return None
    modules = instrument.get("modules", ())
    if modules and not any(module_fits(leg, parsed, module) for module in modules):
        return None
    return term


def edges(window):
    start, sign_until = days_of({"from": window.get("from"), "until": window.get("sign_until")})
    return start, sign_until, days_of({"until": window.get("rely_until")})[1]


def is_open(leg, window):
    start, sign_until, rely_until = edges(window)
    return start <= leg.day < min(sign_until, rely_until)


def module_fits(leg, parsed, entry):
    if fits(leg, entry) < (TRUE if len(leg.engagements) > 1 else UNKNOWN):
        return False
    if "module" not in parsed.tests:
        return True
    name = entry.get("module")
    field = just(("word", name), None) if name else Fact(open=True)
    return test_of_fact(leg, "module", field, parsed.tests["module"]) == TRUE


# ---- 11.4: ways ----

def ways(leg, sets, condition, wanted):
    """The sets that make the condition true, or false, with the binding that is bound."""
    if value_of(leg, condition) == wanted:
        return [frozenset()]
    parsed = parse(leg, condition)
    if parsed.key == "not":
        return ways(leg, sets, parsed.inside, TRUE if wanted == FALSE else FALSE)
    if parsed.key == "cond":
        definition = leg.rulebook.get("define")[parsed.inside]
        definition = definition if isinstance(definition, list) else [definition]
        return ways_of_list(leg, sets, "all", definition, wanted)
    if parsed.key == "sure":
        return []
    if parsed.key in OPERATORS and parsed.key != "unsettled":
        return ways_of_list(leg, sets, parsed.key, parsed.inside, wanted)
    if parsed.key == "finding":
        return ways_of_finding(leg, sets, parsed) if wanted == TRUE else []
    step = leaf_step(leg, parsed, wanted)
    return [frozenset([sets.found(step)])] if step else []


def value_of(leg, condition):
    """With the binding that is bound; asked of each part again and again."""
    key = id(condition), leg.agreement, leg.scopes
    if key not in leg.values:
        evaluate(leg, condition)
    return leg.values[key]


def ways_of_list(leg, sets, operator, parts, wanted):
    lists = [ways(leg, sets, part, wanted) for part in parts]
    if (operator == "any") == (wanted == TRUE):
        return sets.together(lists)
    return sets.each_with_each(lists)


def ways_of_finding(leg, sets, parsed):
    if leg.scopes == 4:
        return []
    lists = []
    leg.scopes += 1
    for finding in leg.candidates("finding"):
        if (finding.in_force(leg.day) and "scope" not in finding.disputed
                and finding.get("scope") and is_of_leg(leg, finding, parsed.tests) == TRUE
                and test_fields(leg, finding, parsed.tests) == TRUE):
            lists.append(ways(leg, sets, finding.get("scope"), TRUE))
    leg.scopes -= 1
    return sets.together(lists)


# ---- 11.5: of an opinion, of the decision ----

class Silent:
    """Days that do not count."""

    def __init__(self, day):
        from evaluator import Notes
        self.__dict__ = Notes(day).__dict__
        self.lookup, self.add = Notes(day).lookup, lambda *_: None


def ways_of_opinion(leg, sets, j):
    """`j`: the judgement of one rulebook on one leg."""
    def way(outcome, condition, wanted):
        leg.agreement = outcome.binding
        return ways(leg, sets, condition, wanted)

    def performed(duties):
        ids = sorted({duty["owe"] for duty in duties})
        return [perform(leg, sets, duty) for duty in ids]

    def permitted_by(parts):
        return [way(p.outcome, p.fields["when"], FALSE) if p.fields.get("when") else []
                for p in parts]

    leg.rulebook = j.rulebook
    before = permitted_by(j.prohibitions) + performed(j.refused)
    lists = []
    if j.applies.value == UNKNOWN:
        lists.append(way(j.applies, j.rulebook.get("applies"), FALSE))
    if j.rulebook.get("not-a-transfer"):
        far = [p for p in j.prohibitions if kebab(p.fields.get("reach", "")) == "any"]
        lists.append(sets.each_with_each(
            permitted_by(far) + [way(j.n, j.rulebook.get("not-a-transfer"), TRUE)]))
    for ground in j.grounds:
        needs = ground.fields.get("needs", [])
        lists.append(sets.each_with_each(
            before + [way(ground.outcome, needs, TRUE)] + performed(ground.refused)))
    if kebab(j.rulebook.get("default", "")) == "permitted":
        lists.append(sets.each_with_each(before))
    return sets.together(lists)


def perform(leg, sets, duty):
    term = term_offers(leg, duty)
    return [frozenset([sets.found(Step("perform", THE_QUESTION, duty, term))])] if term else []


def find_remedies(asked, decision, legs, opinions):
    """`opinions` before they were folded."""
    nothing = NO_REMEDIES
    if decision["verdict"] not in ("INDETERMINATE", "DENIED"):
        return nothing
    if len(legs) > LEGS_MAX:
        return {**nothing, "remedies_cut": True}
    sets, beyond, lists = Sets(), [], []
    for opinion in sorted(opinions, key=lambda o: (o["legs"][0], o["rulebook"])):
        if opinion["verdict"] not in ("INDETERMINATE", "DENIED"):
            continue
        if not opinion["rulebook"]:
            beyond.append(("~", "coverage"))
            continue
        found = ways_of_failing(asked, sets, opinion)
        if not found:
            beyond.append((opinion["rulebook"], opinion["decided_by"]))
        if found not in lists:
            lists.append(found)
    if any(leg["_silent"] for leg in legs):
        beyond.append(("~", "no-opinion"))
    if beyond:
        return {**nothing, "remedies_cut": sets.cut, "beyond_remedy": in_order(beyond, opinions)}
    tried = try_all(asked, sets, sets.each_with_each(lists))
    return {**nothing, "remedies_cut": sets.cut, "remedies": [show(asked, s) for s in tried]}


def ways_of_failing(asked, sets, opinion):
    j = opinion["_judgement"]
    leg = j.leg
    leg.noted, leg.notes = asked.notes, Silent(asked.day)
    leg.records, leg.asserted, leg.absent, leg.facts = set(), set(), set(), {}
    leg.values = {}
    return ways_of_opinion(leg, sets, j)


def in_order(beyond, opinions):
    """In the order of opinions, equal ones once; those of no rulebook last."""
    first = {}
    for rulebook, decided_by in beyond:
        first.setdefault((rulebook, decided_by), len(first))
    ordered = sorted(first, key=lambda b: (b[0] == "~", b[0], first[b]))
    return [{"rulebook": "" if r == "~" else r, "decided_by": d} for r, d in ordered]


# ---- 11.6: trying ----

class Applied:
    """A set of steps, as the evaluator asks for them."""

    def __init__(self, steps):
        self.facts, self.false, self.obtained, self.questions = {}, {}, [], {}
        self.performed = {}
        for step in sorted(steps, key=lambda s: s.rank):
            self._apply(step)

    def _apply(self, step):
        if step.act == "perform":
            self.performed[step.text] = True
        elif step.act == "obtain":
            self.obtained.append((step.place, step.kind, step.tests))
            if step.question is not None:
                self.questions[step.place, step.question] = step.wanted
        elif step.witness is None:
            self.false[step.place, step.leaf] = step.fact
        else:
            fact = self.facts.setdefault((step.place, step.fact), Fact(domain=step.domain))
            if step.witness not in fact.members:
                fact.members.append(step.witness)

    def fact(self, hop, name):
        return self.facts.get((THE_QUESTION, name)) or self.facts.get((hop, name))

    def question(self, hop, question):
        return self.questions.get((hop, question))

    def is_false(self, hop, text):
        return any((place, text) in self.false and (place, self.false[place, text]) not in self.facts
                   for place in (THE_QUESTION, hop))

    def is_obtained(self, hop, kind, tests):
        return any(place == hop and obtained == kind and ("holder" in known) == ("holder" in tests)
                   and all(asks_no_more(known.get(name), test) for name, test in tests.items())
                   for place, obtained, known in self.obtained)


def asks_no_more(narrow, wide):
    def alone(test, name):
        if isinstance(test, list):
            return test if name == "in" else None
        return test[name] if isinstance(test, dict) and list(test) == [name] else None
    for name in ("in", "has"):
        some, all_ = alone(narrow, name), alone(wide, name)
        if some is not None and all_ is not None:
            return all(word in all_ for word in some)
    return narrow is not None and narrow == wide


def permits(asked, steps):
    from evaluator import verdict_of
    asked.counts["remedy tried"] += 1
    verdict = verdict_of(asked.world, asked.question, Applied(steps))
    return verdict not in ("DENIED", "INDETERMINATE")


def try_all(asked, sets, candidates):
    return sets.small([shortened(asked, steps) for steps in candidates if permits(asked, steps)])


def shortened(asked, steps):
    """Steps are left out in their order while what remains permits, over and over."""
    before = None
    while steps != before:
        before = steps
        for step in sorted(steps, key=lambda s: s.rank):
            if permits(asked, steps - {step}):
                steps = steps - {step}
    return steps


def show(asked, steps):
    asked.counts["remedy"] += 1
    shown = []
    for step in sorted(steps, key=lambda s: s.rank):
        asked.counts["remedy step " + step.act] += 1
        parties = [asked.exporter] + [r if isinstance(r, str) else r["party"]
                                      for r in asked.question["recipients"]]
        hop = step.place
        shown.append({"act": step.act, "what": step.text, "owner": step.owner,
                      "effort": step.effort,
                      "exporter": "" if hop < 0 else parties[hop],
                      "importer": "" if hop < 0 else parties[hop + 1]})
    return {"effort": sum(s.effort for s in steps), "steps": shown}
