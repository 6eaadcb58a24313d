#include "test.h"

#include "base/base64.h"
#include "registry.h"
#include "registry/change_set.h"
#include "registry/revision.h"
#include "text/document.h"
#include "text/mapping.h"

/* The small registry, and change sets written as YAML against it. */
struct desk {
	struct folder *folder;
	struct arena *arena;
	struct problems problems;
	struct buffer said;
	struct record_set *next;
	int code;
};

static int open_desk(void **state)
{
	struct desk *desk = memory_new(sizeof(*desk));

	problems_init(&desk->problems);
	desk->folder = folder_with("more.yaml",
				   "party: {id: a, area: KR, bound-by: none}\n---\n"
				   "party: {id: b, area: KR, bound-by: none, parent: a}\n",
				   &desk->problems);
	desk->arena = arena_new(0);
	folder_records(desk->folder);
	*state = desk;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *desk = *state;

	record_set_free(desk->next);
	buffer_release(&desk->said);
	problems_release(&desk->problems);
	arena_free(desk->arena);
	folder_free(desk->folder);
	free(desk);
	return 0;
}

static const Carnet__V1__ChangeSet *read_change_set(struct desk *desk, const char *text)
{
	struct documents documents = {0};
	ProtobufCMessage *message = NULL;
	struct error error = {0};

	if (document_read_yaml(bytes_of_string(text), "c.yaml", desk->arena, &documents, &error) ||
	    mapping_read(documents.items[0], &carnet__v1__change_set__descriptor, desk->arena, NULL,
			 &message, &error))
		fail_msg("%s", error.text);
	return (const Carnet__V1__ChangeSet *)message;
}

/* Applies to the registry as read, and keeps what comes out. */
static const char *apply(struct desk *desk, const char *text)
{
	record_set_free(desk->next);
	desk->code = change_set_apply(folder_records(desk->folder), read_change_set(desk, text),
				      &desk->next, &desk->problems);
	problems_print(&desk->problems, &desk->said);
	return buffer_string(&desk->said);
}

static void a_record_becomes_part_of_the_next_revision(void **state)
{
	struct desk *desk = *state;
	const struct record_set *base = folder_records(desk->folder);
	struct digest before = revision_digest(base, REVISION_NEWEST), after, again;

	assert_string_equal(apply(desk, "records: [{party: {id: c, bound-by: none}}]"), "");
	assert_int_equal(desk->code, 0);
	assert_int_equal(record_set_revision(desk->next), 2);
	assert_true(record_set_knows(desk->next, KIND_PARTY, BYTES_LITERAL("c"), 2));
	assert_false(record_set_knows(desk->next, KIND_PARTY, BYTES_LITERAL("c"), 1));
	assert_false(record_set_knows(base, KIND_PARTY, BYTES_LITERAL("c"), REVISION_NEWEST));
	after = revision_digest(desk->next, 2);
	assert_false(hash_equal(&before, &after));
	again = revision_digest(desk->next, 1);
	assert_true(hash_equal(&before, &again));
	apply(desk, "records: [{party: {id: c, bound-by: none}}]");
	again = revision_digest(desk->next, 2);
	assert_true(hash_equal(&after, &again));
}

static void a_retired_slice_stays_in_the_digest_and_in_the_past(void **state)
{
	struct desk *desk = *state;
	const struct record_key key = {KIND_PARTY, BYTES_LITERAL("b"), BYTES_LITERAL("")};
	struct digest before = revision_digest(folder_records(desk->folder), 1), after;

	assert_string_equal(apply(desk, "retire: [{kind: party, id: b}]"), "");
	assert_false(record_set_knows(desk->next, KIND_PARTY, key.id, 2));
	assert_true(record_set_knows(desk->next, KIND_PARTY, key.id, 1));
	assert_true(record_set_version(desk->next, &key, 2)->record->retired);
	assert_string_equal(record_set_version(desk->next, &key, 2)->record->party->parent, "a");
	after = revision_digest(desk->next, 2);
	assert_false(hash_equal(&before, &after));
}

