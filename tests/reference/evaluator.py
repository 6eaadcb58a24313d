"""A naive evaluator of docs/DECISIONS.md: records and a question in, a decision out.

    decision = decide(World(records), question)

Records are mappings {kind: fields}, the question is what stands under `ask`, both in JSON's names.
The decision is the projection that compare.py makes of an answer too: sections 2 and 6 to 9.
"""

from collections import Counter

from agreements import to_choose_from
from conditions import Leaf, Outcome, evaluate, parse
from facts import AREA, party_areas
from remedies import NO_REMEDIES, find_remedies
from wording import condition_text
from world import FALSE, NEVER, TRUE, UNKNOWN, KINDS, World, day_of, days_of, kebab, text_of

VERDICTS = ("NOT_A_TRANSFER PERMITTED PERMITTED_WITH_OBLIGATIONS INDETERMINATE DENIED").split()
TRUTH = {FALSE: "FALSE", UNKNOWN: "UNKNOWN", TRUE: "TRUE"}


def strictest(verdicts):
    return max(verdicts, key=VERDICTS.index, default="INDETERMINATE")


class Place:
    """A party in its hop: who, and where it stores and looks from."""

    def __init__(self, id, storage=(), access=(), mode=None):
        self.id, self.storage, self.access = id, list(storage), list(access)
        self.mode = kebab(mode) if mode else None


class Notes:
    """The days that were looked at; section 8."""

    def __init__(self, day):
        self.day, self.first_after = day, NEVER
        self.found, self.walked = {}, set()

    def add(self, *days):
        for day in days:
            if self.day < day < self.first_after:
                self.first_after = day

    def lookup(self, world, kind, id):
        """The record in force, its days noted."""
        if (kind, id) not in self.found:
            for rectangle in world.all_of(kind, id):
                self.add(rectangle.first, rectangle.last)
            self.found[kind, id] = world.current(kind, id, self.day)
        return self.found[kind, id]


class Hop:
    """From one party to the next, with what is on file between the two."""

    def __init__(self, asked, number, exporter, importer, named=None):
        self.number, self.exporter, self.importer = number, exporter, importer
        self.pair, self.named = (exporter.id, importer.id), named
        self.agreements = to_choose_from(asked.world, self.pair, asked.day)
        self.known_engagements = engagements_of(asked.world, self.pair, named)
        self.engagements = [e for e in self.known_engagements if e.in_force(asked.day)]
        # 2.4: what the data came under on earlier hops.
        self.came_under, self.perhaps_under = list(asked.came_under), list(asked.perhaps_under)


def engagements_of(world, pair, named):
    return [e for e in world.by_kind["engagement"]
            if (e.get("exporter"), e.get("importer")) == pair and named in (None, e.id)]


class Leg:
    """One leg, and all that a condition may look at from there."""

    def __init__(self, asked, hop, area, category):
        self.world, self.day, self.notes = asked.world, asked.day, asked.notes
        self.question, self.performs, self.counts = asked.question, asked.performs, asked.counts
        self.categories, self.absent, self.applied = asked.categories, asked.absent, asked.applied
        self.hop, self.exporter, self.importer = hop, hop.exporter, hop.importer
        self.pair, self.agreements, self.engagements = hop.pair, hop.agreements, hop.engagements
        self.area, self.category, self.mode = area, category, hop.importer.mode
        self.agreement = self.rulebook = None
        self.records, self.asserted = set(), set()
        # While a remedy is sought, the values that parts of a condition had.
        self.values = None
        # Terms from which owners were read; only those of the binding that stands are noted.
        self.owners = set()
        self.facts, self.scopes, self.data_exporter = {}, 0, asked.exporter

    def count(self, what):
        self.counts[what] += 1

    def note(self, *days):
        self.notes.add(*days)

    def look_at(self, *rectangles):
        self.records.update(r for r in rectangles if r)

    def lookup(self, kind, id):
        return self.notes.lookup(self.world, kind, id)

    def walk(self, kind, word):
        walk = self.world.walk(kind, word, self.day)
        if (kind, word) not in self.notes.walked:
            self.notes.walked.add((kind, word))
            self.note(*walk.days)
        return walk

    def owner_term(self, name):
        self.owners.add(name)
        return self.world.current("term", name, self.day)

    def note_owners(self):
        for name in self.owners:
            self.lookup("term", name)
        self.owners = set()

    def data_set(self):
        id = self.question.get("data_set")
        return self.lookup("data-set", id) if id else None

    def candidates(self, kind):
        return self.world.by_kind[kind]

    def is_policy(self):
        return kebab(self.rulebook.get("kind")) == "policy"

    # ---- 11.6: what a remedy that is being tried says ----

    def applied_fact(self, name):
        return self.applied.fact(self.hop.number, name) if self.applied else None

    def applied_question(self, question):
        return self.applied.question(self.hop.number, question) if self.applied else None

    def is_false(self, text):
        return bool(self.applied) and self.applied.is_false(self.hop.number, text)

    def is_obtained(self, kind, tests):
        return bool(self.applied) and self.applied.is_obtained(self.hop.number, kind, tests)


