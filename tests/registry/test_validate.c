#include "test.h"

#include "registry.h"

static void expect_in(const char *name, const char *text, const char *expected)
{
	char *problems = problems_in(name, text);

	assert_string_equal(problems, expected);
	free(problems);
}

static void expect(const char *text, const char *expected)
{
	expect_in("r.yaml", text, expected);
}

/* A rulebook with more fields below it. */
#define RULEBOOK(more)            \
	"rulebook:\n"             \
	"  id: my-law\n"          \
	"  kind: law\n"           \
	"  default: prohibited\n" \
	"  source: [OJ]\n"        \
	"  confidence: high\n" more

#define APPLIES "  applies: {exporter.areas: {has: KR}}\n"
#define GROUND(needs)                           \
	RULEBOOK(APPLIES "  grounds:\n"         \
			 "    - id: my-law/1\n" \
			 "      cite: Art. 1\n" \
			 "      needs:\n"       \
			 "        - " needs "\n")

static void what_the_tests_rest_on_is_valid(void **state)
{
	(void)state;
	expect("", "");
	expect(GROUND("leg.area: KR"), "");
}

static void what_yaml_allows_and_we_do_not_is_refused(void **state)
{
	(void)state;
	expect("party:\n  id: a\n  id: b\n", "r.yaml:3: party.id: the key stands here a second "
					     "time, first on line 2; keep one\n");
	expect("party: &anchor {id: a}\n",
	       "r.yaml:1: party: anchors (&) are refused; write the value out wherever it "
	       "belongs\n");
	expect("party:\n  id: a\n  parent: *anchor\n",
	       "r.yaml:3: party.parent: aliases (*) are refused; write the value out here\n");
	expect("party:\n  id: !!str a\n",
	       "r.yaml:2: party.id: tags (!) are refused; quotes make a text\n");
}

static void a_field_unknown_missing_or_wrong_is_named(void **state)
{
	(void)state;
	expect("party:\n  id: a\n  aera: KR\n  bound-by: none\n",
	       "r.yaml:3: party.aera: unknown field; did you mean 'area'?\n");
	expect("term: {id: a, kind: duty, effort: much}\n",
	       "r.yaml:1: term.effort: a whole number from 0 to 4294967295 is wanted here, "
	       "not 'much'\n");
	expect("area: {id: X, kind: planet}\n",
	       "r.yaml:1: area.kind: 'planet' is none of country, territory, group, "
	       "organisation\n");
	expect("party:\n  id: a\n",
	       "r.yaml:1: party.bound-by: is missing; list the laws that bind it beyond its "
	       "areas, or write none\n");
	expect("data-set: {id: a, exporter: line-plus, categories: user}\n",
	       "r.yaml:1: data-set.origin: is missing; list the laws under which the data "
	       "came, or write none\n"
	       "r.yaml:1: data-set.policies: is missing; list the policies that promise "
	       "about it, or write none\n");
	expect("party: {id: 'a b', bound-by: none}\n",
	       "r.yaml:1: party.id: 'a b' is no id; use 1 to 128 of a-z A-Z 0-9 . _ : - "
	       "after a letter or digit, and neither any nor none\n");
	expect("party: {id: any, bound-by: none}\n",
	       "r.yaml:1: party.id: 'any' is no id; use 1 to 128 of a-z A-Z 0-9 . _ : - "
	       "after a letter or digit, and neither any nor none\n");
	expect("party: {bound-by: none}\n", "r.yaml:1: party.id: is missing; give it one\n");
	expect("party: {id: a, bound-by: [none, law]}\n",
	       "r.yaml:1: party.bound-by[0]: 'none' stands beside others; write it alone, "
	       "or leave it out\n");
	expect("order:\n  id: a\n  by: law\n",
	       "r.yaml:1: order.source: is missing; say where it was read\n"
	       "r.yaml:1: order.confidence: is missing; say verified, high, medium or low\n"
	       "r.yaml:1: order: narrows nothing; name an exporter, importer, areas or "
	       "categories\n");
	expect("assessment: {id: a, kind: tia}\n",
	       "r.yaml:1: assessment: is about nothing; name its exporter, importer or area\n");
	expect("party:\n  id: a\n  bound-by: none\n  unsettled: [aera]\n",
	       "r.yaml:4: party.unsettled[0]: 'aera' is no field of party; did you mean "
	       "'area'?\n");
	expect("log: {id: a, origin: carnet.dev/log, key: other+1234+abc}\n",
	       "r.yaml:1: log.key: is not a vkey of 'carnet.dev/log'; it begins with the "
	       "origin and a +\n");
	expect("agreement: {id: a, exporter: line-plus, importer: google, instrument: scc, "
	       "module: c2c, document-sha256: abc}\n",
	       "r.yaml:1: agreement.module: 'c2c' is no module of 'scc'; did you mean 'c2p'?\n"
	       "r.yaml:1: agreement.document-sha256: is no SHA-256; write 64 lower-case "
	       "hexadecimal digits\n");
	expect("agreement: {id: a, exporter: line-plus, importer: google, instrument: scc, "
	       "module: processor}\n",
	       "r.yaml:1: agreement.module: 'processor' is no module of 'scc'; it has c2p\n");
}