static void a_change_set_that_changes_nothing_is_refused(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(apply(desk, "records: [{party: {id: a, area: KR, bound-by: none}}]"),
			    "records: the change set changes nothing; every record is registered "
			    "as it stands\n");
	assert_int_equal(desk->code, ERR_INVALID);
	assert_null(desk->next);
}

static void what_stays_as_it_is_gets_no_new_version(void **state)
{
	struct desk *desk = *state;
	size_t count;

	apply(desk, "records: [{party: {id: a, area: KR, bound-by: none}}, "
		    "{party: {id: c, bound-by: none}}]");
	record_set_find(desk->next, KIND_PARTY, BYTES_LITERAL("a"), &count);
	assert_int_equal(count, 1);
}

static void another_base_is_a_conflict(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(
		apply(desk, "{base-revision: 7, records: [{party: {id: c, bound-by: none}}]}"),
		"base_revision: the change set was made against revision 7, the "
		"registry is at 1; read again\n");
	assert_int_equal(desk->code, ERR_CONFLICT);
	assert_null(desk->next);
}

static void an_etag_that_differs_is_a_conflict(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(apply(desk, "records: [{party: {id: c, bound-by: none}}]\n"
					"expected: [{key: {kind: party, id: a}, etag: abc}]"),
			    "party/a: expected: is no longer as it was seen (its etag differs); "
			    "read again\n");
	assert_int_equal(desk->code, ERR_CONFLICT);
}

static void an_empty_etag_expects_that_there_is_none(void **state)
{
	struct desk *desk = *state;

	apply(desk, "records: [{party: {id: c, bound-by: none}}]\n"
		    "expected: [{key: {kind: party, id: c}}]");
	assert_int_equal(desk->code, 0);
	apply(desk, "records: [{party: {id: c, bound-by: none}}]\n"
		    "expected: [{key: {kind: party, id: a}}]");
	assert_int_equal(desk->code, ERR_CONFLICT);
}

static void the_right_etag_is_no_conflict(void **state)
{
	struct desk *desk = *state;
	const struct record_slice *slice =
		record_set_latest(folder_records(desk->folder), KIND_PARTY, BYTES_LITERAL("a"));
	struct buffer etag = {0};

	base64url_append(&etag, hash_view(&slice->digest));
	apply(desk, arena_printf(desk->arena,
				 "records: [{party: {id: c, bound-by: none}}]\n"
				 "expected: [{key: {kind: party, id: a}, etag: '%s'}]",
				 buffer_string(&etag)));
	assert_int_equal(desk->code, 0);
	buffer_release(&etag);
}

static void what_others_name_cannot_be_retired(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(apply(desk, "retire: [{kind: party, id: a}]"),
			    "more.yaml:3: party.parent: 'a' is retired; name another, or keep it "
			    "registered\n");
	assert_int_equal(desk->code, ERR_INVALID);
	assert_null(desk->next);
}

static void what_names_it_can_be_retired_along_with_it(void **state)
{
	struct desk *desk = *state;

	apply(desk, "retire: [{kind: party, id: a}, {kind: party, id: b}]");
	assert_int_equal(desk->code, 0);
}

static void a_term_cannot_change_its_kind_below_those_who_use_it(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(apply(desk, "records: [{term: {id: contract, kind: duty}}]"),
			    "ground.yaml:37: instrument.kind: 'contract' is a term of kind duty, "
			    "but a term of kind instrument-kind is wanted\n");
}

static void a_new_record_is_validated_and_named(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(apply(desk, "records:\n"
					"  - party: {id: c, from: 2024-01-01, "
					"bound-by: [{rulebook: lawn}]}\n"
					"  - party: {id: d, bound-by: none, parent: zzz}\n"),
			    "party/c@2024-01-01: bound-by[0].rulebook: 'lawn' is not registered "
			    "as a law (or none); did you mean 'law'?\n"
			    "party/d: parent: 'zzz' is not registered as a party; register it, "
			    "or correct the id\n");
}

