#include "test.h"

#include "base/base64.h"
#include "registry.h"
#include "registry/record.h"
#include "text/mapping.h"
#include "text/wire.h"

static void kinds_are_numbered_in_the_byte_order_of_their_names(void **state)
{
	(void)state;
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const char *name = kind_name(kind);

		assert_int_equal(kind_named(bytes_of_string(name)), kind);
		assert_non_null(kind_descriptor(kind));
		if (kind > KIND_NONE + 1)
			assert_true(strcmp(kind_name(kind - 1), name) < 0);
	}
	assert_int_equal(kind_named(BYTES_LITERAL("data_set")), KIND_DATA_SET);
	assert_int_equal(kind_named(BYTES_LITERAL("data")), KIND_NONE);
	assert_int_equal(kind_named(BYTES_LITERAL("")), KIND_NONE);
}

static void every_member_of_a_record_is_a_kind(void **state)
{
	const ProtobufCMessageDescriptor *record = &carnet__v1__record__descriptor;
	int members = 0;

	(void)state;
	for (unsigned i = 0; i < record->n_fields; i++)
		if (record->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
			enum kind kind = kind_named(bytes_of_string(record->fields[i].name));

			assert_ptr_equal(kind_descriptor(kind), record->fields[i].descriptor);
			members++;
		}
	assert_int_equal(members, KIND_COUNT - 1);
}

static void ids_have_a_grammar(void **state)
{
	static const char *const right[] = {"a", "KR", "org:EPO", "user.contact", "AE-DIFC", "0_x"};
	static const char *const wrong[] = {"",   "any", "none", ".a",
					    "-a", "a b", "a/b",  "\xc3\xa9"};
	char longest[RECORD_ID_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		assert_true(record_id_is_valid(bytes_of_string(right[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(record_id_is_valid(bytes_of_string(wrong[i])));
	memset(longest, 'a', sizeof(longest));
	assert_true(record_id_is_valid(bytes_of(longest, RECORD_ID_MAX)));
	assert_false(record_id_is_valid(bytes_of(longest, RECORD_ID_MAX + 1)));
}

static const struct record_slice *only_slice(struct folder *folder)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_slices(folder_records(folder), &count);

	assert_int_equal(count, 1);
	return slices[0];
}

static struct digest digest_of_text(const char *name, const char *text)
{
	struct folder *folder = folder_new();
	struct problems problems;
	struct digest digest;

	problems_init(&problems);
	assert_int_equal(folder_add_text(folder, name, bytes_of_string(text), &problems), 0);
	digest = only_slice(folder)->digest;
	problems_release(&problems);
	folder_free(folder);
	return digest;
}

static void a_digest_is_that_of_the_canonical_json(void **state)
{
	const struct digest digest = digest_of_text("r.yaml", "area: {kind: country, id: KR}\n");
	const struct digest expected =
		hash_of(BYTES_LITERAL("{\"area\":{\"id\":\"KR\",\"kind\":\"COUNTRY\"}}"));
	struct buffer hex = {0};

	(void)state;
	assert_true(hash_equal(&digest, &expected));
	hex_append(&hex, hash_view(&digest));
	assert_string_equal(buffer_string(&hex),
			    "0f8de7424c20797383339671cd1b0b665606d3aaa69b3703e0251634f1ada799");
	buffer_release(&hex);
}

static void spelling_and_order_do_not_change_a_digest(void **state)
{
	static const char *const same[] = {
		"party: {id: a, area: KR, bound-by: none, public-body: no}\n",
		"party:\n  public_body: 'no'\n  bound_by: [{rulebook: none}]\n  area: KR\n  id: "
		"a\n",
		"# a remark\nparty: {id: a, area: KR, bound-by: [none], public-body: false, note: "
		"''}\n",
	};
	struct digest first = digest_of_text("r.yaml", same[0]), other;

	(void)state;
	for (size_t i = 1; i < sizeof(same) / sizeof(*same); i++) {
		other = digest_of_text("r.yaml", same[i]);
		assert_true(hash_equal(&first, &other));
	}
	other = digest_of_text("r.json", "{\"party\": {\"id\": \"a\", \"area\": \"KR\", "
					 "\"bound_by\": [\"none\"], \"public_body\": \"NO\"}}");
	assert_true(hash_equal(&first, &other));
	other = digest_of_text("r.yaml",
			       "party: {id: a, area: KR, bound-by: none, public-body: yes}\n");
	assert_false(hash_equal(&first, &other));
}

static void check_round_trips(const struct record_slice *slice)
{
	struct buffer json = {0}, yaml = {0}, wire = {0};
	struct arena *arena = arena_new(0);
	ProtobufCMessage *message;
	struct digest digest;

	record_json(slice->record, &json);
	digest = digest_of_text("r.json", buffer_string(&json));
	assert_true(hash_equal(&digest, &slice->digest));

	mapping_write_yaml(&slice->record->base, &yaml);
	digest = digest_of_text("r.yaml", buffer_string(&yaml));
	assert_true(hash_equal(&digest, &slice->digest));

	wire_pack(&slice->record->base, &wire);
	assert_int_equal(wire_unpack(&carnet__v1__record__descriptor, buffer_bytes(&wire), NULL,
				     arena, &message, NULL),
			 0);
	digest = record_digest((const Carnet__V1__Record *)message);
	assert_true(hash_equal(&digest, &slice->digest));

	arena_free(arena);
	buffer_release(&json);
	buffer_release(&yaml);
	buffer_release(&wire);
}

static void the_shipped_records_keep_their_digests_in_every_form(void **state)
{
	struct folder *folder = folder_new();
	struct problems problems;
	size_t count;
	const struct record_slice *const *slices;

	(void)state;
	problems_init(&problems);
	folder_add(folder, SOURCE_ROOT "/registry-data", &problems);
	slices = record_set_slices(folder_records(folder), &count);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		check_round_trips(slices[i]);
	problems_release(&problems);
	folder_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_numbered_in_the_byte_order_of_their_names),
		cmocka_unit_test(every_member_of_a_record_is_a_kind),
		cmocka_unit_test(ids_have_a_grammar),
		cmocka_unit_test(a_digest_is_that_of_the_canonical_json),
		cmocka_unit_test(spelling_and_order_do_not_change_a_digest),
		cmocka_unit_test(the_shipped_records_keep_their_digests_in_every_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
