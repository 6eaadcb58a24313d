#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json.h"
#include "client/command.h"
#include "client/output.h"
#include "client/page.h"
#include "client/texts.h"
#include "carnet/v1/transfer.pb-c.h"
#include "receipt/receipt.h"
#include "text/document.h"
#include "text/mapping.h"

enum { OPTION_POLICY = 1, OPTION_OUTPUT };

static const struct option_row table[] = {
	{"policy", OPTION_POLICY, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{0},
};

struct run {
	struct arena *arena;
	struct texts files;
	const char *policy_file;
	struct policy *policy;
	enum output output;
};

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;

	if (option->id == OPTION_ARGUMENT)
		texts_append(&run->files, option->value);
	else if (option->id == OPTION_POLICY)
		run->policy_file = option->value;
	else
		return output_parse(option->value, &run->output, error);
	return 0;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, run, error))
		return error->code;
	if (run->output == OUTPUT_YAML)
		return error_set(error, ERR_INVALID, "--output: verify prints table or json");
	if (!run->files.count)
		return error_set(error, ERR_INVALID, "verify what? Name receipt files");
	if (!run->policy_file)
		return error_set(error, ERR_INVALID,
				 "whom to trust? Name the policy file with --policy");
	return 0;
}

static int read_policy(struct run *run, struct error *error)
{
	struct buffer text = {0};
	int result = file_read(run->policy_file, POLICY_SIZE_MAX, &text, error);

	if (!result) {
		result = policy_parse(arena_copy(run->arena, buffer_bytes(&text)), run->arena,
				      &run->policy, error);
		if (result)
			error_prefix(error, "%s", run->policy_file);
	}
	buffer_release(&text);
	return result;
}

/* ---- What a good receipt says ---- */

/* The decision it shows; NULL if it shows none. */
static const Carnet__V1__Decision *decision_of(const struct receipt *receipt, struct arena *arena)
{
	struct bytes value = receipt_value(receipt, DISCLOSURE_OUTCOME);
	struct documents documents;
	ProtobufCMessage *message;

	if (!bytes_equal_string(receipt->leaf.kind, "decision") &&
	    !bytes_equal_string(receipt->leaf.kind, "advisory"))
		return NULL;
	if (!value.size || document_read_json(value, "outcome", arena, &documents, NULL) ||
	    documents.count != 1 ||
	    mapping_read(documents.items[0], &carnet__v1__decision__descriptor, arena, NULL,
			 &message, NULL))
		return NULL;
	return (const Carnet__V1__Decision *)message;
}

static const char *time_text(uint64_t seconds, struct arena *arena)
{
	char text[INSTANT_TEXT_SIZE];

	return arena_string(arena,
			    bytes_of_string(instant_format((instant_ms)seconds * 1000, text)));
}

static void print_decision(const struct receipt *receipt, struct buffer *out, struct arena *arena)
{
	const Carnet__V1__Decision *decision = decision_of(receipt, arena);
	bool live = bytes_equal_string(receipt->leaf.kind, "decision");

	if (!decision)
		return;
	buffer_printf(out, "  verdict   %s, judged for ", page_verdict(decision->verdict));
	output_append_plain(out, decision->as_of);
	/* Whatever an advisory receipt says, it cannot authorise. */
	buffer_printf(out, ", authorises: %s%s\n", live && decision->authorises ? "yes" : "no",
		      live ? "" : " (ADVISORY)");
}

static void print_receipt(const struct receipt *receipt, struct buffer *out, struct arena *arena)
{
	struct buffer digest = {0};

	base64url_append(&digest, hash_view(&receipt->leaf.reg));
	buffer_append_string(out, "  receipt   ");
	output_append_plain(out, arena_string(arena, receipt->origin));
	buffer_printf(out, "#%" PRIu64 " of %" PRIu64 "\n", receipt->index, receipt->size);
	buffer_printf(out, "  kind      %.*s\n", BYTES_PRINT(receipt->leaf.kind));
	buffer_printf(out, "  logged    %s\n", time_text(receipt->leaf.iat, arena));
	buffer_printf(out, "  registry  revision %" PRIu64 " %s\n", receipt->leaf.reg_rev,
		      buffer_string(&digest));
	buffer_clear(&digest);
	base64url_append(&digest, hash_view(&receipt->leaf.eng_dig));
	buffer_printf(out, "  engine    %.*s %s\n", BYTES_PRINT(receipt->leaf.eng),
		      buffer_string(&digest));
	for (size_t i = 0; i < receipt->findings.cosignature_count; i++) {
		const struct policy_cosignature *one = &receipt->findings.cosignatures[i];

		buffer_append_string(out, "  witness   ");
		output_append_plain(out, arena_string(arena, one->witness));
		buffer_printf(out, " at %s\n", time_text(one->time, arena));
	}
	print_decision(receipt, out, arena);
	buffer_release(&digest);
}

/* As everywhere: 64 bits are text. */
static void json_number(struct json_writer *json, const char *name, uint64_t value)
{
	char text[sizeof("18446744073709551615")];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	json_member_string(json, name, bytes_of_string(text));
}

static void json_digest(struct json_writer *json, const char *name, const struct digest *digest)
{
	struct buffer text = {0};

	base64url_append(&text, hash_view(digest));
	json_member_string(json, name, buffer_bytes(&text));
	buffer_release(&text);
}

