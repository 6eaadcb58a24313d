#include "server/store_environment.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "server/store_requests.h"

struct store {
	MDB_env *env;
	MDB_dbi tables[STORE_TABLE_COUNT];
	int lock; /* descriptor of the lock file */
	char *folder;
	struct store_requests *requests;
};

struct store_transaction {
	struct store *store;
	MDB_txn *txn;
	struct error error; /* the first failure */
};

static const char *const table_names[STORE_TABLE_COUNT] = {
	[STORE_META] = "meta",           [STORE_RECORDS] = "records",
	[STORE_REVISIONS] = "revisions", [STORE_CHANGES] = "changes",
	[STORE_PROPOSALS] = "proposals", [STORE_REQUESTS] = "requests",
	[STORE_ENTRIES] = "entries",     [STORE_NODES] = "nodes",
};

static MDB_val value_of(struct bytes bytes)
{
	union { /* LMDB takes keys and values without const, and only reads them */
		const uint8_t *given;
		void *taken;
	} data = {.given = bytes.data};

	return (MDB_val){.mv_size = bytes.size, .mv_data = data.taken};
}

static struct bytes bytes_of_value(const MDB_val *value)
{
	return bytes_of(value->mv_data, value->mv_size);
}

/* ------------------------------------------------------------------------
 * Opening */

