#include "registry/folder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "text/document.h"
#include "text/mapping.h"

struct folder {
	struct record_set *set;
	struct arena *arena; /* the set's own */
	struct source_map *lines;
	struct folder_case *cases;
	size_t case_count, case_capacity;
	size_t record_count;
	bool sealed;
};

/* A record as it was read, with its rank in the order of reading. */
struct entry {
	const Carnet__V1__Record *record;
	const struct node *document;
	size_t rank;
};

/* One folder tree being read. */
struct reading {
	struct folder *folder;
	struct problems *problems;
	size_t problems_before;
	const char *root; /* the path that was asked for */
	size_t files;
	struct entry *entries;
	size_t count, capacity;
};

struct folder *folder_new(void)
{
	struct folder *folder = memory_new(sizeof(*folder));

	folder->set = record_set_new();
	folder->arena = record_set_arena(folder->set);
	folder->lines = source_map_new(folder->arena);
	return folder;
}

void folder_free(struct folder *folder)
{
	if (!folder)
		return;
	free(folder->cases);
	record_set_free(folder->set);
	free(folder);
}

static void add_error(struct reading *reading, const struct error *error)
{
	/* The line has its place in it already. */
	problems_add(reading->problems, &(struct place){0}, "%s", error->text);
}

/* A document as a message; NULL, with all its faults among the problems, if it is none. */
static ProtobufCMessage *read_document(struct reading *reading, const struct node *document,
				       const ProtobufCMessageDescriptor *type)
{
	struct folder *folder = reading->folder;
	struct mapping_faults faults;
	ProtobufCMessage *message;

	if (!mapping_read_all(document, type, folder->arena, folder->lines, &message, &faults))
		return message;
	for (size_t i = 0; i < faults.count; i++)
		problems_add(reading->problems, &(struct place){0}, "%s", faults.lines[i]);
	if (faults.cut)
		problems_add(
			reading->problems,
			&(struct place){.file = document->source->name, .line = document->line},
			"there may be more in this document; mend these %d first",
			MAPPING_FAULTS_MAX);
	return NULL;
}

static void read_case(struct reading *reading, const struct node *document)
{
	struct folder *folder = reading->folder;
	ProtobufCMessage *message = read_document(reading, document, &carnet__v1__case__descriptor);

	if (!message)
		return;
	array_reserve(&folder->cases, &folder->case_capacity, folder->case_count);
	folder->cases[folder->case_count++] = (struct folder_case){
		.message = (const Carnet__V1__Case *)message,
		.file = document->source->name,
		.line = document->line,
	};
}

static void read_record(struct reading *reading, const struct node *document)
{
	ProtobufCMessage *message =
		read_document(reading, document, &carnet__v1__record__descriptor);

	if (!message)
		return;
	array_reserve(&reading->entries, &reading->capacity, reading->count);
	reading->entries[reading->count] = (struct entry){
		.record = (const Carnet__V1__Record *)message,
		.document = document,
		.rank = reading->count,
	};
	reading->count++;
}

static void read_either(struct reading *reading, const struct node *document)
{
	struct place place = {.file = document->source->name, .line = document->line};

	if (node_item(document, "ask"))
		read_case(reading, document);
	else if (node_item(document, "expect") || node_item(document, "given"))
		problems_add(reading->problems, &place,
			     "this case asks nothing; write its question under `ask`");
	else
		read_record(reading, document);
}

static int read_text(struct reading *reading, const char *name, struct bytes text,
		     struct error *error)
{
	struct folder *folder = reading->folder;
	struct documents documents = {0};
	int result = document_read(text, name, folder->arena, &documents, error);

	if (result)
		return result;
	folder->record_count += documents.count;
	if (folder->record_count > FOLDER_RECORDS_MAX)
		return error_set(error, ERR_LIMIT, "%s: more than %d documents; split the registry",
				 name, FOLDER_RECORDS_MAX);
	for (size_t i = 0; i < documents.count; i++)
		read_either(reading, documents.items[i]);
	return 0;
}

