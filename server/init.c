#include "server/init.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/memory.h"
#include "receipt/vkey.h"
#include "registry/folder.h"
#include "registry/revision.h"
#include "registry/validate.h"
#include "server/dev_files.h"
#include "server/journal.h"
#include "server/snapshot.h"
#include "server/source.h"

/* Where things go, and what is made on the way. */
struct init {
	const struct init_options *options;
	struct arena *arena;
	const char *store, *log_key, *high_water;
	struct folder *folder;
	struct problems problems;
	struct ed25519_key *key;
	bool new_key;
	const char *vkey;
	struct snapshot *snapshot;
	struct revision_header header;
};

/* ------------------------------------------------------------------------
 * Before anything is written */

static int check_folder(const char *path, struct error *error)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool empty = true;

	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return error_set(error, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	while ((entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	closedir(folder);
	return empty ? 0
		     : error_set(error, ERR_WRONG_STATE, "'%s' is not empty; choose a new folder",
				 path);
}

static void choose_paths(struct init *init)
{
	const struct init_options *options = init->options;

	init->store = options->data;
	init->log_key = options->log_key;
	init->high_water = options->high_water;
	if (!options->dev)
		return;
	init->store = arena_printf(init->arena, "%s/store", options->data);
	init->log_key = arena_printf(init->arena, "%s/log.key", options->data);
	init->high_water = arena_printf(init->arena, "%s/high-water", options->data);
}

static int take_key(struct init *init, struct error *error)
{
	const char *origin = init->options->origin;
	struct buffer text = {0};
	struct vkey vkey;
	int rc = 0;

	if (!vkey_name_is_valid(bytes_of_string(origin)))
		return error_set(error, ERR_INVALID, "'%s' cannot be the origin of a log", origin);
	if (access(init->log_key, F_OK) == 0)
		rc = ed25519_read(init->log_key, &init->key, error);
	else
		init->key = ed25519_generate();
	if (rc)
		return rc;
	init->new_key = access(init->log_key, F_OK) != 0;
	vkey_make(bytes_of_string(origin), VKEY_NOTE, ed25519_public_of(init->key), &vkey);
	vkey_format(&vkey, &text);
	init->vkey = arena_string(init->arena, buffer_bytes(&text));
	buffer_release(&text);
	return 0;
}

/* An id for the log's record: origins hold characters that ids may not. */
static const char *log_id(const char *origin, struct arena *arena)
{
	char *id = arena_string(arena, bytes_of_string(origin));

	for (char *c = id; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:",
			    *c))
			*c = ':';
	return id;
}

/* Records that come from here, as if from one more folder. */
static void add_own_records(struct init *init)
{
	struct buffer text = {0};

	buffer_printf(&text,
		      "log:\n"
		      "  id: \"%s\"\n"
		      "  name: The receipt log of %s\n"
		      "  source: [carnetd init]\n"
		      "  origin: \"%s\"\n"
		      "  key: \"%s\"\n"
		      "  node: \"%s\"\n",
		      log_id(init->options->origin, init->arena), init->options->node,
		      init->options->origin, init->vkey, init->options->node);
	if (init->options->dev)
		dev_files_persons(&text);
	folder_add_text(init->folder, "carnetd-init.yaml", buffer_bytes(&text), &init->problems);
	buffer_release(&text);
}

static void print_problems(const struct problems *problems)
{
	struct buffer text = {0};

	problems_print(problems, &text);
	fputs(buffer_string(&text), stderr);
	buffer_release(&text);
}

static int refuse_folders(const struct init *init, struct error *error)
{
	print_problems(&init->problems);
	return error_set(error, ERR_INVALID, "the registry has %zu problem%s; nothing was written",
			 init->problems.total, init->problems.total == 1 ? "" : "s");
}

static int read_folders(struct init *init, struct error *error)
{
	const struct record_set *read;
	struct record_set *set;

	for (size_t i = 0; i < init->options->folder_count; i++)
		folder_add(init->folder, init->options->folders[i], &init->problems);
	add_own_records(init);
	read = folder_records(init->folder);
	if (!init->problems.total)
		validate_set(read, &init->problems);
	if (init->problems.total)
		return refuse_folders(init, error);
	set = record_set_derive(read);
	record_set_seal(set);
	if (snapshot_new(set, &init->snapshot, &init->problems))
		return refuse_folders(init, error);
	return 0;
}

static void make_header(struct init *init)
{
	init->header = (struct revision_header){
		.number = FOLDER_REVISION,
		.records = revision_digest(init->snapshot->records, REVISION_NEWEST),
		.instant = instant_now(),
		.reason = BYTES_LITERAL("carnetd init"),
	};
	snapshot_set_header(init->snapshot, &init->header);
}

/* ------------------------------------------------------------------------
 * Writing */

static int apply(void *arg, struct store_transaction *transaction, uint64_t first,
		 struct error *error)
{
	const struct init *init = arg;

	(void)first;
	(void)error;
	source_apply(transaction, init->snapshot, &init->header);
	return 0;
}

static int write_first(struct init *init, struct journal *journal, struct error *error)
{
	struct journal_entry entry = source_leaf(&init->header, init->options->node, init->arena);
	struct journal_group group = {
		.entries = &entry, .count = 1, .arena = init->arena, .apply = apply, .arg = init};

	return journal_write(journal, &group, error);
}

static int write_store(struct init *init, struct error *error)
{
	struct journal_config config = {.origin = init->options->origin,
					.key = init->key,
					.high_water = init->high_water,
					.create = true};
	struct journal *journal = NULL;
	int rc = file_make_folder(init->store, 0700, error);

	if (!rc && init->new_key)
		rc = ed25519_write(init->key, init->log_key, error);
	if (!rc)
		rc = store_environment_open(init->store, 0, true, &config.store, error);
	if (!rc)
		rc = journal_open(&config, &journal, error);
	if (!rc)
		rc = write_first(init, journal, error);
	journal_close(journal);
	store_environment_close(config.store);
	return rc;
}

static void tell(const struct init *init, struct init_result *out)
{
	struct buffer text = {0};

	record_set_slices(init->snapshot->records, &out->records);
	base64url_append(&text, hash_view(&init->header.records));
	snprintf(out->digest, sizeof(out->digest), "%s", buffer_string(&text));
	buffer_release(&text);
}

static int run(struct init *init, struct init_result *out, struct error *error)
{
	const struct init_options *options = init->options;
	int rc = check_folder(options->data, error);

	choose_paths(init);
	if (!rc)
		rc = take_key(init, error);
	if (!rc)
		rc = read_folders(init, error);
	if (rc)
		return rc;
	make_header(init);
	rc = write_store(init, error);
	if (!rc && options->dev)
		rc = dev_files_write(options->data, options->origin, options->node, init->vkey,
				     options->listen ? options->listen : "127.0.0.1:7443", error);
	if (!rc)
		tell(init, out);
	return rc;
}

int init_run(const struct init_options *options, struct init_result *out, struct error *error)
{
	struct init init = {.options = options};
	int rc;

	init.arena = arena_new(0);
	init.folder = folder_new();
	problems_init(&init.problems);
	rc = run(&init, out, error);
	snapshot_release(init.snapshot);
	ed25519_free(init.key);
	problems_release(&init.problems);
	folder_free(init.folder);
	arena_free(init.arena);
	return rc;
}
