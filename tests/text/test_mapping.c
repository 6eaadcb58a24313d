#include "text/reading.h"

#include "carnet/v1/transfer.pb-c.h"

static const struct {
	const char *yaml, *json;
} conditions[] = {
	/* members, facts, lists */
	{"cond: scc-usable", "{\"cond\":\"scc-usable\"}"},
	{"unsettled: q", "{\"unsettled\":\"q\"}"},
	{"[{cond: a}, {cond: b}]", "{\"all\":[{\"cond\":\"a\"},{\"cond\":\"b\"}]}"},
	{"all: []", "{\"all\":[]}"},
	{"any: [[{cond: a}], {not: {cond: b}}]",
	 "{\"any\":[{\"all\":[{\"cond\":\"a\"}]},{\"not\":{\"cond\":\"b\"}}]}"},
	{"sure: [{subject.area: US}, {subject.age: {lt: 13}}]",
	 "{\"sure\":[{\"subject.area\":\"US\"},{\"subject.age\":{\"lt\":13}}]}"},
	{"claim: legal-claim", "{\"claim\":\"legal-claim\"}"},
	{"fact: {claim: x}", "{\"claim\":\"x\"}"},
	{"fact: {order: x}", "{\"fact\":{\"order\":\"x\"}}"},
	{"fact: {fact: x}", "{\"fact\":{\"fact\":\"x\"}}"},
	{"\"\": x", "{\"\":\"x\"}"},
	/* tests */
	{"f.x: []", "{\"f.x\":{}}"},
	{"f.x: {}", "{\"f.x\":{}}"},
	{"f.x: [a]", "{\"f.x\":\"a\"}"},
	{"f.x: {in: a}", "{\"f.x\":\"a\"}"},
	{"f.x: [a, 1, true]", "{\"f.x\":[\"a\",1,true]}"},
	{"f.x: {in: a, ge: 1}", "{\"f.x\":{\"ge\":1,\"in\":\"a\"}}"},
	{"f.x: {has: [EEA, CH]}", "{\"f.x\":{\"has\":[\"EEA\",\"CH\"]}}"},
	{"f.x: {main: [BE, KR]}", "{\"f.x\":{\"main\":[\"BE\",\"KR\"]}}"},
	{"f.x: {is: leg.area}", "{\"f.x\":{\"is\":\"leg.area\"}}"},
	{"f.x: [[a]]", "{\"f.x\":[[\"a\"]]}"},
	{"f.x: {lt: 2025-01-01}", "{\"f.x\":{\"lt\":\"2025-01-01\"}}"},
	/* values */
	{"f.x: true", "{\"f.x\":true}"},
	{"f.x: 'true'", "{\"f.x\":\"true\"}"},
	{"f.x: True", "{\"f.x\":\"True\"}"},
	{"f.x: yes", "{\"f.x\":\"yes\"}"},
	{"f.x: 13", "{\"f.x\":13}"},
	{"f.x: '13'", "{\"f.x\":\"13\"}"},
	{"f.x: -13", "{\"f.x\":-13}"},
	{"f.x: 0", "{\"f.x\":0}"},
	{"f.x: -0", "{\"f.x\":\"-0\"}"},
	{"f.x: 007", "{\"f.x\":\"007\"}"},
	{"f.x: '1.5'", "{\"f.x\":\"1.5\"}"},
	{"f.x: 0x1f", "{\"f.x\":\"0x1f\"}"},
	{"f.x: ''", "{\"f.x\":\"\"}"},
	{"f.x: 'null'", "{\"f.x\":\"null\"}"},
	{"f.x: 9007199254740991", "{\"f.x\":9007199254740991}"},
	{"f.x: -9007199254740991", "{\"f.x\":-9007199254740991}"},
	/* records */
	{"order: {}", "{\"order\":{}}"},
	{"order: []", "{\"order\":{}}"},
	{"agreement: {instrument: eu-scc-2021, addenda: {has: uk-addendum}}",
	 "{\"agreement\":{\"addenda\":{\"has\":\"uk-addendum\"},\"instrument\":\"eu-scc-2021\"}}"},
	{"agreement: [{a: 1}, {a: 2}]", "{\"agreement\":[{\"a\":1},{\"a\":2}]}"},
};

static void conditions_go_round(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		go_round(conditions[i].yaml, conditions[i].json, CONDITION);
}

