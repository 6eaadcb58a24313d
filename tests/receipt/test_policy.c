#include "test.h"

#include <stdlib.h>

#include "receipt/sample_log.h"

#define ORIGIN "log.example/n1-2026h2"

/* A log, its checkpoint, and six witnesses with their keys. */
struct fixture {
	struct arena *arena;
	struct sample_log *log;
	const char *log_line;
	const char *witness_lines; /* w1 to w6 */
	struct ed25519_key *witnesses[6];
};

static const char *witness_name(struct fixture *f, int number)
{
	return arena_printf(f->arena, "w%d.example", number);
}

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->arena = arena_new(0);
	f->log = sample_log_new(ORIGIN, 1);
	sample_grow(f->log, 5, f->arena);
	f->log_line = arena_printf(f->arena, "log %s\n",
				   sample_vkey(ORIGIN, VKEY_NOTE, f->log->key, f->arena));
	f->witness_lines = "";
	for (int i = 0; i < 6; i++) {
		f->witnesses[i] = sample_key((uint8_t)(100 + i));
		f->witness_lines = arena_printf(
			f->arena, "%switness w%d %s https://w.example/\n", f->witness_lines, i + 1,
			sample_vkey(witness_name(f, i + 1), VKEY_COSIGNATURE, f->witnesses[i],
				    f->arena));
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 6; i++)
		ed25519_free(f->witnesses[i]);
	sample_log_free(f->log);
	arena_free(f->arena);
	test_free(f);
	return 0;
}

static int parse(struct fixture *f, const char *text, struct error *error)
{
	struct policy *policy;

	return policy_parse(bytes_of_string(text), f->arena, &policy, error);
}

/* The log's checkpoint, cosigned by the witnesses whose digits are in `who`. */
static struct checkpoint cosigned(struct fixture *f, const char *who)
{
	struct bytes note = sample_checkpoint(f->log, f->arena);
	struct checkpoint checkpoint;
	struct buffer more = {0};

	assert_int_equal(checkpoint_parse(note, f->arena, &checkpoint, NULL), 0);
	buffer_append(&more, note);
	for (; *who; who++)
		checkpoint_cosign(&checkpoint, bytes_of_string(witness_name(f, *who - '0')),
				  1790000000u + (unsigned)*who, f->witnesses[*who - '1'], &more);
	note = arena_copy(f->arena, buffer_bytes(&more));
	buffer_release(&more);
	assert_int_equal(checkpoint_parse(note, f->arena, &checkpoint, NULL), 0);
	return checkpoint;
}

static int check(struct fixture *f, const char *rules, const char *who, struct error *error)
{
	struct checkpoint checkpoint = cosigned(f, who);
	struct policy *policy = sample_policy(
		arena_printf(f->arena, "%s%s%s", f->log_line, f->witness_lines, rules), f->arena);

	return policy_check(policy, &checkpoint, f->arena, NULL, error);
}

static void the_form_of_the_specification_is_read(void **state)
{
	struct fixture *f = *state;
	struct policy *policy =
		sample_policy(arena_printf(f->arena,
					   "# who we believe\n\n \t \n\t# indented\n%s%s"
					   "group X-witnesses 2 w1 w2 w3\n"
					   "group Y-witnesses\tany   w4 w5 w6 \n"
					   " group X-and-Y all X-witnesses Y-witnesses\n"
					   "quorum X-and-Y\n# caf\xc3\xa9 \xff\n",
					   f->log_line, f->witness_lines),
			      f->arena);

	assert_int_equal(policy_log_count(policy), 1);
	assert_non_null(policy_find_log(policy, BYTES_LITERAL(ORIGIN)));
	assert_null(policy_find_log(policy, BYTES_LITERAL("log.example/n2-2026h2")));
}

