#include "text/reading.h"

static int read_yaml(struct bytes text, struct documents *out)
{
	error.text[0] = 0;
	return document_read(text, "a.yaml", arena, out, &error);
}

#define LITERAL BYTES_LITERAL

static const struct {
	struct bytes text;
	const char *error;
} refused[] = {
	{{(const uint8_t *)"a: &x b", 7},
	 "a.yaml:1: a: anchors (&) are refused; write the value out wherever it belongs"},
	{{(const uint8_t *)"- &x [b]", 8},
	 "a.yaml:1: [0]: anchors (&) are refused; write the value out wherever it belongs"},
	{{(const uint8_t *)"a: {&k b: c}", 12},
	 "a.yaml:1: a: anchors (&) are refused; write the value out wherever it belongs"},
	{{(const uint8_t *)"a: b\nc:\n  - *x", 14},
	 "a.yaml:3: c[0]: aliases (*) are refused; write the value out here"},
	{{(const uint8_t *)"a: !!str b", 10},
	 "a.yaml:1: a: tags (!) are refused; quotes make a text"},
	{{(const uint8_t *)"a: ! b", 6}, "a.yaml:1: a: tags (!) are refused; quotes make a text"},
	{{(const uint8_t *)"a: !x {b: c}", 12},
	 "a.yaml:1: a: tags (!) are refused; quotes make a text"},
	{{(const uint8_t *)"%YAML 1.1\n---\na: b", 18},
	 "a.yaml:1: directives (%) are refused; remove the line"},
	{{(const uint8_t *)"a:\n  <<: {b: c}", 15},
	 "a.yaml:2: a: merge keys (<<) are refused; write the fields out"},
	{{(const uint8_t *)"a:\n  b: 1\n  c: 2\n  b: 3", 23},
	 "a.yaml:4: a.b: the key stands here a second time, first on line 2; keep one"},
	{{(const uint8_t *)"\"a\": 1\na: 2", 11},
	 "a.yaml:2: a: the key stands here a second time, first on line 1; keep one"},
	{{(const uint8_t *)"? [a]\n: b", 9},
	 "a.yaml:1: a list or mapping cannot be a key; a key is a text"},
	{{(const uint8_t *)"a: b\nc: \xff", 9}, "a.yaml:2: not UTF-8; save the file as UTF-8"},
	{{(const uint8_t *)"a: b\n\nc: \xed\xa0\x80", 12},
	 "a.yaml:3: not UTF-8; save the file as UTF-8"},
	{{(const uint8_t *)"a: \xea\xb0", 5}, "a.yaml:1: not UTF-8; save the file as UTF-8"},
	{{(const uint8_t *)"a: b\nc: x\0y", 11}, "a.yaml:2: a NUL byte is no text; remove it"},
	{{(const uint8_t *)"a:\n  \"x\\0y\"", 11},
	 "a.yaml:1: a: a NUL (\\0) is no text; remove it"},
	{{(const uint8_t *)"a: b\nc: d\x01", 10},
	 "a.yaml:2:5: a control character; write it as an escape in double quotes, or remove it"},
	{{(const uint8_t *)"a: \x7f", 4},
	 "a.yaml:1:4: a control character; write it as an escape in double quotes, or remove it"},
	{{(const uint8_t *)"a: [b", 5},
	 "a.yaml:2:1: not YAML: did not find expected ',' or ']' while parsing a flow sequence"},
	{{(const uint8_t *)"a: b: c", 7},
	 "a.yaml:1:5: not YAML: mapping values are not allowed in this context; quote a text that "
	 "contains ': '"},
	{{(const uint8_t *)"a:\n\t- b", 7},
	 "a.yaml:2:1: not YAML: found character that cannot start any token while scanning for the "
	 "next token; indent with spaces, and quote a text that begins with @, ` or %"},
};

static void what_changes_the_meaning_of_yaml_is_refused(void **state)
{
	struct documents documents;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(read_yaml(refused[i].text, &documents), ERR_INVALID);
		assert_string_equal(error.text, refused[i].error);
	}
}

