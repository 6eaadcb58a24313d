#include "server/recovery.h"

#include "receipt/checkpoint.h"
#include "server/archive.h"
#include "server/batch.h"
#include "server/store_log.h"

static int check_origin(const struct recovery *recovery, struct store_transaction *transaction,
			struct error *error)
{
	struct bytes origin;

	if (!store_log_origin(transaction, &origin))
		return error_set(error, ERR_CORRUPT, "the store does not say whose log it holds");
	if (!bytes_equal(origin, recovery->key->name))
		return error_set(error, ERR_WRONG_STATE,
				 "the store holds the log '%.*s', the configuration says '%.*s'",
				 BYTES_PRINT(origin), BYTES_PRINT(recovery->key->name));
	return 0;
}

static int read_head(const struct recovery *recovery, struct store_transaction *transaction,
		     struct arena *arena, struct checkpoint *out, struct error *error)
{
	struct bytes note;
	int rc;

	if (!store_log_head(transaction, &note))
		return error_set(error, ERR_CORRUPT, "the store holds no checkpoint");
	rc = checkpoint_parse(note, arena, out, error);
	if (!rc)
		rc = checkpoint_verify(out, recovery->key, error);
	return rc ? error_prefix(error, "the stored checkpoint") : 0;
}

/* The stored nodes must lead to the root that our own key has signed. */
static int load_tree(const struct recovery *recovery, struct store_transaction *transaction,
		     struct growth *growth, struct error *error)
{
	struct arena *arena = arena_new(0);
	struct checkpoint checkpoint;
	struct digest root;
	int rc = read_head(recovery, transaction, arena, &checkpoint, error);

	if (!rc)
		rc = growth_load(growth, checkpoint.size, transaction, error);
	if (!rc) {
		root = merkle_root(&growth->tree);
		if (!hash_equal(&root, &checkpoint.root))
			rc = error_set(
				error, ERR_CORRUPT,
				"the stored tree has another root than its checkpoint signs");
	}
	growth_discard(growth);
	arena_free(arena);
	return rc;
}

static int check_last_batch(struct store_transaction *transaction, uint64_t size, uint64_t *first,
			    uint64_t *iat, struct error *error)
{
	struct bytes value, key;

	if (!size || !store_log_find_batch(transaction, size - 1, first, &value) ||
	    *first + batch_count(value) != size ||
	    !store_environment_last(transaction, STORE_ENTRIES, &key, &value) ||
	    *first + batch_count(value) != size)
		return error_set(error, ERR_CORRUPT,
				 "the stored entries do not end where the tree of %llu ends",
				 (unsigned long long)size);
	*iat = batch_iat(value);
	return 0;
}

static int check_mark(const struct recovery *recovery, struct store_transaction *transaction,
		      uint64_t size, struct error *error)
{
	const struct high_water *mark = recovery->mark;
	struct merkle_tree old = {0};
	struct digest root;
	int rc;

	if (mark->size > size)
		return error_set(error, ERR_WRONG_STATE,
				 "the log '%s' has %llu entries here, but its high-water file "
				 "remembers %llu: this is an older copy; it must not sign again "
				 "under this origin",
				 mark->origin, (unsigned long long)size,
				 (unsigned long long)mark->size);
	if (mark->size == 0)
		return 0;
	rc = merkle_load(&old, mark->size, store_log_read_node, transaction, error);
	if (rc)
		return rc;
	root = merkle_root(&old);
	if (!hash_equal(&root, &mark->root))
		return error_set(error, ERR_WRONG_STATE,
				 "the log '%s' is not the one that its high-water file remembers: "
				 "their first %llu entries differ; it must not sign again under "
				 "this origin",
				 mark->origin, (unsigned long long)mark->size);
	return 0;
}

int recovery_check(const struct recovery *recovery, struct growth *growth, uint64_t *iat,
		   struct error *error)
{
	struct store_transaction *transaction;
	uint64_t first = 0;
	int rc = store_environment_read(recovery->store, &transaction, error);

	if (rc)
		return rc;
	rc = check_origin(recovery, transaction, error);
	if (!rc)
		rc = load_tree(recovery, transaction, growth, error);
	if (!rc)
		rc = check_last_batch(transaction, growth->tree.size, &first, iat, error);
	if (!rc && recovery->mark)
		rc = check_mark(recovery, transaction, growth->tree.size, error);
	store_environment_abort(transaction);
	return rc ? rc : archive_check(recovery->store, first, growth->tree.size, error);
}