/* flock, not LMDB's own lock: that one lets two writers take turns. */
static int take_lock(struct store *store, struct error *error)
{
	struct buffer path = {0};

	buffer_printf(&path, "%s/lock", store->folder);
	store->lock = open(buffer_string(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	buffer_release(&path);
	if (store->lock < 0)
		return error_set(error, ERR_SYSTEM, "cannot open '%s/lock': %s", store->folder,
				 strerror(errno));
	if (flock(store->lock, LOCK_EX | LOCK_NB) < 0)
		return error_set(error, ERR_EXISTS,
				 "another carnetd is using '%s': one log has one writer; stop that "
				 "one, or choose another data folder",
				 store->folder);
	return 0;
}

static bool holds_store(const struct store *store)
{
	struct buffer path = {0};
	struct stat info;
	bool found;

	buffer_printf(&path, "%s/data.mdb", store->folder);
	found = stat(buffer_string(&path), &info) == 0;
	buffer_release(&path);
	return found;
}

static int check_presence(const struct store *store, bool create, struct error *error)
{
	bool found = holds_store(store);

	if (create && found)
		return error_set(error, ERR_WRONG_STATE,
				 "'%s' holds a store already; choose an empty folder",
				 store->folder);
	if (!create && !found)
		return error_set(error, ERR_NOT_FOUND,
				 "'%s' holds no store; make one with 'carnetd init'",
				 store->folder);
	return 0;
}

static int open_environment(struct store *store, uint32_t mib, struct error *error)
{
	size_t size = (size_t)(mib ? mib : STORE_MIB_DEFAULT) << 20;
	int rc = mdb_env_create(&store->env);

	if (!rc)
		rc = mdb_env_set_mapsize(store->env, size);
	if (!rc)
		rc = mdb_env_set_maxdbs(store->env, STORE_TABLE_COUNT);
	if (!rc)
		rc = mdb_env_set_maxreaders(store->env, STORE_READERS_MAX);
	if (!rc) /* readers belong to their transaction, not to a thread */
		rc = mdb_env_open(store->env, store->folder, MDB_NOTLS, 0600);
	if (rc)
		return error_set(error, ERR_SYSTEM, "cannot open the store in '%s': %s",
				 store->folder, mdb_strerror(rc));
	return 0;
}

static int open_tables(struct store *store, bool create, struct error *error)
{
	MDB_txn *txn = NULL;
	int rc = mdb_txn_begin(store->env, NULL, 0, &txn);

	for (int i = 0; !rc && i < STORE_TABLE_COUNT; i++)
		rc = mdb_dbi_open(txn, table_names[i], create ? MDB_CREATE : 0, &store->tables[i]);
	if (!rc) {
		rc = mdb_txn_commit(txn);
	} else if (txn) {
		mdb_txn_abort(txn);
	}
	if (rc)
		return error_set(error, rc == MDB_NOTFOUND ? ERR_CORRUPT : ERR_SYSTEM,
				 "cannot open the tables of the store in '%s': %s", store->folder,
				 mdb_strerror(rc));
	return 0;
}

static const struct bytes format_key = BYTES_LITERAL("format");

static int write_format(struct store *store, struct error *error)
{
	const uint8_t format = STORE_FORMAT;
	struct store_transaction *transaction;
	int rc = store_environment_write(store, &transaction, error);

	if (rc)
		return rc;
	store_environment_put(transaction, STORE_META, format_key, bytes_of(&format, 1));
	return store_environment_commit(transaction, error);
}

static int check_format(struct store *store, struct error *error)
{
	struct store_transaction *transaction;
	struct bytes value = {0};
	int rc = store_environment_read(store, &transaction, error);

	if (rc)
		return rc;
	store_environment_get(transaction, STORE_META, format_key, &value);
	if (value.size != 1)
		rc = error_set(error, ERR_CORRUPT, "the store in '%s' names no format: %s",
			       store->folder, "restore it from a backup");
	else if (value.data[0] > STORE_FORMAT)
		rc = error_set(error, ERR_WRONG_STATE,
			       "the store in '%s' has format %u, this carnetd reads up to %d; use "
			       "the newer carnetd that wrote it",
			       store->folder, value.data[0], STORE_FORMAT);
	store_environment_abort(transaction);
	return rc;
}

static bool remember_request(void *arg, struct bytes key, struct bytes value)
{
	struct bytes digest = bytes_skip(key, 8);
	struct digest who_and_id;
	uint64_t index = 0, gone;

	(void)value; /* may be large, and lies on pages of its own */
	if (!hash_read(digest, &who_and_id))
		return true;
	for (int i = 0; i < 8; i++)
		index = index << 8 | key.data[i];
	store_requests_add(arg, &who_and_id, index, &gone);
	return true;
}

static int load_requests(struct store *store, struct error *error)
{
	struct store_transaction *transaction;
	int rc = store_environment_read(store, &transaction, error);

	if (rc)
		return rc;
	store->requests = store_requests_new(STORE_REQUESTS_MAX);
	store_environment_walk(transaction, STORE_REQUESTS, (struct bytes){0}, (struct bytes){0},
			       remember_request, store->requests);
	rc = store_environment_failure(transaction, error);
	store_environment_abort(transaction);
	return rc;
}

int store_environment_open(const char *folder, uint32_t mib, bool create, struct store **out,
			   struct error *error)
{
	struct store *store = memory_new(sizeof(*store));
	int rc;

	store->folder = memory_copy_string(folder);
	store->lock = -1;
	rc = check_presence(store, create, error);
	if (!rc)
		rc = take_lock(store, error);
	if (!rc)
		rc = open_environment(store, mib, error);
	if (!rc)
		rc = open_tables(store, create, error);
	if (!rc)
		rc = create ? write_format(store, error) : check_format(store, error);
	if (!rc)
		rc = load_requests(store, error);
	if (rc) {
		store_environment_close(store);
		return rc;
	}
	*out = store;
	return 0;
}

void store_environment_close(struct store *store)
{
	if (!store)
		return;
	if (store->env)
		mdb_env_close(store->env);
	if (store->lock >= 0)
		close(store->lock);
	store_requests_free(store->requests);
	free(store->folder);
	free(store);
}

/* ------------------------------------------------------------------------
 * Transactions */

static int begin(struct store *store, unsigned flags, struct store_transaction **out,
		 struct error *error)
{
	struct store_transaction *transaction = memory_new(sizeof(*transaction));
	int rc = mdb_txn_begin(store->env, NULL, flags, &transaction->txn);

	if (rc) {
		free(transaction);
		return error_set(error, ERR_SYSTEM, "cannot use the store in '%s': %s",
				 store->folder, mdb_strerror(rc));
	}
	transaction->store = store;
	*out = transaction;
	return 0;
}

int store_environment_read(struct store *store, struct store_transaction **out, struct error *error)
{
	return begin(store, MDB_RDONLY, out, error);
}

int store_environment_write(struct store *store, struct store_transaction **out,
			    struct error *error)
{
	return begin(store, 0, out, error);
}

void store_environment_abort(struct store_transaction *transaction)
{
	if (!transaction)
		return;
	mdb_txn_abort(transaction->txn);
	free(transaction);
}

/* LMDB returns ENOSPC and MDB_MAP_FULL while it writes pages that nothing refers to yet: the
 * old state stands.  Whatever else goes wrong may have gone wrong in a sync. */
static int remember(struct store_transaction *transaction, int rc, const char *step)
{
	int code = rc == ENOSPC || rc == MDB_MAP_FULL ? ERR_UNAVAILABLE : ERR_SYSTEM;

	if (!transaction->error.code)
		error_set(&transaction->error, code, "the store in '%s' cannot %s: %s",
			  transaction->store->folder, step, mdb_strerror(rc));
	return transaction->error.code;
}

int store_environment_fail(struct store_transaction *transaction, int code, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (!transaction->error.code)
		error_set(&transaction->error, code, "%s", text);
	return transaction->error.code;
}

int store_environment_failure(const struct store_transaction *transaction, struct error *error)
{
	if (transaction->error.code && error)
		*error = transaction->error;
	return transaction->error.code;
}

int store_environment_commit(struct store_transaction *transaction, struct error *error)
{
	int rc, code;

	if (transaction->error.code) {
		code = store_environment_failure(transaction, error);
		store_environment_abort(transaction);
		return code;
	}
	rc = mdb_txn_commit(transaction->txn); /* frees it, whatever comes */
	if (rc)
		remember(transaction, rc, "write");
	code = store_environment_failure(transaction, error);
	free(transaction);
	return code;
}

/* ------------------------------------------------------------------------
 * Steps */

/* True for a pair that is there; remembers all but its absence. */
static bool found_by(struct store_transaction *transaction, int rc)
{
	if (rc && rc != MDB_NOTFOUND)
		remember(transaction, rc, "read");
	return rc == 0;
}

bool store_environment_get(struct store_transaction *transaction, enum store_table table,
			   struct bytes key, struct bytes *value)
{
	MDB_val name = value_of(key), found = {0};

	if (transaction->error.code)
		return false;
	if (!found_by(transaction,
		      mdb_get(transaction->txn, transaction->store->tables[table], &name, &found)))
		return false;
	*value = bytes_of_value(&found);
	return true;
}

static void put(struct store_transaction *transaction, enum store_table table, struct bytes key,
		struct bytes value, unsigned flags)
{
	MDB_val name = value_of(key), content = value_of(value);
	int rc;

	if (transaction->error.code)
		return;
	rc = mdb_put(transaction->txn, transaction->store->tables[table], &name, &content, flags);
	if (rc == MDB_KEYEXIST)
		store_environment_fail(transaction, ERR_CORRUPT,
				       "the table '%s' holds keys behind its end",
				       table_names[table]);
	else if (rc)
		remember(transaction, rc, "write");
}

void store_environment_put(struct store_transaction *transaction, enum store_table table,
			   struct bytes key, struct bytes value)
{
	put(transaction, table, key, value, 0);
}

void store_environment_append(struct store_transaction *transaction, enum store_table table,
			      struct bytes key, struct bytes value)
{
	put(transaction, table, key, value, MDB_APPEND);
}

void store_environment_drop(struct store_transaction *transaction, enum store_table table,
			    struct bytes key)
{
	MDB_val taken = value_of(key);
	int rc;

	if (transaction->error.code)
		return;
	rc = mdb_del(transaction->txn, transaction->store->tables[table], &taken, NULL);
	if (rc && rc != MDB_NOTFOUND)
		remember(transaction, rc, "write");
}

struct store_requests *store_environment_requests(struct store_transaction *transaction)
{
	return transaction->store->requests;
}

static MDB_cursor *open_cursor(struct store_transaction *transaction, enum store_table table)
{
	MDB_cursor *cursor = NULL;
	int rc;

	if (transaction->error.code)
		return NULL;
	rc = mdb_cursor_open(transaction->txn, transaction->store->tables[table], &cursor);
	if (rc)
		remember(transaction, rc, "read");
	return rc ? NULL : cursor;
}

/* Ends a look: hands over the pair if there is one. */
static bool close_cursor(struct store_transaction *transaction, MDB_cursor *cursor, int rc,
			 const MDB_val *name, const MDB_val *content, struct bytes *found,
			 struct bytes *value)
{
	mdb_cursor_close(cursor);
	if (!found_by(transaction, rc))
		return false;
	*found = bytes_of_value(name);
	*value = bytes_of_value(content);
	return true;
}

bool store_environment_seek(struct store_transaction *transaction, enum store_table table,
			    struct bytes key, struct bytes *found, struct bytes *value)
{
	MDB_cursor *cursor = open_cursor(transaction, table);
	MDB_val name = value_of(key), content = {0};

	if (!cursor)
		return false;
	return close_cursor(transaction, cursor,
			    mdb_cursor_get(cursor, &name, &content, MDB_SET_RANGE), &name, &content,
			    found, value);
}

bool store_environment_seek_back(struct store_transaction *transaction, enum store_table table,
				 struct bytes key, struct bytes *found, struct bytes *value)
{
	MDB_cursor *cursor = open_cursor(transaction, table);
	MDB_val name = value_of(key), content = {0};
	int rc;

	if (!cursor)
		return false;
	rc = mdb_cursor_get(cursor, &name, &content, MDB_SET_RANGE);
	if (rc == MDB_NOTFOUND)
		rc = mdb_cursor_get(cursor, &name, &content, MDB_LAST);
	else if (!rc && !bytes_equal(bytes_of_value(&name), key))
		rc = mdb_cursor_get(cursor, &name, &content, MDB_PREV);
	return close_cursor(transaction, cursor, rc, &name, &content, found, value);
}

bool store_environment_last(struct store_transaction *transaction, enum store_table table,
			    struct bytes *found, struct bytes *value)
{
	MDB_cursor *cursor = open_cursor(transaction, table);
	MDB_val name = {0}, content = {0};

	if (!cursor)
		return false;
	return close_cursor(transaction, cursor, mdb_cursor_get(cursor, &name, &content, MDB_LAST),
			    &name, &content, found, value);
}

static bool has_prefix(struct bytes key, struct bytes prefix)
{
	return key.size >= prefix.size && bytes_equal(bytes_of(key.data, prefix.size), prefix);
}

void store_environment_walk(struct store_transaction *transaction, enum store_table table,
			    struct bytes prefix, struct bytes start, store_visit *visit, void *arg)
{
	MDB_cursor *cursor = open_cursor(transaction, table);
	struct bytes first = start.size ? start : prefix;
	MDB_val name = value_of(first), content = {0};
	int rc;

	if (!cursor)
		return;
	/* LMDB has no empty keys, and refuses to look for one. */
	rc = mdb_cursor_get(cursor, &name, &content, first.size ? MDB_SET_RANGE : MDB_FIRST);
	while (!rc && has_prefix(bytes_of_value(&name), prefix) &&
	       visit(arg, bytes_of_value(&name), bytes_of_value(&content)))
		rc = mdb_cursor_get(cursor, &name, &content, MDB_NEXT);
	mdb_cursor_close(cursor);
	found_by(transaction, rc);
}