# ---- 5.1: binding ----

def judge(leg, condition):
    """The outcome that stands over the bindings, the first of equal ones; the binding stays bound."""
    best, least = None, asks_for_none(leg, condition)
    before = leg.records, leg.asserted, set(leg.absent)
    for agreement in leg.agreements or [None]:
        leg.agreement = agreement
        leg.records, leg.asserted, leg.owners = set(), set(), set()
        leg.absent.clear()
        outcome = evaluate(leg, condition)
        outcome.binding = agreement
        if best is None or (outcome.value < best[0].value if least
                            else outcome.value > best[0].value):
            best = outcome, leg.records, leg.asserted, set(leg.absent), agreement, leg.owners
    outcome, records, asserted, absent, leg.agreement, leg.owners = best
    leg.note_owners()
    leg.records, leg.asserted = before[0] | records, before[1] | asserted
    leg.absent.clear()
    leg.absent.update(before[2] | absent)
    return outcome


def asks_for_none(leg, condition):
    """Whether all its agreement tests, of which there are some, stand under an odd number of `not`."""
    found = set(agreement_tests(leg, condition, False))
    return found == {True}


def agreement_tests(leg, condition, under_not):
    """For each, whether it is under an odd number of `not`."""
    parsed = parse(leg, condition)
    if parsed.key == "agreement":
        yield under_not
    elif parsed.key == "not":
        yield from agreement_tests(leg, parsed.inside, not under_not)
    elif parsed.key == "cond":
        definition = leg.rulebook.get("define")[parsed.inside]
        for part in definition if isinstance(definition, list) else [definition]:
            yield from agreement_tests(leg, part, under_not)
    elif parsed.key in ("all", "any", "sure"):
        for part in parsed.inside:
            yield from agreement_tests(leg, part, under_not)


def judge_or(leg, condition, default):
    return judge(leg, condition) if condition else Outcome(default)


# ---- 6: one rulebook, one leg ----

class Part:
    """A ground or prohibition that is in force, with what it came to."""

    def __init__(self, fields, outcome):
        self.fields, self.id, self.outcome = fields, fields["id"], outcome
        self.value, self.duties = outcome.value, []
        self.refused = []

    def owed(self):
        return len([d for d in self.duties if not d.get("standing")])


def in_force(leg, parts):
    for part in parts:
        first, last = days_of(part)
        leg.note(first, last)
        if first <= leg.day < last:
            yield part


def owed_duties(leg, duties, bound=False):
    """The duties that are owed; `bound`: with the binding of the ground."""
    owed = []
    for duty in in_force(leg, [{"owe": d} if isinstance(d, str) else d for d in duties]):
        when = duty.get("when")
        outcome = (evaluate(leg, when) if bound else judge(leg, when)) if when else Outcome(TRUE)
        leg.note_owners()
        if outcome.value != FALSE:
            owed.append(duty)
    return owed


def judge_ground(leg, ground):
    ground_part = Part(ground, judge(leg, ground.get("needs", [])))
    ground_part.duties = owed_duties(leg, ground.get("duties", ()), bound=True)
    ground_part.refused = refused(leg, ground_part.duties)
    if ground_part.refused:
        ground_part.value = FALSE
    return ground_part


def refused(leg, duties):
    return [duty for duty in duties if leg.performs.get(duty["owe"]) is False]


