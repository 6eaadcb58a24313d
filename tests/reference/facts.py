"""Facts as docs/DECISIONS.md section 3 reads them, and how values compare (4.2)."""

from world import FALSE, TRUE, UNKNOWN, day_of, days_of, kebab, text_of

# What the words of a fact, or of a record's field, fall under.
AREA, CATEGORY, PURPOSE = "area", "data-category", "purpose"

DOMAIN = {
    "leg.area": AREA, "leg.category": CATEGORY, "leg.purpose": PURPOSE,
    "data.categories": CATEGORY, "data.subjects": AREA, "exporter.areas": AREA,
    "importer.areas": AREA, "importer.area": AREA, "keys.area": AREA,
    ("agreement", "categories"): CATEGORY, ("agreement", "purposes"): PURPOSE,
    ("agreement", "areas"): AREA, ("certificate", "covers"): CATEGORY,
    ("finding", "area"): AREA, ("assessment", "area"): AREA, ("disclosure", "areas"): AREA,
    ("disclosure", "categories"): CATEGORY, ("disclosure", "purposes"): PURPOSE,
    ("order", "areas"): AREA, ("order", "categories"): CATEGORY,
}
DATES = {"as-of", "signed", "next-due", "date"}
FLAGS = {"annexes-complete", "approved", "unchanged"}
SETS = {
    "agreement": {"addenda", "categories", "purposes", "areas", "modes", "safeguards"},
    "certificate": {"covers"},
    "disclosure": {"areas", "recipients", "categories", "purposes", "names"},
    "order": {"areas", "categories"},
}
ANSWER = {"yes": True, "no": False}

ENGAGEMENT_FACTS = {
    "engagement.exporter-role": "exporter-role", "engagement.importer-role": "importer-role",
    "engagement.capacity": "capacity", "engagement.provider-handles-data": "provider-handles-data",
    "keys.holder": "keys-holder", "keys.area": "keys-area",
    "keys.shared-control": "keys-shared-control",
}
PARTY_FACTS = {"public-body", "sector", "is", "supervised-by", "bound-by"}


def typed(value, date=False):
    """(type, value): values of different types are never equal, true is not 1."""
    if isinstance(value, bool):
        return "flag", value
    if isinstance(value, int):
        return "number", value
    return ("date", day_of(value)) if date else ("word", value)


def shown(value):
    kind, content = value
    if kind == "flag":
        return "true" if content else "false"
    return text_of(content) if kind == "date" else str(content)


class Fact:
    """A scalar or set: its members, whether there may be more, which it has perhaps."""

    def __init__(self, members=(), open=False, perhaps=(), domain=None, date=False, records=(),
                 asserted=None):
        self.members = unique([typed(m, date) for m in members]) if members else []
        self.perhaps = [p for p in unique([typed(m, date) for m in perhaps])
                        if p not in self.members] if perhaps else []
        self.open, self.domain = open, domain
        # The record it was read from, which a reason shows; those that were also looked at.
        self.records, self.seen, self.asserted = list(records), [], asserted

    def is_known_empty(self):
        return not (self.open or self.members or self.perhaps)


def unknown(domain=None, records=(), asserted=None):
    return Fact(open=True, domain=domain, records=records, asserted=asserted)


def unique(values):
    return list(dict.fromkeys(values))


def scalar(value, domain=None, records=(), date=False):
    if value is None or value == "":
        return unknown(domain, records)
    return Fact([value], domain=domain, records=records, date=date)


def answer(value, records=()):
    return scalar(ANSWER.get(kebab(value) if isinstance(value, (str, bool)) else value), records=records)


def compare(leg, value, domain, listed):
    """4.2, steps 1 to 5; notes days and the records of the way to a broader word."""
    if value in listed:
        return TRUE
    least = UNKNOWN if any(other[0] != value[0] for other in listed) else FALSE
    if not domain or value[0] != "word" or not listed:
        return least
    walk = leg.walk(domain, value[1])
    best = FALSE
    for _, broader in listed:
        best = max(best, walk.reaches(broader))
        if walk.reaches(broader):
            for word in walk.way_to(broader):
                leg.look_at(leg.world.current(domain, word, leg.day))
        if best == TRUE:
            break
    if best:
        return best
    if value[1] in leg.world.divided[domain]:
        narrower = [leg.walk(domain, word).reaches(value[1]) for _, word in listed]
        if any(narrower):
            return UNKNOWN
    return least