static const struct {
	const char *text, *error;
} refused_json[] = {
	{"{\"a\": 1,\n\"a\": 2}", "a.json:2:3: not JSON: duplicate object key near '\"a\"'"},
	{"{\"a\":\n\n[1,}", "a.json:3:4: not JSON: unexpected token near '}'"},
	{"{\"a\": [true, null]}", "a.json: a[1]: null is no value; leave the field out"},
	{"{\"a\": 1.5}", "a.json: a: fractions and exponents are refused; write a whole number"},
	{"{\"a\": 1e3}", "a.json: a: fractions and exponents are refused; write a whole number"},
	{"{\"a\": 9223372036854775808}", "a.json:1:25: not JSON: too big integer near "
					 "'9223372036854775808'"},
	{"{\"a\": \"\\u0000\"}", "a.json:1:14: not JSON: a NUL (\\u0000) is no text; remove it"},
	{"{\"a\": \"\\ud800\"}",
	 "a.json:1:14: not JSON: invalid Unicode '\\uD800' near '\"\\ud800\"'"},
	{"", "a.json:1:0: not JSON: unexpected token near end of file"},
	{"{} {}", "a.json:1:4: not JSON: end of file expected near '{'"},
	{"{\"a\": \"\xff\"}", "a.json:1: not UTF-8; save the file as UTF-8"},
	{"{\"a\":\n\"b\x01\"}", "a.json:2:2: not JSON: control character 0x1 near '\"b'"},
};

static void json_that_says_nothing_certain_is_refused(void **state)
{
	struct documents documents;

	(void)state;
	for (size_t i = 0; i < sizeof(refused_json) / sizeof(refused_json[0]); i++) {
		assert_int_equal(document_read(bytes_of_string(refused_json[i].text), "a.json",
					       arena, &documents, &error),
				 ERR_INVALID);
		assert_string_equal(error.text, refused_json[i].error);
	}
}

static void a_stream_holds_many_documents_and_skips_empty_ones(void **state)
{
	struct documents documents;

	(void)state;
	assert_int_equal(read_yaml(LITERAL("# nothing\n"), &documents), 0);
	assert_int_equal(documents.count, 0);
	assert_int_equal(read_yaml(LITERAL(""), &documents), 0);
	assert_int_equal(documents.count, 0);
	assert_int_equal(read_yaml((struct bytes){0}, &documents), 0);
	assert_int_equal(documents.count, 0);
	assert_int_equal(read_yaml(LITERAL("---\na: 1\n---\n---\nb: 2\n...\n---\n"), &documents),
			 0);
	assert_int_equal(documents.count, 2);
	assert_int_equal(node_item(documents.items[1], "b")->line, 5);
	assert_int_equal(read_yaml(LITERAL("\xef\xbb\xbf"
					   "a: 1"),
				   &documents),
			 0);
	assert_non_null(node_item(documents.items[0], "a"));
	assert_int_equal(document_read(LITERAL("[{\"a\": 1}, {\"b\": 2}]"), "a.json", arena,
				       &documents, &error),
			 0);
	assert_int_equal(documents.count, 2);
	assert_string_equal(node_path(node_item(documents.items[1], "b"), arena), "b");
}

static void nodes_know_their_place(void **state)
{
	struct documents documents;
	const struct node *node;

	(void)state;
	assert_int_equal(read_yaml(LITERAL("rulebook:\n"
					   "  speaks-for:\n"
					   "    - KR\n"
					   "    - id: |\n"
					   "        x\n"
					   "      \"a\\nb\": y\n"),
				   &documents),
			 0);
	node = node_item(node_item(documents.items[0], "rulebook"), "speaks_for");
	assert_non_null(node);
	assert_int_equal(node->line, 2);
	assert_int_equal(node->column, 3);
	assert_string_equal(node_path(node->items[0], arena), "rulebook.speaks-for[0]");
	node = node_item(node->items[1], "id");
	assert_int_equal(node->line, 4);
	assert_string_equal(node_path(node, arena), "rulebook.speaks-for[1].id");
	assert_string_equal(node_path(node->parent->items[1], arena), "rulebook.speaks-for[1].a?b");
	assert_string_equal(node_path(documents.items[0], arena), "");
	assert_null(node_item(node, "id"));
	assert_null(node_item(documents.items[0], "rule"));
}

