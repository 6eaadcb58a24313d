#include "receipt/policy.h"

#include <assert.h>
#include <string.h>

enum { NODES_MAX = POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX };

/* A witness, or a group of nodes that stand before it. */
struct node {
	struct bytes name;
	bool is_group;
	bool is_member; /* of some group: no voice counts twice */
	struct vkey key;
	size_t threshold, member_count;
	size_t *members;
};

struct policy {
	struct vkey *logs;
	size_t log_count;
	struct node *nodes;
	size_t node_count, witness_count;
	bool has_quorum;
	const struct node *quorum; /* NULL: none is asked for */
};

struct parser {
	struct policy *policy;
	struct arena *arena;
	struct error *error;
	struct bytes line; /* what is left of it */
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* The next word of the line; empty at its end. */
static struct bytes next_word(struct parser *parser)
{
	struct bytes line = parser->line, word;
	size_t from = 0, to;

	while (from < line.size && is_blank(line.data[from]))
		from++;
	for (to = from; to < line.size && !is_blank(line.data[to]);)
		to++;
	word = bytes_of(line.data + from, to - from);
	parser->line = bytes_of(line.data + to, line.size - to);
	return word;
}

static int refuse(struct parser *parser, const char *what, struct bytes word)
{
	return error_set(parser->error, ERR_INVALID, "%s: '%.*s'", what, BYTES_PRINT(word));
}

static int end_line(struct parser *parser)
{
	struct bytes word = next_word(parser);

	return word.size ? refuse(parser, "nothing may follow here", word) : 0;
}

static bool same_public(const struct vkey *a, const struct vkey *b)
{
	return memcmp(a->public.bytes, b->public.bytes, ED25519_PUBLIC_SIZE) == 0;
}

/* One voice per key: whoever holds two names must not count twice. */
static bool is_known_key(const struct policy *policy, const struct vkey *key)
{
	for (size_t i = 0; i < policy->log_count; i++)
		if (same_public(&policy->logs[i], key))
			return true;
	for (size_t i = 0; i < policy->node_count; i++)
		if (!policy->nodes[i].is_group && same_public(&policy->nodes[i].key, key))
			return true;
	return false;
}

/* A key and the address that may follow it, which only says where to ask. */
static int read_key(struct parser *parser, enum vkey_kind kind, struct vkey *out)
{
	struct bytes word = next_word(parser);
	int result = vkey_parse(word, out, parser->error);

	if (result)
		return result;
	if (out->kind != kind)
		return refuse(parser,
			      kind == VKEY_NOTE ? "a log's key is of kind 01, this is not"
						: "a witness's key is of kind 04, this is not",
			      word);
	if (is_known_key(parser->policy, out))
		return refuse(parser, "another line has the same public key", word);
	next_word(parser);
	return end_line(parser);
}

static int read_log(struct parser *parser)
{
	struct policy *policy = parser->policy;
	struct vkey key;
	int result;

	if (policy->log_count == POLICY_LOGS_MAX)
		return error_set(parser->error, ERR_LIMIT, "more than %d logs", POLICY_LOGS_MAX);
	result = read_key(parser, VKEY_NOTE, &key);
	if (result)
		return result;
	if (policy_find_log(policy, key.name))
		return refuse(parser, "another key has this origin already", key.name);
	policy->logs[policy->log_count++] = key;
	return 0;
}

static struct node *find_node(const struct policy *policy, struct bytes name)
{
	for (size_t i = 0; i < policy->node_count; i++)
		if (bytes_equal(policy->nodes[i].name, name))
			return &policy->nodes[i];
	return NULL;
}

static int read_new_name(struct parser *parser, struct bytes *out)
{
	*out = next_word(parser);
	if (out->size == 0)
		return refuse(parser, "a name is missing", *out);
	if (bytes_equal_string(*out, "none"))
		return refuse(parser, "this name is reserved", *out);
	if (find_node(parser->policy, *out))
		return refuse(parser, "this name is taken", *out);
	return 0;
}

static int read_witness(struct parser *parser)
{
	struct policy *policy = parser->policy;
	struct node node = {0};
	int result;

	if (policy->witness_count == POLICY_WITNESSES_MAX)
		return error_set(parser->error, ERR_LIMIT, "more than %d witnesses",
				 POLICY_WITNESSES_MAX);
	result = read_new_name(parser, &node.name);
	if (!result)
		result = read_key(parser, VKEY_COSIGNATURE, &node.key);
	if (result)
		return result;
	policy->nodes[policy->node_count++] = node;
	policy->witness_count++;
	return 0;
}

static int read_members(struct parser *parser, struct node *out)
{
	struct bytes name;

	out->members = arena_array(parser->arena, size_t, parser->policy->node_count);
	for (name = next_word(parser); name.size; name = next_word(parser)) {
		struct node *member = find_node(parser->policy, name);

		if (!member)
			return refuse(parser, "no line above defines", name);
		if (member->is_member)
			return refuse(parser, "this name is a member of a group already", name);
		member->is_member = true;
		out->members[out->member_count++] = (size_t)(member - parser->policy->nodes);
	}
	if (out->member_count == 0)
		return refuse(parser, "this group has no members", out->name);
	return 0;
}

static int read_threshold(struct parser *parser, struct bytes word, struct node *out)
{
	size_t value = 0;

	if (bytes_equal_string(word, "any"))
		value = 1;
	else if (bytes_equal_string(word, "all"))
		value = out->member_count;
	else if (word.size && word.size <= 3 && word.data[0] != '0')
		for (size_t i = 0; i < word.size; i++) {
			if (word.data[i] < '0' || word.data[i] > '9')
				return refuse(parser, "not 'all', 'any' or a number", word);
			value = value * 10 + (size_t)(word.data[i] - '0');
		}
	if (value == 0 || value > out->member_count)
		return refuse(parser, "not 'all', 'any' or a number of its members", word);
	out->threshold = value;
	return 0;
}

static int read_group(struct parser *parser)
{
	struct policy *policy = parser->policy;
	struct node node = {.is_group = true};
	struct bytes threshold;
	int result;

	if (policy->node_count - policy->witness_count == POLICY_GROUPS_MAX)
		return error_set(parser->error, ERR_LIMIT, "more than %d groups",
				 POLICY_GROUPS_MAX);
	result = read_new_name(parser, &node.name);
	if (result)
		return result;
	threshold = next_word(parser);
	result = read_members(parser, &node);
	if (!result)
		result = read_threshold(parser, threshold, &node);
	if (result)
		return result;
	policy->nodes[policy->node_count++] = node;
	return 0;
}

static int read_quorum(struct parser *parser)
{
	struct bytes name = next_word(parser);
	struct policy *policy = parser->policy;

	if (policy->has_quorum)
		return refuse(parser, "there is a quorum already", name);
	policy->has_quorum = true;
	policy->quorum = find_node(policy, name);
	if (!policy->quorum && !bytes_equal_string(name, "none"))
		return refuse(parser, "no line above defines", name);
	return end_line(parser);
}

static int check_characters(struct parser *parser)
{
	for (size_t i = 0; i < parser->line.size; i++) {
		uint8_t c = parser->line.data[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return error_set(parser->error, ERR_INVALID,
					 "a control character (0x%02x) at column %zu", c, i + 1);
	}
	return 0;
}

static int read_line(struct parser *parser)
{
	static const struct {
		const char *word;
		int (*read)(struct parser *parser);
	} kinds[] = {{"log", read_log},
		     {"witness", read_witness},
		     {"group", read_group},
		     {"quorum", read_quorum}};
	int result = check_characters(parser);
	struct bytes word;

	if (result)
		return result;
	word = next_word(parser);
	if (word.size == 0 || word.data[0] == '#')
		return 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_equal_string(word, kinds[i].word))
			return kinds[i].read(parser);
	return refuse(parser, "a line begins with log, witness, group, quorum or #, not", word);
}

static struct policy *new_policy(struct bytes text, struct arena *arena)
{
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	size_t lines = 0;