static void errors_name_the_line(void **state)
{
	struct fixture *f = *state;
	const char *log_key = sample_vkey(ORIGIN, VKEY_NOTE, f->log->key, f->arena);
	const char *other_key = sample_vkey(ORIGIN, VKEY_NOTE, f->witnesses[0], f->arena);
	const struct {
		const char *text, *error;
	} cases[] = {
		{"", "there is no quorum line; 'quorum none' asks for no witnesses"},
		{"quorum none", "line 1: the last line has no newline"},
		{"\nquorum none\nquorum none\n", "line 3: there is a quorum already: 'none'"},
		{"quorum w1\n", "line 1: no line above defines: 'w1'"},
		{"quorum\n", "line 1: no line above defines: ''"},
		{"quorum none none\n", "line 1: nothing may follow here: 'none'"},
		{"quorum none\r\n", "line 1: a control character (0x0d) at column 12"},
		{"Quorum none\n", "line 1: a line begins with log, witness, group, quorum or #, "
				  "not: 'Quorum'"},
		{"log\n", "line 1: the key's name is empty or malformed"},
		{arena_printf(f->arena, "log %s a b\n", log_key),
		 "line 1: nothing may follow here: 'b'"},
		{arena_printf(f->arena, "log %s\nlog %s\n", log_key, log_key),
		 arena_printf(f->arena, "line 2: another line has the same public key: '%s'",
			      log_key)},
		{arena_printf(f->arena, "log %s\nlog %s\n", log_key, other_key),
		 "line 2: another key has this origin already: '" ORIGIN "'"},
		{arena_printf(f->arena, "witness w %s\n", log_key),
		 arena_printf(f->arena, "line 1: a witness's key is of kind 04, this is not: '%s'",
			      log_key)},
		{arena_printf(f->arena, "%switness none x\n", f->log_line),
		 "line 2: this name is reserved: 'none'"},
		{arena_printf(f->arena, "%switness w1 x\n", f->witness_lines),
		 "line 7: this name is taken: 'w1'"},
		{arena_printf(f->arena, "%sgroup w2 any w1\n", f->witness_lines),
		 "line 7: this name is taken: 'w2'"},
		{arena_printf(f->arena, "%sgroup g any\n", f->witness_lines),
		 "line 7: this group has no members: 'g'"},
		{arena_printf(f->arena, "%sgroup g any g\n", f->witness_lines),
		 "line 7: no line above defines: 'g'"},
		{arena_printf(f->arena, "%sgroup g any none\n", f->witness_lines),
		 "line 7: no line above defines: 'none'"},
		{arena_printf(f->arena, "%sgroup g any w1 w1\n", f->witness_lines),
		 "line 7: this name is a member of a group already: 'w1'"},
		{arena_printf(f->arena, "%sgroup g any w1\ngroup h any w1 w2\n", f->witness_lines),
		 "line 8: this name is a member of a group already: 'w1'"},
		{arena_printf(f->arena, "%sgroup g 0 w1\n", f->witness_lines),
		 "line 7: not 'all', 'any' or a number of its members: '0'"},
		{arena_printf(f->arena, "%sgroup g 3 w1 w2\n", f->witness_lines),
		 "line 7: not 'all', 'any' or a number of its members: '3'"},
		{arena_printf(f->arena, "%sgroup g 01 w1 w2\n", f->witness_lines),
		 "line 7: not 'all', 'any' or a number of its members: '01'"},
		{arena_printf(f->arena, "%sgroup g most w1 w2\n", f->witness_lines),
		 "line 7: not 'all', 'any' or a number of its members: 'most'"},
	};
	struct error error;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(f, cases[i].text, &error), ERR_INVALID);
		assert_string_equal(error.text, cases[i].error);
	}
}

