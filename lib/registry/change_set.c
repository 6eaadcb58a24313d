#include "registry/change_set.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "registry/validate.h"
#include "text/mapping.h"

void change_set_json(const Carnet__V1__ChangeSet *change_set, struct buffer *out)
{
	struct json_writer json = {.out = out};

	mapping_write_json(&change_set->base, &json);
}

struct digest change_set_digest(const Carnet__V1__ChangeSet *change_set)
{
	struct buffer json = {0};
	struct digest digest;

	change_set_json(change_set, &json);
	digest = hash_of(buffer_bytes(&json));
	buffer_release(&json);
	return digest;
}

/* An application under way.  It remembers its first failure. */
struct application {
	const struct record_set *base;
	struct record_set *next;
	const Carnet__V1__ChangeSet *change_set;
	uint64_t revision;
	size_t changes;
	struct problems *problems;
	int failed; /* 0, or an ERR_* */
};

static void fail(struct application *work, int code, const struct record_key *key,
		 const char *field, const char *what)
{
	struct buffer record = {0};

	if (key)
		record_key_print(key, &record);
	problems_add(work->problems,
		     &(struct place){.record = key ? buffer_string(&record) : NULL, .field = field},
		     "%s", what);
	buffer_release(&record);
	/* A conflict asks to read again, whatever else is wrong. */
	if (work->failed != ERR_CONFLICT)
		work->failed = code;
}

static struct record_key key_of(const Carnet__V1__RecordKey *key)
{
	return (struct record_key){
		.kind = kind_named(bytes_of_string(key->kind)),
		.id = bytes_of_string(key->id),
		.from = bytes_of_string(key->from),
	};
}

static const struct record_slice *now(const struct application *work, const struct record_key *key)
{
	return record_set_version(work->base, key, REVISION_NEWEST);
}

static void check_base(struct application *work)
{
	uint64_t made = work->change_set->base_revision;
	uint64_t current = record_set_revision(work->base);
	char what[128];

	if (made == 0 || made == current)
		return;
	snprintf(what, sizeof(what),
		 "the change set was made against revision %llu, the registry is at %llu; read "
		 "again",
		 (unsigned long long)made, (unsigned long long)current);
	fail(work, ERR_CONFLICT, NULL, "base_revision", what);
}

static bool etag_matches(const struct record_slice *slice, const char *etag)
{
	struct buffer digest = {0};
	bool same;

	if (!slice)
		return *etag == '\0';
	base64url_append(&digest, hash_view(&slice->digest));
	same = bytes_equal_string(buffer_bytes(&digest), etag);
	buffer_release(&digest);
	return same;
}

static void check_expected(struct application *work, const Carnet__V1__Expected *expected)
{
	struct record_key key;

	if (!expected->key) {
		fail(work, ERR_INVALID, NULL, "expected", "names no record; give its key");
		return;
	}
	key = key_of(expected->key);
	if (key.kind == KIND_NONE)
		fail(work, ERR_INVALID, &key, "expected", "there is no such kind of record");
	else if (!etag_matches(now(work, &key), expected->etag))
		fail(work, ERR_CONFLICT, &key, "expected",
		     "is no longer as it was seen (its etag differs); read again");
}

static int compare_keys(const void *left, const void *right)
{
	return record_key_compare(left, right);
}

/* A slice named twice would leave it open which one counts. */
static void check_twice(struct application *work)
{
	const Carnet__V1__ChangeSet *change_set = work->change_set;
	size_t count = 0;
	struct record_key *keys = memory_resize(
		NULL, change_set->n_records + change_set->n_retire + 1, sizeof(*keys));

	for (size_t i = 0; i < change_set->n_records; i++)
		keys[count++] = record_key_of(change_set->records[i]);
	for (size_t i = 0; i < change_set->n_retire; i++)
		keys[count++] = key_of(change_set->retire[i]);
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (record_key_compare(&keys[i - 1], &keys[i]) == 0)
			fail(work, ERR_INVALID, &keys[i], NULL,
			     "stands twice in the change set; name each slice once");
	free(keys);
}

static void check_words(struct application *work)
{
	struct error error;

	if (mapping_check(&work->change_set->base, &error) == 0)
		return;
	problems_add(work->problems, &(struct place){0}, "%s", error.text);
	work->failed = work->failed ? work->failed : ERR_INVALID;
}

static void check_before(struct application *work)
{
	check_words(work);
	check_base(work);
	for (size_t i = 0; i < work->change_set->n_expected; i++)
		check_expected(work, work->change_set->expected[i]);
	check_twice(work);
}

static void put_record(struct application *work, const Carnet__V1__Record *record)
{
	struct record_key key = record_key_of(record);
	struct digest digest = record_digest(record);
	const struct record_slice *old = now(work, &key);

	if (record->retired) {
		fail(work, ERR_INVALID, &key, "retired",
		     "cannot be written; name the slice under `retire`");
		return;
	}
	if (old && hash_equal(&old->digest, &digest))
		return;
	record_set_add(work->next, record_set_copy(work->next, record), work->revision, &digest);
	work->changes++;
}

static void retire(struct application *work, const struct record_key *key)
{
	const struct record_slice *old = now(work, key);
	Carnet__V1__Record *copy;

	if (!old || old->record->retired) {
		fail(work, ERR_INVALID, key, "retire",
		     old ? "is retired already; leave it out"
			 : "there is no such slice; give kind, id and `from` as registered");
		return;
	}
	copy = record_set_copy(work->next, old->record);
	copy->retired = true;
	record_set_add(work->next, copy, work->revision, NULL);
	work->changes++;
}

static void make_changes(struct application *work)
{
	const Carnet__V1__ChangeSet *change_set = work->change_set;

	for (size_t i = 0; i < change_set->n_records; i++)
		put_record(work, change_set->records[i]);
	for (size_t i = 0; i < change_set->n_retire; i++) {
		struct record_key key = key_of(change_set->retire[i]);

		retire(work, &key);
	}
	if (work->changes == 0 && !work->failed)
		fail(work, ERR_INVALID, NULL, "records",
		     "the change set changes nothing; every record is registered as it stands");
}

int change_set_apply(const struct record_set *base, const Carnet__V1__ChangeSet *change_set,
		     struct record_set **out, struct problems *problems)
{
	struct application work = {.base = base,
				   .next = record_set_derive(base),
				   .change_set = change_set,
				   .revision = record_set_revision(base) + 1,
				   .problems = problems};

	*out = NULL;
	check_before(&work);
	if (!work.failed)
		make_changes(&work);
	if (!work.failed) {
		record_set_seal(work.next);
		work.failed = validate_since(work.next, work.revision, problems);
	}
	if (work.failed)
		record_set_free(work.next);
	else
		*out = work.next;
	return work.failed;
}