static void a_date_must_exist_and_until_come_after_from(void **state)
{
	(void)state;
	expect("party:\n  id: a\n  bound-by: none\n  from: 2025-02-30\n",
	       "r.yaml:4: party.from: date 2025-02-30 does not exist\n");
	expect("party:\n  id: a\n  bound-by: none\n  from: 2025-02-01\n  until: 2024-01-01\n",
	       "r.yaml:5: party.until: 2024-01-01 is before from, 2025-02-01; until is the "
	       "first day that no longer counts\n");
	expect("party:\n  id: a\n  bound-by: none\n  from: 2025-02-01\n  until: 2025-02-01\n",
	       "r.yaml:5: party.until: 2025-02-01 is the same day as from, 2025-02-01; "
	       "until is the first day that no longer counts\n");
	expect("area:\n  id: SE\n  kind: country\n  member-of:\n    - {group: EEA, from: "
	       "2020-01-01, until: 2019-01-01}\n",
	       "r.yaml:5: area.member-of[0].until: 2019-01-01 is before from, 2020-01-01; "
	       "until is the first day that no longer counts\n");
}

#define FINDING(days)                                                                  \
	"finding: {id: f, by: law, area: EEA, says: adequate, from: 2020-01-01, " days \
	", source: [OJ], confidence: high}\n"

static void a_finding_does_not_outlive_its_act(void **state)
{
	(void)state;
	expect(FINDING("until: 2024-01-01, sunset: 2024-01-01"), "");
	expect(FINDING("until: 2023-01-01, sunset: 2024-01-01"), "");
	expect(FINDING("sunset: 2024-01-01"),
	       "r.yaml:1: finding.sunset: the act ends on 2024-01-01, but the finding goes on; "
	       "write until: 2024-01-01, and a renewal as another slice\n");
	expect(FINDING("until: 2024-01-02, sunset: 2024-01-01"),
	       "r.yaml:1: finding.sunset: the act ends on 2024-01-01, but the finding goes on "
	       "until 2024-01-02; write until: 2024-01-01, and a renewal as another slice\n");
	expect(FINDING("until: 2024-01-01, sunset: soon"),
	       "r.yaml:1: finding.sunset: 'soon' is not a date: write YYYY-MM-DD\n");
}