static void strange_change_sets_are_refused(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{"retire: [{kind: party, id: zzz}]",
		 "party/zzz: retire: there is no such slice; give kind, id and `from` as "
		 "registered\n"},
		{"retire: [{kind: partie, id: a}]",
		 "record/a: retire: there is no such slice; give kind, id and `from` as "
		 "registered\n"},
		{"records: [{party: {id: c, bound-by: none, retired: true}}]",
		 "party/c: retired: cannot be written; name the slice under `retire`\n"},
		{"records: [{party: {id: b, bound-by: none}}]\nretire: [{kind: party, id: b}]",
		 "party/b: stands twice in the change set; name each slice once\n"},
		{"expected: [{etag: abc}]\nretire: [{kind: party, id: b}]",
		 "expected: names no record; give its key\n"},
		{"reason: nothing",
		 "records: the change set changes nothing; every record is registered as it "
		 "stands\n"},
	};
	struct desk *desk = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		problems_release(&desk->problems);
		problems_init(&desk->problems);
		buffer_clear(&desk->said);
		assert_string_equal(apply(desk, rows[i].text), rows[i].said);
		assert_int_equal(desk->code, ERR_INVALID);
	}
}

/* Programs can send what no text could say. */
static void numbers_without_a_name_are_refused(void **state)
{
	struct desk *desk = *state;
	Carnet__V1__ChangeSet *change_set = memory_new(sizeof(*change_set));
	const Carnet__V1__ChangeSet *read =
		read_change_set(desk, "records: [{area: {id: SE, kind: country}}]");
	struct record_set *set = record_set_derive(folder_records(desk->folder));

	*change_set = *read;
	change_set->records[0]->area->kind = 99;
	assert_int_equal(change_set_apply(folder_records(desk->folder), change_set, &desk->next,
					  &desk->problems),
			 ERR_INVALID);
	record_set_add_given(set, change_set->records[0]);
	record_set_seal(set);
	assert_int_equal(validate_since(set, REVISION_NEWEST, &desk->problems), ERR_INVALID);
	problems_print(&desk->problems, &desk->said);
	assert_string_equal(buffer_string(&desk->said),
			    "records[0].area.kind: an enum value that this version does not know; "
			    "use one of its own\n"
			    "area/SE: area.kind: an enum value that this version does not know; "
			    "use one of its own\n");
	record_set_free(set);
	free(change_set);
}

static void its_identity_is_the_digest_of_its_canonical_json(void **state)
{
	struct desk *desk = *state;
	const Carnet__V1__ChangeSet *change_set = read_change_set(
		desk, "reason: new\nbase-revision: 3\nrecords: [{area: {id: SE, kind: country}}]");
	struct buffer json = {0};
	struct digest expected, digest = change_set_digest(change_set);

	change_set_json(change_set, &json);
	assert_string_equal(buffer_string(&json),
			    "{\"base_revision\":\"3\",\"reason\":\"new\",\"records\":[{\"area\":"
			    "{\"id\":\"SE\",\"kind\":\"COUNTRY\"}}]}");
	expected = hash_of(buffer_bytes(&json));
	assert_true(hash_equal(&digest, &expected));
	buffer_release(&json);
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_record_becomes_part_of_the_next_revision),
		DESK_TEST(a_retired_slice_stays_in_the_digest_and_in_the_past),
		DESK_TEST(a_change_set_that_changes_nothing_is_refused),
		DESK_TEST(what_stays_as_it_is_gets_no_new_version),
		DESK_TEST(another_base_is_a_conflict),
		DESK_TEST(an_etag_that_differs_is_a_conflict),
		DESK_TEST(an_empty_etag_expects_that_there_is_none),
		DESK_TEST(the_right_etag_is_no_conflict),
		DESK_TEST(what_others_name_cannot_be_retired),
		DESK_TEST(what_names_it_can_be_retired_along_with_it),
		DESK_TEST(a_term_cannot_change_its_kind_below_those_who_use_it),
		DESK_TEST(a_new_record_is_validated_and_named),
		DESK_TEST(strange_change_sets_are_refused),
		DESK_TEST(numbers_without_a_name_are_refused),
		DESK_TEST(its_identity_is_the_digest_of_its_canonical_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
