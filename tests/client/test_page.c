#include "test.h"

#include "client/page.h"

static char party[] = "line-plus", area[] = "PH", rulebook[] = "kr-law", duty[] = "encrypt",
	    day_text[] = "2026-06-01", code[] = "FACT_IS_OTHERWISE", ground[] = "kr-law/adequate",
	    sentence[] = "leg.area is PH, not BE.", condition[] = "leg.area: BE",
	    escape[] = "\033[2Jx";

struct sample {
	Carnet__V1__Decision decision;
	Carnet__V1__Leg leg, *legs[1];
	Carnet__V1__Opinion opinion, *opinions[1];
	Carnet__V1__GroundResult result, *results[1];
	Carnet__V1__Reason reason, *reasons[1];
	Carnet__V1__OwedDuty owed, *duties[1];
	char *rulebooks[1];
};

static void fill(struct sample *answer)
{
	carnet__v1__decision__init(&answer->decision);
	carnet__v1__leg__init(&answer->leg);
	carnet__v1__opinion__init(&answer->opinion);
	carnet__v1__ground_result__init(&answer->result);
	carnet__v1__reason__init(&answer->reason);
	carnet__v1__owed_duty__init(&answer->owed);
	answer->legs[0] = &answer->leg;
	answer->opinions[0] = &answer->opinion;
	answer->results[0] = &answer->result;
	answer->reasons[0] = &answer->reason;
	answer->duties[0] = &answer->owed;
	answer->rulebooks[0] = rulebook;
	answer->leg.exporter = answer->leg.recipient = party;
	answer->leg.area = area;
	answer->reason.code = code;
	answer->reason.text = sentence;
	answer->reason.condition = condition;
	answer->result.ground = ground;
	answer->result.n_failed = 1;
	answer->result.failed = answer->reasons;
	answer->opinion.rulebook = rulebook;
	answer->opinion.n_grounds = 1;
	answer->opinion.grounds = answer->results;
	answer->owed.duty = duty;
	answer->owed.n_rulebooks = 1;
	answer->owed.rulebooks = answer->rulebooks;
	answer->decision.n_legs = 1;
	answer->decision.legs = answer->legs;
	answer->decision.n_opinions = 1;
	answer->decision.opinions = answer->opinions;
	answer->decision.as_of = day_text;
	answer->decision.revision = 7;
}

static void set_verdict(struct sample *answer, Carnet__V1__Verdict verdict)
{
	answer->decision.verdict = answer->leg.verdict = answer->opinion.verdict = verdict;
}

static const char *page_of(struct buffer *out, struct page page, const struct sample *answer)
{
	page.decision = &answer->decision;
	buffer_clear(out);
	page_write(&page, out);
	return buffer_string(out);
}

static void a_denial_shows_what_failed(void **state)
{
	struct buffer out = {0};
	struct sample answer;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_string_equal(page_of(&out, (struct page){0}, &answer),
			    "DENIED\n"
			    "authorises: no\n"
			    "\n"
			    "legs\n"
			    "  0. line-plus to line-plus, PH, category unknown  DENIED\n"
			    "\n"
			    "opinions\n"
			    "  kr-law  DENIED\n"
			    "    kr-law/adequate does not hold:\n"
			    "      - leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"
			    "        condition: leg.area: BE\n"
			    "\n"
			    "judged for 2026-06-01, no change in sight\n"
			    "registry revision 7 \n");
	buffer_release(&out);
}

