#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "client/keep.h"
#include "receipt/proof.h"

static char origin[] = "log.example/n1-2026h2", checkpoint[] = "a note\n", disclosure[] = "abc";
static uint8_t leaf[] = "{}", hash[32];

static char *disclosures[] = {disclosure};
static ProtobufCBinaryData path[] = {{sizeof(hash), hash}};

struct place {
	struct arena *arena;
	char folder[32];
	Carnet__V1__Receipt receipt;
};

static int open_place(void **state)
{
	static struct place place;

	place.arena = arena_new(0);
	strcpy(place.folder, "/tmp/carnet-keep-XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	carnet__v1__receipt__init(&place.receipt);
	place.receipt.origin = origin;
	place.receipt.index = 7;
	place.receipt.leaf = (ProtobufCBinaryData){2, leaf};
	place.receipt.n_disclosures = 1;
	place.receipt.disclosures = disclosures;
	place.receipt.n_path = 1;
	place.receipt.path = path;
	place.receipt.checkpoint = checkpoint;
	*state = &place;
	return 0;
}

static int close_place(void **state)
{
	struct place *place = *state;
	char *command = arena_printf(place->arena, "rm -r '%s'", place->folder);
	int result = system(command);

	arena_free(place->arena);
	return result;
}

static void a_receipt_becomes_a_proof_file(void **state)
{
	struct place *place = *state;
	const char *file = arena_printf(place->arena, "%s/one", place->folder), *written;
	struct buffer text = {0};
	struct proof proof;

	assert_int_equal(keep_receipt(&place->receipt, file, place->arena, &written, NULL), 0);
	assert_string_equal(written, file);
	assert_int_equal(file_read(file, PROOF_SIZE_MAX, &text, NULL), 0);
	assert_int_equal(proof_parse(buffer_bytes(&text), place->arena, &proof, NULL), 0);
	assert_int_equal(proof.index, 7);
	assert_int_equal(proof.path_count, 1);
	assert_true(bytes_equal_string(proof.extra, "e30~abc~"));
	assert_true(bytes_equal_string(proof.checkpoint, "a note\n"));
	buffer_release(&text);
}

static void in_a_folder_it_has_its_own_name(void **state)
{
	struct place *place = *state;
	const char *written;

	assert_int_equal(keep_receipt(&place->receipt, place->folder, place->arena, &written, NULL),
			 0);
	assert_string_equal(
		written,
		arena_printf(place->arena, "%s/log.example_n1-2026h2#7.tlog-proof", place->folder));
	assert_int_equal(access(written, R_OK), 0);
}

static void a_folder_is_made_if_the_path_says_so(void **state)
{
	struct place *place = *state;
	const char *folder = arena_printf(place->arena, "%s/new/", place->folder), *written;

	assert_int_equal(keep_receipt(&place->receipt, folder, place->arena, &written, NULL), 0);
	assert_int_equal(access(written, R_OK), 0);
}

static void no_origin_leads_out_of_the_folder(void **state)
{
	struct place *place = *state;
	char bad[] = "../../etc/x";
	const char *written;

	place->receipt.origin = bad;
	assert_int_equal(keep_receipt(&place->receipt, place->folder, place->arena, &written, NULL),
			 0);
	assert_string_equal(
		written, arena_printf(place->arena, "%s/_._.._etc_x#7.tlog-proof", place->folder));
}

static void what_is_there_is_never_replaced(void **state)
{
	struct place *place = *state;
	const char *file = arena_printf(place->arena, "%s/one", place->folder), *written;
	struct error error;

	assert_int_equal(keep_check(file, &error), 0);
	assert_int_equal(keep_check(place->folder, &error), 0);
	assert_int_equal(keep_receipt(&place->receipt, file, place->arena, &written, NULL), 0);
	assert_int_equal(keep_check(file, &error), ERR_EXISTS);
	assert_int_equal(keep_receipt(&place->receipt, file, place->arena, &written, &error),
			 ERR_EXISTS);
}

static void half_a_receipt_is_not_kept(void **state)
{
	struct place *place = *state;
	const char *file = arena_printf(place->arena, "%s/one", place->folder), *written;
	char nothing[] = "";
	ProtobufCBinaryData cut[] = {{31, hash}};

	assert_int_equal(keep_receipt(NULL, file, place->arena, &written, NULL), ERR_INVALID);
	place->receipt.path = cut;
	assert_int_equal(keep_receipt(&place->receipt, file, place->arena, &written, NULL),
			 ERR_INVALID);
	place->receipt.path = path;
	place->receipt.checkpoint = nothing;
	assert_int_equal(keep_receipt(&place->receipt, file, place->arena, &written, NULL),
			 ERR_INVALID);
	assert_int_not_equal(access(file, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_receipt_becomes_a_proof_file, open_place,
						close_place),
		cmocka_unit_test_setup_teardown(in_a_folder_it_has_its_own_name, open_place,
						close_place),
		cmocka_unit_test_setup_teardown(a_folder_is_made_if_the_path_says_so, open_place,
						close_place),
		cmocka_unit_test_setup_teardown(no_origin_leads_out_of_the_folder, open_place,
						close_place),
		cmocka_unit_test_setup_teardown(what_is_there_is_never_replaced, open_place,
						close_place),
		cmocka_unit_test_setup_teardown(half_a_receipt_is_not_kept, open_place,
						close_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