static void an_id_must_name_what_is_registered_and_of_the_right_kind(void **state)
{
	(void)state;
	expect("party:\n  id: a\n  area: KRR\n  bound-by: none\n",
	       "r.yaml:3: party.area: 'KRR' is not registered as an area; did you mean 'KR'?\n");
	expect("party:\n  id: a\n  bound-by:\n    - line-plus\n",
	       "r.yaml:4: party.bound-by[0]: 'line-plus' is a party, but a law (or none) is "
	       "wanted\n");
	expect("party:\n  id: a\n  area: zzzzzzzz\n  bound-by: none\n",
	       "r.yaml:3: party.area: 'zzzzzzzz' is not registered as an area; register it, "
	       "or correct the id\n");
	expect(RULEBOOK(APPLIES "  duties: [vpn]\n"),
	       "r.yaml:8: rulebook.duties[0]: 'vpn' is a term of kind measure, but a term "
	       "of kind duty is wanted\n");
	expect("area: {id: SE, kind: country, member-of: KR}\n",
	       "r.yaml:1: area.member-of: 'KR' is an area of kind country, but an area of "
	       "kind group is wanted\n");
	expect("data-category: {id: user.financial.card}\n",
	       "r.yaml:1: data-category.id: its broader 'user.financial' is not registered; "
	       "register it too\n");
}

static void an_expectation_asks_and_compares(void **state)
{
	(void)state;
	expect("expectation: {id: e, ask: {exporter: line-plus, recipients: google, "
	       "facts: {subject.age: 12}}, expect: {verdict: denied}}\n",
	       "");
	expect("expectation: {id: e, ask: {recipients: b, given: [{party: {id: b, bound-by: "
	       "none}}]}, "
	       "expect: {verdict: denied}}\n",
	       "");
	expect("expectation:\n  id: e\n  ask: {recipients: b}\n  expect: {verdict: denied}\n",
	       "r.yaml:3: expectation.ask.recipients: 'b' is not registered as a party; "
	       "register it, or correct the id\n");
	expect("expectation:\n  id: e\n  ask: {recipients: google, facts: {subject.age: old}}\n"
	       "  expect: {opinions: [{rulebook: law}]}\n",
	       "r.yaml:3: expectation.ask.facts.subject.age: is 'old'; it must be a number\n");
	expect("expectation:\n  id: e\n  ask: {recipients: google}\n  expect: {}\n",
	       "r.yaml:4: expectation.expect: compares nothing; expect a verdict, or what "
	       "one rulebook says\n");
	expect("expectation:\n  id: e\n  ask: {}\n",
	       "r.yaml:3: expectation.ask.recipients: is missing; name who would get the data\n"
	       "r.yaml:1: expectation.expect: is missing; say what must come out\n");
}

static void a_fact_says_its_type_its_speaker_and_its_silence(void **state)
{
	(void)state;
	expect("term: {id: a, kind: fact}\n",
	       "r.yaml:1: term.type: is missing; say what the fact holds\n"
	       "r.yaml:1: term.by: is missing; say caller or record\n");
	expect("term: {id: a, kind: fact, type: flag, by: caller}\n",
	       "r.yaml:1: term.silence: is missing; say what saying nothing means: unknown "
	       "or no\n");
	expect("term: {id: leg.area, kind: fact, type: area, by: record}\n", "");
	expect("term: {id: leg.area, kind: fact, type: area, by: caller, silence: unknown}\n",
	       "r.yaml:1: term.by: 'leg.area' comes from the question or from records, and "
	       "a caller never overrides these; say `by: record`\n");
	expect(GROUND("a: true") "---\nterm: {id: a, kind: fact, type: flag, by: record}\n",
	       "r.yaml:12: rulebook.grounds[0].needs[0].a: 'a' is `by: record`, but no "
	       "record holds it; let its term say `by: caller`\n");
	expect("term: {id: a, kind: duty, effort: 10}\n",
	       "r.yaml:1: term.effort: is 10; say 1 (say it) to 9 (negotiate it)\n");
}

static void an_unquoted_no_is_norway(void **state)
{
	(void)state;
	expect("party:\n  id: a\n  area: NO\n  bound-by: none\n", "");
	expect("area: {id: SJ, kind: territory, part-of: NO}\n", "");
}