class Judgement:
    """All that one rulebook came to on one leg."""

    def __init__(self, leg, rulebook, applies):
        self.leg, self.rulebook, self.applies = leg, rulebook, applies
        self.n = judge_or(leg, rulebook.get("not-a-transfer"), FALSE)
        self.prohibitions = [Part(p, judge_or(leg, p.get("when"), TRUE))
                             for p in in_force(leg, rulebook.get("prohibitions", ()))]
        self.grounds = [judge_ground(leg, g) for g in in_force(leg, rulebook.get("grounds", ()))]
        self.duties = owed_duties(leg, rulebook.get("duties", ()))
        self.refused = refused(leg, self.duties)
        self.chosen = self.decider = None
        self.decide()

    def prohibited(self, value, reach):
        return [p for p in self.prohibitions if p.value == value
                and (reach == "all" or (kebab(p.fields.get("reach", "")) == "any") == (reach == "any"))]

    def decide(self):
        """The first step of the table that fits."""
        for step in STEPS:
            taken = step(self)
            if taken:
                self.verdict, self.decided_by, self.reasons = taken
                break
        if self.applies.value == UNKNOWN and self.verdict == "DENIED":
            self.verdict = "INDETERMINATE"
        self.finish_reasons()

    def denied(self):
        return "INDETERMINATE" if self.n.value == UNKNOWN else "DENIED"

    def permitted(self):
        duties = self.duties + (self.chosen.duties if self.chosen else [])
        loose = any(not duty.get("standing") for duty in duties)
        return "PERMITTED_WITH_OBLIGATIONS" if loose else "PERMITTED"

    def best_ground(self):
        """Of the true ones that with the fewest owed duties, the first of equal ones."""
        true = [g for g in self.grounds if g.value == TRUE]
        return min(true, key=Part.owed) if true else None

    # ---- 9.1, items 2 and 3 ----

    def finish_reasons(self):
        if self.n.value == UNKNOWN and self.step in (4, 5, 11):
            self.add_unknown("TRANSFER_UNKNOWN", self.rulebook.get("not-a-transfer"), None, self.n)
        if self.applies.value == UNKNOWN:
            self.add_unknown("APPLIES_UNKNOWN", self.rulebook.get("applies"), None, self.applies)

    def add_unknown(self, code, condition, word, outcome):
        add_unknown(self.reasons, code, condition, word, outcome)


def plain(code, condition=None, word=None):
    reason = {"code": code}
    if condition is not None:
        reason["condition"] = condition_text(condition)
    if word:
        reason["word"] = word
    return reason


def add_unknown(reasons, code, condition, word, outcome):
    reasons.append(plain(code, condition, word))
    for leaf in outcome.unknown_leaves():
        if leaf.said() not in reasons:
            reasons.append(leaf.said())


def prohibited(parts):
    return [plain("PROHIBITED", p.fields.get("when"), p.id) for p in parts]


def refusals(duties):
    return [plain("DUTY_REFUSED", word=id) for id in dict.fromkeys(d["owe"] for d in duties)]


def unknown_prohibitions(parts, before=()):
    reasons = list(before)
    for part in parts:
        add_unknown(reasons, "PROHIBITION_UNKNOWN", part.fields.get("when"), part.id, part.outcome)
    return reasons


def ground_reason(part):
    return plain("GROUND", part.fields.get("needs", []), part.id)


def step_1(j):
    true = j.prohibited(TRUE, "any")
    if true:
        j.decider = true[0]
        return "DENIED", true[0].id, prohibited(true)


def step_2(j):
    open_ones = j.prohibited(UNKNOWN, "any")
    if j.n.value == TRUE and open_ones:
        j.decider = open_ones[0]
        return "INDETERMINATE", open_ones[0].id, unknown_prohibitions(open_ones)


def step_3(j):
    if j.n.value == TRUE:
        return ("NOT_A_TRANSFER", "not-a-transfer",
                [plain("NOT_A_TRANSFER", j.rulebook.get("not-a-transfer"))])


def step_4(j):
    true = j.prohibited(TRUE, "other")
    if true:
        j.decider = true[0]
        return j.denied(), true[0].id, prohibited(true) + refusals(j.refused)


def step_5(j):
    if j.refused:
        return j.denied(), j.refused[0]["owe"], refusals(j.refused)


