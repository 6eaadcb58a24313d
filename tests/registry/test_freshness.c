/* The shipped registry: where each fact of law was read, how sure that is, and that none has
 * outlived itself. */
#include "test.h"

#include <stdlib.h>

#include "registry/folder.h"

static struct folder *shipped;
static const struct record_set *records;

static int read_it(void **state)
{
	struct problems problems;

	(void)state;
	problems_init(&problems);
	shipped = folder_new();
	assert_int_equal(folder_add(shipped, SOURCE_ROOT "/registry-data", &problems), 0);
	problems_release(&problems);
	records = folder_records(shipped);
	return 0;
}

static int forget_it(void **state)
{
	(void)state;
	folder_free(shipped);
	return 0;
}

static void name(const struct record_slice *slice, struct buffer *out)
{
	struct record_key key = record_key_of(slice->record);

	buffer_printf(out, "%s:%u: ", slice->file, slice->line);
	record_key_print(&key, out);
}

static void expect_nothing(struct buffer *wrong)
{
	char *text = wrong->size ? strdup(buffer_string(wrong)) : NULL;

	buffer_release(wrong);
	if (text)
		fail_msg("\n%s", text);
}

static bool is_law(enum kind kind)
{
	return kind == KIND_RULEBOOK || kind == KIND_FINDING || kind == KIND_INSTRUMENT ||
	       kind == KIND_ORDER;
}

/* Grounds and prohibitions may rest on other pages than their rulebook. */
static void look_into(const struct record_slice *slice, struct buffer *wrong)
{
	const Carnet__V1__Rulebook *rulebook = slice->record->rulebook;

	for (size_t i = 0; i < rulebook->n_grounds; i++)
		if (!rulebook->grounds[i]->n_source || !rulebook->grounds[i]->confidence) {
			name(slice, wrong);
			buffer_printf(wrong, ": ground %s lacks source or confidence\n",
				      rulebook->grounds[i]->id);
		}
	for (size_t i = 0; i < rulebook->n_prohibitions; i++)
		if (!rulebook->prohibitions[i]->n_source ||
		    !rulebook->prohibitions[i]->confidence) {
			name(slice, wrong);
			buffer_printf(wrong, ": prohibition %s lacks source or confidence\n",
				      rulebook->prohibitions[i]->id);
		}
}

static void every_fact_of_law_has_a_source_and_a_confidence(void **state)
{
	struct buffer wrong = {0};
	size_t count, laws = 0;
	const struct record_slice *const *slices = record_set_slices(records, &count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const Carnet__V1__Record *record = slices[i]->record;

		if (!is_law(slices[i]->kind))
			continue;
		laws++;
		if (!record->n_source || !record->confidence) {
			name(slices[i], &wrong);
			buffer_append_string(&wrong, " lacks source or confidence\n");
		}
		if (slices[i]->kind == KIND_RULEBOOK)
			look_into(slices[i], &wrong);
	}
	assert_true(laws > 100);
	expect_nothing(&wrong);
}

static void no_finding_is_in_force_past_its_own_sunset(void **state)
{
	struct buffer wrong = {0};
	size_t count, with = 0;
	const struct record_slice *const *slices = record_set_kind(records, KIND_FINDING, &count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct error error;
		day sunset;

		if (!*slices[i]->record->finding->sunset)
			continue;
		with++;
		assert_int_equal(date_parse(bytes_of_string(slices[i]->record->finding->sunset),
					    &sunset, &error),
				 0);
		if (record_set_speaks(records, KIND_FINDING, bytes_of_string(slices[i]->record->id),
				      sunset, REVISION_NEWEST) != slices[i])
			continue;
		name(slices[i], &wrong);
		buffer_append_string(&wrong, " is in force after its act has ended\n");
	}
	assert_true(with > 0);
	expect_nothing(&wrong);
}

/* A finding on file that ends one day says whether its act does: what an act of its own accord
 * ends is for somebody to renew. */
static void a_finding_that_has_yet_to_end_says_why(void **state)
{
	struct buffer wrong = {0};
	size_t count;
	const struct record_slice *const *slices = record_set_kind(records, KIND_FINDING, &count);
	day today = instant_day(instant_now());

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (slices[i]->until == DAY_MAX || slices[i]->until <= today ||
		    *slices[i]->record->finding->sunset)
			continue;
		name(slices[i], &wrong);
		buffer_append_string(&wrong, " ends one day: say `sunset` if its act does\n");
	}
	expect_nothing(&wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fact_of_law_has_a_source_and_a_confidence),
		cmocka_unit_test(no_finding_is_in_force_past_its_own_sunset),
		cmocka_unit_test(a_finding_that_has_yet_to_end_says_why),
	};

	return cmocka_run_group_tests(tests, read_it, forget_it);
}
