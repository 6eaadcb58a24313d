#include "server/daemon.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "receipt/vkey.h"
#include "registry/revision.h"
#include "server/console.h"
#include "server/store_registry.h"

static bool lists(const struct record_slice *slice, const char *origin, const char *vkey)
{
	const Carnet__V1__Log *log = slice->record->log;

	return strcmp(log->origin, origin) == 0 && strcmp(log->key, vkey) == 0 &&
	       log->final_size == 0;
}

int daemon_check_log(const struct record_set *records, const char *origin, const char *vkey, day on,
		     struct error *error)
{
	size_t count;
	const struct record_slice *const *slices = record_set_kind(records, KIND_LOG, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record_slice *slice =
			record_set_speaks(records, KIND_LOG, bytes_of_string(slices[i]->record->id),
					  on, REVISION_NEWEST);

		if (slice && lists(slice, origin, vkey))
			return 0;
	}
	return error_set(error, ERR_WRONG_STATE,
			 "the registry lists no open log '%s' with the key %s; nothing may be "
			 "signed under an origin that the registry does not know",
			 origin, vkey);
}

static int load_set(struct store_transaction *transaction, struct record_set **out,
		    struct revision_header *header, struct error *error)
{
	struct record_set *set;
	int rc;

	if (!store_registry_newest(transaction, header))
		return error_set(error, ERR_CORRUPT, "the store holds no revision of the registry");
	set = record_set_new();
	rc = store_registry_load(transaction, true, set, error);
	record_set_seal(set);
	if (rc)
		record_set_free(set);
	else
		*out = set;
	return rc;
}

/* What is stored must be what the newest header says. */
static int check_set(const struct record_set *set, const struct revision_header *header,
		     struct error *error)
{
	struct digest digest = revision_digest(set, REVISION_NEWEST);

	if (hash_equal(&digest, &header->records))
		return 0;
	return error_set(error, ERR_CORRUPT,
			 "the stored records do not make the digest of revision %llu",
			 (unsigned long long)header->number);
}

static int compile(struct record_set *set, const struct revision_header *header,
		   struct snapshot **out, struct error *error)
{
	struct problems problems;
	int rc;

	problems_init(&problems);
	rc = snapshot_new(set, out, &problems);
	if (rc)
		rc = problems_error(&problems, error);
	else
		snapshot_set_header(*out, header);
	problems_release(&problems);
	return rc;
}

static int load_registry(struct daemon *daemon, struct error *error)
{
	struct store_transaction *transaction;
	struct revision_header header;
	struct record_set *set = NULL;
	struct snapshot *snapshot = NULL;
	int rc = store_environment_read(daemon->store, &transaction, error);

	if (rc)
		return rc;
	rc = load_set(transaction, &set, &header, error);
	if (!rc) {
		rc = check_set(set, &header, error);
		if (rc)
			record_set_free(set);
		else
			rc = compile(set, &header, &snapshot, error);
	}
	store_environment_abort(transaction); /* the header's texts were its */
	if (rc)
		return error_prefix(error, "registry");
	snapshot_slot_init(&daemon->registry, snapshot);
	daemon->has_registry = true;
	return 0;
}

static char *write_vkey(const char *origin, const struct ed25519_key *key)
{
	struct buffer text = {0};
	struct vkey vkey;
	char *out;

	vkey_make(bytes_of_string(origin), VKEY_NOTE, ed25519_public_of(key), &vkey);
	vkey_format(&vkey, &text);
	out = memory_copy_string(buffer_string(&text));
	buffer_release(&text);
	return out;
}

static int open_key(struct daemon *daemon, struct error *error)
{
	int rc = ed25519_read(daemon->config->log_key, &daemon->key, error);

	if (!rc)
		daemon->vkey = write_vkey(daemon->config->origin, daemon->key);
	return rc;
}

static int open_journal(struct daemon *daemon, struct error *error)
{
	const char *mark = daemon->config->high_water;
	const struct journal_config config = {
		.store = daemon->store,
		.origin = daemon->config->origin,
		.key = daemon->key,
		.high_water = *mark ? mark : NULL,
		.waiting = daemon->config->limits->waiting_receipts,
	};

	return journal_open(&config, &daemon->journal, error);
}

static int open_parts(struct daemon *daemon, struct error *error)
{
	const Carnet__V1__ServerConfig *config = daemon->config;
	int rc = open_key(daemon, error);

	if (!rc)
		rc = store_environment_open(config->data, config->store_mib, false, &daemon->store,
					    error);
	if (!rc)
		rc = load_registry(daemon, error);
	if (!rc)
		rc = daemon_check_log(daemon->registry.newest->records, config->origin,
				      daemon->vkey, instant_day(instant_now()), error);
	if (!rc)
		rc = open_journal(daemon, error);
	if (!rc)
		rc = aside_new(&daemon->aside, error);
	if (!rc)
		daemon->source = source_local_new(daemon->journal, &daemon->registry, config->node);
	return rc;
}

int daemon_open(const struct config *config, struct daemon **out, struct error *error)
{
	struct daemon *daemon = memory_new(sizeof(*daemon));
	int rc;

	daemon->config = config->message;
	daemon->answers = answers_new(ANSWERS_BYTES);
	atomic_init(&daemon->serving, false);
	atomic_init(&daemon->searches, 0);
	rc = open_parts(daemon, error);
	if (rc) {
		daemon_close(daemon);
		return rc;
	}
	if (!*config->message->high_water)
		console_info("no high-water file is configured: a restored backup would not be "
			     "noticed",
			     NULL);
	atomic_store(&daemon->serving, true);
	*out = daemon;
	return 0;
}

void daemon_stop(struct daemon *daemon)
{
	atomic_store(&daemon->serving, false);
	aside_stop(daemon->aside); /* it waits for the journal */
	journal_stop(daemon->journal);
}

void daemon_close(struct daemon *daemon)
{
	if (!daemon)
		return;
	aside_free(daemon->aside);
	source_free(daemon->source);
	journal_close(daemon->journal);
	if (daemon->has_registry)
		snapshot_slot_release(&daemon->registry);
	store_environment_close(daemon->store);
	answers_free(daemon->answers);
	ed25519_free(daemon->key);
	free(daemon->vkey);
	free(daemon);
}
