"""The registry as docs/DECISIONS.md sees it: rectangles, days, and what falls under what.

Written from that page alone (sections 1.2, 1.3 and 3.3), plainly and without looking at
lib/engine: it must not share its mistakes.
"""

import datetime

FALSE, UNKNOWN, TRUE = 0, 1, 2
EVER, NEVER = -10**6, 10**9

KINDS = ("area data-category purpose party engagement data-set agreement instrument certificate "
         "finding assessment disclosure order rulebook term").split()


def day_of(text):
    """The number of a day, so that days compare and the next one is + 1."""
    return datetime.date.fromisoformat(text).toordinal()


def text_of(day):
    return datetime.date.fromordinal(day).isoformat()


def days_of(span):
    """First day, and the first that no longer counts."""
    start, end = span.get("from"), span.get("until")
    return day_of(start) if start else EVER, day_of(end) if end else NEVER


def kebab(name):
    """A word of a message as YAML writes it; an answer may be written true or false, too."""
    if isinstance(name, bool):
        return "yes" if name else "no"
    return name.lower().replace("_", "-")


class Rectangle:
    """A slice of a record for the days on which it is the one that speaks."""

    def __init__(self, kind, fields, first, last):
        self.kind, self.fields, self.first, self.last = kind, fields, first, last
        self.id = fields["id"]
        self.named = {kebab(name): value for name, value in fields.items()}
        self.named.update(fields)
        self.disputed = {kebab(name) for name in fields.get("unsettled", ())}
        self.reference = (kind, self.id, fields.get("from", ""))
        self.rank = (KINDS.index(kind),) + self.reference[1:]
        self.read = {}

    def get(self, name, default=None):
        return self.named.get(name, default)

    def settled(self, name, default=None):
        """The field, or `default` if it is in dispute."""
        return default if name in self.disputed else self.named.get(name, default)

    def in_force(self, day):
        return self.first <= day < self.last


class Walk:
    """What a word falls under: for each word reached, the word before it on the way."""

    def __init__(self):
        self.sure, self.perhaps, self.days = {}, {}, set()

    def reaches(self, word):
        return TRUE if word in self.sure else UNKNOWN if word in self.perhaps else FALSE

    def way_to(self, word):
        """The word itself and those between, without the word that was reached."""
        way = []
        while word is not None:
            word = self.sure.get(word) if word in self.sure else self.perhaps[word]
            if word is not None:
                way.insert(0, word)
        return way