static const struct {
	const char *yaml, *json;
} records[] = {
	{"party: {}", "{\"party\":{}}"},
	{"party: {id: x, area: NO}", "{\"party\":{\"area\":\"NO\",\"id\":\"x\"}}"},
	{"data-set: {id: x, local-copy: unsettled}",
	 "{\"data_set\":{\"id\":\"x\",\"local_copy\":\"UNSETTLED\"}}"},
	{"data_set: {local_copy: UNSETTLED}", "{\"data_set\":{\"local_copy\":\"UNSETTLED\"}}"},
	{"party: {public-body: yes}", "{\"party\":{\"public_body\":\"YES\"}}"},
	{"party: {public-body: true}", "{\"party\":{\"public_body\":\"YES\"}}"},
	{"party: {public-body: false}", "{\"party\":{\"public_body\":\"NO\"}}"},
	{"party: {public-body: NO}", "{\"party\":{\"public_body\":\"NO\"}}"},
	{"party: {public-body: ANSWER_NO}", "{\"party\":{\"public_body\":\"NO\"}}"},
	{"party: {public-body: answer-no}", "{\"party\":{\"public_body\":\"NO\"}}"},
	{"party: {public-body: unspecified}", "{\"party\":{}}"},
	{"party: {bound-by: none}", "{\"party\":{\"bound_by\":[\"none\"]}}"},
	{"party: {bound-by: [a, {rulebook: b}, {rulebook: c, from: 2020-01-01}, {}]}",
	 "{\"party\":{\"bound_by\":[\"a\",\"b\",{\"from\":\"2020-01-01\",\"rulebook\":\"c\"},{}]}"
	 "}"},
	{"area: {member-of: [EU, {group: EEA, from: 1994-01-01}], numeric: 008}",
	 "{\"area\":{\"member_of\":[\"EU\",{\"from\":\"1994-01-01\",\"group\":\"EEA\"}],"
	 "\"numeric\":\"008\"}}"},
	{"party: {establishments: KR, source: one}",
	 "{\"party\":{\"establishments\":[\"KR\"],\"source\":[\"one\"]}}"},
	{"person: {identities: [\"spiffe://a/b\", {uri: x, until: y}], keys: [ssh]}",
	 "{\"person\":{\"identities\":[\"spiffe://a/b\",{\"until\":\"y\",\"uri\":\"x\"}],"
	 "\"keys\":[\"ssh\"]}}"},
	{"log: {final-size: 18446744073709551615}",
	 "{\"log\":{\"final_size\":\"18446744073709551615\"}}"},
	{"term: {effort: 4294967295, offer: true}",
	 "{\"term\":{\"effort\":4294967295,\"offer\":true}}"},
	{"term: {effort: 0, offer: false, note: \"\"}", "{\"term\":{}}"},
	{"agreement: {modes: [transit, ACCESS_MODE_STORAGE, Remote-Access]}",
	 "{\"agreement\":{\"modes\":[\"TRANSIT\",\"STORAGE\",\"REMOTE_ACCESS\"]}}"},
	{"agreement: {modes: [unspecified]}", "{\"agreement\":{\"modes\":[\"UNSPECIFIED\"]}}"},
	{"rulebook: {define: {a: [{cond: b}], c: []}, default: prohibited}",
	 "{\"rulebook\":{\"default\":\"PROHIBITED\",\"define\":{\"a\":[{\"cond\":\"b\"}],\"c\":[]}}"
	 "}"},
	{"rulebook: {define: [{a: []}, {a: []}]}",
	 "{\"rulebook\":{\"define\":[{\"a\":[]},{\"a\":[]}]}}"},
	{"rulebook: {duties: [tia, {owe: x, standing: true}, {owe: y, when: {cond: z}}]}",
	 "{\"rulebook\":{\"duties\":[\"tia\",{\"owe\":\"x\",\"standing\":true},"
	 "{\"owe\":\"y\",\"when\":{\"cond\":\"z\"}}]}}"},
	{"finding: {scope: {certificate: {scheme: dpf}}}",
	 "{\"finding\":{\"scope\":{\"certificate\":{\"scheme\":\"dpf\"}}}}"},
	{"expectation: {id: e, ask: {recipients: [a]}, expect: {authorises: no}}",
	 "{\"expectation\":{\"ask\":{\"recipients\":[\"a\"]},\"expect\":{\"authorises\":\"NO\"},"
	 "\"id\":\"e\"}}"},
};

