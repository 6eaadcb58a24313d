#include "test.h"

#include "registry.h"
#include "text/allocator.h"

static Carnet__V1__Record *record_in(struct arena *arena, const char *id, const char *from)
{
	Carnet__V1__Record *record = allocator_message(arena, &carnet__v1__record__descriptor);

	record->id = arena_string(arena, bytes_of_string(id));
	record->from = arena_string(arena, bytes_of_string(from));
	record->body_case = CARNET__V1__RECORD__BODY_PARTY;
	record->party = allocator_message(arena, &carnet__v1__party__descriptor);
	return record;
}

static void add(struct record_set *set, const char *id, const char *from, uint64_t revision)
{
	record_set_add(set, record_in(record_set_arena(set), id, from), revision, NULL);
}

static void slices_stand_in_the_order_of_their_keys(void **state)
{
	static const char *const order[] = {"a@ r1", "a@2020-01-01 r1", "a@2020-01-01 r2", "b@ r1"};
	struct record_set *set = record_set_new();
	size_t count;
	const struct record_slice *const *slices;

	(void)state;
	add(set, "b", "", 1);
	add(set, "a", "2020-01-01", 2);
	add(set, "a", "2020-01-01", 1);
	add(set, "a", "", 1);
	record_set_seal(set);
	slices = record_set_slices(set, &count);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++) {
		struct buffer text = {0};

		buffer_printf(&text, "%s@%s r%d", slices[i]->record->id, slices[i]->record->from,
			      (int)slices[i]->revision);
		assert_string_equal(buffer_string(&text), order[i]);
		buffer_release(&text);
	}
	assert_int_equal(record_set_revision(set), 2);
	record_set_free(set);
}

static void the_same_version_again_replaces_the_first(void **state)
{
	struct record_set *set = record_set_new();
	Carnet__V1__Record *second;
	size_t count;

	(void)state;
	add(set, "a", "", 1);
	second = record_in(record_set_arena(set), "a", "");
	record_set_add(set, second, 1, NULL);
	record_set_seal(set);
	assert_ptr_equal(record_set_slices(set, &count)[0]->record, second);
	assert_int_equal(count, 1);
	record_set_free(set);
}

static void a_derived_set_outlives_its_base_and_leaves_it_alone(void **state)
{
	struct record_set *base = record_set_new(), *next, *third;
	const struct record_key key = {KIND_PARTY, BYTES_LITERAL("a"), BYTES_LITERAL("")};
	size_t count;

	(void)state;
	add(base, "a", "", 1);
	add(base, "c", "", 1);
	record_set_seal(base);
	next = record_set_derive(base);
	add(next, "b", "", 2);
	add(next, "a", "", 2);
	record_set_seal(next);
	record_set_slices(base, &count);
	assert_int_equal(count, 2);
	record_set_free(base);
	third = record_set_derive(next);
	record_set_seal(third);
	record_set_free(next);

	record_set_slices(third, &count);
	assert_int_equal(count, 4);
	assert_int_equal(record_set_version(third, &key, 1)->revision, 1);
	assert_int_equal(record_set_version(third, &key, REVISION_NEWEST)->revision, 2);
	assert_null(record_set_version(third, &key, 0));
	assert_true(record_set_knows(third, KIND_PARTY, BYTES_LITERAL("b"), 2));
	assert_false(record_set_knows(third, KIND_PARTY, BYTES_LITERAL("b"), 1));
	record_set_free(third);
}

static void ids_are_found_whole(void **state)
{
	struct record_set *set = record_set_new();
	size_t count;

	(void)state;
	add(set, "ab", "", 1);
	add(set, "a", "", 1);
	add(set, "abc", "", 1);
	record_set_seal(set);
	record_set_find(set, KIND_PARTY, BYTES_LITERAL("ab"), &count);
	assert_int_equal(count, 1);
	record_set_find(set, KIND_PARTY, BYTES_LITERAL("b"), &count);
	assert_int_equal(count, 0);
	record_set_find(set, KIND_AREA, BYTES_LITERAL("ab"), &count);
	assert_int_equal(count, 0);
	record_set_kind(set, KIND_PARTY, &count);
	assert_int_equal(count, 3);
	record_set_free(set);
}

static void an_empty_set_has_nothing(void **state)
{
	struct record_set *set = record_set_new();
	size_t count;

	(void)state;
	record_set_seal(set);
	record_set_slices(set, &count);
	assert_int_equal(count, 0);
	assert_int_equal(record_set_revision(set), 0);
	assert_null(record_set_speaks(set, KIND_PARTY, BYTES_LITERAL("a"), 0, REVISION_NEWEST));
	assert_null(record_set_latest(set, KIND_PARTY, BYTES_LITERAL("a")));
	record_set_free(set);
	record_set_free(NULL);
}

static int count_visit(void *arg, const struct record_slice *slice)
{
	int *left = arg;

	assert_false(slice->given);
	return --*left == 0 ? 7 : 0;
}

static void each_visits_the_newest_versions_without_what_is_given(void **state)
{
	struct record_set *set = record_set_new();
	int left = 100;

	(void)state;
	add(set, "a", "", 1);
	add(set, "a", "", 2);
	add(set, "b", "", 1);
	record_set_add_given(set, record_in(record_set_arena(set), "a", ""));
	record_set_seal(set);
	assert_int_equal(record_set_each(set, REVISION_NEWEST, count_visit, &left), 0);
	assert_int_equal(left, 98);
	left = 1;
	assert_int_equal(record_set_each(set, REVISION_NEWEST, count_visit, &left), 7);
	record_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_stand_in_the_order_of_their_keys),
		cmocka_unit_test(the_same_version_again_replaces_the_first),
		cmocka_unit_test(a_derived_set_outlives_its_base_and_leaves_it_alone),
		cmocka_unit_test(ids_are_found_whole),
		cmocka_unit_test(an_empty_set_has_nothing),
		cmocka_unit_test(each_visits_the_newest_versions_without_what_is_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
