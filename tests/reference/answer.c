/*
 * Carnet's answers for the reference evaluator, over a pipe.
 *
 * Reads requests from standard input, each a line `VERB SIZE` and SIZE bytes:
 *
 *	folder PATH           a registry as people keep it
 *	world DOCUMENTS       a registry: a JSON array of records (or YAML)
 *	change CHANGE-SET     the next revision of it
 *	ask CASES             a JSON array of cases
 *	records, cases        of the registry, as JSON
 *
 * and answers each with lines and a last one that is a dot: one decision a case, as canonical JSON,
 * or `refused` and why.  Which day and which registry was asked, and what lies outside the model
 * (ignored facts, did-you-mean), are left out, so that answers can be compared as bytes.  All goes
 * through the real reader, validation and compile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/case.h"
#include "registry/change_set.h"
#include "registry/compile.h"
#include "registry/folder.h"
#include "registry/validate.h"
#include "text/document.h"
#include "text/mapping.h"

struct house {
	struct folder *folder;
	struct record_set *changed; /* NULL until the first change */
	struct world *world;
	struct case_registry registry;
};

static void leave(struct house *house)
{
	world_free(house->world);
	record_set_free(house->changed);
	folder_free(house->folder);
	*house = (struct house){0};
}

static void refuse(const struct problems *problems)
{
	struct buffer text = {0};

	problems_print(problems, &text);
	printf("refused\n%.*s", BYTES_PRINT(buffer_bytes(&text)));
	buffer_release(&text);
}

/* ---- The registry ---- */

static void settle(struct house *house, const struct record_set *records, struct problems *problems)
{
	world_free(house->world);
	house->world = NULL;
	if (compile_world(records, &house->world, problems)) {
		refuse(problems);
		return;
	}
	house->registry = (struct case_registry){
		.records = records,
		.world = house->world,
		.revision = record_set_revision(records),
	};
	puts("ok");
}

static void move_in(struct house *house, const char *verb, struct bytes text)
{
	struct problems problems;
	const char *path = strndup((const char *)text.data, text.size);

	problems_init(&problems);
	leave(house);
	house->folder = folder_new();
	if (strcmp(verb, "folder") == 0)
		folder_add(house->folder, path, &problems);
	else
		folder_add_text(house->folder, "world.json", text, &problems);
	if (!problems.total)
		validate_set(folder_records(house->folder), &problems);
	if (problems.total)
		refuse(&problems);
	else
		settle(house, folder_records(house->folder), &problems);
	problems_release(&problems);
	free((void *)(uintptr_t)path);
}

/* One message from JSON; NULL, and said, if it is none. */
static const ProtobufCMessage *
read_message(struct bytes text, const ProtobufCMessageDescriptor *kind, struct arena *arena)
{
	struct documents documents = {0};
	ProtobufCMessage *message;
	struct error error;

	if (document_read_json(text, "message", arena, &documents, &error) ||
	    mapping_read(documents.items[0], kind, arena, NULL, &message, &error)) {
		printf("refused\n%s\n", error.text);
		return NULL;
	}
	return message;
}

static void change(struct house *house, struct bytes text, struct arena *arena)
{
	const ProtobufCMessage *message =
		read_message(text, &carnet__v1__change_set__descriptor, arena);
	struct record_set *next = NULL;
	struct problems problems;

	if (!message || !house->world)
		return;
	problems_init(&problems);
	if (change_set_apply(house->registry.records, (const Carnet__V1__ChangeSet *)message, &next,
			     &problems)) {
		refuse(&problems);
	} else {
		settle(house, next, &problems);
		record_set_free(house->changed);
		house->changed = next;
	}
	problems_release(&problems);
}

/* ---- Saying ---- */

static void say(const ProtobufCMessage *message)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	mapping_write_json(message, &json);
	printf("%.*s\n", BYTES_PRINT(buffer_bytes(&text)));
	buffer_release(&text);
}

static int say_record(void *arg, const struct record_slice *slice)
{
	struct buffer text = {0};

	(void)arg;
	record_json(slice->record, &text);
	printf("%.*s\n", BYTES_PRINT(buffer_bytes(&text)));
	buffer_release(&text);
	return 0;
}

static void say_cases(const struct house *house)
{
	size_t count;
	const struct folder_case *cases = folder_cases(house->folder, &count);

	for (size_t i = 0; i < count; i++)
		say(&cases[i].message->base);
}

/* ---- Asking ---- */

static void ask_one(const struct house *house, const Carnet__V1__Case *one)
{
	static char nothing[] = "";
	struct arena *arena = arena_new(0);
	struct case_result result;
	struct error error;

	if (case_run(one, &house->registry, arena, &result, &error)) {
		printf("error: %s\n", error.text);
	} else {
		result.decision->as_of = result.decision->revision_digest = nothing;
		result.decision->revision = 0;
		result.decision->n_ignored = result.decision->n_did_you_mean = 0;
		say(&result.decision->base);
	}
	arena_free(arena);
}

static void ask(const struct house *house, struct bytes text)
{
	struct folder *asked = folder_new();
	struct problems problems;
	size_t count;
	const struct folder_case *cases;

	problems_init(&problems);
	folder_add_text(asked, "cases.json", text, &problems);
	if (problems.total || !house->world)
		refuse(&problems);
	cases = folder_cases(asked, &count);
	for (size_t i = 0; i < count && !problems.total && house->world; i++)
		ask_one(house, cases[i].message);
	problems_release(&problems);
	folder_free(asked);
}

static void serve(struct house *house, const char *verb, struct bytes text)
{
	struct arena *arena = arena_new(0);

	if (strcmp(verb, "folder") == 0 || strcmp(verb, "world") == 0)
		move_in(house, verb, text);
	else if (strcmp(verb, "change") == 0)
		change(house, text, arena);
	else if (strcmp(verb, "ask") == 0)
		ask(house, text);
	else if (strcmp(verb, "records") == 0)
		record_set_each(house->registry.records, REVISION_NEWEST, say_record, NULL);
	else if (strcmp(verb, "cases") == 0)
		say_cases(house);
	else
		printf("refused\n'%s' is no verb\n", verb);
	puts(".");
	fflush(stdout);
	arena_free(arena);
}

int main(void)
{
	struct house house = {0};
	struct buffer text = {0};
	char verb[16];
	size_t size;

	while (scanf("%15s %zu", verb, &size) == 2 && getchar() == '\n') {
		buffer_clear(&text);
		if (fread(buffer_extend(&text, size), 1, size, stdin) != size)
			break;
		serve(&house, verb, buffer_bytes(&text));
	}
	buffer_release(&text);
	leave(&house);
	return 0;
}