static void records_go_round(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		go_round(records[i].yaml, records[i].json, RECORD);
}

static void cases_go_round(void **state)
{
	(void)state;
	go_round("id: L1\n"
		 "given:\n"
		 "  - party: {id: x, area: KR}\n"
		 "  - term: {id: t, kind: duty}\n"
		 "ask:\n"
		 "  recipients: [carrier-be, {party: x, storage: [KR]}]\n"
		 "  facts: {subject.area: KR, volume: 13, told: true, ids: [a, 1]}\n"
		 "  performs: {tia: yes, supervise: no, \"yes\": unsettled}\n"
		 "  known-at: 7\n"
		 "expect: {verdict: denied, opinions: [{rulebook: r, verdict: permitted}]}\n",
		 "{\"ask\":{\"facts\":{\"ids\":[\"a\",1],\"subject.area\":\"KR\",\"told\":true,"
		 "\"volume\":13},\"known_at\":\"7\",\"performs\":{\"supervise\":\"NO\","
		 "\"tia\":\"YES\",\"yes\":\"UNSETTLED\"},\"recipients\":[\"carrier-be\","
		 "{\"party\":\"x\",\"storage\":[\"KR\"]}]},"
		 "\"expect\":{\"opinions\":[{\"rulebook\":\"r\",\"verdict\":\"PERMITTED\"}],"
		 "\"verdict\":\"DENIED\"},"
		 "\"given\":[{\"party\":{\"area\":\"KR\",\"id\":\"x\"}},"
		 "{\"term\":{\"id\":\"t\",\"kind\":\"DUTY\"}}],\"id\":\"L1\"}",
		 CASE);
}

static void bytes_are_base64_and_a_oneof_has_one_member(void **state)
{
	(void)state;
	go_round("receipt: {leaf: AAH/, index: 3, path: [\"\", Zg==]}\n",
		 "{\"receipt\":{\"index\":\"3\",\"leaf\":\"AAH/\",\"path\":[\"\",\"Zg==\"]}}",
		 &carnet__v1__check_response__descriptor);
	go_round("items: [{error: {code: -5}}, {response: {}}]",
		 "{\"items\":[{\"error\":{\"code\":-5}},{\"response\":{}}]}",
		 &carnet__v1__batch_check_response__descriptor);
	assert_null(read_named("a.yaml", BYTES_LITERAL("items: [{response: {}, error: {}}]"),
			       &carnet__v1__batch_check_response__descriptor, NULL));
	assert_string_equal(error.text, "a.yaml:1: items[0].error: either this or 'response' can "
					"stand here; keep one");
	assert_null(read_named("a.yaml", BYTES_LITERAL("receipt: {leaf: AAH}"),
			       &carnet__v1__check_response__descriptor, NULL));
	assert_string_equal(error.text, "a.yaml:1: receipt.leaf: base64 with padding (RFC 4648, 4) "
					"is wanted here");
}

static void yaml_is_written_to_be_read_by_people(void **state)
{
	(void)state;
	assert_string_equal(
		go_round("rulebook: {id: r, kind: law, speaks-for: [NO, KR], "
			 "from: 2021-09-07, applies: {order: {}}, "
			 "define: {a: [{cond: b}]}, note: \"one\\n\\ntwo\\n\"}",
			 "{\"rulebook\":{\"applies\":{\"order\":{}},"
			 "\"define\":{\"a\":[{\"cond\":\"b\"}]},"
			 "\"from\":\"2021-09-07\",\"id\":\"r\",\"kind\":\"LAW\","
			 "\"note\":\"one\\n\\ntwo\\n\",\"speaks_for\":[\"NO\",\"KR\"]}}",
			 RECORD),
		"rulebook:\n"
		"  id: r\n"
		"  from: \"2021-09-07\"\n"
		"  note: |\n"
		"    one\n"
		"\n"
		"    two\n"
		"  kind: law\n"
		"  speaks-for: [\"NO\", KR]\n"
		"  applies:\n"
		"    order: {}\n"
		"  define:\n"
		"    a:\n"
		"      - cond: b\n");
}