static void the_page_is_in_the_language_asked_for(void **state)
{
	static const struct {
		enum language language;
		const char *page;
	} rows[] = {
		{LANGUAGE_KOREAN,
		 "불허 (참고용)\n"
		 "승인: 아니요\n"
		 "참고용: 승인 효력이 없다(다른 날짜나 개정판, 덧붙인 기록, 서버 없음 중 하나에 "
		 "해당).\n"
		 "\n"
		 "구간\n"
		 "  0. line-plus → line-plus, PH, 범주 불명  불허\n"
		 "\n"
		 "법령·방침별 판단\n"
		 "  kr-law  불허\n"
		 "    kr-law/adequate 불성립:\n"
		 "      - leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"
		 "        조건: leg.area: BE\n"
		 "\n"
		 "허용되는 구간의 의무\n"
		 "  encrypt  이행 의사 미표명  (kr-law)\n"
		 "\n"
		 "기준일 2026-06-01, 예정된 변경 없음\n"
		 "등록부 개정판 7 \n"
		 "영수증 log#1, 보관 위치 a.tlog-proof\n"},
		{LANGUAGE_JAPANESE, "認められない （参考）\n"
				    "承認：なし\n"
				    "参考：承認の効力はない（別の日又は版、付け加えた記録、サーバー"
				    "なしのいずれかに当たる）。\n"
				    "\n"
				    "区間\n"
				    "  0. line-plus → line-plus, PH, 区分不明  認められない\n"
				    "\n"
				    "法令・方針別の判断\n"
				    "  kr-law  認められない\n"
				    "    kr-law/adequateは不成立：\n"
				    "      - leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"
				    "        条件：leg.area: BE\n"
				    "\n"
				    "認められる区間の義務\n"
				    "  encrypt  履行の意思が示されていない  (kr-law)\n"
				    "\n"
				    "基準日2026-06-01、予定された変更なし\n"
				    "登録簿の版7 \n"
				    "受領証log#1、保存先a.tlog-proof\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer out = {0};
		struct sample answer;
		struct page page = {
			.language = rows[i].language, .receipt = "log#1", .kept = "a.tlog-proof"};

		fill(&answer);
		set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
		answer.decision.advisory = true;
		answer.decision.n_duties = 1;
		answer.decision.duties = answer.duties;
		assert_string_equal(page_of(&out, page, &answer), rows[i].page);
		buffer_release(&out);
	}
}

static void an_act_that_nobody_knows_is_shown_as_it_is(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__RemedyStep step, *steps[] = {&step};
	Carnet__V1__Remedy remedy, *remedies[] = {&remedy};

	(void)state;
	carnet__v1__remedy_step__init(&step);
	carnet__v1__remedy__init(&remedy);
	fill(&answer);
	step.act = duty;
	step.what = area;
	remedy.n_steps = 1;
	remedy.steps = steps;
	answer.decision.n_remedies = 1;
	answer.decision.remedies = remedies;
	assert_non_null(strstr(page_of(&out, (struct page){.language = LANGUAGE_KOREAN}, &answer),
			       "허용되기 위한 조치\n"
			       "  - encrypt PH\n"));
	buffer_release(&out);
}

static void a_permission_waits_for_its_duties(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	const char *text;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS);
	answer.decision.n_duties = 1;
	answer.decision.duties = answer.duties;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "authorises: no: not every duty is accepted (--performs)\n"));
	assert_non_null(strstr(text, "  encrypt  NOT ACCEPTED  (kr-law)\n"));
	assert_null(strstr(text, "does not hold"));
	answer.owed.performs = CARNET__V1__ANSWER__ANSWER_YES;
	answer.decision.authorises = true;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "authorises: yes\n"));
	assert_non_null(strstr(text, "  encrypt  accepted  (kr-law)\n"));
	answer.decision.authorises = false;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "authorises: no: the registry is not known to be current\n"));
	buffer_release(&out);
}

static void an_advisory_answer_cannot_be_mistaken(void **state)
{
	struct buffer out = {0};
	struct sample answer;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_PERMITTED);
	answer.decision.advisory = true;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "PERMITTED (advisory)\n"
			       "authorises: no\nADVISORY: this can never authorise"));
	buffer_release(&out);
}

static char act[] = "say", what[] = "consent.given: true", owner[] = "person-concerned",
	    obtain[] = "obtain", paper[] = "certificate: {scheme: dpf}", deciding[] = "default",
	    nowhere[] = "coverage";

static void what_would_permit_it_is_said_with_whom_to_ask(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__RemedyStep said, obtained, *steps[] = {&said, &obtained};
	Carnet__V1__Remedy remedy, *remedies[] = {&remedy};

	(void)state;
	carnet__v1__remedy_step__init(&said);
	carnet__v1__remedy_step__init(&obtained);
	carnet__v1__remedy__init(&remedy);
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	said.act = act;
	said.what = what;
	said.owner = owner;
	obtained.act = obtain;
	obtained.what = paper;
	obtained.exporter = obtained.importer = party;
	remedy.n_steps = 2;
	remedy.steps = steps;
	answer.decision.n_remedies = 1;
	answer.decision.remedies = remedies;
	answer.decision.remedies_cut = true;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "what would permit it\n"
			       "  - if it is so, say consent.given: true  (person-concerned)\n"
			       "    and obtain certificate: {scheme: dpf}, line-plus to line-plus\n"
			       "  and others, which take more\n"));
	buffer_release(&out);
}