static void nothing_runs_in_a_circle(void **state)
{
	(void)state;
	expect("area: {id: A, kind: group, member-of: B}\n---\n"
	       "area: {id: B, kind: group, member-of: C}\n---\n"
	       "area: {id: C, kind: group, member-of: A}\n",
	       "r.yaml:5: area.member-of: runs in a circle: A > B > C > A; take one of "
	       "these away\n");
	expect("data-category: {id: a}\n---\n"
	       "data-category: {id: b, broader: a.c}\n---\n"
	       "data-category: {id: a.c, broader: b}\n",
	       "r.yaml:3: data-category.broader: runs in a circle: a.c > b > a.c; take one "
	       "of these away\n");
	expect("area: {id: A, kind: country, part-of: A}\n",
	       "r.yaml:1: area.part-of: runs in a circle: A > A; take one of these away\n");
	expect(RULEBOOK(APPLIES "  define:\n    a: [{cond: b}]\n    b: [{not: {cond: a}}]\n"),
	       "r.yaml:10: rulebook.define.b[0].not.cond: runs in a circle: a > b > a; take "
	       "one of these away\n");
}

#define PARTIES                                                                 \
	"party: {id: e, bound-by: none}\n---\nparty: {id: a, bound-by: none}\n" \
	"---\nparty: {id: b, bound-by: none}\n---\nparty: {id: f, bound-by: none}\n---\n"
#define ENGAGEMENT(id, exporter, importer, subs)                               \
	"engagement: {id: " id ", exporter: " exporter ", importer: " importer \
	", sub-recipients: [" subs "]}\n"

static void sub_recipients_do_not_come_back(void **state)
{
	(void)state;
	expect(PARTIES ENGAGEMENT("x", "e", "a", "b") "---\n" ENGAGEMENT("y", "e", "b", "a"),
	       "r.yaml:11: engagement.sub-recipients[0]: runs in a circle: a > b > a; take one of "
	       "these away\n");
	expect(PARTIES ENGAGEMENT("x", "e", "a", "a"),
	       "r.yaml:9: engagement.sub-recipients[0]: runs in a circle: a > a; take one of these "
	       "away\n");
	expect(PARTIES ENGAGEMENT("x", "e", "a", "b, e"),
	       "r.yaml:9: engagement.sub-recipients[1]: runs in a circle: e > a > e; take one of "
	       "these away\n");
	expect(PARTIES ENGAGEMENT("x", "e", "a", "b") "---\n" ENGAGEMENT("y", "e", "b", "f"), "");
	/* Two firms may each do work for the other. */
	expect(PARTIES ENGAGEMENT("x", "e", "a", "b") "---\n" ENGAGEMENT("y", "f", "b", "a"), "");
	expect(PARTIES ENGAGEMENT("x", "e", "e", "b"), "");
}

