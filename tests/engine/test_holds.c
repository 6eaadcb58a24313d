/*
 * Random worlds: an answer holds as long as it says, does not depend on the
 * order in which records came, and is not changed by what is known later.
 */
#include "world_fixture.h"

enum { DAYS = 24, RECORDS = 40, WORLDS = 200, REVISIONS = 3 };

static uint64_t dice;
static uint64_t horizon; /* the last revision that the registry has reached */

/* As a registry would have it that has not come further. */
static bool reaches(struct record *record)
{
	if (record->known_until > horizon)
		record->known_until = REVISION_MAX;
	return record->known_from <= horizon;
}

static unsigned roll(unsigned sides)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(dice >> 33) % sides;
}

static day some_day(void)
{
	return (day)(10000 + roll(DAYS));
}

static const char *const names[] = {"A",    "B",      "G",   "H",    "p",   "q",
				    "law",  "lex",    "scc", "dpf",  "ok",  "bad",
				    "user", "user.x", "m",   "role", "far", "use"};

static const char *pick(const char *one, const char *two)
{
	return roll(2) ? one : two;
}

/* A span that is often open on one side. */
static struct record some_record(unsigned number)
{
	char id[16];
	struct record record;

	snprintf(id, sizeof(id), "r%u", number);
	record = rec(id, "", "");
	if (roll(3))
		record.from = some_day();
	if (roll(3))
		record.until = (record.from == DAY_MIN ? 10000 : record.from) + 1 + (day)roll(12);
	record.known_from = 1 + roll(REVISIONS);
	if (roll(3) == 0)
		record.known_until = record.known_from + 1 + roll(2);
	if (roll(6) == 0)
		record.review_by = some_day();
	if (roll(12) == 0)
		record.unsettled = UINT64_C(1) << (1 + roll(FIELD_COUNT - 1));
	return record;
}

static void add_some_agreement(struct record record)
{
	world_add_agreement(world,
			    &(struct world_agreement){.record = record,
						      .exporter = w("p"),
						      .importer = w("q"),
						      .instrument = w("scc"),
						      .module = roll(2) ? w("m") : SYMBOL_NONE,
						      .signed_on = some_day(),
						      .categories = list(pick("any", "user")),
						      .purposes = list("any"),
						      .areas = list(pick("A", "G")),
						      .any_mode = true,
						      .approved = (uint8_t)roll(3),
						      .annexes_complete = ANSWER_YES});
}

static void add_some_instrument(struct record record)
{
	struct window window = {w("law"), some_day() - 20, some_day(), some_day()};
	struct module module = {w("m"), SYMBOL_NONE, w("role")};

	record.id = w("scc");
	record.known_from = 1;
	record.known_until = REVISION_MAX;
	record.from = DAY_MIN;
	record.until = DAY_MAX;
	world_add_instrument(world, &(struct world_instrument){.record = record,
							       .kind = w("contract"),
							       .modules = &module,
							       .module_count = roll(2),
							       .laws = &window,
							       .law_count = 1});
}

static void add_some_order(struct record record)
{
	struct span stay = {some_day(), some_day()};

	world_add_order(world, &(struct world_order){.record = record,
						     .by = w(pick("law", "lex")),
						     .importer = roll(2) ? w("q") : SYMBOL_NONE,
						     .areas = list(pick("", "G")),
						     .stays = &stay,
						     .stay_count = roll(2)});
}

static void add_some(unsigned number, bool first_instrument)
{
	struct record record = some_record(number);

	if (first_instrument) {
		add_some_instrument(record);
		return;
	}
	if (!reaches(&record))
		return;
	switch (roll(7)) {
	case 0:
		add_some_agreement(record);
		break;
	case 1:
		add_some_order(record);
		break;
	case 2:
		world_add_finding(world,
				  &(struct world_finding){.record = record,
							  .by = w(pick("law", "lex")),
							  .area = w(roll(3) ? pick("A", "G") : "B"),
							  .says = w(pick("ok", "bad"))});
		break;
	case 3:
		world_add_certificate(
			world, &(struct world_certificate){.record = record,
							   .holder = w("q"),
							   .scheme = w(pick("dpf", "far")),
							   .covers = list(pick("any", "user")),
							   .status = 1 + roll(2),
							   .next_due = some_day()});
		break;
	case 4:
		world_add_assessment(world,
				     &(struct world_assessment){.record = record,
								.kind = w("ok"),
								.importer = roll(2) ? w("q") : 0,
								.area = w(pick("A", "G")),
								.outcome = w(pick("ok", "bad")),
								.date = some_day(),
								.next_due = some_day()});
		break;
	case 5:
		world_add_engagement(world, &(struct world_engagement){
						    .record = record,
						    .exporter = w("p"),
						    .importer = w("q"),
						    .importer_role = w(roll(4) ? "role" : "far")});
		break;
	default:
		world_add_disclosure(world,
				     &(struct world_disclosure){.record = record,
								.exporter = w("p"),
								.areas = list(pick("A", "H"))});
	}
}