static void a_reason_does_not_say_twice_what_its_sentence_says(void **state)
{
	static struct {
		char code[24], text[48], condition[24], found[24], expected[24], owner[8];
		const char *lines;
	} rows[] = {
		{"FACT_IS_OTHERWISE", "a is x, not y.", "a: y", "x", "y", "court",
		 "does not hold: a is x, not y. (FACT_IS_OTHERWISE)\n"
		 "\n"},
		{"NO_RECORD", "Nothing on file answers finding: {}.", "finding: {}", "none",
		 "finding: {}", "",
		 "does not hold: Nothing on file answers finding: {}. (NO_RECORD)\n"
		 "\n"},
		{"OVERDUE", "It was due again.", "assessment: {}", "assessment tia",
		 "assessment: {}", "",
		 "      - It was due again. (OVERDUE)\n"
		 "        found: assessment tia\n"
		 "\n"},
		{"UNSETTLED_QUESTION", "The question q is not settled.", "unsettled: q", "", "",
		 "court",
		 "      - The question q is not settled. (UNSETTLED_QUESTION)\n"
		 "        who can settle it: court\n"
		 "\n"},
		{"FACT_IS_OTHERWISE", "It is not.", "a: y", "x", "y", "court",
		 "      - It is not. (FACT_IS_OTHERWISE)\n"
		 "        condition: a: y\n"
		 "        found: x, expected: y\n"
		 "\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer out = {0};
		struct sample answer;

		fill(&answer);
		set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
		answer.reason.code = rows[i].code;
		answer.reason.text = rows[i].text;
		answer.reason.condition = rows[i].condition;
		answer.reason.found = rows[i].found;
		answer.reason.expected = rows[i].expected;
		answer.reason.owner = rows[i].owner;
		assert_non_null(strstr(page_of(&out, (struct page){0}, &answer), rows[i].lines));
		buffer_release(&out);
	}
}

static char unknown[] = "FACT_UNKNOWN", open_text[] = "b is unknown.", as_of[] = "as-of",
	    late[] = "It is too late.", article[] = "Art. 1";

static void what_is_open_is_left_aside_once_a_ground_fails(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__Reason open, past, *failed[] = {&open, &answer.reason, &past};
	const char *text;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	carnet__v1__reason__init(&open);
	carnet__v1__reason__init(&past);
	open.code = unknown;
	open.text = open_text;
	past.code = code;
	past.text = late;
	past.about = as_of;
	answer.result.failed = failed;
	answer.result.n_failed = 3;
	answer.result.cite = article;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "    kr-law/adequate (Art. 1) does not hold:\n"
				     "      - leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"
				     "        condition: leg.area: BE\n"
				     "\n"));
	/* Of a ground that may hold, everything counts. */
	answer.result.result = CARNET__V1__TRUTH__TRUTH_UNKNOWN;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "may hold, but:\n      - b is unknown. (FACT_UNKNOWN)\n"));
	assert_non_null(strstr(text, "- It is too late."));
	/* Nothing else explains it: then they do. */
	answer.result.result = CARNET__V1__TRUTH__TRUTH_FALSE;
	failed[1] = &past;
	answer.result.n_failed = 2;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "- b is unknown. (FACT_UNKNOWN)\n"));
	assert_non_null(strstr(text, "- It is too late."));
	buffer_release(&out);
}

static char prohibited[] = "PROHIBITED", holds[] = "GROUND";

static void what_grounds_lack_is_left_aside_where_they_do_not_matter(void **state)
{
	char *const codes[] = {prohibited, holds};
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__Reason decided, *reasons[] = {&decided};

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_INDETERMINATE);
	carnet__v1__reason__init(&decided);
	answer.opinion.reasons = reasons;
	answer.opinion.n_reasons = 1;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer), "does not hold"));
	for (size_t i = 0; i < 2; i++) {
		decided.code = codes[i];
		assert_null(strstr(page_of(&out, (struct page){0}, &answer), "does not hold"));
	}
	buffer_release(&out);
}