static void unquoted_no_is_norway(void **state)
{
	Carnet__V1__Record *record =
		(Carnet__V1__Record *)must_read("a.yaml", "party: {id: NO, area: NO}", RECORD);

	(void)state;
	assert_string_equal(record->id, "NO");
	assert_string_equal(record->party->area, "NO");
	assert_string_equal(to_yaml(&record->base), "party:\n  id: \"NO\"\n  area: \"NO\"\n");
}

static const struct {
	const char *yaml, *text;
} refused[] = {
	{"party: {aera: KR}", "a.yaml:1: party.aera: unknown field; did you mean 'area'?"},
	{"party:\n  id: x\n  bound_bye: [a]",
	 "a.yaml:3: party.bound_bye: unknown field; did you mean 'bound-by'?"},
	{"log: {party: x}",
	 "a.yaml:1: log.party: unknown field; known here are id, from, until, name, source, "
	 "confidence, doubt, note, reviewed, review-by, unsettled, retired, origin, key, node, "
	 "final-size"},
	{"log: {zzzzzzzz: x}",
	 "a.yaml:1: log.zzzzzzzz: unknown field; known here are id, from, until, name, source, "
	 "confidence, doubt, note, reviewed, review-by, unsettled, retired, origin, key, node, "
	 "final-size"},
	{"prty: {id: x}", "a.yaml:1: prty: unknown kind of record; did you mean 'party'?"},
	{"from: {id: x}",
	 "a.yaml:1: from: unknown kind of record; kinds are area, data-category, purpose, party, "
	 "engagement, data-set, agreement, instrument, certificate, finding, assessment, "
	 "disclosure, order, rulebook, term, log, person, expectation"},
	{"party: {id: x}\narea: {id: y}",
	 "a.yaml:1: a record is a mapping with one key, its kind; here are 'party' and 'area'"},
	{"{}", "a.yaml:1: a record is a mapping with one key, its kind; here is none"},
	{"- a", "a.yaml:1: a mapping of fields is wanted here"},
	{"text", "a.yaml:1: a mapping of fields is wanted here"},
	{"party: text", "a.yaml:1: party: a mapping of fields is wanted here"},
	{"party:", "a.yaml:1: party: nothing stands here; leave the field out, or put the text in "
		   "quotes"},
	{"party: {id: ~}", "a.yaml:1: party.id: nothing stands here; leave the field out, or put "
			   "the text in quotes"},
	{"party: {bound-by: null}", "a.yaml:1: party.bound-by: nothing stands here; leave the "
				    "field out, or put the text in quotes"},
	{"party: {id: [a]}", "a.yaml:1: party.id: a single value is wanted here, not a list"},
	{"party: {id: {a: b}}", "a.yaml:1: party.id: a single value is wanted here, not a mapping"},
	{"party: {is: {a: b}}", "a.yaml:1: party.is: a list is wanted here"},
	{"party: {is: [a, [b]]}",
	 "a.yaml:1: party.is[1]: a single value is wanted here, not a list"},
	{"party: {bound-by: x, bound_by: y}",
	 "a.yaml:1: party.bound_by: the same field stands here as 'bound-by' already; keep one"},
	{"party: {kind: organization}",
	 "a.yaml:1: party.kind: 'organization' is none of organisation, persons, unnamed; did you "
	 "mean 'organisation'?"},
	{"party: {public-body: maybe}",
	 "a.yaml:1: party.public-body: 'maybe' is none of yes, no, unsettled"},
	{"party: {kind: yes}", "a.yaml:1: party.kind: 'yes' is none of organisation, persons, "
			       "unnamed"},
	{"term: {offer: yes}", "a.yaml:1: term.offer: true or false is wanted here, not 'yes'"},
	{"term: {offer: 'true'}", "a.yaml:1: term.offer: true or false is wanted here, not 'true'"},
	{"term: {effort: -1}",
	 "a.yaml:1: term.effort: a whole number from 0 to 4294967295 is wanted here, not '-1'"},
	{"term: {effort: 4294967296}", "a.yaml:1: term.effort: a whole number from 0 to 4294967295 "
				       "is wanted here, not '4294967296'"},
	{"term: {effort: 1.5}",
	 "a.yaml:1: term.effort: a whole number from 0 to 4294967295 is wanted here, not '1.5'"},
	{"term: {effort: 010}",
	 "a.yaml:1: term.effort: a whole number from 0 to 4294967295 is wanted here, not '010'"},
	{"log: {final-size: 18446744073709551616}",
	 "a.yaml:1: log.final-size: a whole number from 0 to 18446744073709551615 is wanted here, "
	 "not '18446744073709551616'"},
	{"rulebook: {applies: {any: [], all: []}}",
	 "a.yaml:1: rulebook.applies: a condition is a mapping with one key; put several into a "
	 "list; here are 'any' and 'all'"},
	{"rulebook: {applies: {}}",
	 "a.yaml:1: rulebook.applies: a condition is a mapping with one key; put several into a "
	 "list; here is none"},
	{"rulebook:\n  applies: safeguard-holds",
	 "a.yaml:2: rulebook.applies: a condition is wanted here: a mapping with one key, such as "
	 "{cond: name}, or a list of them"},
	{"rulebook:\n  grounds:\n  - id: g\n    needs:\n    - subject.age: {lt: 1.5}",
	 "a.yaml:5: rulebook.grounds[0].needs[0].subject.age.lt: '1.5' is a fraction; write a "
	 "whole "
	 "number, or put a text in quotes"},
	{"rulebook: {applies: {f.x: 1e3}}",
	 "a.yaml:1: rulebook.applies.f.x: '1e3' is a fraction; write a whole number, or put a text "
	 "in quotes"},
	{"rulebook: {applies: {f.x: 9007199254740992}}",
	 "a.yaml:1: rulebook.applies.f.x: '9007199254740992' is too large; numbers lie below 2^53, "
	 "others are texts in quotes"},
	{"rulebook: {applies: {f.x: null}}", "a.yaml:1: rulebook.applies.f.x: nothing stands here; "
					     "leave the field out, or put the text "
					     "in quotes"},
	{"rulebook: {applies: {f.x: {hs: a}}}",
	 "a.yaml:1: rulebook.applies.f.x.hs: unknown field; did you mean 'has'?"},
	{"rulebook: {applies: {f.x: {lt: {a: b}}}}",
	 "a.yaml:1: rulebook.applies.f.x.lt: true, false, a number, a text or a list is wanted "
	 "here"},
	{"rulebook: {define: x}",
	 "a.yaml:1: rulebook.define: a mapping of names to values is wanted here"},
	{"rulebook: {define: [{a: [], b: []}]}", "a.yaml:1: rulebook.define[0]: one name with its "
						 "value is wanted here; here are 'a' and 'b'"},
	{"rulebook: {define: {a: {cond: b}}}",
	 "a.yaml:1: rulebook.define.a: a list is wanted here"},
};