static void quorums_count_voices(void **state)
{
	static const struct {
		const char *rules, *who;
		int result;
	} cases[] = {
		{"quorum none\n", "", 0},
		{"quorum w1\n", "1", 0},
		{"quorum w1\n", "2", ERR_DENIED},
		{"quorum w1\n", "", ERR_DENIED},
		{"group g any w1 w2\nquorum g\n", "2", 0},
		{"group g any w1 w2\nquorum g\n", "3", ERR_DENIED},
		{"group g all w1 w2\nquorum g\n", "2", ERR_DENIED},
		{"group g all w1 w2\nquorum g\n", "21", 0},
		{"group g 2 w1 w2 w3\nquorum g\n", "3", ERR_DENIED},
		{"group g 2 w1 w2 w3\nquorum g\n", "31", 0},
		{"group x 2 w1 w2 w3\ngroup y any w4 w5\ngroup z all x y\nquorum z\n", "123",
		 ERR_DENIED},
		{"group x 2 w1 w2 w3\ngroup y any w4 w5\ngroup z all x y\nquorum z\n", "14",
		 ERR_DENIED},
		{"group x 2 w1 w2 w3\ngroup y any w4 w5\ngroup z all x y\nquorum z\n", "235", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (check(*state, cases[i].rules, cases[i].who, NULL) != cases[i].result)
			fail_msg("%s%s", cases[i].rules, cases[i].who);
}

static void a_quorum_not_reached_says_how_far_it_came(void **state)
{
	struct error error;

	check(*state, "group g all w1 w2\nquorum g\n", "2", &error);
	assert_string_equal(error.text, "the quorum 'g' is not reached: 1 of the policy's 6 "
					"witnesses cosigned the checkpoint");
}

static void findings_name_witness_and_time(void **state)
{
	struct fixture *f = *state;
	struct checkpoint checkpoint = cosigned(f, "31");
	struct policy_findings findings;
	struct policy *policy = sample_policy(
		arena_printf(f->arena, "%s%squorum none\n", f->log_line, f->witness_lines),
		f->arena);

	assert_int_equal(policy_check(policy, &checkpoint, f->arena, &findings, NULL), 0);
	assert_int_equal(findings.cosignature_count, 2);
	assert_true(bytes_equal_string(findings.cosignatures[0].witness, "w1"));
	assert_int_equal(findings.cosignatures[0].time, 1790000000u + '1');
	assert_true(bytes_equal_string(findings.cosignatures[1].witness, "w3"));
}

static void a_bad_cosignature_refuses_even_where_none_is_needed(void **state)
{
	struct fixture *f = *state;
	struct checkpoint checkpoint = cosigned(f, "1");
	struct policy *policy = sample_policy(
		arena_printf(f->arena, "%s%squorum none\n", f->log_line, f->witness_lines),
		f->arena);
	struct error error;

	((uint8_t *)(uintptr_t)checkpoint.signatures[1].signature.data)[20] ^= 1;
	assert_int_equal(policy_check(policy, &checkpoint, f->arena, NULL, &error), ERR_CORRUPT);
	assert_string_equal(
		error.text,
		"the checkpoint's signature of 'w1.example' is not by the key we trust");
}

static void a_log_that_is_not_listed_is_refused(void **state)
{
	struct fixture *f = *state;
	struct checkpoint checkpoint = cosigned(f, "");
	struct error error;

	assert_int_equal(policy_check(sample_policy("quorum none\n", f->arena), &checkpoint,
				      f->arena, NULL, &error),
			 ERR_NOT_FOUND);
	assert_string_equal(error.text, "the policy does not know the log '" ORIGIN "'");
}

static void large_policies_are_refused(void **state)
{
	struct fixture *f = *state;
	struct buffer text = {0};
	struct error error;

	memset(buffer_extend(&text, POLICY_SIZE_MAX + 1), '\n', POLICY_SIZE_MAX + 1);
	assert_int_equal(parse(f, buffer_string(&text), &error), ERR_LIMIT);
	buffer_clear(&text);
	buffer_append_string(&text, f->witness_lines);
	buffer_append_string(&text, "group g0 any w1\n");
	for (int i = 1; i <= POLICY_GROUPS_MAX; i++)
		buffer_printf(&text, "group g%d all g%d\n", i, i - 1);
	assert_int_equal(parse(f, buffer_string(&text), &error), ERR_LIMIT);
	buffer_release(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_form_of_the_specification_is_read),
		TEST(errors_name_the_line),
		TEST(quorums_count_voices),
		TEST(a_quorum_not_reached_says_how_far_it_came),
		TEST(findings_name_witness_and_time),
		TEST(a_bad_cosignature_refuses_even_where_none_is_needed),
		TEST(a_log_that_is_not_listed_is_refused),
		TEST(large_policies_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