# ---- 3.1 and 3.2 ----

def read(leg, name):
    """The fact of this name as it reads for the leg, once for each binding."""
    if name not in leg.facts:
        leg.facts[name] = leg.applied_fact(name) or read_anew(leg, name)
    return leg.facts[name]


def read_anew(leg, name):
    if name in ENGAGEMENT_FACTS:
        return read_engagement(leg, name)
    side, _, field = name.partition(".")
    if side in ("exporter", "importer") and (field in PARTY_FACTS or field in SPECIAL):
        party = leg.exporter if side == "exporter" else leg.importer
        return SPECIAL.get(field, read_party)(leg, party, field)
    reader = READERS.get(name)
    return reader(leg) if reader else read_stated(leg, name)


def read_party(leg, party, field):
    rectangle = leg.lookup("party", party.id)
    records = [rectangle]
    if field == "bound-by":
        return read_bound_by(leg, rectangle, records)
    if field in ("is", "supervised-by"):
        if field in rectangle.disputed:
            return unknown(records=records)
        return Fact(rectangle.get(field, ()), records=records)
    value = rectangle.settled(field)
    return answer(value, records) if field == "public-body" else scalar(value, records=records)


def read_bound_by(leg, rectangle, records):
    laws = []
    for bound in rectangle.get("bound-by", ()):
        bound = {"rulebook": bound} if isinstance(bound, str) else bound
        first, last = days_of(bound)
        if "bound-by" not in rectangle.disputed:
            leg.note(first, last)
        if first <= leg.day < last and bound["rulebook"] != "none":
            laws.append(bound["rulebook"])
    if "bound-by" in rectangle.disputed:
        return unknown(records=records)
    return Fact(laws, records=records)


def party_areas(leg, hop_party):
    """2.3: the areas of a party in its hop, and whether there may be more."""
    rectangle = leg.lookup("party", hop_party.id)
    areas, unseated = [], not rectangle.get("area") and "area" not in rectangle.disputed
    if rectangle.settled("area"):
        areas.append(rectangle.get("area"))
    for place in rectangle.get("establishments", ()):
        place = {"area": place} if isinstance(place, str) else place
        first, last = days_of(place)
        if "establishments" in rectangle.disputed:
            continue
        leg.note(first, last)
        if first <= leg.day < last:
            areas.append(place["area"])
    named = list(hop_party.storage) + list(hop_party.access)
    is_open = not rectangle.settled("area") and not (unseated and named)
    return Fact(areas + named, open=is_open or "establishments" in rectangle.disputed,
                domain=AREA, records=[rectangle])


def read_seat(leg, *_):
    rectangle = leg.lookup("party", leg.importer.id)
    return scalar(rectangle.settled("area"), AREA, [rectangle])


def same_legal_person(leg, *_):
    ways, disputed, records = [], False, []
    for party in (leg.exporter.id, leg.importer.id):
        way, queue = [], [party]
        while queue:
            id = queue.pop(0)
            if id in way:
                continue
            way.append(id)
            rectangle = leg.lookup("party", id)
            if not rectangle:
                continue
            records.append(rectangle)
            for field in ("branch-of", "employee-of"):
                disputed |= field in rectangle.disputed
                if rectangle.settled(field):
                    queue.append(rectangle.get(field))
        ways.append(way)
    if set(ways[0]) & set(ways[1]):
        return also_seen(Fact([True]), records)
    return also_seen(unknown() if disputed else Fact([False]), records)


def read_engagement(leg, name):
    for known in leg.hop.known_engagements:
        leg.note(known.first, known.last)
    if not leg.engagements:
        return unknown(DOMAIN.get(name))
    values = [e.settled(ENGAGEMENT_FACTS[name]) for e in leg.engagements]
    if name in ("engagement.provider-handles-data", "keys.shared-control"):
        values = [ANSWER.get(kebab(v) if isinstance(v, (str, bool)) else v) for v in values]
    said = values[0] if all(value == values[0] for value in values) else None
    return scalar(said, DOMAIN.get(name), [leg.engagements[0]])