def step_6(j):
    j.chosen, open_ones = j.best_ground(), j.prohibited(UNKNOWN, "all")
    if j.chosen and open_ones:
        j.decider = open_ones[0]
        return ("INDETERMINATE", open_ones[0].id,
                unknown_prohibitions(open_ones, [ground_reason(j.chosen)]))


def step_7(j):
    if j.chosen:
        return j.permitted(), j.chosen.id, [ground_reason(j.chosen)]


def is_open(j):
    return kebab(j.rulebook.get("default", "")) == "permitted"


def step_8(j):
    open_ones = j.prohibited(UNKNOWN, "all")
    if is_open(j) and open_ones:
        j.decider = open_ones[0]
        return ("INDETERMINATE", open_ones[0].id,
                unknown_prohibitions(open_ones, [plain("DEFAULT_PERMITTED")]))


def step_9(j):
    if is_open(j):
        return j.permitted(), "default", [plain("DEFAULT_PERMITTED")]


def step_10(j):
    open_ones = [g for g in j.grounds if g.value == UNKNOWN]
    if open_ones:
        reasons = []
        for ground in open_ones:
            add_unknown(reasons, "GROUND_UNKNOWN", ground.fields.get("needs", []), ground.id,
                        ground.outcome)
        j.unknown_ground = open_ones[0]
        return ("INDETERMINATE", open_ones[0].id,
                unknown_prohibitions(j.prohibited(UNKNOWN, "all"), reasons))


def step_11(j):
    return j.denied(), "default", [plain("DEFAULT_PROHIBITED")]


def numbered(number, step):
    def taken(judgement):
        judgement.step = number
        return step(judgement)
    return taken


STEPS = [numbered(i + 1, step) for i, step in enumerate(
    (step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8, step_9, step_10, step_11))]


# ---- Opinions ----

def opinion_of(leg, rulebook, index):
    """What the rulebook says of the leg, and what its `applies` came to."""
    leg.rulebook, leg.records, leg.asserted = rulebook, set(), set()
    leg.look_at(rulebook)
    applies = judge_or(leg, rulebook.get("applies"), TRUE)
    if applies.value == FALSE:
        return FALSE, None
    j = Judgement(leg, rulebook, applies)
    add_quality(leg, j)
    opinion = {
        "rulebook": rulebook.id, "kind": kebab(rulebook.get("kind")).upper(), "_judgement": j,
        "verdict": j.verdict, "decided_by": j.decided_by, "cite": cite_of(j),
        "reasons": j.reasons, "records": references(leg.records),
        "asserted": sorted(leg.asserted), "duties": [], "legs": [index],
        "grounds": [ground_result(g) for g in j.grounds],
    }
    duties = []
    if j.verdict.startswith("PERMITTED"):
        duties = (j.chosen.duties if j.chosen else []) + j.duties
        opinion["duties"] = sorted({duty["owe"] for duty in duties})
    opinion["_duties"] = duties
    leg.count("step %d" % j.step)
    leg.count("verdict of an opinion " + j.verdict)
    return applies.value, opinion


def references(rectangles):
    return sorted({r.reference for r in rectangles}, key=lambda r: (KINDS.index(r[0]),) + r[1:])


def ground_result(part):
    failed = [leaf.said() for leaf in part.outcome.leaves] + refusals(part.refused)
    return {"ground": part.id, "cite": part.fields.get("cite", ""), "result": TRUTH[part.value],
            "failed": failed}


def cite_of(j):
    if j.decided_by in ("default", "not-a-transfer"):
        return j.rulebook.get("cite", "")
    if j.step == 5:
        return j.refused[0].get("cite", "")
    part = j.decider or (j.unknown_ground if j.step == 10 else j.chosen)
    return part.fields.get("cite", "")


def add_quality(leg, j):
    """9.1, item 4; and the days on which sources want to be looked at again."""
    parts = [p.fields for p in (j.decider, j.best_ground()) if p]
    for fields in parts:
        for code in qualities(leg, fields):
            j.reasons.append({"code": code})
    marked = {}
    for rectangle in sorted(leg.records, key=lambda r: (KINDS.index(r.kind),) + r.reference[1:]):
        for code in qualities(leg, rectangle.fields):
            marked.setdefault(code, []).append(rectangle)
    for code in ("LOW_CONFIDENCE", "DOUBT", "REVIEW_OVERDUE"):
        if code in marked:
            j.reasons.append({"code": code, "records": [r.reference for r in marked[code]]})