	for (size_t i = 0; i < text.size; i++)
		lines += text.data[i] == '\n';
	policy->logs =
		arena_array(arena, struct vkey, lines < POLICY_LOGS_MAX ? lines : POLICY_LOGS_MAX);
	policy->nodes =
		arena_array(arena, struct node, lines < (size_t)NODES_MAX ? lines : NODES_MAX);
	return policy;
}

static int read_lines(struct parser *parser, struct bytes text)
{
	for (size_t number = 1; text.size; number++) {
		struct bytes rest = bytes_cut(text, '\n', &parser->line);
		int result;

		if (!rest.data)
			return error_set(parser->error, ERR_INVALID,
					 "line %zu: the last line has no newline", number);
		text = rest;
		result = read_line(parser);
		if (result)
			return error_prefix(parser->error, "line %zu", number);
	}
	if (!parser->policy->has_quorum)
		return error_set(parser->error, ERR_INVALID,
				 "there is no quorum line; 'quorum none' asks for no witnesses");
	return 0;
}

int policy_parse(struct bytes text, struct arena *arena, struct policy **out, struct error *error)
{
	struct error local;
	struct parser parser = {.arena = arena, .error = error ? error : &local};
	int result;

	if (text.size > POLICY_SIZE_MAX)
		return error_set(error, ERR_LIMIT, "the policy is larger than %d bytes",
				 POLICY_SIZE_MAX);
	text = arena_copy(arena, text); /* names point into it */
	parser.policy = new_policy(text, arena);
	result = read_lines(&parser, text);
	if (!result)
		*out = parser.policy;
	return result;
}

const struct vkey *policy_find_log(const struct policy *policy, struct bytes origin)
{
	for (size_t i = 0; i < policy->log_count; i++)
		if (bytes_equal(policy->logs[i].name, origin))
			return &policy->logs[i];
	return NULL;
}

size_t policy_log_count(const struct policy *policy)
{
	return policy->log_count;
}

/* Which witnesses signed; a bad signature under a trusted key refuses the whole. */
static int find_witnesses(const struct policy *policy, const struct checkpoint *checkpoint,
			  bool *holds, struct policy_findings *out, struct error *error)
{
	for (size_t i = 0; i < policy->node_count; i++) {
		const struct node *node = &policy->nodes[i];
		struct error why;
		uint64_t time;
		int result;

		if (node->is_group)
			continue;
		result = checkpoint_verify_cosignature(checkpoint, &node->key, &time, &why);
		if (result == ERR_NOT_FOUND)
			continue;
		if (result)
			return error_set(error, why.code, "%s", why.text);
		holds[i] = true;
		out->cosignatures[out->cosignature_count++] =
			(struct policy_cosignature){.witness = node->name, .time = time};
	}
	return 0;
}

/* Members stand before their groups, so one pass settles all. */
static void settle_groups(const struct policy *policy, bool *holds)
{
	for (size_t i = 0; i < policy->node_count; i++) {
		const struct node *node = &policy->nodes[i];
		size_t count = 0;

		if (!node->is_group)
			continue;
		for (size_t k = 0; k < node->member_count; k++)
			count += holds[node->members[k]];
		holds[i] = count >= node->threshold;
	}
}

static int check_quorum(const struct policy *policy, const struct checkpoint *checkpoint,
			struct policy_findings *out, struct error *error)
{
	bool holds[NODES_MAX] = {false};
	int result = find_witnesses(policy, checkpoint, holds, out, error);

	if (result || !policy->quorum)
		return result;
	settle_groups(policy, holds);
	if (holds[policy->quorum - policy->nodes])
		return 0;
	return error_set(error, ERR_DENIED,
			 "the quorum '%.*s' is not reached: %zu of the policy's %zu witnesses "
			 "cosigned the checkpoint",
			 BYTES_PRINT(policy->quorum->name), out->cosignature_count,
			 policy->witness_count);
}

int policy_check(const struct policy *policy, const struct checkpoint *checkpoint,
		 struct arena *arena, struct policy_findings *out, struct error *error)
{
	const struct vkey *log = policy_find_log(policy, checkpoint->origin);
	struct policy_findings findings = {0};
	int result;

	if (!log)
		return error_set(error, ERR_NOT_FOUND, "the policy does not know the log '%.*s'",
				 BYTES_PRINT(checkpoint->origin));
	findings.cosignatures =
		arena_array(arena, struct policy_cosignature, policy->witness_count);
	result = checkpoint_verify(checkpoint, log, error);
	if (!result)
		result = check_quorum(policy, checkpoint, &findings, error);
	if (!result && out)
		*out = findings;
	return result;
}