static void each_fault_names_place_and_cure(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_null(read_named("a.yaml", bytes_of_string(refused[i].yaml), RECORD, NULL));
		assert_string_equal(error.text, refused[i].text);
		assert_int_equal(error.code, ERR_INVALID);
	}
}

/* All the lines that reading the document gives. */
static struct mapping_faults faults_of(const char *name, const char *text,
				       const ProtobufCMessageDescriptor *type)
{
	struct mapping_faults faults;
	struct documents documents;
	ProtobufCMessage *message;

	if (document_read(bytes_of_string(text), name, arena, &documents, &error))
		fail_msg("%s", error.text);
	assert_int_equal(mapping_read_all(documents.items[0], type, arena, NULL, &message, &faults),
			 ERR_INVALID);
	return faults;
}

static void every_fault_of_a_document_is_named_in_its_order(void **state)
{
	static const char text[] = "party:\n"
				   "  id: x\n"
				   "  aera: KR\n"
				   "  kind: law\n"
				   "  name:\n"
				   "  source: [{a: b}, good, [c]]\n"
				   "  bound-by:\n"
				   "    - rulebok: kr-pipa\n"
				   "    - {rulebook: kr-pipa, from: {}}\n";
	static const char *const lines[] = {
		"a.yaml:3: party.aera: unknown field; did you mean 'area'?",
		"a.yaml:4: party.kind: 'law' is none of organisation, persons, unnamed",
		("a.yaml:5: party.name: nothing stands here; leave the field out, or put the "
		 "text in quotes"),
		"a.yaml:6: party.source[0]: a single value is wanted here, not a mapping",
		"a.yaml:6: party.source[2]: a single value is wanted here, not a list",
		"a.yaml:8: party.bound-by[0].rulebok: unknown field; did you mean 'rulebook'?",
		"a.yaml:9: party.bound-by[1].from: a single value is wanted here, not a mapping",
	};
	enum { COUNT = sizeof(lines) / sizeof(*lines) };
	struct mapping_faults faults = faults_of("a.yaml", text, RECORD);

	(void)state;
	for (size_t i = 0; i < faults.count && i < COUNT; i++)
		assert_string_equal(faults.lines[i], lines[i]);
	assert_int_equal(faults.count, COUNT);
	assert_false(faults.cut);
}