def read_tags(leg):
    if leg.category is None:
        return unknown()
    walk = leg.walk(CATEGORY, leg.category)
    tags, is_open, records = [], bool(walk.perhaps), []
    for word in walk.sure:
        rectangle = leg.world.current(CATEGORY, word, leg.day)
        if not rectangle:
            continue
        if "tags" in rectangle.disputed:
            is_open = True
        else:
            tags += rectangle.get("tags", [])
        if rectangle.get("tags"):
            records.append(rectangle)
    return also_seen(Fact(tags, open=is_open), records)


def also_seen(fact, records):
    fact.seen = records
    return fact


def read_data(field, domain=None, is_set=True):
    def reader(leg):
        rectangle = leg.data_set()
        if not rectangle:
            return unknown(domain)
        if field in rectangle.disputed:
            return unknown(domain, [rectangle])
        if not is_set:
            return answer(rectangle.get(field), [rectangle])
        members = [m for m in rectangle.get(field, ()) if m != "none"]
        return Fact(members, open=field == "subjects" and not members, domain=domain,
                    records=[rectangle])
    return reader


def read_held(leg, field):
    """2.4: of the data-set; without one, perhaps of any that the exporter holds."""
    if leg.question.get("data_set"):
        return read_data(field)(leg)
    perhaps, is_open = [], False
    for known in leg.world.tied_to("data-set", "exporter", leg.data_exporter):
        if known.in_force(leg.day):
            is_open |= field in known.disputed
            perhaps += [m for m in known.settled(field, ()) if m != "none"]
    return Fact(open=is_open, perhaps=perhaps)


def read_origin(leg):
    fact = read_held(leg, "origin")
    members = [content for _, content in fact.members]
    perhaps = [content for _, content in fact.perhaps]
    return Fact(members + leg.hop.came_under, open=fact.open,
                perhaps=perhaps + leg.hop.perhaps_under,
                records=fact.records)


def read_categories(leg):
    categories = [c for c in leg.categories if c is not None]
    return Fact(categories, open=not categories, domain=CATEGORY)


SPECIAL = {
    "areas": lambda leg, party, _: party_areas(leg, party),
    "area": read_seat, "same-legal-person": same_legal_person,
    "party": lambda leg, party, _: Fact([party.id], records=[leg.lookup("party", party.id)]),
}

READERS = {
    "as-of": lambda leg: Fact([text_of(leg.day)], date=True),
    "leg.area": lambda leg: scalar(leg.area, AREA),
    "leg.category": lambda leg: scalar(leg.category, CATEGORY),
    "leg.purpose": lambda leg: scalar(leg.question.get("purpose"), PURPOSE),
    "leg.tags": read_tags,
    "access.mode": lambda leg: scalar(leg.mode),
    "data.set": lambda leg: scalar(leg.question.get("data_set"), records=filter(None, [leg.data_set()])),
    "data.categories": read_categories,
    "data.key": read_data("key", is_set=False),
    "data.local-copy": read_data("local-copy", is_set=False),
    "data.origin": read_origin,
    "data.policies": lambda leg: read_held(leg, "policies"),
    "data.subjects": read_data("subjects", AREA),
    "performs": lambda leg: Fact([duty for duty, yes in leg.performs.items() if yes]),
}


# ---- 3.4 ----

def is_callers_name(name):
    """Names of 3.1 and 3.2 are not the caller's."""
    side, _, field = name.partition(".")
    ours = side in ("exporter", "importer") and (field in PARTY_FACTS or field in SPECIAL)
    return not ours and name not in READERS and name not in ENGAGEMENT_FACTS


def read_stated(leg, name):
    term = leg.lookup("term", name)
    if not term or kebab(term.get("kind", "")) != "fact" or kebab(term.get("by", "")) != "caller":
        return unknown()
    kind = kebab(term.get("type"))
    domain = {"area": AREA, "category": CATEGORY}.get(kind)
    stated = leg.question.get("facts", {})
    if name in stated:
        values = stated[name] if isinstance(stated[name], list) else [stated[name]]
        return Fact(values, domain=domain, date=kind == "date", records=[term], asserted=name)
    if "silence" in term.disputed or kebab(term.get("silence", "")) != "no":
        return unknown(domain, [term])
    return Fact([False] if kind == "flag" else [], domain=domain, records=[term])