def qualities(leg, fields):
    if kebab(fields.get("confidence", "")) == "low":
        yield "LOW_CONFIDENCE"
    if fields.get("doubt"):
        yield "DOUBT"
    if fields.get("review_by"):
        due = day_of(fields["review_by"])
        leg.note(due)
        if due <= leg.day:
            yield "REVIEW_OVERDUE"


# ---- 7: coverage ----

def uncovered(leg, laws):
    """The exporter's areas for which no law speaks; None: there may be more areas."""
    areas = party_areas(leg, leg.exporter)
    spoken = {a for law in laws for a in law.get("speaks-for", ())}
    missing = [word for _, word in areas.members
               if not spoken & set(leg.walk(AREA, word).sure)]
    return missing + [None] if areas.open else missing


def coverage_opinions(leg, laws, index):
    for area in uncovered(leg, laws):
        reason = plain("UNMODELLED_LAW", word=area)
        yield {"rulebook": "", "kind": "", "verdict": "INDETERMINATE", "decided_by": "coverage",
               "cite": "", "reasons": [reason], "records": [], "asserted": [], "duties": [],
               "grounds": [], "_duties": [], "legs": [index]}


# ---- 2: from a question to legs ----

class Asked:
    """A question with the world it is asked of; `applied` is a remedy that is being tried."""

    def __init__(self, world, question, counts=None, applied=None):
        self.world, self.question, self.applied = world, question, applied
        self.counts = Counter() if counts is None else counts
        self.day = day_of(question["as_of"])
        self.notes = Notes(self.day)
        self.performs = {duty: kebab(said) == "yes" if isinstance(said, str) else said
                         for duty, said in question.get("performs", {}).items()}
        if applied:
            self.performs.update(applied.performed)
        self.came_under, self.perhaps_under, self.absent = [], [], set()
        self.data_set = self.lookup("data-set", question.get("data_set"))
        self.categories = self.find_categories()
        self.exporter = question.get("exporter")
        if not self.exporter and self.data_set:
            self.exporter = self.data_set.get("exporter")

    def lookup(self, kind, id):
        return self.notes.lookup(self.world, kind, id)

    def find_categories(self):
        named = self.question.get("categories")
        if not named and self.data_set:
            named = self.data_set.settled("categories")
        return list(dict.fromkeys(named)) if named else [None]

    def unregistered(self):
        """2.1: a reason for each word that has no record in force."""
        for kind, id, code in self.words():
            if not (self.engaged(*id) if kind == "engagement" else self.lookup(kind, id)):
                if kind == "engagement":
                    id = id[1]
                # An exporter that only the data-set names is no word of the question's.
                if code == "UNKNOWN_EXPORTER":
                    code, id = "UNKNOWN_PARTY", self.question.get("exporter")
                yield {"code": code, "found": id} if id else {"code": code}
        yield from self.unregistered_facts()

    def words(self):
        question = self.question
        if question.get("data_set"):
            yield "data-set", question["data_set"], "UNKNOWN_DATA_SET"
        if self.exporter:
            yield "party", self.exporter, "UNKNOWN_EXPORTER"
        for category in question.get("categories", ()):
            yield "data-category", category, "UNKNOWN_CATEGORY"
        if question.get("purpose"):
            yield "purpose", question["purpose"], "UNKNOWN_PURPOSE"
        exporter = self.exporter
        for recipient in question["recipients"]:
            yield "party", recipient["party"], "UNKNOWN_PARTY"
            for area in recipient.get("storage", []) + recipient.get("access", []):
                yield "area", area, "UNKNOWN_AREA"
            if recipient.get("engagement"):
                yield ("engagement", ((exporter, recipient["party"]), recipient["engagement"]),
                       "UNKNOWN_WORD")
            exporter = recipient["party"]

    def engaged(self, pair, named):
        """One of the two of that name is in force."""
        known = engagements_of(self.world, pair, named)
        for engagement in known:
            self.notes.add(engagement.first, engagement.last)
        return any(e.in_force(self.day) for e in known)

    def unregistered_facts(self):
        for name, value in self.question.get("facts", {}).items():
            term = self.lookup("term", name)
            if not term or kebab(term.get("by", "")) != "caller":
                continue
            yield from self.unregistered_values(term, value if isinstance(value, list) else [value])

    def unregistered_values(self, term, values):
        kind, code = {"area": ("area", "UNKNOWN_AREA"), "party": ("party", "UNKNOWN_PARTY"),
                      "category": ("data-category", "UNKNOWN_CATEGORY"),
                      "word": ("term", "UNKNOWN_WORD"), "words": ("term", "UNKNOWN_WORD"),
                      }.get(kebab(term.get("type")), (None, None))
        missing = [value for value in values if kind and not self.lookup(kind, value)]
        for value in missing[:1]:
            yield {"code": code, "found": value}

    def hops(self):
        exporter = Place(self.exporter)
        for number, recipient in enumerate(self.question["recipients"]):
            if isinstance(recipient, str):
                recipient = {"party": recipient}
            importer = Place(recipient["party"], recipient.get("storage", ()),
                             recipient.get("access", ()), recipient.get("mode"))
            yield Hop(self, number, exporter, importer, recipient.get("engagement"))
            exporter = importer

    def leg_areas(self, importer):
        seat = self.lookup("party", importer.id).settled("area")
        areas = ([seat] if seat else []) + importer.storage + importer.access
        return list(dict.fromkeys(areas)) or [None]