static void faults_within_conditions_and_pairs_do_not_hide_each_other(void **state)
{
	struct mapping_faults faults =
		faults_of("a.yaml",
			  "rulebook:\n"
			  "  define:\n"
			  "    a: [{cond: [x]}, {f.x: {hs: a, lt: {}}}]\n"
			  "    b: x\n"
			  "  applies: {any: [{f.x: 1.5}, {}, {cond: good}, {not: {cond: }}]}\n",
			  RECORD);

	(void)state;
	assert_int_equal(faults.count, 7);
	assert_string_equal(faults.lines[0],
			    "a.yaml:3: rulebook.define.a[0].cond: a single value is wanted here, "
			    "not a list");
	assert_string_equal(faults.lines[1], "a.yaml:3: rulebook.define.a[1].f.x.hs: unknown "
					     "field; did you mean 'has'?");
	assert_non_null(strstr(faults.lines[2], "a.yaml:3: rulebook.define.a[1].f.x.lt: "));
	assert_string_equal(faults.lines[3], "a.yaml:4: rulebook.define.b: a list is wanted here");
	assert_non_null(strstr(faults.lines[4], "applies.any[0].f.x: '1.5' is a fraction"));
	assert_non_null(strstr(faults.lines[5], "applies.any[1]: a condition is a mapping"));
	assert_non_null(strstr(faults.lines[6], "applies.any[3].not.cond: nothing stands here"));
}

static void after_twenty_faults_it_says_that_there_may_be_more(void **state)
{
	const char *text = "{\"party\":{\"source\":[";
	struct mapping_faults faults;

	(void)state;
	for (int i = 0; i < MAPPING_FAULTS_MAX + 5; i++)
		text = arena_printf(arena, "%s%s%d", text, i ? "," : "", i);
	faults = faults_of("a.json", arena_printf(arena, "%s],\"aera\":\"KR\"}}", text), RECORD);
	assert_int_equal(faults.count, MAPPING_FAULTS_MAX);
	assert_true(faults.cut);
	assert_string_equal(faults.lines[MAPPING_FAULTS_MAX - 1],
			    "a.json: party.source[19]: a text is wanted here; put 19 in quotes");
}

static const struct {
	const char *json, *text;
} refused_json[] = {
	{"{\"party\":{\"aera\":\"KR\"}}",
	 "a.json: party.aera: unknown field; did you mean 'area'?"},
	{"{\"data_set\":{\"localcopy\":\"YES\"}}",
	 "a.json: data_set.localcopy: unknown field; did you mean 'local_copy'?"},
	{"{\"party\":{\"id\":5}}", "a.json: party.id: a text is wanted here; put 5 in quotes"},
	{"{\"party\":{\"id\":true}}",
	 "a.json: party.id: a text is wanted here; put true in quotes"},
	{"{\"party\":{\"id\":null}}", "a.json: party.id: null is no value; leave the field out"},
	{"{\"term\":{\"effort\":1.0}}",
	 "a.json: term.effort: fractions and exponents are refused; write a whole number"},
	{"{\"term\":{\"offer\":\"true\"}}",
	 "a.json: term.offer: true or false is wanted here, not 'true'"},
	{"{\"party\":{\"kind\":\"LAW\"}}",
	 "a.json: party.kind: 'LAW' is none of ORGANISATION, PERSONS, UNNAMED"},
	{"{\"rulebook\":{\"applies\":{\"f.x\":9007199254740992}}}",
	 "a.json: rulebook.applies.f.x: '9007199254740992' is too large; numbers lie below 2^53, "
	 "others are texts in quotes"},
};

static void faults_of_json_name_the_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused_json) / sizeof(refused_json[0]); i++) {
		assert_null(
			read_named("a.json", bytes_of_string(refused_json[i].json), RECORD, NULL));
		assert_string_equal(error.text, refused_json[i].text);
	}
}