static void opinions_that_read_alike_are_one(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__Leg *legs[3];
	Carnet__V1__Opinion other, *opinions[2] = {&answer.opinion, &other};
	uint32_t first[] = {0}, second[] = {2};
	const char *text;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	legs[0] = legs[1] = legs[2] = &answer.leg;
	answer.decision.legs = legs;
	answer.decision.n_legs = 3;
	answer.decision.opinions = opinions;
	answer.decision.n_opinions = 2;
	answer.opinion.legs = first;
	answer.opinion.n_legs = 1;
	other = answer.opinion;
	other.legs = second;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "opinions\n  kr-law  DENIED  (legs 0 2)\n"));
	assert_null(strstr(strstr(text, "(legs 0 2)"), "kr-law  DENIED"));
	other.decided_by = deciding;
	text = page_of(&out, (struct page){0}, &answer);
	assert_non_null(strstr(text, "  kr-law  DENIED  (legs 0)\n"));
	assert_non_null(strstr(text, "  kr-law  DENIED  by default  (legs 2)\n"));
	buffer_release(&out);
}

static void a_reason_of_the_decision_names_who_gives_it(void **state)
{
	struct buffer out = {0};
	struct sample answer;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	answer.opinion.reasons = answer.decision.reasons = answer.reasons;
	answer.opinion.n_reasons = answer.decision.n_reasons = 1;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "authorises: no\n"
			       "  - kr-law: leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"));
	/* One that decided nothing gives no reason of the decision. */
	answer.opinion.verdict = CARNET__V1__VERDICT__VERDICT_PERMITTED;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "authorises: no\n"
			       "  - leg.area is PH, not BE. (FACT_IS_OTHERWISE)\n"));
	buffer_release(&out);
}

static void what_to_say_is_said_as_a_case_says_it(void **state)
{
	static char whats[][32] = {"consent.told: {has: country}", "consent.told: {has: risks}",
				   "not: {subject.area: EEA}", "notice.told: {has: [a, b]}"};
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__RemedyStep step[4], *steps[4];
	Carnet__V1__Remedy remedy, *remedies[] = {&remedy};

	(void)state;
	carnet__v1__remedy__init(&remedy);
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	for (size_t i = 0; i < 4; i++) {
		carnet__v1__remedy_step__init(&step[i]);
		step[i].act = act;
		step[i].what = whats[i];
		steps[i] = &step[i];
	}
	remedy.n_steps = 4;
	remedy.steps = steps;
	answer.decision.n_remedies = 1;
	answer.decision.remedies = remedies;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "  - if it is so, say consent.told: [country, risks]\n"
			       "    and if it is so, say subject.area: other than EEA\n"
			       "    and if it is so, say notice.told: {has: [a, b]}\n"
			       "\n"));
	buffer_release(&out);
}

static char not_covered[] = "NOT_COVERED", scc[] = "agreement scc",
	    lacks[] = "It lacks a category.";

static void a_paper_that_falls_short_stands_beside_what_to_obtain(void **state)
{
	static const char line[] = "        on file is agreement scc: It lacks a category.\n";
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__RemedyStep step, *steps[] = {&step};
	Carnet__V1__Remedy remedy, *remedies[] = {&remedy};
	uint32_t leg[] = {0};

	(void)state;
	carnet__v1__remedy_step__init(&step);
	carnet__v1__remedy__init(&remedy);
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	answer.opinion.legs = leg;
	answer.opinion.n_legs = 1;
	answer.reason.code = not_covered;
	answer.reason.text = lacks;
	answer.reason.found = scc;
	answer.reason.condition = step.what = paper;
	step.act = obtain;
	step.exporter = step.importer = party;
	remedy.n_steps = 1;
	remedy.steps = steps;
	answer.decision.n_remedies = 1;
	answer.decision.remedies = remedies;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer), line));
	step.importer = area; /* another hop */
	assert_null(strstr(page_of(&out, (struct page){0}, &answer), line));
	buffer_release(&out);
}

static void what_nothing_lifts_is_named(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	Carnet__V1__BeyondRemedy law, nobody, *beyond[] = {&law, &nobody};

	(void)state;
	carnet__v1__beyond_remedy__init(&law);
	carnet__v1__beyond_remedy__init(&nobody);
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	law.rulebook = rulebook;
	law.decided_by = deciding;
	nobody.decided_by = nowhere;
	answer.decision.n_beyond_remedy = 2;
	answer.decision.beyond_remedy = beyond;
	assert_non_null(strstr(page_of(&out, (struct page){0}, &answer),
			       "nothing on offer lifts: kr-law by default; no law in the registry "
			       "speaks for where the data leaves from\n"));
	buffer_release(&out);
}