def decide(world, question, counts=None, with_remedies=False):
    """The whole answer; what occurred is counted."""
    circle = where_it_comes_back(world, question)
    if circle:
        return {"error": circle}
    asked = Asked(world, question, counts)
    reasons = list(asked.unregistered())
    if reasons:
        nothing = NO_REMEDIES if with_remedies else {}
        return {**finish(asked, [], [], "DENIED", reasons), **nothing}
    legs, opinions = judge_all(asked)
    folded = fold(opinions)
    verdict = strictest([leg["verdict"] for leg in legs])
    decision = finish(asked, legs, folded, verdict, decision_reasons(verdict, legs, folded))
    if with_remedies:
        decision.update(find_remedies(asked, decision, legs, opinions))
        decision["holds_until"] = until_of(asked)
    return decision


def where_it_comes_back(world, question):
    """1.1: what is at fault if a chain comes back."""
    exporter, day = question.get("exporter"), day_of(question["as_of"])
    if not exporter:
        data_set = world.current("data-set", question.get("data_set"), day)
        party = data_set and world.current("party", data_set.get("exporter"), day)
        exporter = party.id if party else None
    before = []
    for i, recipient in enumerate(question["recipients"]):
        party = recipient if isinstance(recipient, str) else recipient["party"]
        if party in before or (i and party == exporter):
            return "recipients"
        before.append(party)
    return None


def verdict_of(world, question, applied):
    """What the question would come to with a remedy applied: all that trying one asks."""
    legs, _ = judge_all(Asked(world, question, applied=applied))
    return strictest([leg["verdict"] for leg in legs])


def judge_all(asked):
    rulebooks = []
    for rectangle in asked.world.by_kind["rulebook"]:
        asked.notes.add(rectangle.first, rectangle.last)
        if rectangle.in_force(asked.day):
            rulebooks.append(rectangle)
    if not asked.question.get("data_set"):
        for held in asked.world.tied_to("data-set", "exporter", asked.exporter):
            asked.notes.add(held.first, held.last)
    legs, opinions = [], []
    for hop in asked.hops():
        judge_hop(asked, hop, rulebooks, legs, opinions)
    for index, leg in enumerate(legs):
        about = [o for o in opinions if index in o["legs"]]
        leg["verdict"] = strictest([o["verdict"] for o in about])
        # A permission of rulebooks that may not apply would be the answer of nobody.
        heard = any(o["rulebook"] and o["_judgement"].applies.value == TRUE for o in about)
        leg["_silent"] = not about or not heard and leg["verdict"] in PERMISSIONS
        if leg["_silent"]:
            leg["verdict"] = "INDETERMINATE"
    return legs, opinions


PERMISSIONS = ("NOT_A_TRANSFER", "PERMITTED", "PERMITTED_WITH_OBLIGATIONS")