static void json_text_null_and_numbers_as_text_are_values(void **state)
{
	(void)state;
	assert_string_equal(
		to_json(must_read("a.json", "{\"log\":{\"id\":\"null\",\"final_size\":12}}",
				  RECORD)),
		"{\"log\":{\"final_size\":\"12\",\"id\":\"null\"}}");
	assert_string_equal(to_json(must_read("a.json", "{\"term\":{\"effort\":\"12\"}}", RECORD)),
			    "{\"term\":{\"effort\":12}}");
}

static void texts_of_every_sort_come_back(void **state)
{
	/* Each must survive as a text, as a value, as a key and in a list. */
	static const char *const texts[] = {
		"NO",
		"yes",
		"on",
		"null",
		"~",
		"2021-09-07",
		"12:30:45",
		"1e3",
		"0x1f",
		".inf",
		"",
		" a",
		"a ",
		"a: b",
		"a #b",
		"a:",
		"#a",
		"- a",
		"? a",
		"[a",
		"{a",
		"a, b",
		"'a'",
		"\"a\"",
		"@a",
		"`a",
		"%a",
		"&a",
		"*a",
		"!a",
		"|",
		">",
		"=",
		"<<",
		"---",
		"...",
		"\\",
		"a\nb",
		"a\n",
		"\na",
		"a\n\n",
		"a\n\nb\n",
		" a\nb",
		"a \nb",
		"a\n b",
		"a\tb\nc",
		"\t",
		"\r",
		"a\rb",
		"a\r\nb",
		"\x01",
		"\x7f",
		"\xc2\x80",
		"\xc2\x85",
		"\xc2\xa0",
		"\xe2\x80\xa8",
		"\xe2\x80\xa9",
		"\xef\xbb\xbf",
		"\xef\xbf\xbe",
		"\xef\xbf\xbf",
		"한국어",
		"日本語: a",
		"\xf0\x9f\x98\x80",
		"\xf4\x8f\xbf\xbf",
		("a\xe2\x80\xa8"
		 "b\nc"),
		"\n",
		"\n\n",
		" ",
		"a\n#b",
		"a\n---\nb",
		"org:EPO",
		"https://x/y#z",
		"y",
		"N",
		"Infinity",
		"-1",
		"+1",
		"a]b",
		"a\nb:\n  c",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		Carnet__V1__Value value;
		Carnet__V1__Fact fact, *facts = &fact;
		Carnet__V1__CheckRequest ask;
		char *text = arena_string(arena, bytes_of_string(texts[i]));
		const char *json;

		carnet__v1__value__init(&value);
		carnet__v1__fact__init(&fact);
		carnet__v1__check_request__init(&ask);
		value.value_case = CARNET__V1__VALUE__VALUE_TEXT;
		value.text = text;
		fact.name = text;
		fact.value = &value;
		ask.exporter = text;
		ask.n_categories = 1;
		ask.categories = &text;
		ask.n_facts = 1;
		ask.facts = &facts;
		json = to_json(&ask.base);
		assert_string_equal(to_json(must_read("a.json", json, ask.base.descriptor)), json);
		assert_string_equal(
			to_json(must_read("a.yaml", to_yaml(&ask.base), ask.base.descriptor)),
			json);
	}
}

static void long_texts_and_keys_come_back(void **state)
{
	char *text = arena_alloc(arena, 100001);
	const char *json;
	Carnet__V1__Value value;
	Carnet__V1__Fact fact, *facts = &fact;
	Carnet__V1__CheckRequest ask;

	(void)state;
	carnet__v1__value__init(&value);
	carnet__v1__fact__init(&fact);
	carnet__v1__check_request__init(&ask);
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 7 ? 'a' : ' ';
	text[0] = 'b';
	value.value_case = CARNET__V1__VALUE__VALUE_LIST;
	value.list = (Carnet__V1__Values *)must_read("a.yaml", "[a, [b]]",
						     &carnet__v1__values__descriptor);
	fact.name = text;
	fact.value = &value;
	ask.exporter = text;
	ask.n_facts = 1;
	ask.facts = &facts;
	json = to_json(&ask.base);
	assert_string_equal(to_json(must_read("a.yaml", to_yaml(&ask.base), ask.base.descriptor)),
			    json);
}

static const char *nested(const char *open, const char *inner, const char *close, int times)
{
	const char *text = inner;

	for (int i = 0; i < times; i++)
		text = arena_printf(arena, "%s%s%s", open, text, close);
	return text;
}

