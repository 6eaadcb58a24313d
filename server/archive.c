#include "server/archive.h"

#include "receipt/checkpoint.h"
#include "server/store_log.h"

static int no_entry(struct store_transaction *transaction, uint64_t index, struct error *error)
{
	int rc = store_environment_failure(transaction, error);

	return rc ? rc
		  : error_set(error, ERR_CORRUPT, "the store lacks the entry %llu of its log",
			      (unsigned long long)index);
}

static int rebuild(struct store_transaction *transaction, struct bytes value, uint64_t index,
		   uint16_t position, struct arena *arena, struct batch_leaf *out,
		   struct bytes *subject, struct error *error)
{
	struct batch_entry entry;
	int rc = batch_read(value, position, store_log_fetch_batch, transaction, &entry, error);

	if (rc)
		return rc;
	batch_prepare(&entry, arena, out);
	batch_seal(&entry.head, batch_iat(value), arena, out);
	*subject = arena_copy(arena, entry.values[DISCLOSURE_SUBJECT]);
	if (!hash_equal(&out->hash, &entry.hash))
		return error_set(error, ERR_CORRUPT,
				 "what the store keeps of entry %llu does not make its leaf",
				 (unsigned long long)index);
	return 0;
}

static int read_checkpoint(struct store_transaction *transaction, struct arena *arena,
			   struct checkpoint *out, struct bytes *note, struct error *error)
{
	int rc;

	if (!store_log_head(transaction, note)) {
		rc = store_environment_failure(transaction, error);
		return rc ? rc : error_set(error, ERR_NOT_FOUND, "the log is empty");
	}
	*note = arena_copy(arena, *note);
	return checkpoint_parse(*note, arena, out, error);
}

/* The path also ties the stored leaf hash to the root that was signed. */
static int prove(struct store_transaction *transaction, const struct checkpoint *checkpoint,
		 struct archive_receipt *out, struct error *error)
{
	struct merkle_tree tree = {0};
	int rc = merkle_load(&tree, checkpoint->size, store_log_read_node, transaction, error);

	if (!rc)
		rc = merkle_prove_inclusion(&tree, out->index, store_log_read_node, transaction,
					    &out->path, error);
	if (!rc)
		rc = merkle_verify_inclusion(&out->leaf.hash, out->index, checkpoint->size,
					     out->path.hashes, out->path.count, &checkpoint->root,
					     error);
	return rc;
}

static int read_receipt(struct store_transaction *transaction, uint64_t index, struct arena *arena,
			struct archive_receipt *out, struct error *error)
{
	struct checkpoint checkpoint;
	struct bytes value;
	uint64_t first;
	int rc = read_checkpoint(transaction, arena, &checkpoint, &out->checkpoint, error);

	if (rc)
		return rc;
	if (index >= checkpoint.size)
		return error_set(error, ERR_NOT_FOUND,
				 "the log has %llu entries, none is number %llu",
				 (unsigned long long)checkpoint.size, (unsigned long long)index);
	if (!store_log_find_batch(transaction, index, &first, &value))
		return no_entry(transaction, index, error);
	out->index = index;
	rc = rebuild(transaction, value, index, (uint16_t)(index - first), arena, &out->leaf,
		     &out->subject, error);
	return rc ? rc : prove(transaction, &checkpoint, out, error);
}

int archive_receipt(struct store *store, uint64_t index, struct arena *arena,
		    struct archive_receipt *out, struct error *error)
{
	struct store_transaction *transaction;
	int rc = store_environment_read(store, &transaction, error);

	if (rc)
		return rc;
	rc = read_receipt(transaction, index, arena, out, error);
	store_environment_abort(transaction);
	return rc;
}

int archive_checkpoint(struct store *store, struct arena *arena, struct bytes *note,
		       struct error *error)
{
	struct store_transaction *transaction;
	struct checkpoint checkpoint;
	int rc = store_environment_read(store, &transaction, error);

	if (rc)
		return rc;
	rc = read_checkpoint(transaction, arena, &checkpoint, note, error);
	store_environment_abort(transaction);
	return rc;
}

static int check_batch(struct store_transaction *transaction, struct bytes value, uint64_t first,
		       struct error *error)
{
	struct arena *arena = arena_new(0);
	struct batch_leaf leaf;
	struct bytes subject;
	int rc = 0;

	for (uint16_t i = 0; !rc && i < batch_count(value); i++) {
		rc = rebuild(transaction, value, first + i, i, arena, &leaf, &subject, error);
		arena_reset(arena);
	}
	arena_free(arena);
	return rc;
}

int archive_check(struct store *store, uint64_t first, uint64_t end, struct error *error)
{
	struct store_transaction *transaction;
	struct bytes value;
	uint64_t at;
	int rc = store_environment_read(store, &transaction, error);

	if (rc)
		return rc;
	while (!rc && first < end) {
		if (!store_log_find_batch(transaction, first, &at, &value)) {
			rc = no_entry(transaction, first, error);
			break;
		}
		rc = check_batch(transaction, value, at, error);
		first = at + batch_count(value);
	}
	store_environment_abort(transaction);
	return rc;
}