class World:
    """What one revision knows: records, each a mapping {kind: fields}.

    `later` makes the world of the next revision, `with_given` that of a question with records of
    its own; neither changes this one.
    """

    def __init__(self, records=()):
        self.slices, self.named, self.given, self.by_id, self.by_kind = {}, {}, {}, {}, {}
        self._take(records, ())

    def later(self, records, retire=()):
        """The next revision: versions of slices, and slices that no longer hold."""
        world = self._copy()
        world._take(records, retire)
        return world

    def with_given(self, records):
        world = self._copy()
        touched = set()
        for kind, fields in map(split, records):
            world.given.setdefault((kind, fields["id"]), []).append(fields)
            touched.add((kind, fields["id"]))
        world._lay_out(touched)
        return world

    def _copy(self):
        world = World.__new__(World)
        world.slices = dict(self.slices)
        world.named, world.given = dict(self.named), {}
        world.by_id, world.by_kind = dict(self.by_id), dict(self.by_kind)
        return world

    def _take(self, records, retire):
        touched = set()
        for kind, fields in map(split, records):
            if kind not in KINDS:
                continue
            key = kind, fields["id"]
            self.slices[key] = {**self.slices.get(key, {}), fields.get("from", ""): fields}
            if not fields.get("retired"):
                named = self.named.get(key, frozenset()) | set(named_broader(kind, fields))
                self.named[key] = named
            touched.add(key)
        for gone in retire:
            key = kebab(gone["kind"]), gone["id"]
            self.slices[key] = {**self.slices[key]}
            del self.slices[key][gone.get("from", "")]
            touched.add(key)
        self._lay_out(touched)

    def _lay_out(self, touched):
        """Rectangles anew for the ids that were touched."""
        for key in touched:
            slices = [f for _, f in sorted(self.slices.get(key, {}).items())
                      if not f.get("retired")]
            spans = [(f, *span) for f, span in zip(slices, spoken(slices))]
            anew = {given.get("from", "") for given in self.given.get(key, ())
                    if not given.get("retired")}
            spans = [span for span in spans if span[0].get("from", "") not in anew]
            for given in self.given.get(key, ()):
                spans = cut(spans, days_of(given)) + [(given, *days_of(given))]
            self.by_id[key] = sorted((Rectangle(key[0], *span) for span in spans if span[1] < span[2]),
                                     key=lambda r: r.first)
        for kind in {kind for kind, _ in touched} | (set(KINDS) - set(self.by_kind)):
            ids = sorted(id for k, id in self.by_id if k == kind)
            self.by_kind[kind] = [r for id in ids for r in self.by_id[kind, id]]
        self.divided = {"area": set(), "data-category": set(), "purpose": set()}
        for (kind, id), named in self.named.items():
            if kind in self.divided:
                self.divided[kind].update(self._still_named(kind, id, named))
        for (kind, id), records in self.given.items():
            if kind in self.divided:
                self.divided[kind].update(w for f in records for w in named_broader(kind, f))
        self._walks, self.parsed, self._tied = {}, {}, {}

    def _still_named(self, kind, id, named):
        """What lies wholly under a question's own records was never known."""
        if (kind, id) not in self.given:
            return named
        return {word for r in self.by_id[kind, id] for word in named_broader(kind, r.fields)}

    def tied_to(self, kind, field, word):
        """Records of a kind whose field holds the word, by id and day."""
        if (kind, field) not in self._tied:
            tied = self._tied[kind, field] = {}
            for rectangle in self.by_kind[kind]:
                tied.setdefault(rectangle.get(field), []).append(rectangle)
        return self._tied[kind, field].get(word, ())

    def all_of(self, kind, id):
        return self.by_id.get((kind, id), ())

    def current(self, kind, id, day):
        for rectangle in self.by_id.get((kind, id), ()):
            if rectangle.first <= day < rectangle.last:
                return rectangle
        return None

    def walk(self, kind, word, day):
        key = kind, word, day
        if key not in self._walks:
            self._walks[key] = self._walk(kind, word, day)
        return self._walks[key]

    def _walk(self, kind, word, day):
        walk = Walk()
        walk.sure = self._spread(kind, {word: None}, day, {})
        walk.perhaps = self._spread(kind, {}, day, walk.sure)
        for visited in list(walk.sure) + list(walk.perhaps):
            for rectangle in self.all_of(kind, visited):
                walk.days |= {rectangle.first, rectangle.last}
                if rectangle.in_force(day):
                    for membership in memberships(rectangle.fields):
                        walk.days |= set(days_of(membership))
        return walk

    def _spread(self, kind, reached, day, known):
        """Breadth first along settled fields; with words `known`, along all fields from them."""
        queue = list(reached or known)
        while queue:
            word = queue.pop(0)
            for broader, disputed in self._broader(kind, word, day):
                if broader in reached or broader in known or (disputed and not known):
                    continue
                reached[broader] = word
                queue.append(broader)
        return reached

    def _broader(self, kind, word, day):
        """What a word directly falls under, and whether that is in dispute."""
        rectangle = self.current(kind, word, day)
        if rectangle and kind == "area":
            if rectangle.get("part-of"):
                yield rectangle.get("part-of"), "part-of" in rectangle.disputed
            for membership in memberships(rectangle.fields):
                first, last = days_of(membership)
                if first <= day < last:
                    yield membership["group"], "member-of" in rectangle.disputed
        elif rectangle:
            parent = [word.rsplit(".", 1)[0]] if "." in word else []
            for broader in parent + rectangle.get("broader", []):
                yield broader, "broader" in rectangle.disputed


def split(record):
    (kind, fields), = record.items()
    return kebab(kind), fields


def spoken(slices):
    """Each speaks until the next begins, or until its own end."""
    spans = [days_of(fields) for fields in slices]
    starts = [first for first, _ in spans[1:]] + [NEVER]
    return [(first, min(last, start)) for (first, last), start in zip(spans, starts)]


def cut(spans, hole):
    """What is left of the spans around a hole."""
    left = []
    for fields, first, last in spans:
        left += [(fields, first, min(last, hole[0])), (fields, max(first, hole[1]), last)]
    return [span for span in left if span[1] < span[2]]


def memberships(fields):
    return [{"group": m} if isinstance(m, str) else m for m in fields.get("member_of", ())]


def named_broader(kind, fields):
    if kind == "area":
        named = [m["group"] for m in memberships(fields)]
        return named + [fields["part_of"]] if fields.get("part_of") else named
    named = list(fields.get("broader", ()))
    return named + [fields["id"].rsplit(".", 1)[0]] if "." in fields["id"] else named