static void words_in_errors_are_cut_between_characters(void **state)
{
	const char *shown =
		node_quote(LITERAL("한국어한국어한국어한국어한국어한국어한국어"), arena);

	(void)state;
	assert_string_equal(shown, "'한국어한국어한국어한국어한국어한국어한국...'");
	assert_string_equal(node_quote(LITERAL("a\nb\x1b[0m"), arena), "'a?b?[0m'");
}

/* Opens `depth` lists and closes them again, or not. */
static struct bytes brackets(size_t depth, bool closed)
{
	char *text = arena_alloc(arena, 2 * depth + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return bytes_of(text, closed ? 2 * depth : depth);
}

static void depth_is_limited_in_both(void **state)
{
	struct documents documents;

	(void)state;
	assert_int_equal(read_yaml(brackets(NODE_DEPTH_MAX, true), &documents), 0);
	assert_int_equal(read_yaml(brackets(NODE_DEPTH_MAX + 1, true), &documents), ERR_LIMIT);
	assert_non_null(strstr(error.text, "more than 64 lists and mappings inside each other"));
	assert_int_equal(read_yaml(brackets(900000, false), &documents), ERR_LIMIT);
	/* The outermost array of JSON is the stream. */
	assert_int_equal(document_read(brackets(NODE_DEPTH_MAX + 1, true), "a.json", arena,
				       &documents, &error),
			 0);
	assert_int_equal(document_read(brackets(NODE_DEPTH_MAX + 2, true), "a.json", arena,
				       &documents, &error),
			 ERR_LIMIT);
	assert_int_equal(document_read(brackets(900000, true), "a.json", arena, &documents, &error),
			 ERR_INVALID);
}

static void block_nesting_is_limited_too(void **state)
{
	struct buffer text = {0};
	struct documents documents;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buffer_append_string(&text, "- ");
	assert_int_equal(read_yaml(buffer_bytes(&text), &documents), ERR_LIMIT);
	buffer_clear(&text);
	for (int i = 0; i < 100000; i++)
		buffer_append_string(&text, "? ");
	assert_int_not_equal(read_yaml(buffer_bytes(&text), &documents), 0);
	buffer_clear(&text);
	for (int i = 0; i < 100000; i++)
		buffer_append_string(&text, "{a: ");
	assert_int_equal(read_yaml(buffer_bytes(&text), &documents), ERR_LIMIT);
	buffer_release(&text);
}

static void many_keys_are_compared_quickly(void **state)
{
	struct buffer text = {0};
	struct documents documents;

	(void)state;
	for (int i = 0; i < 50000; i++)
		buffer_printf(&text, "k%d: v\n", i);
	assert_int_equal(read_yaml(buffer_bytes(&text), &documents), 0);
	assert_int_equal(documents.items[0]->count, 50000);
	buffer_append_string(&text, "k49999: w\nk7: w\n");
	assert_int_equal(read_yaml(buffer_bytes(&text), &documents), ERR_INVALID);
	assert_string_equal(error.text, "a.yaml:50001: k49999: the key stands here a second time, "
					"first on line 50000; keep one");
	buffer_release(&text);
}

static void no_cut_of_a_document_does_harm(void **state)
{
	static const char text[] = "a: &x [b, \"c\\u00e9\", {d: 'e'}]\n"
				   "---\n? f\n: |\n  g\n  한\n...\n%YAML 1.2\n--- !t\n- *x\n";
	struct documents documents;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		struct bytes cut = arena_copy(arena, bytes_of(text, i));

		read_yaml(cut, &documents);
		document_read(cut, "a.json", arena, &documents, &error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(what_changes_the_meaning_of_yaml_is_refused),
		test_of(json_that_says_nothing_certain_is_refused),
		test_of(a_stream_holds_many_documents_and_skips_empty_ones),
		test_of(nodes_know_their_place),
		test_of(words_in_errors_are_cut_between_characters),
		test_of(depth_is_limited_in_both),
		test_of(block_nesting_is_limited_too),
		test_of(many_keys_are_compared_quickly),
		test_of(no_cut_of_a_document_does_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
