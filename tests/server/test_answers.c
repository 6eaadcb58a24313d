#include "test.h"

#include <string.h>

#include "server/answers.h"
#include "text/allocator.h"

static int set_up(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static Carnet__V1__CheckRequest *blank(struct arena *arena)
{
	return allocator_message(arena, &carnet__v1__check_request__descriptor);
}

/* Writes something else into one field, whatever its type. */
static void change(Carnet__V1__CheckRequest *request, const ProtobufCFieldDescriptor *field,
		   struct arena *arena)
{
	uint8_t *at = (uint8_t *)request + field->offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		void **items = arena_array(arena, void *, 1);

		items[0] = field->type == PROTOBUF_C_TYPE_MESSAGE
				   ? allocator_message(arena, field->descriptor)
				   : (void *)arena_string(arena, BYTES_LITERAL("x"));
		memcpy(at, &items, sizeof(items));
		*(size_t *)(void *)((uint8_t *)request + field->quantifier_offset) = 1;
	} else if (field->type == PROTOBUF_C_TYPE_STRING) {
		char *other = arena_string(arena, BYTES_LITERAL("x"));

		memcpy(at, &other, sizeof(other));
	} else if (field->type == PROTOBUF_C_TYPE_UINT64) {
		memcpy(at, &(uint64_t){7}, sizeof(uint64_t));
	} else {
		assert_int_equal(field->type, PROTOBUF_C_TYPE_ENUM);
		memcpy(at, &(int){1}, sizeof(int));
	}
}

static bool is_unique_to_a_call(const char *name)
{
	static const char *const names[] = {"reference", "request_id", "min_revision", "receipt"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Whatever field comes to be added, it is either in the key or in the list above. */
static void every_field_of_a_question_is_in_the_key(void **state)
{
	const ProtobufCMessageDescriptor *type = &carnet__v1__check_request__descriptor;
	struct digest key = answers_key(blank(*state), 3, 20000, *state);

	for (unsigned i = 0; i < type->n_fields; i++) {
		Carnet__V1__CheckRequest *request = blank(*state);
		struct digest other;

		change(request, &type->fields[i], *state);
		other = answers_key(request, 3, 20000, *state);
		if (hash_equal(&key, &other) != is_unique_to_a_call(type->fields[i].name))
			fail_msg("field %s", type->fields[i].name);
	}
}

static void revision_and_day_are_in_the_key(void **state)
{
	struct digest key = answers_key(blank(*state), 3, 20000, *state);
	struct digest later = answers_key(blank(*state), 4, 20000, *state);
	struct digest tomorrow = answers_key(blank(*state), 3, 20001, *state);

	assert_false(hash_equal(&key, &later));
	assert_false(hash_equal(&key, &tomorrow));
}

static struct digest key_of(unsigned number)
{
	return hash_of(bytes_of(&number, sizeof(number)));
}

/* An answer of about a kilobyte. */
static void keep(struct answers *answers, unsigned number)
{
	struct arena *arena = arena_new(1024);
	struct kept_answer *answer = answers_make(arena);
	struct digest key = key_of(number);

	arena_alloc(arena, 512);
	answer->revision = number;
	answers_keep(answers, &key, answer);
	answers_release(answer);
}

static bool finds(struct answers *answers, unsigned number)
{
	struct digest key = key_of(number);
	struct kept_answer *answer = answers_find(answers, &key);
	bool found = answer != NULL;

	if (found)
		assert_int_equal(answer->revision, number);
	answers_release(answer);
	return found;
}

static void what_is_kept_is_found_and_nothing_else(void **state)
{
	struct answers *answers = answers_new(1 << 20);

	(void)state;
	keep(answers, 1);
	keep(answers, 1); /* as by two calls at the same time */
	assert_true(finds(answers, 1));
	assert_false(finds(answers, 2));
	answers_free(answers);
}

static void what_is_asked_for_stays_and_the_rest_goes(void **state)
{
	struct answers *answers = answers_new(64 * 1024);

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		keep(answers, i);
		assert_true(finds(answers, 0));
	}
	assert_true(finds(answers, 999));
	assert_false(finds(answers, 500));
	answers_free(answers);
}

static void an_answer_in_use_outlives_the_table(void **state)
{
	struct answers *answers = answers_new(1 << 20);
	struct digest key = key_of(5);
	struct kept_answer *answer;

	(void)state;
	keep(answers, 5);
	answer = answers_find(answers, &key);
	answers_free(answers);
	assert_int_equal(answer->revision, 5);
	answers_release(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_field_of_a_question_is_in_the_key, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(revision_and_day_are_in_the_key, set_up, tear_down),
		cmocka_unit_test(what_is_kept_is_found_and_nothing_else),
		cmocka_unit_test(what_is_asked_for_stays_and_the_rest_goes),
		cmocka_unit_test(an_answer_in_use_outlives_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
