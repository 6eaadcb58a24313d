"""Small dense worlds and questions about them, from a seed.

Everything begins and ends within a few days of the questions, most things are nearly so, and what
can be in dispute is now and then.  A world is {"records": [...], "questions": [...]}; it passes
the registry's validation by construction.
"""

import random

from world import day_of, text_of

TODAY = day_of("2024-06-15")

AREAS = ["A1", "A2", "A3", "A4", "A5"]
GROUPS = ["G1", "G2", "G3"]
CATEGORIES = ["u", "u.a", "u.a.x", "u.b", "v", "v.c"]
PURPOSES = ["p", "p.a", "p.a.y", "q"]
PARTIES = ["p1", "p2", "p3", "p4"]
LAWS = ["law-a", "law-b"]
POLICY = "policy-c"
INSTRUMENTS = ["in1", "in2"]
MODES = ["storage", "remote-access", "transmission", "transit"]
ROLES, CAPACITIES, SECTORS = ["ro1", "ro2"], ["ca1", "ca2"], ["se1", "se2"]
TAGS, DUTIES, QUESTIONS, OWNERS = ["ta1", "ta2"], ["du1", "du2", "du3"], ["qu1", "qu2"], ["ow1"]
WORDS = {
    "role": ROLES, "capacity": CAPACITIES, "sector": SECTORS, "tag": TAGS, "duty": DUTIES,
    "question": QUESTIONS, "owner": OWNERS + ["ow2"], "scheme": ["sc1", "sc2"],
    "finding": ["fi1", "fi2"], "assessment": ["as1", "as2"],
    "outcome": ["ou1", "ou2", "holds", "does-not-hold"],
    "notice-item": ["no1", "no2"], "instrument-kind": ["ik1"], "party-type": ["pt1", "pt2"],
    "authority": ["au1", "au2"], "key-holder": ["kh1", "kh2"], "coverage": ["co1"],
    "measure": ["me1", "me2"], "word": ["wo1", "wo2", "wo3"],
}
# What a caller may state: its type, and what saying nothing means.
STATED = {
    "flag-no": ("flag", "no"), "flag-open": ("flag", "unknown"), "number-open": ("number", "unknown"),
    "date-open": ("date", "unknown"), "word-open": ("word", "unknown"), "words-no": ("words", "no"),
    "words-open": ("words", "unknown"), "area-open": ("area", "unknown"), "area-no": ("area", "no"),
    "party-open": ("party", "unknown"), "category-open": ("category", "unknown"),
}
# Facts of the engine by what they hold: (words, is a set).
FACTS = {
    "leg.area": ("area", 0), "importer.area": ("area", 0), "exporter.areas": ("area", 1),
    "importer.areas": ("area", 1), "data.subjects": ("area", 1), "keys.area": ("area", 0),
    "leg.category": ("category", 0), "data.categories": ("category", 1),
    "leg.purpose": ("purpose", 0), "leg.tags": (TAGS, 1), "access.mode": (MODES, 0),
    "data.set": (["d1", "d2"], 0), "data.key": ("flag", 0), "data.local-copy": ("flag", 0),
    "data.origin": (LAWS, 1), "data.policies": ([POLICY], 1), "performs": (DUTIES, 1),
    "exporter.party": ("party", 0), "importer.party": ("party", 0),
    "exporter.bound-by": (LAWS, 1), "importer.bound-by": (LAWS, 1),
    "exporter.public-body": ("flag", 0), "importer.public-body": ("flag", 0),
    "exporter.sector": (SECTORS, 0), "importer.sector": (SECTORS, 0),
    "exporter.is": (WORDS["party-type"], 1), "importer.is": (WORDS["party-type"], 1),
    "importer.supervised-by": (WORDS["authority"] + PARTIES[:1], 1),
    "importer.same-legal-person": ("flag", 0), "engagement.exporter-role": (ROLES, 0),
    "engagement.importer-role": (ROLES, 0), "engagement.capacity": (CAPACITIES, 0),
    "engagement.provider-handles-data": ("flag", 0), "keys.holder": (["kh1", "kh2", "p1"], 0),
    "keys.shared-control": ("flag", 0), "as-of": ("date", 0),
}
FIELDS = {
    "agreement": {"instrument": (INSTRUMENTS, 0), "module": (["m1", "m2"], 0), "signed": ("date", 0),
                  "annexes-complete": ("flag", 0), "categories": ("category", 1),
                  "purposes": ("purpose", 1), "areas": ("area", 1), "modes": (MODES, 1),
                  "safeguards": (WORDS["measure"], 1), "approved": ("flag", 0),
                  "unchanged": ("flag", 0), "addenda": (INSTRUMENTS, 1)},
    "certificate": {"holder": ("party", 0), "scheme": (WORDS["scheme"], 0), "role": (ROLES, 0), "covers": ("category", 1),
                    "status": (["active", "suspended", "withdrawn"], 0), "next-due": ("date", 0)},
    "finding": {"by": (LAWS, 0), "area": ("area", 0), "says": (WORDS["finding"], 0)},
    "assessment": {"kind": (WORDS["assessment"], 0), "by": (LAWS + ["au1"], 0),
                   "exporter": ("party", 0), "importer": ("party", 0), "area": ("area", 0),
                   "outcome": (WORDS["outcome"], 0), "date": ("date", 0), "next-due": ("date", 0)},
    "disclosure": {"areas": ("area", 1), "recipients": ("party", 1), "categories": ("category", 1),
                   "purposes": ("purpose", 1), "names": (WORDS["notice-item"], 1)},
    "order": {"by": (LAWS, 0), "exporter": ("party", 0), "importer": ("party", 0),
              "areas": ("area", 1), "categories": ("category", 1)},
}
WORDS_OF = {"area": AREAS + GROUPS, "category": CATEGORIES, "purpose": PURPOSES, "party": PARTIES}


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.records = []
        # How much of everything this world has, so that worlds differ in kind.
        self.doubtful = self.r.choice([0, 0, 0.04, 0.1, 0.2])
        self.dated = self.r.choice([0.05, 0.2, 0.5])
        self.depth = self.r.choice([1, 1, 2, 2, 3])
        self.friendly = self.r.choice([0, 0.4, 0.8])
        self.offers = self.r.choice([0, 0, 0.3, 0.9])
        # Where it closes, `sure` lets what is not known open: such worlds break what properties say.
        self.sure = self.chance(0.5)
        self.books = self.r.choice([LAWS[:1], LAWS[:1], LAWS[:1] + [POLICY], LAWS,
                                    LAWS + [POLICY]])

    # ---- Chance ----

    def chance(self, p):
        return self.r.random() < p

    def one(self, of):
        return self.r.choice(of)

    def some(self, of, least=0, most=2):
        return self.r.sample(of, min(len(of), self.r.randint(least, most)))

    def day(self, spread=5):
        return text_of(TODAY + self.r.randint(-spread, spread))

    def span(self, likely=None):
        """Mostly days that contain today."""
        span = {}
        if self.chance(self.dated if likely is None else likely):
            if self.chance(0.6):
                span["from"] = text_of(TODAY + self.r.randint(-6, 2))
            if self.chance(0.6):
                span["until"] = text_of(TODAY + self.r.randint(-1, 7))
            if span.get("from", "") >= span.get("until", "9"):
                del span["until"]
        return span

    def maybe(self, fields, name, value, p=0.8):
        if value not in (None, "", []) and self.chance(p):
            fields[name] = value

    # ---- Records ----

    def add(self, kind, id, fields, disputable=(), span=None):
        fields = {"id": id, **fields, **(self.span() if span is None else span)}
        disputed = [f for f in disputable if self.chance(self.doubtful)]
        if disputed:
            fields["unsettled"] = disputed
        if kind in ("finding", "instrument", "order", "rulebook"):
            fields.update(source=["x"], confidence="high")
        self.quality(fields)
        self.records.append({kind: fields})

    def quality(self, fields):
        if self.chance(0.06):
            fields["confidence"] = "low"
        if self.chance(0.06):
            fields["doubt"] = "x"
        if self.chance(0.08):
            fields["review_by"] = self.day(6)

    def slices(self, kind, id, make, disputable=()):
        """One slice; now and then a later one beside it that says something else."""
        asked = kind in ("area", "data-category", "purpose", "party", "data-set")
        self.add(kind, id, make(), disputable, self.span(self.dated * 0.25) if asked else None)
        first = next(iter(self.records[-1].values())).get("from", "")
        if self.chance(self.dated * 0.5):
            span = {"from": text_of(TODAY + self.r.randint(-4, 4))}
            if self.chance(0.3):
                span["until"] = text_of(day_of(span["from"]) + self.r.randint(1, 5))
            if span["from"] != first:
                self.add(kind, id, make(), disputable, span)

    def world(self, questions):
        self.add_words()
        self.add_places()
        self.add_parties()
        self.add_papers()
        self.add_looks()
        self.add_rulebooks()
        self.r.shuffle(self.records)
        return {"records": self.records, "sure": self.sure,
                "questions": [self.question() for _ in range(questions)]}

    def add_words(self):
        for kind, words in WORDS.items():
            for word in words:
                fields = {"kind": kind}
                if kind == "question":
                    self.maybe(fields, "owner", "ow1", 0.5)
                self.offer(fields)
                self.add("term", word, fields, span=self.span(0.05))
        for name, (kind, silence) in STATED.items():
            self.slices("term", name, lambda: self.stated_term(kind, silence),
                        ["silence"] if self.chance(0.2) else [])
        for name in self.some(sorted(FACTS), 2, 30 if self.offers else 8):
            fields = {"kind": "fact", "type": "word", "by": "record"}
            self.maybe(fields, "owner", self.one(["ow1", "ow2"]))
            self.offer(fields)
            self.add("term", name, fields, span=self.span(0.1))

    def offer(self, fields):
        if self.chance(self.offers):
            fields["offer"] = True
            self.maybe(fields, "effort", self.r.randint(1, 9), 0.8)

    def stated_term(self, kind, silence):
        fields = {"kind": "fact", "type": kind, "by": "caller", "silence": silence}
        if kind in ("word", "words"):
            fields["of"] = "word"
        self.maybe(fields, "owner", self.one(["ow1", "ow2"]), 0.4)
        self.offer(fields)
        return fields

    def membership(self, group):
        span = self.span()
        return {"group": group, **span} if span or self.chance(0.3) else group

    def add_places(self):
        for i, area in enumerate(AREAS + GROUPS):
            def make(i=i, area=area):
                fields = {"kind": "group" if area in GROUPS else "country"}
                groups = GROUPS if i < len(AREAS) else GROUPS[i - len(AREAS) + 1:]
                self.maybe(fields, "member_of", [self.membership(g) for g in self.some(groups)], 0.6)
                if 0 < i < len(AREAS):
                    self.maybe(fields, "part_of", AREAS[self.r.randrange(i)], 0.3)
                return fields
            self.slices("area", area, make, ["member-of", "part-of"])
        for kind, words in (("data-category", CATEGORIES), ("purpose", PURPOSES)):
            for i, word in enumerate(words):
                def make(i=i, words=words, kind=kind):
                    # Broader ones lie later in the list, or are the id without its last part.
                    later = [w for w in words[i + 1:] if not w.startswith(words[i] + ".")]
                    fields = {}
                    roots = [w for w in later if "." not in w]
                    self.maybe(fields, "broader", self.some(roots, 1, 1), 0.3)
                    if kind == "data-category":
                        self.maybe(fields, "tags", self.some(TAGS, 1), 0.4)
                    return fields
                self.slices(kind, word, make, ["broader"] + (["tags"] if kind != "purpose" else []))

    def answer(self):
        return self.one(["yes", "no", "unsettled", None])

    def establishment(self, area):
        span = self.span()
        return {"area": area, **span} if span else area

    def bound(self):
        if self.chance(0.4):
            return ["none"]
        return [{"rulebook": law, **self.span()} for law in self.some(LAWS, 1)]

    def add_parties(self):
        for i, party in enumerate(PARTIES):
            def make(i=i):
                fields = {"kind": "organisation", "bound_by": self.bound()}
                self.maybe(fields, "area", self.one(AREAS), 0.9)
                places = [self.establishment(a) for a in self.some(AREAS, 1)]
                self.maybe(fields, "establishments", places, 0.3)
                self.maybe(fields, "public_body", self.answer())
                self.maybe(fields, "sector", self.one(SECTORS))
                self.maybe(fields, "is", self.some(WORDS["party-type"]))
                self.maybe(fields, "supervised_by", self.some(["au1", "au2", "p1"]))
                if i:
                    self.maybe(fields, "branch_of", PARTIES[self.r.randrange(i)], 0.25)
                    self.maybe(fields, "employee_of", PARTIES[self.r.randrange(i)], 0.15)
                return fields
            self.slices("party", party, make, ["area", "establishments", "bound-by", "public-body",
                        "sector", "supervised-by", "branch-of", "employee-of", "is"])
        for exporter, importer in self.pairs():
            for number in range(self.one([0, 1, 1, 1, 2])):
                self.slices("engagement", f"e{number}.{exporter}.{importer}",
                            lambda: self.engagement(exporter, importer),
                            ["capacity", "exporter-role", "importer-role", "keys-holder",
                             "keys-area", "keys-shared-control", "provider-handles-data"])
        for id in ("d1", "d2"):
            self.slices("data-set", id, self.data_set, ["categories", "origin", "policies",
                        "subjects", "key", "local-copy"])

    def pairs(self):
        return [(a, b) for a in PARTIES[:3] for b in PARTIES if a != b]

    def engagement(self, exporter, importer):
        fields = {"exporter": exporter, "importer": importer, "evidence": "x"}
        self.maybe(fields, "capacity", self.one(CAPACITIES), 0.9)
        self.maybe(fields, "exporter_role", self.one(ROLES))
        self.maybe(fields, "importer_role", self.one(ROLES))
        self.maybe(fields, "keys_holder", self.one(["kh1", "kh2", "p1"]))
        self.maybe(fields, "keys_area", self.one(AREAS))
        self.maybe(fields, "keys_shared_control", self.answer())
        self.maybe(fields, "provider_handles_data", self.answer())
        return fields

    def data_set(self):
        fields = {"exporter": self.one(PARTIES[:2]), "areas": [self.one(AREAS)],
                  "origin": self.one([["none"], LAWS[:1], LAWS]),
                  "policies": self.one([["none"], [POLICY]])}
        fields["categories"] = self.some(CATEGORIES, 1)
        self.maybe(fields, "subjects", self.some(AREAS, 1))
        self.maybe(fields, "key", self.answer())
        self.maybe(fields, "local_copy", self.answer())
        return fields

    # ---- Papers ----

    def window(self):
        window = {"rulebook": self.one(LAWS)}
        days = sorted(self.r.sample(range(-8, 9), 3))
        for name, day in zip(("from", "sign_until", "rely_until"), days):
            self.maybe(window, name, text_of(TODAY + day), 0.5)
        return window

    def instrument(self):
        fields = {"kind": "ik1"}
        self.maybe(fields, "laws", [self.window() for _ in range(self.r.randint(1, 3))], 0.9)
        modules = [{"module": m} for m in ("m1", "m2")] + [{}] * self.chance(0.4)
        if self.chance(0.3):
            modules.append({"module": "m1"})
        for module in modules:
            self.maybe(module, "exporter_role", self.one(ROLES), 0.5)
            self.maybe(module, "importer_role", self.one(ROLES), 0.5)
        modules = [m for m in modules if m]
        self.maybe(fields, "modules", modules, 0.5)
        return fields

    def covered(self, words):
        return self.one([["any"], ["any"], self.some(words, 1, 3), self.some(words, 1, 1)])

    def agreement(self, exporter, importer, with_module):
        fields = {"exporter": exporter, "importer": importer, "instrument": self.one(INSTRUMENTS)}
        if fields["instrument"] in with_module:
            self.maybe(fields, "module", self.one(["m1", "m2"]), 0.8)
        self.maybe(fields, "addenda", self.some(INSTRUMENTS), 0.3)
        self.maybe(fields, "signed", text_of(TODAY + self.r.randint(-8, 2)), 0.92)
        self.maybe(fields, "annexes_complete", self.one(["yes"] * 8 + ["no", "unsettled"]), 0.95)
        for name, words in (("categories", CATEGORIES), ("purposes", PURPOSES),
                            ("areas", AREAS + GROUPS)):
            self.maybe(fields, name, self.covered(words), 0.95)
        if self.chance(0.6):
            fields["any_mode"] = True
        else:
            self.maybe(fields, "modes", self.some(MODES, 1, 3))
        self.maybe(fields, "safeguards", self.some(WORDS["measure"], 1))
        self.maybe(fields, "approved", self.answer())
        self.maybe(fields, "unchanged", self.answer())
        return fields

    def add_papers(self):
        for id in INSTRUMENTS:
            self.slices("instrument", id, self.instrument, ["laws", "modules"])
        # Every module that a condition may name must be of some instrument.
        self.add("instrument", "in3", {"kind": "ik1", "modules": [{"module": "m1"}, {"module": "m2"}]})
        newest = {}
        for record in self.records:
            if "instrument" in record:
                fields = record["instrument"]
                if fields["id"] not in newest or fields.get("from", "") >= newest[fields["id"]][0]:
                    newest[fields["id"]] = fields.get("from", ""), fields
        with_module = {id for id, (_, fields) in newest.items() if self.has_both(fields)}
        for exporter, importer in self.pairs():
            for number in range(self.one([0, 0, 1, 1, 2, 3])):
                self.slices("agreement", f"ag{number}.{exporter}.{importer}",
                            lambda: self.agreement(exporter, importer, with_module),
                            ["exporter", "importer", "instrument", "module", "signed",
                             "annexes-complete", "categories", "purposes", "areas", "modes",
                             "safeguards", "approved", "unchanged", "addenda"])

    @staticmethod
    def has_both(instrument):
        return {"m1", "m2"} <= {m.get("module") for m in instrument.get("modules", ())}

    # ---- What others looked at ----

    def add_looks(self):
        for number in range(self.r.randint(1, 5)):
            self.slices("certificate", f"ce{number}", self.certificate,
                        ["holder", "scheme", "role", "covers", "status", "next-due"])
        for number in range(self.r.randint(1, 5)):
            self.slices("finding", f"fi.{number}", self.finding, ["by", "area", "says", "scope"])
        for number in range(self.r.randint(1, 7)):
            self.slices("assessment", f"as.{number}", self.assessment,
                        ["kind", "by", "exporter", "importer", "area", "outcome", "date", "next-due"])
        for number in range(self.r.randint(1, 3)):
            self.slices("disclosure", f"di{number}", self.disclosure,
                        ["exporter", "areas", "recipients", "categories", "purposes", "names"])
        for number in range(self.r.randint(0, 3)):
            self.slices("order", f"or{number}", self.order,
                        ["by", "exporter", "importer", "areas", "categories", "stays"])

    def certificate(self):
        fields = {"holder": self.one(PARTIES), "scheme": self.one(WORDS["scheme"])}
        self.maybe(fields, "role", self.one(ROLES), 0.6)
        covers = self.one([["any"], ["co1"], self.some(CATEGORIES, 1)])
        self.maybe(fields, "covers", covers, 0.8)
        self.maybe(fields, "status", self.one(["active"] * 4 + ["suspended", "withdrawn"]), 0.9)
        self.maybe(fields, "next_due", text_of(TODAY + self.r.randint(-1, 6)), 0.4)
        return fields

    def finding(self):
        fields = {"by": self.one(LAWS), "area": self.one(AREAS + GROUPS),
                  "says": self.one(WORDS["finding"])}
        if self.chance(0.3):
            fields["scope"] = self.condition(1, opens=None, scope=True)
        return fields

    def assessment(self):
        fields = {"kind": self.one(WORDS["assessment"] * 2 + QUESTIONS)}
        self.maybe(fields, "by", self.one(LAWS + ["au1"]), 0.5)
        about = {"exporter": self.one(PARTIES[:2]), "importer": self.one(PARTIES),
                 "area": self.one(AREAS + GROUPS)}
        for name in self.some(sorted(about), 1, 3):
            fields[name] = about[name]
        outcomes = WORDS["outcome"][2:] if fields["kind"] in QUESTIONS else WORDS["outcome"]
        self.maybe(fields, "outcome", self.one(outcomes), 0.9)
        self.maybe(fields, "date", self.day(3), 0.7)
        due = max(TODAY + self.r.randint(-1, 6), day_of(fields.get("date", "2024-01-01")) + 1)
        self.maybe(fields, "next_due", text_of(due), 0.4)
        return fields

    def disclosure(self):
        fields = {"exporter": self.one(PARTIES[:3])}
        self.maybe(fields, "areas", self.some(AREAS + GROUPS, 1))
        self.maybe(fields, "recipients", self.some(PARTIES, 1))
        self.maybe(fields, "categories", self.some(CATEGORIES, 1))
        self.maybe(fields, "purposes", self.some(PURPOSES, 1))
        self.maybe(fields, "names", self.some(WORDS["notice-item"], 1))
        return fields

    def order(self):
        fields = {"by": self.one(LAWS)}
        about = {"exporter": self.one(PARTIES[:3]), "importer": self.one(PARTIES),
                 "areas": self.some(AREAS + GROUPS, 1), "categories": self.some(CATEGORIES, 1)}
        for name in self.some(sorted(about), 1, 3):
            fields[name] = about[name]
        if self.chance(0.4):
            fields["stays"] = [self.span(1) or {"from": self.day()}]
        return fields

    # ---- Conditions ----

    def value(self, holds):
        if holds == "flag":
            return self.chance(0.6)
        if holds == "date":
            return text_of(TODAY + self.r.randint(-4, 5))
        if holds == "number":
            return self.r.randint(0, 3)
        return self.one(WORDS_OF[holds] if isinstance(holds, str) else holds)

    def values(self, holds):
        if holds == "flag" or self.chance(0.6):
            return self.value(holds)
        listed = list(dict.fromkeys(self.value(holds) for _ in range(2)))
        return listed if len(listed) > 1 else listed[0]

    def test(self, holds, is_set, comparable):
        tests = {}
        if holds in ("date", "number") and self.chance(0.7):
            self.maybe(tests, "lt", self.value(holds), 0.5)
            if not tests or self.chance(0.2):
                tests["ge"] = self.value(holds)
            return tests
        if comparable and self.chance(0.25):
            return {"is": self.one(comparable)}
        way = self.r.random()
        if way < (0.35 if is_set else 0.75):
            return self.values(holds)
        if is_set and way < 0.85:
            tests["has"] = self.values(holds)
            if self.chance(0.1):
                tests["in"] = self.values(holds)
                tests = {"in": tests["in"], "has": tests["has"]}
            return tests
        return {"main": self.values(holds)}

    def fact_test(self, opens, scope):
        while True:
            if self.chance(0.3):
                name = self.one(sorted(STATED))
                holds, silence = STATED[name]
                # Silence must never help, whoever is silent.
                if silence == "no" and not opens:
                    continue
                is_set = holds == "words"
                holds = WORDS["word"] if holds in ("word", "words") else holds
            else:
                name = self.one(sorted(FACTS))
                holds, is_set = FACTS[name]
            comparable = [n for n, (h, _) in FACTS.items() if h == holds and n != name
                          and holds in ("area", "category", "purpose", "party", "date")]
            if holds in ("area", "date") and name in FACTS and self.chance(0.3):
                comparable.append(holds + "-open")
            return {name: self.test(holds, is_set, comparable)}

    def record_test(self, scope):
        kinds = sorted(set(FIELDS) - ({"finding"} if scope else set()))
        kind = self.one(kinds + ["agreement", "agreement"] + ([] if scope else ["finding"]))
        tests = {}
        for name in self.some(sorted(FIELDS[kind]), 0, 2):
            holds, is_set = FIELDS[kind][name]
            tests[name] = self.field_test(kind, name, holds, is_set)
        return {kind: tests}

    def field_test(self, kind, name, holds, is_set):
        if name == "holder" and self.chance(0.8):
            return {"is": self.one(["exporter.party", "exporter.party", "importer.party"])}
        if kind == "finding" and name == "area" and self.chance(0.6):
            return {"is": self.one(["leg.area", "importer.area"])}
        comparable = [n for n, (h, _) in FACTS.items() if h == holds
                      and holds in ("area", "category", "purpose", "party", "date")]
        return self.test(holds, is_set, comparable)

    def condition(self, depth, opens, scope=False, defined=()):
        """`opens`: whether silence of a caller may stand here plain (True) or under `not` (None: nowhere)."""
        way = self.r.random()
        if depth <= 0 or way < 0.25:
            return self.leaf(opens, scope, defined)
        if way < 0.45:
            inside = None if opens is None else not opens
            return {"not": self.condition(depth - 1, inside, scope, defined)}
        operator = self.one(["all", "all", "any", "any", "any", "sure" if self.sure else "all"])
        parts = [self.condition(depth - 1, opens, scope, defined)
                 for _ in range(self.r.randint(1, 3))]
        return {operator: parts}

    def leaf(self, opens, scope, defined):
        way = self.r.random()
        if way < 0.05:
            return {"unsettled": self.one(QUESTIONS)}
        if way < 0.12 and defined:
            return {"cond": self.one(defined)}
        return self.record_test(scope) if way < 0.45 else self.fact_test(opens, scope)

    # ---- Rulebooks ----

    def duty(self, standing=0.3):
        duty = {"owe": self.one(DUTIES), **self.span(0.1)}
        if self.chance(0.4):
            duty["when"] = self.condition(1, opens=True)
        if self.chance(standing):
            duty["standing"] = True
        self.maybe(duty, "cite", f"duty {self.r.randint(1, 3)}", 0.6)
        return duty

    def part(self, id):
        part = {"id": id, **self.span(0.2)}
        part["cite"] = "cite " + id
        self.quality(part)
        return part

    def ground(self, id, defined):
        part = self.part(id)
        needs = [self.condition(self.depth, True, defined=defined)
                 for _ in range(self.r.randint(1, 2))]
        if self.chance(self.friendly):
            needs = [{"any": [self.likely(), needs[0]]}] if self.chance(0.5) else [self.likely()]
        part["needs"] = needs
        self.maybe(part, "duties", [self.duty() for _ in range(self.r.randint(1, 2))], 0.4)
        return part

    def prohibition(self, id, defined):
        part = self.part(id)
        # Rarely true, or nothing else would ever be judged.
        part["when"] = {"all": [self.condition(1, False, defined=defined),
                                self.condition(1, False, defined=defined)]}
        self.maybe(part, "reach", "any", 0.4)
        return part

    def likely(self):
        """What is mostly true."""
        return self.one([
            {"leg.category": ["u", "v"]}, {"leg.purpose": ["p", "q"]},
            {"importer.party": self.some(PARTIES, 3, 4)},
            {"exporter.areas": {"has": self.some(AREAS + GROUPS, 4, 6)}},
            {"leg.area": self.some(AREAS + GROUPS, 3, 6)}, {"data.policies": POLICY},
            {"access.mode": self.some(MODES, 2, 4)}, {"not": {"order": {}}},
            {"not": {"performs": {"has": "du3"}}}, {"agreement": {}}])

    def applies(self, condition):
        if self.chance(0.5 - self.friendly / 2):
            return condition
        likely = {"exporter.areas": {"has": self.some(AREAS + GROUPS, 5, 8)}}
        return {"any": [likely, condition]} if self.chance(0.5) else likely

    def rulebook(self, id):
        is_law = id in LAWS
        fields = {"kind": "law" if is_law else "policy", "cite": "cite " + id}
        if is_law:
            fields["speaks_for"] = (AREAS if self.chance(0.5 + self.friendly / 2)
                                    else self.some(AREAS + GROUPS, 2, 5))
        defined = ["c1", "c2"]
        fields["define"] = {"c1": [self.condition(1, None)],
                            "c2": [self.condition(1, None, defined=["c1"]), self.leaf(None, 0, ())]}
        fields["applies"] = self.applies(self.condition(1, False, defined=defined))
        self.maybe(fields, "not_a_transfer", self.condition(1, True, defined=defined), 0.4)
        self.maybe(fields, "grounds", [self.ground(f"{id}/{n}", defined)
                                       for n in range(self.r.randint(1, 3))], 0.9)
        self.maybe(fields, "prohibitions", [self.prohibition(f"{id}/x{n}", defined)
                                            for n in range(self.r.randint(1, 2))], 0.5)
        self.maybe(fields, "duties", [self.duty(0.5) for _ in range(self.r.randint(1, 2))], 0.4)
        fields["default"] = self.one(["prohibited", "prohibited", "permitted"])
        self.maybe(fields, "owner", "ow2", 0.5)
        return fields

    def add_rulebooks(self):
        for id in LAWS + [POLICY]:
            self.slices("rulebook", id, lambda: self.rulebook(id) if id in self.books
                        else self.silent(id))

    @staticmethod
    def silent(id):
        """A rulebook that others name, and that never applies."""
        return {"kind": "policy" if id == POLICY else "law", "default": "prohibited",
                "applies": {"access.mode": "direct-collection"}}

    # ---- Questions ----

    def recipient(self, taken):
        recipient = {"party": self.one([p for p in PARTIES if p != taken])}
        self.maybe(recipient, "storage", self.some(AREAS + GROUPS[:1], 1, 1), 0.25)
        self.maybe(recipient, "access", self.some(AREAS, 1, 1), 0.15)
        self.maybe(recipient, "mode", self.one(MODES), 0.85)
        self.maybe(recipient, "engagement", f"e{self.r.randint(0, 1)}.{taken}.{recipient['party']}", 0.08)
        return recipient

    def stated(self, name):
        holds, _ = STATED[name]
        if holds == "words":
            return self.some(WORDS["word"], 0 if self.chance(0.2) else 1, 2)
        holds = WORDS["word"] if holds == "word" else holds
        if holds in ("area", "party", "category") and self.chance(0.02):
            return "zz"
        return self.value(holds)

    def question(self):
        asked = {"as_of": text_of(TODAY + self.r.randint(-3, 3))}
        self.maybe(asked, "data_set", self.one(["d1", "d2"]), 0.85)
        if "data_set" not in asked or self.chance(0.4):
            asked["exporter"] = self.one(PARTIES[:3])
        self.maybe(asked, "categories", self.some(CATEGORIES, 1, 1 if self.chance(0.8) else 2), 0.5)
        self.maybe(asked, "purpose", self.one(PURPOSES), 0.9)
        recipients, taken = [], asked.get("exporter")
        for _ in range(self.one([1, 1, 1, 1, 2, 2, 3])):
            recipients.append(self.recipient(taken))
            taken = recipients[-1]["party"]
        asked["recipients"] = recipients
        facts = {name: self.stated(name) for name in self.some(sorted(STATED), 0, 5)}
        self.maybe(asked, "facts", facts, 1)
        performs = {duty: self.one(["yes", "no"]) for duty in self.some(DUTIES, 0, 2)}
        self.maybe(asked, "performs", performs, 0.6)
        if self.chance(0.01):
            asked["purpose"] = "zz"
        return asked