static void json_receipt(const struct receipt *receipt, struct json_writer *json,
			 struct arena *arena)
{
	json_member_string(json, "origin", receipt->origin);
	json_number(json, "index", receipt->index);
	json_number(json, "size", receipt->size);
	json_member_string(json, "kind", receipt->leaf.kind);
	json_member_string(json, "logged", bytes_of_string(time_text(receipt->leaf.iat, arena)));
	json_number(json, "registry_revision", receipt->leaf.reg_rev);
	json_digest(json, "registry_digest", &receipt->leaf.reg);
	json_member_string(json, "engine", receipt->leaf.eng);
	json_digest(json, "engine_digest", &receipt->leaf.eng_dig);
	json_member(json, BYTES_LITERAL("disclosures"));
	json_begin_object(json);
	for (size_t i = 0; i < receipt->disclosure_count; i++) {
		const struct leaf_opened *one = &receipt->disclosures[i];

		json_member(json, bytes_of_string(leaf_disclosure_name(one->which)));
		json_raw(json, one->value);
	}
	json_end_object(json);
}

/* ---- Files ---- */

static void report_json(const char *file, const struct receipt *receipt, const struct error *error,
			struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	json_member_string(&json, "file", bytes_of_string(file));
	json_member_boolean(&json, "valid", receipt != NULL);
	if (receipt)
		json_receipt(receipt, &json, arena);
	else
		json_member_string(&json, "error", bytes_of_string(error->text));
	json_end_object(&json);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void report_text(const char *file, const struct receipt *receipt, const struct error *error,
			struct arena *arena)
{
	bool coloured = output_is_coloured(stdout);
	struct buffer text = {0};

	buffer_printf(&text, "%s%s%s %s",
		      !coloured ? ""
		      : receipt ? "\033[32m"
				: "\033[31m",
		      receipt ? "valid  " : "INVALID", coloured ? "\033[0m" : "", file);
	if (!receipt) {
		buffer_append_string(&text, ": ");
		output_append_plain(&text, error->text);
	}
	buffer_append_byte(&text, '\n');
	if (receipt)
		print_receipt(receipt, &text, arena);
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static enum outcome verify(struct run *run, const char *file)
{
	struct arena *arena = arena_new(0);
	struct buffer content = {0};
	struct receipt receipt;
	struct error error;
	enum outcome outcome = OUTCOME_GOOD;
	int result = file_read(file, RECEIPT_SIZE_MAX, &content, &error);

	/* A file too large is no receipt; one that cannot be read may be one. */
	if (result && result != ERR_LIMIT) {
		outcome = command_failed(&error);
		goto out;
	}
	if (!result)
		result = receipt_verify(buffer_bytes(&content), run->policy, arena, &receipt,
					&error);
	if (result)
		outcome = OUTCOME_BAD;
	if (run->output == OUTPUT_JSON)
		report_json(file, result ? NULL : &receipt, &error, arena);
	else
		report_text(file, result ? NULL : &receipt, &error, arena);
out:
	buffer_release(&content);
	arena_free(arena);
	return outcome;
}

static int add_file(void *arg, const char *path, struct error *error)
{
	struct run *run = arg;

	(void)error;
	texts_append(&run->files, arena_string(run->arena, bytes_of_string(path)));
	return 0;
}

/* Puts the receipts in a folder in the place of its name. */
static int open_folders(struct run *run, struct error *error)
{
	struct texts named = run->files;
	struct stat status;
	int result = 0;

	run->files = (struct texts){0};
	for (size_t i = 0; i < named.count && !result; i++) {
		size_t before = run->files.count;

		if (stat(named.items[i], &status) || !S_ISDIR(status.st_mode)) {
			texts_append(&run->files, named.items[i]);
			continue;
		}
		result = file_walk(named.items[i], ".tlog-proof", add_file, run, error);
		if (!result && run->files.count == before)
			result = error_set(error, ERR_NOT_FOUND, "there is no receipt in '%s'",
					   named.items[i]);
	}
	texts_release(&named);
	return result;
}

static enum outcome run_verify(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0)};
	enum outcome outcome = OUTCOME_GOOD;
	struct error error;

	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_verify, &error);
	else if (open_folders(&run, &error) || read_policy(&run, &error))
		outcome = command_failed(&error);
	else
		for (size_t i = 0; i < run.files.count; i++)
			outcome = command_worse(outcome, verify(&run, run.files.items[i]));
	texts_release(&run.files);
	arena_free(run.arena);
	return outcome;
}

const struct command command_verify = {
	.name = "verify",
	.summary = "is this receipt true? Offline, without trusting us",
	.run = run_verify,
	.help = "carnet verify answer.tlog-proof --policy policy\n"
		"carnet verify receipts/ --policy policy\n"
		"\n"
		"Checks receipt files, or the *.tlog-proof files in a folder: the log's signature\n"
		"under the key that the policy pins, the witnesses, the place in the log,\n"
		"and every disclosure.  Needs no server.\n"
		"\n"
		"  --policy FILE         whom to trust (C2SP tlog-policy), handed over in another\n"
		"                        way than the receipts\n"
		"  -o, --output FORM     table (the default) or json, one file a line, with what\n"
		"                        each receipt discloses\n",
};