def judge_hop(asked, hop, rulebooks, legs, opinions):
    laws = [r for r in rulebooks if kebab(r.get("kind")) == "law"]
    applied = {}
    for area in asked.leg_areas(hop.importer):
        for category in asked.categories:
            leg = Leg(asked, hop, area, category)
            index = len(legs)
            legs.append({"hop": hop.number, "exporter": hop.exporter.id,
                         "recipient": hop.importer.id,
                         "area": area or "", "category": category or ""})
            for rulebook in rulebooks:
                applies, opinion = opinion_of(leg, rulebook, index)
                applied[rulebook] = max(applies, applied.get(rulebook, FALSE))
                if opinion:
                    opinions.append(opinion)
            opinions += coverage_opinions(leg, laws, index)
    for law in laws:
        if applied[law] == TRUE and law.id not in asked.came_under:
            asked.came_under.append(law.id)
        elif applied[law] == UNKNOWN and law.id not in asked.perhaps_under:
            asked.perhaps_under.append(law.id)


# ---- 9.3 ----

def fold(opinions):
    folded = []
    for opinion in opinions:
        for other in folded:
            if said(other) == said(opinion):
                other["legs"] += opinion["legs"]
                break
        else:
            folded.append({**opinion, "legs": list(opinion["legs"])})
    return sorted(folded, key=lambda o: (not o["rulebook"], o["rulebook"], o["legs"][0]))


def said(opinion):
    return {name: part for name, part in opinion.items() if name not in ("legs", "_judgement")}


def decision_reasons(verdict, legs, opinions):
    reasons = []
    for opinion in opinions:
        if opinion["verdict"] == verdict:
            for reason in opinion["reasons"]:
                if reason not in reasons and reason["code"] not in (
                        "LOW_CONFIDENCE", "DOUBT", "REVIEW_OVERDUE"):
                    reasons.append(reason)
    if verdict == "INDETERMINATE" and any(leg["_silent"] for leg in legs):
        reasons.append({"code": "NO_OPINION"})
    return reasons


def decision_duties(asked, opinions):
    owed = {}
    for opinion in opinions:
        for duty in opinion["_duties"]:
            owed.setdefault(duty["owe"], []).append((opinion["rulebook"], duty))
    for id, entries in sorted(owed.items()):
        performs = asked.performs.get(id)
        yield {"duty": id, "rulebooks": list(dict.fromkeys(r for r, _ in entries)),
               "cites": list(dict.fromkeys(d["cite"] for _, d in entries if d.get("cite"))),
               "standing": all(d.get("standing", False) for _, d in entries),
               "performs": "" if performs is None else "YES" if performs else "NO"}


def finish(asked, legs, opinions, verdict, reasons):
    duties = list(decision_duties(asked, opinions))
    shown = [show(asked, opinion) for opinion in opinions]
    for reason in reasons:
        asked.counts["code " + reason["code"]] += 1
    asked.counts["verdict " + verdict] += 1
    absent = sorted(asked.absent, key=lambda a: (KINDS.index(a[0]), a[1]))
    return {
        "verdict": verdict, "opinions": shown,
        "legs": [{n: part for n, part in leg.items() if n != "_silent"} for leg in legs], "duties": duties,
        "weakest_leg": next((i for i, leg in enumerate(legs) if leg["verdict"] == verdict), 0),
        "reasons": reasons, "absent": [f"{kind}: {text}" for kind, text in absent],
        "holds_until": until_of(asked),
    }


def show(asked, opinion):
    """Without what is ours, and without what a permission does not have to say."""
    shown = {name: part for name, part in opinion.items() if not name.startswith("_")}
    permits = shown["verdict"] not in ("DENIED", "INDETERMINATE")
    shown["grounds"] = [{name: part for name, part in ground.items()
                         if name != "failed" or not permits} for ground in shown["grounds"]]
    for ground in shown["grounds"]:
        for reason in ground.get("failed", ()):
            asked.counts["code " + reason["code"]] += 1
    for reason in shown["reasons"]:
        asked.counts["code " + reason["code"]] += 1
    return shown


def until_of(asked):
    until = asked.notes.first_after
    return text_of(until) if until < NEVER else ""