static void a_condition_tests_what_exists_with_values_it_can_have(void **state)
{
	(void)state;
	expect(GROUND("exporter.area: KR"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].exporter.area: 'exporter.area' is "
	       "no fact; did you mean 'exporter.areas'?\n");
	expect(GROUND("consent.gven: true"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].consent.gven: 'consent.gven' is no "
	       "fact; did you mean 'consent.given'?\n");
	expect(GROUND("finding: {say: adequate}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].finding.say: 'say' is no field of "
	       "finding that can be tested; did you mean 'says'?\n");
	expect(GROUND("leg.area: carrier"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].leg.area: 'carrier' is a term of "
	       "kind capacity, but an area is wanted\n");
	expect(GROUND("leg.area: {has: KR}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].leg.area.has: it is a single value, "
	       "not a set; write the words without `has`\n");
	expect(GROUND("subject.age: {lt: thirteen}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].subject.age.lt: is 'thirteen'; it "
	       "must be a number\n");
	expect(GROUND("leg.area: {lt: 13}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].leg.area.lt: only numbers and dates "
	       "have an order; list the words instead\n");
	expect(GROUND("importer.public-body: yes"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].importer.public-body: is 'yes'; it "
	       "must be true or false\n");
	expect(GROUND("as-of: {ge: 2025-02-30}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].as-of.ge: is '2025-02-30'; it must "
	       "be a date, YYYY-MM-DD\n");
	expect(GROUND("access.mode: transmision"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].access.mode: 'transmision' is no "
	       "such word; did you mean 'transmission'?\n");
	expect(GROUND("cond: nothing"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].cond: 'nothing' is not in `define`; "
	       "define it\n");
	expect(GROUND("unsettled: encrypt"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].unsettled: 'encrypt' is a term of "
	       "kind duty, but a term of kind question is wanted\n");
	expect(GROUND("engagement.capacity: processor"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].engagement.capacity: 'processor' is "
	       "a term of kind role, but a term of kind capacity is wanted\n");
	expect(GROUND("leg.area: {is: leg.purpose}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].leg.area.is: 'leg.purpose' holds "
	       "something else; compare facts of one type\n");
	expect(GROUND("leg.area: {}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].leg.area: tests nothing; say what "
	       "it must be\n");
	expect(GROUND("agreement: {instrument: scc, module: c2x}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].agreement.module: 'c2x' is no such "
	       "word; did you mean 'c2p'?\n");
	expect(GROUND("any: []"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].any: is empty; say what must hold\n");
}

static void silence_never_helps(void **state)
{
	(void)state;
	expect(GROUND("consent.given: true"), "");
	expect(GROUND("not: {consent.given: true}"),
	       "r.yaml:12: rulebook.grounds[0].needs[0].not.consent.given: silence about "
	       "'consent.given' reads as no, and it stands under `not` in ground my-law/1: "
	       "saying nothing would help; ask for it without `not`, or let the term's "
	       "silence be unknown\n");
	expect(GROUND("not: {subject.age: {lt: 13}}"), "");
	expect(RULEBOOK("  applies: {consent.given: true}\n"),
	       "r.yaml:7: rulebook.applies.consent.given: silence about 'consent.given' "
	       "reads as no, and it stands plain in `applies`: saying nothing would help; "
	       "ask for it under `not`, or let the term's silence be unknown\n");
	expect(RULEBOOK("  applies: {not: {consent.given: true}}\n"), "");
	expect(RULEBOOK(APPLIES "  not-a-transfer: {not: {consent.given: true}}\n"),
	       "r.yaml:8: rulebook.not-a-transfer.not.consent.given: silence about "
	       "'consent.given' reads as no, and it stands under `not` in not-a-transfer: "
	       "saying nothing would help; ask for it without `not`, or let the term's "
	       "silence be unknown\n");
	expect(RULEBOOK(APPLIES
			"  prohibitions: [{id: p, cite: Art. 2, when: {consent.given: true}}]\n"),
	       "r.yaml:8: rulebook.prohibitions[0].when.consent.given: silence about "
	       "'consent.given' reads as no, and it stands plain in prohibition p: saying "
	       "nothing would help; ask for it under `not`, or let the term's silence be "
	       "unknown\n");
	expect(RULEBOOK(APPLIES "  define: {agreed: [{consent.given: true}]}\n"
				"  prohibitions: [{id: p, cite: Art. 2, when: {cond: agreed}}]\n"),
	       "r.yaml:8: rulebook.define.agreed[0].consent.given: silence about "
	       "'consent.given' reads as no, and it stands plain in prohibition p: saying "
	       "nothing would help; ask for it under `not`, or let the term's silence be "
	       "unknown\n");
	expect(RULEBOOK(APPLIES
			"  define: {agreed: [{consent.given: true}]}\n"
			"  prohibitions: [{id: p, cite: Art. 2, when: {not: {cond: agreed}}}]\n"),
	       "");
	expect(GROUND("not: {finding: {says: adequate}}") "---\n"
							  "finding: {id: f, by: my-law, area: KR, "
							  "says: adequate, source: [OJ], "
							  "confidence: high, scope: "
							  "{consent.given: true}}\n",
	       "r.yaml:14: finding.scope.consent.given: silence about 'consent.given' reads "
	       "as no, and it stands under `not` in ground my-law/1, through the scope of "
	       "finding 'f': saying nothing would help; ask for it without `not`, or let "
	       "the term's silence be unknown\n");
	expect(GROUND("not: {not: {consent.given: true}}"), "");
}

static void a_term_whose_silence_was_once_no_counts(void **state)
{
	(void)state;
	expect(GROUND("not: {consent.given: true}") "---\n"
						    "term: {id: consent.given, kind: fact, type: "
						    "flag, by: caller, silence: unknown, "
						    "from: 2030-01-01}\n",
	       "r.yaml:12: rulebook.grounds[0].needs[0].not.consent.given: silence about "
	       "'consent.given' reads as no, and it stands under `not` in ground my-law/1: "
	       "saying nothing would help; ask for it without `not`, or let the term's "
	       "silence be unknown\n");
}

static void nothing_stands_twice(void **state)
{
	(void)state;
	expect("party: {id: a, bound-by: none}\n---\nparty: {id: a, bound-by: none}\n",
	       "r.yaml:3: id: 'party/a' stands here a second time, after r.yaml:1; remove "
	       "one, or give it another id or `from`\n");
	expect("party: {id: a, bound-by: none}\n---\nparty: {id: a, from: 2020-01-01, bound-by: "
	       "none}\n",
	       "");
	expect(RULEBOOK(APPLIES "  grounds:\n"
				"    - {id: g, cite: x, needs: [{leg.area: KR}]}\n"
				"    - {id: g, cite: x, needs: [{leg.area: NO}]}\n"),
	       "r.yaml:10: rulebook.grounds[1].id: 'g' stands twice in the rulebook; give "
	       "each ground and prohibition an id of its own\n");
	expect("person: {id: a, identities: 'spiffe://x/a'}\n---\nperson: {id: b, identities: "
	       "'spiffe://x/a'}\n",
	       "r.yaml:1: person.identities: 'spiffe://x/a' belongs to person 'b' too; four "
	       "eyes need two persons\n"
	       "r.yaml:3: person.identities: 'spiffe://x/a' belongs to person 'a' too; four "
	       "eyes need two persons\n");
}

static void json_names_the_line_of_syntax_and_the_path_of_meaning(void **state)
{
	(void)state;
	expect_in("r.json", "{\"party\": {\"id\": \"a\",\n \"bound_by\": [\"none\"],,\n}}",
		  "r.json:2:23: not JSON: string or '}' expected near ','\n");
	expect_in("r.json",
		  "{\"party\": {\"id\": \"a\", \"bound_by\": [{\"rulebook\": \"lawn\"}]}}",
		  "r.json: party/a: party.bound_by[0].rulebook: 'lawn' is not registered as a "
		  "law (or none); did you mean 'law'?\n");
	expect_in("r.json",
		  "{\"party\": {\"id\": \"a\", \"from\": 2020, \"bound_by\": [\"none\"]}}",
		  "r.json: party.from: a text is wanted here; put 2020 in quotes\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_tests_rest_on_is_valid),
		cmocka_unit_test(what_yaml_allows_and_we_do_not_is_refused),
		cmocka_unit_test(a_field_unknown_missing_or_wrong_is_named),
		cmocka_unit_test(a_date_must_exist_and_until_come_after_from),
		cmocka_unit_test(a_finding_does_not_outlive_its_act),
		cmocka_unit_test(an_id_must_name_what_is_registered_and_of_the_right_kind),
		cmocka_unit_test(an_expectation_asks_and_compares),
		cmocka_unit_test(a_fact_says_its_type_its_speaker_and_its_silence),
		cmocka_unit_test(an_unquoted_no_is_norway),
		cmocka_unit_test(nothing_runs_in_a_circle),
		cmocka_unit_test(sub_recipients_do_not_come_back),
		cmocka_unit_test(a_condition_tests_what_exists_with_values_it_can_have),
		cmocka_unit_test(silence_never_helps),
		cmocka_unit_test(a_term_whose_silence_was_once_no_counts),
		cmocka_unit_test(nothing_stands_twice),
		cmocka_unit_test(json_names_the_line_of_syntax_and_the_path_of_meaning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