static void a_case_is_named_and_compared(void **state)
{
	struct buffer out = {0};
	Carnet__V1__Case message;
	Carnet__V1__Expect expect;
	struct folder_case one = {&message, "cases.yaml", 7};
	struct case_difference difference = {
		.text = "verdict: expected PERMITTED, came out DENIED"};
	struct case_result result = {0};
	struct page page = {.one = &one, .result = &result};
	struct sample answer;
	const char *begin;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	carnet__v1__case__init(&message);
	carnet__v1__expect__init(&expect);
	/* Nothing is expected: nothing is compared.  Without an id the place names it. */
	begin = "cases.yaml:7\nDENIED\nauthorises: no\n\nlegs\n";
	assert_int_equal(strncmp(page_of(&out, page, &answer), begin, strlen(begin)), 0);
	message.id = sentence;
	message.expect = &expect;
	begin = "leg.area is PH, not BE. (cases.yaml:7)\nDENIED\nauthorises: no\nas expected\n";
	assert_int_equal(strncmp(page_of(&out, page, &answer), begin, strlen(begin)), 0);
	result.differences = &difference;
	result.difference_count = 1;
	assert_non_null(strstr(page_of(&out, page, &answer),
			       "NOT AS EXPECTED\n"
			       "  verdict: expected PERMITTED, came out DENIED\n"));
	buffer_release(&out);
}

static void nothing_from_elsewhere_steers_the_terminal(void **state)
{
	struct buffer out = {0};
	struct sample answer;
	char c1[] = "a\xc2\x9b"
		    "2J";
	Carnet__V1__Case message;
	Carnet__V1__Expect expect;
	struct folder_case one = {&message, escape, 1};
	struct case_difference difference = {.text = escape};
	struct case_result result = {NULL, &difference, 1};

	(void)state;
	fill(&answer);
	carnet__v1__case__init(&message);
	carnet__v1__expect__init(&expect);
	message.id = message.title = escape;
	message.expect = &expect;
	answer.leg.area = escape;
	answer.reason.text = c1;
	answer.decision.revision_digest = escape;
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	page_of(&out,
		(struct page){.one = &one, .result = &result, .receipt = escape, .kept = escape},
		&answer);
	assert_null(memchr(out.data, '\033', out.size));
	assert_null(strstr(buffer_string(&out), "\xc2\x9b"));
	buffer_release(&out);
}

static void colours_come_only_when_asked_for(void **state)
{
	struct buffer out = {0};
	struct sample answer;

	(void)state;
	fill(&answer);
	set_verdict(&answer, CARNET__V1__VERDICT__VERDICT_DENIED);
	page_of(&out, (struct page){.coloured = true}, &answer);
	assert_non_null(strstr(buffer_string(&out), "\033[31mDENIED\033[0m"));
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denial_shows_what_failed),
		cmocka_unit_test(the_page_is_in_the_language_asked_for),
		cmocka_unit_test(an_act_that_nobody_knows_is_shown_as_it_is),
		cmocka_unit_test(a_permission_waits_for_its_duties),
		cmocka_unit_test(an_advisory_answer_cannot_be_mistaken),
		cmocka_unit_test(what_would_permit_it_is_said_with_whom_to_ask),
		cmocka_unit_test(a_reason_does_not_say_twice_what_its_sentence_says),
		cmocka_unit_test(what_is_open_is_left_aside_once_a_ground_fails),
		cmocka_unit_test(what_grounds_lack_is_left_aside_where_they_do_not_matter),
		cmocka_unit_test(opinions_that_read_alike_are_one),
		cmocka_unit_test(a_reason_of_the_decision_names_who_gives_it),
		cmocka_unit_test(what_to_say_is_said_as_a_case_says_it),
		cmocka_unit_test(a_paper_that_falls_short_stands_beside_what_to_obtain),
		cmocka_unit_test(what_nothing_lifts_is_named),
		cmocka_unit_test(a_case_is_named_and_compared),
		cmocka_unit_test(nothing_from_elsewhere_steers_the_terminal),
		cmocka_unit_test(colours_come_only_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