static void add_places(void)
{
	struct dated into_g[2] = {{w("G"), some_day(), some_day()}, {w("H"), DAY_MIN, some_day()}};
	struct dated into_h[1] = {{w("H"), some_day(), DAY_MAX}};

	world_add_area(world,
		       &(struct world_area){.record = rec("A", "", ""), .member_of = {into_g, 2}});
	world_add_area(world,
		       &(struct world_area){.record = rec("G", "", ""), .member_of = {into_h, 1}});
	add_area_in("B", "");
	add_area_in("H", "");
	add_category("user", "");
	add_category("user.x", "far");
	add_purpose("use", "");
}

static void add_parties(void)
{
	struct dated office = {w("A"), some_day(), some_day()};
	struct dated bound = {w("law"), some_day(), some_day()};
	struct world_party p = party_in("p", "B"), q = party_in("q", "A");

	p.establishments = (struct dated_words){&office, 1};
	p.bound_by = (struct dated_words){&bound, 1};
	world_add_party(world, &p);
	q.record.review_by = some_day();
	if (roll(2)) {
		struct world_party moved = party_in("q", "B");

		moved.record.known_from = 3;
		if (reaches(&moved.record))
			world_add_party(world, &moved);
		q.record.known_until = 3;
		reaches(&q.record);
	}
	world_add_party(world, &q);
}

static struct ground dated_ground(const char *id, const char *needs)
{
	struct ground ground = ground_of(id, needs);

	if (roll(2))
		ground.until = some_day();
	return ground;
}

/* What remedies may ask for, for as long as it may be asked for. */
static void add_offers(void)
{
	static const char *const words[] = {"contract", "dpf", "engagement.importer-role",
					    "access.mode", "consent"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct world_term term = {.record = rec(words[i], "", ""),
					  .type = TERM_FLAG,
					  .by_caller = true,
					  .silence_is_no = true,
					  .offer = true};

		term.record.until = some_day();
		world_add_term(world, &term);
	}
}

static void add_rulebooks(void)
{
	struct world_rulebook law = {
		.record = rec("law", "", ""),
		.speaks_for = list("B H"),
		.applies = condition("(any (exporter.areas has B) (exporter.bound-by has law))"),
		.not_a_transfer = condition("(all (leg.area G) (sure (exporter.areas has A)))"),
		PROHIBITIONS(
			prohibition_of("o", "(order)", true),
			prohibition_of("f", "(finding (says bad))", false),
			prohibition_of("t", "(all (leg.tags has far) (finding (says ok)))", false),
			prohibition_of("b", "(finding (says ok))", true),
			prohibition_of("c", "(all (leg.category user.x) (leg.area G))", false)),
		GROUNDS(dated_ground("g1", "(all (agreement (instrument scc) (approved true)) "
					   "(not (assessment (outcome bad))))"),
			dated_ground("g2", "(any (certificate (scheme dpf)) "
					   "(all (finding (says ok) (area is leg.area)) "
					   "(as-of lt 1997-05-29)))"),
			dated_ground("g3", "(all (engagement.importer-role role) "
					   "(disclosure (areas is leg.area)))"),
			dated_ground("g4", "(all (consent true) (access.mode storage))")),
		DUTIES(duty_of("d", "(assessment (kind ok))", false))};
	struct world_rulebook lex = {.record = rec("lex", "", ""),
				     .speaks_for = list("A"),
				     .default_permitted = true,
				     PROHIBITIONS(prohibition_of("x", "(order)", false))};

	lex.record.from = some_day();
	world_add_rulebook(world, &law);
	world_add_rulebook(world, &lex);
}

/* The same for the same seed; records in another order if `turned`. */
static void begin_random(uint64_t seed, bool turned)
{
	begin();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		w(names[i]);
	for (unsigned i = 0; i < RECORDS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "r%u", i);
		w(id);
	}
	dice = seed;
	add_places();
	add_parties();
	add_offers();
	add_rulebooks();
	for (unsigned i = 0; i < RECORDS; i++) {
		unsigned number = turned ? RECORDS - 1 - i : i;

		dice = seed + 1000003u * (number + 1);
		roll(2);
		add_some(number, number == 0);
	}
}

static const struct decision *ask_on(day date, uint64_t known, struct buffer *out)
{
	struct question q = *question("exporter=p to=q storage=B category=user.x purpose=use");
	const struct decision *decision;

	q.as_of = date;
	q.known_at = known;
	decision = answer_to(&q);
	if (out) {
		buffer_clear(out);
		write_decision(out, decision);
	}
	return decision;
}

static void seal(void)
{
	world_seal(world);
	sealed = true;
}