static void nesting_ends_where_the_wire_would_end_it(void **state)
{
	const char *deep = nested("{not: ", "{cond: a}", "}", MAPPING_DEPTH_MAX - 1);

	(void)state;
	must_read("a.yaml", deep, CONDITION);
	deep = nested("{not: ", "{cond: a}", "}", MAPPING_DEPTH_MAX);
	assert_null(read_named("a.yaml", bytes_of_string(deep), CONDITION, NULL));
	assert_int_equal(error.code, ERR_LIMIT);
	assert_non_null(
		strstr(error.text, "more than 28 messages inside each other; write it flatter"));
}

static void lists_inside_each_other_count_as_messages_too(void **state)
{
	const char *deep = nested("[", "a", "]", 40);

	(void)state;
	assert_null(
		read_named("a.yaml", bytes_of_string(deep), &carnet__v1__value__descriptor, NULL));
	assert_int_equal(error.code, ERR_LIMIT);
	must_read("a.yaml", nested("[", "a", "]", 13), &carnet__v1__value__descriptor);
}

static void what_no_text_can_say_is_named(void **state)
{
	Carnet__V1__Value value, *values = &value;
	Carnet__V1__Test test;
	Carnet__V1__FactTest fact;
	Carnet__V1__Condition condition;
	Carnet__V1__Finding finding;
	Carnet__V1__Record record;

	(void)state;
	carnet__v1__value__init(&value);
	carnet__v1__test__init(&test);
	carnet__v1__fact_test__init(&fact);
	carnet__v1__condition__init(&condition);
	carnet__v1__finding__init(&finding);
	carnet__v1__record__init(&record);
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "a record without a kind; set its body");
	assert_string_equal(to_json(&record.base), "null");
	record.body_case = CARNET__V1__RECORD__BODY_FINDING;
	record.finding = &finding;
	assert_int_equal(mapping_check(&record.base, &error), 0);
	finding.scope = &condition;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "finding.scope: an empty condition; set its test");
	assert_string_equal(to_json(&record.base), "{\"finding\":{\"scope\":null}}");
	condition.test_case = CARNET__V1__CONDITION__TEST_FACT;
	condition.fact = &fact;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "finding.scope.fact: a name without its value; set both");
	fact.test = &test;
	test.n_in = 1;
	test.in = &values;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "finding.scope.fact.test.in[0]: an empty value; set one of "
					"its members");
	value.value_case = CARNET__V1__VALUE__VALUE_NUMBER;
	value.number = INT64_MIN;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "finding.scope.fact.test.in[0]: a number of 2^53 or more; "
					"send it as text");
	assert_string_equal(to_json(&record.base), "{\"finding\":{\"scope\":{\"\":null}}}");
	value.number = 1;
	assert_int_equal(mapping_check(&record.base, &error), 0);
	record.confidence = (Carnet__V1__Confidence)17;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text,
			    "confidence: an enum value that this version does not know; "
			    "use one of its own");
	assert_non_null(strstr(to_json(&record.base), "\"confidence\":\"17\""));
	record.confidence = CARNET__V1__CONFIDENCE__CONFIDENCE_LOW;
	finding.base.n_unknown_fields = 1;
	assert_int_equal(mapping_check(&record.base, &error), ERR_INVALID);
	assert_string_equal(error.text, "finding: fields that this version does not know; leave "
					"them out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(conditions_go_round),
		test_of(records_go_round),
		test_of(cases_go_round),
		test_of(bytes_are_base64_and_a_oneof_has_one_member),
		test_of(yaml_is_written_to_be_read_by_people),
		test_of(unquoted_no_is_norway),
		test_of(each_fault_names_place_and_cure),
		test_of(every_fault_of_a_document_is_named_in_its_order),
		test_of(faults_within_conditions_and_pairs_do_not_hide_each_other),
		test_of(after_twenty_faults_it_says_that_there_may_be_more),
		test_of(faults_of_json_name_the_path),
		test_of(json_text_null_and_numbers_as_text_are_values),
		test_of(texts_of_every_sort_come_back),
		test_of(long_texts_and_keys_come_back),
		test_of(nesting_ends_where_the_wire_would_end_it),
		test_of(lists_inside_each_other_count_as_messages_too),
		test_of(what_no_text_can_say_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