/* A file that was named is read whatever it is called. */
static bool is_wanted(const struct reading *reading, const char *path)
{
	static const char *const endings[] = {".yaml", ".yml", ".json"};

	if (strcmp(path, reading->root) == 0)
		return true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t size = strlen(endings[i]), length = strlen(path);

		if (length > size && strcmp(path + length - size, endings[i]) == 0)
			return true;
	}
	return false;
}

/* A file that cannot be read is a problem, and no reason to leave the others
 * unread. */
static void read_file(struct reading *reading, const char *path)
{
	struct buffer content = {0};
	struct error error;

	reading->files++;
	if (file_read(path, FOLDER_FILE_MAX, &content, &error) ||
	    read_text(reading, path, buffer_bytes(&content), &error))
		add_error(reading, &error);
	buffer_release(&content);
}

/* The order of keys; of equal ones, that of reading. */
static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	struct record_key x = record_key_of(a->record), y = record_key_of(b->record);
	int order = record_key_compare(&x, &y);

	return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static bool same_key(const struct entry *a, const struct entry *b)
{
	struct record_key x = record_key_of(a->record), y = record_key_of(b->record);

	return record_key_compare(&x, &y) == 0;
}

static void report_twice(struct reading *reading, const struct entry *first,
			 const struct entry *second)
{
	struct record_key key = record_key_of(second->record);
	struct buffer name = {0}, other = {0};

	record_key_print(&key, &name);
	buffer_append_string(&other, first->document->source->name);
	if (first->document->line)
		buffer_printf(&other, ":%u", first->document->line);
	problems_add(reading->problems,
		     &(struct place){.file = second->document->source->name,
				     .line = second->document->line,
				     .record = buffer_string(&name),
				     .field = "id"},
		     "'%s' stands here a second time, after %s; remove one, or give it "
		     "another id or `from`",
		     buffer_string(&name), buffer_string(&other));
	buffer_release(&name);
	buffer_release(&other);
}

/* Hands the records over to the set; of a slice named twice, the first. */
static void keep_records(struct reading *reading)
{
	if (reading->count)
		qsort(reading->entries, reading->count, sizeof(*reading->entries), compare_entries);
	for (size_t i = 0, first = 0; i < reading->count; i++) {
		const struct entry *entry = &reading->entries[i];
		struct record_slice *slice;

		if (i > 0 && same_key(&reading->entries[first], entry)) {
			report_twice(reading, &reading->entries[first], entry);
			continue;
		}
		first = i;
		slice = record_set_add(reading->folder->set, entry->record, FOLDER_REVISION, NULL);
		slice->file = entry->document->source->name;
		slice->line = entry->document->line;
		slice->lines = reading->folder->lines;
	}
	free(reading->entries);
}

static struct reading begin(struct folder *folder, struct problems *problems)
{
	assert(!folder->sealed);
	return (struct reading){
		.folder = folder, .problems = problems, .problems_before = problems->total};
}

static int finish(struct reading *reading)
{
	keep_records(reading);
	return reading->problems->total > reading->problems_before ? ERR_INVALID : 0;
}

static int visit_file(void *arg, const char *path, struct error *error)
{
	struct reading *reading = arg;

	(void)error;
	if (is_wanted(reading, path))
		read_file(reading, path);
	return 0;
}

int folder_add(struct folder *folder, const char *path, struct problems *problems)
{
	struct reading reading = begin(folder, problems);
	struct error error;

	reading.root = path;
	if (strcmp(path, "-") == 0)
		read_file(&reading, path);
	else if (file_walk(path, "", visit_file, &reading, &error))
		add_error(&reading, &error);
	else if (reading.files == 0)
		problems_add(problems, &(struct place){.file = path},
			     "holds no .yaml, .yml or .json file; name the registry's folder");
	return finish(&reading);
}

int folder_add_text(struct folder *folder, const char *name, struct bytes text,
		    struct problems *problems)
{
	struct reading reading = begin(folder, problems);
	struct error error;

	if (read_text(&reading, name, text, &error))
		add_error(&reading, &error);
	return finish(&reading);
}

const struct record_set *folder_records(struct folder *folder)
{
	if (!folder->sealed)
		record_set_seal(folder->set);
	folder->sealed = true;
	return folder->set;
}

const struct folder_case *folder_cases(const struct folder *folder, size_t *count)
{
	*count = folder->case_count;
	return folder->cases;
}