static void check_holding(struct buffer *today, struct buffer *later, uint64_t seed)
{
	for (day date = 9995; date < 10000 + DAYS; date++) {
		day until = ask_on(date, 2, today)->holds_until;

		assert_true(until > date);
		for (day next = date + 1; next < until && next < 10050; next++) {
			ask_on(next, 2, later);
			if (bytes_equal(buffer_bytes(today), buffer_bytes(later)))
				continue;
			fprintf(stderr, "%s\n%s\n", buffer_string(today), buffer_string(later));
			fail_msg("world %llu: day %d differs from day %d, which holds until %d",
				 (unsigned long long)seed, next, date, until);
		}
		arena_reset(answers);
	}
}

static void an_answer_holds_as_long_as_it_says(void **state)
{
	struct buffer today = {0}, later = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		begin_random(seed * 7919, false);
		seal();
		check_holding(&today, &later, seed);
		end();
	}
	buffer_release(&today);
	buffer_release(&later);
}

static void the_order_of_records_changes_nothing(void **state)
{
	struct buffer straight = {0}, turned = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		begin_random(seed * 104729, false);
		seal();
		write_remedies(&straight, ask_on(10010, 3, &straight));
		end();
		begin_random(seed * 104729, true);
		seal();
		write_remedies(&turned, ask_on(10010, 3, &turned));
		end();
		assert_true(bytes_equal(buffer_bytes(&straight), buffer_bytes(&turned)));
	}
	buffer_release(&straight);
	buffer_release(&turned);
}

static void what_is_known_later_changes_nothing_earlier(void **state)
{
	struct buffer then = {0}, now = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		const struct decision *before, *after;
		day held;

		horizon = 2;
		begin_random(seed * 15485863, false);
		seal();
		before = ask_on(10010, 2, &then);
		write_remedies(&then, before);
		held = before->holds_until;
		end();
		horizon = REVISION_MAX;
		begin_random(seed * 15485863, false);
		seal();
		after = ask_on(10010, 2, &now);
		write_remedies(&now, after);
		assert_int_equal(after->holds_until, held);
		end();
		assert_true(bytes_equal(buffer_bytes(&then), buffer_bytes(&now)));
	}
	buffer_release(&then);
	buffer_release(&now);
}

/* What is said of a leg, without the other legs of which it is said. */
static void write_leg(struct buffer *out, const struct decision *decision, uint32_t leg)
{
	buffer_clear(out);
	buffer_printf(out, "verdict %d\n", decision->legs[leg].verdict);
	for (size_t i = 0; i < decision->opinion_count; i++) {
		struct opinion opinion = decision->opinions[i];
		bool is_about_it = false;

		for (size_t j = 0; j < opinion.leg_count; j++)
			is_about_it |= opinion.legs[j] == leg;
		opinion.leg_count = 0;
		if (is_about_it)
			write_opinion(out, &opinion);
	}
}

static const struct decision *ask_of(const char *categories, day date)
{
	char text[128];
	struct question q;

	snprintf(text, sizeof(text), "exporter=p to=q storage=B purpose=use %s", categories);
	q = *question(text);
	q.as_of = date;
	q.known_at = 2;
	return answer_to(&q);
}

/* A decision finds out once what several legs have in common: no leg may get
 * what is another's. */
static void a_leg_is_judged_as_if_it_were_the_only_one(void **state)
{
	static const char *const categories[] = {"category=user.x", "category=user"};
	struct buffer alone = {0}, among = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		begin_random(seed * 7919, false);
		seal();
		for (day date = 10000; date < 10000 + DAYS; date += 3) {
			const struct decision *all = ask_of("category=user.x category=user", date);

			for (uint32_t leg = 0; leg < all->leg_count; leg++) {
				write_leg(&among, all, leg);
				write_leg(&alone, ask_of(categories[leg % 2], date), leg / 2);
				assert_string_equal(buffer_string(&among), buffer_string(&alone));
			}
			arena_reset(answers);
		}
		end();
	}
	buffer_release(&alone);
	buffer_release(&among);
}

static void count_verdicts(const struct decision *decision, size_t *seen)
{
	for (size_t i = 0; i < decision->opinion_count; i++)
		seen[decision->opinions[i].verdict]++;
}

static void verdicts_of_all_kinds_came_up(void **state)
{
	size_t seen[VERDICT_DENIED + 1] = {0}, remedies = 0, beyond = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		begin_random(seed * 7919, false);
		seal();
		for (day date = 10000; date < 10000 + DAYS; date += 4) {
			const struct decision *decision = ask_on(date, 2, NULL);

			count_verdicts(decision, seen);
			remedies += decision->remedy_count;
			beyond += decision->beyond_remedy_count;
		}
		end();
	}
	assert_true(remedies > 10 && beyond > 10);
	for (int verdict = VERDICT_NOT_A_TRANSFER; verdict <= VERDICT_DENIED; verdict++)
		assert_true(seen[verdict] > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_holds_as_long_as_it_says),
		cmocka_unit_test(the_order_of_records_changes_nothing),
		cmocka_unit_test(what_is_known_later_changes_nothing_earlier),
		cmocka_unit_test(a_leg_is_judged_as_if_it_were_the_only_one),
		cmocka_unit_test(verdicts_of_all_kinds_came_up),
	};

	horizon = REVISION_MAX;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
