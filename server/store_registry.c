#include "server/store_registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/memory.h"
#include "registry/kind.h"
#include "server/cursor.h"
#include "server/store_requests.h"
#include "text/allocator.h"

/* ------------------------------------------------------------------------
 * Seals: what no other digest covers (a key, an answer kept, a proposal's
 * persons) is covered by the digest of table, key and value before the value. */

static struct digest seal_of(enum store_table table, struct bytes key, struct bytes value)
{
	uint8_t head[] = {(uint8_t)table, (uint8_t)(key.size >> 8), (uint8_t)key.size};
	const struct bytes parts[] = {bytes_of(head, sizeof(head)), key, value};

	return hash_parts(parts, 3);
}

static void put_sealed(struct store_transaction *transaction, enum store_table table,
		       struct bytes key, struct bytes value)
{
	struct digest seal = seal_of(table, key, value);
	struct buffer sealed = {0};

	buffer_append(&sealed, hash_view(&seal));
	buffer_append(&sealed, value);
	store_environment_put(transaction, table, key, buffer_bytes(&sealed));
	buffer_release(&sealed);
}

/* Takes the seal off `*value`; false, with the transaction failed, if it is broken. */
static bool unseal(struct store_transaction *transaction, enum store_table table, struct bytes key,
		   struct bytes *value)
{
	struct cursor c = cursor_of(*value);
	struct digest seal = cursor_digest(&c), now = seal_of(table, key, c.left);

	*value = c.left;
	if (!c.failed && hash_equal(&seal, &now))
		return true;
	store_environment_fail(transaction, ERR_CORRUPT,
			       "the store is damaged: a stored %s is not what was written",
			       table == STORE_RECORDS     ? "record"
			       : table == STORE_PROPOSALS ? "proposal"
							  : "answer under a request id");
	return false;
}

static bool get_sealed(struct store_transaction *transaction, enum store_table table,
		       struct bytes key, struct bytes *value)
{
	return store_environment_get(transaction, table, key, value) &&
	       unseal(transaction, table, key, value);
}

/* ------------------------------------------------------------------------
 * Records */

static void write_record_key(const struct record_slice *slice, struct buffer *out)
{
	struct record_key key = record_key_of(slice->record);

	buffer_append_string(out, kind_name(key.kind));
	buffer_append_byte(out, 0);
	buffer_append(out, key.id);
	buffer_append_byte(out, 0);
	buffer_append_u64(out, slice->revision);
	buffer_append(out, key.from);
}

/* Only the revision is read back: the rest stands in the record. */
static uint64_t read_record_key(struct bytes key)
{
	struct bytes part, rest = bytes_cut(key, 0, &part);
	struct cursor c;

	rest = bytes_cut(rest, 0, &part);
	c = cursor_of(rest);
	return cursor_u64(&c);
}

void store_registry_put_record(struct store_transaction *transaction,
			       const struct record_slice *slice)
{
	struct buffer key = {0}, value = {0};
	size_t size = carnet__v1__record__get_packed_size(slice->record);

	write_record_key(slice, &key);
	buffer_append(&value, hash_view(&slice->digest));
	carnet__v1__record__pack(slice->record, buffer_extend(&value, size));
	put_sealed(transaction, STORE_RECORDS, buffer_bytes(&key), buffer_bytes(&value));
	buffer_release(&key);
	buffer_release(&value);
}

struct load {
	struct store_transaction *transaction;
	struct record_set *set;
	ProtobufCAllocator allocator;
	bool verify;
};

static bool load_record(void *arg, struct bytes key, struct bytes value)
{
	struct load *load = arg;
	Carnet__V1__Record *record = NULL;
	struct digest digest, now;
	struct cursor c;

	if (!unseal(load->transaction, STORE_RECORDS, key, &value))
		return false;
	c = cursor_of(value);
	digest = cursor_digest(&c);
	if (!c.failed)
		record = carnet__v1__record__unpack(&load->allocator, c.left.size, c.left.data);
	if (!record) {
		store_environment_fail(load->transaction, ERR_CORRUPT,
				       "a stored record is damaged: '%.*s'", BYTES_PRINT(key));
		return false;
	}
	if (load->verify) {
		now = record_digest(record);
		if (!hash_equal(&now, &digest)) {
			store_environment_fail(load->transaction, ERR_CORRUPT,
					       "the stored record %s/%s is not what was written",
					       kind_name(kind_of(record)), record->id);
			return false;
		}
	}
	record_set_add(load->set, record, read_record_key(key), &digest);
	return true;
}

int store_registry_load(struct store_transaction *transaction, bool verify, struct record_set *set,
			struct error *error)
{
	struct load load = {
		.transaction = transaction,
		.set = set,
		.allocator = allocator_in(record_set_arena(set)),
		.verify = verify,
	};

	store_environment_walk(transaction, STORE_RECORDS, (struct bytes){0}, (struct bytes){0},
			       load_record, &load);
	return store_environment_failure(transaction, error);
}

/* ------------------------------------------------------------------------
 * Revisions */

void store_registry_put_revision(struct store_transaction *transaction,
				 const struct revision_header *header)
{
	struct buffer key = {0}, value = {0};

	buffer_append_u64(&key, header->number);
	revision_header_write(header, &value);
	store_environment_append(transaction, STORE_REVISIONS, buffer_bytes(&key),
				 buffer_bytes(&value));
	buffer_release(&key);
	buffer_release(&value);
}

static bool read_header(struct store_transaction *transaction, struct bytes value,
			struct revision_header *out)
{
	struct error error;

	if (revision_header_read(value, out, &error) == 0)
		return true;
	store_environment_fail(transaction, error.code, "%s", error.text);
	return false;
}

bool store_registry_revision(struct store_transaction *transaction, uint64_t number,
			     struct revision_header *out)
{
	struct buffer key = {0};
	struct bytes value;
	bool found;

	buffer_append_u64(&key, number);
	found = store_environment_get(transaction, STORE_REVISIONS, buffer_bytes(&key), &value);
	buffer_release(&key);
	return found && read_header(transaction, value, out);
}

bool store_registry_newest(struct store_transaction *transaction, struct revision_header *out)
{
	struct bytes key, value;

	return store_environment_last(transaction, STORE_REVISIONS, &key, &value) &&
	       read_header(transaction, value, out);
}

/* ------------------------------------------------------------------------
 * Change sets and proposals */

void store_registry_put_change_set(struct store_transaction *transaction,
				   const struct digest *digest, struct bytes json)
{
	store_environment_put(transaction, STORE_CHANGES, hash_view(digest), json);
}

bool store_registry_change_set(struct store_transaction *transaction, const struct digest *digest,
			       struct bytes *json)
{
	return store_environment_get(transaction, STORE_CHANGES, hash_view(digest), json);
}

void store_registry_put_proposal(struct store_transaction *transaction, const struct digest *digest,
				 const Carnet__V1__Proposal *proposal)
{
	struct buffer value = {0};
	size_t size = carnet__v1__proposal__get_packed_size(proposal);

	carnet__v1__proposal__pack(proposal, buffer_extend(&value, size));
	put_sealed(transaction, STORE_PROPOSALS, hash_view(digest), buffer_bytes(&value));
	buffer_release(&value);
}

bool store_registry_proposal(struct store_transaction *transaction, const struct digest *digest,
			     Carnet__V1__Proposal **out)
{
	struct bytes value;

	if (!get_sealed(transaction, STORE_PROPOSALS, hash_view(digest), &value))
		return false;
	*out = carnet__v1__proposal__unpack(NULL, value.size, value.data);
	if (!*out)
		store_environment_fail(transaction, ERR_CORRUPT, "a stored proposal is damaged");
	return *out != NULL;
}

/* ------------------------------------------------------------------------
 * Request ids */

static struct digest key_of_request(struct bytes who, struct bytes id)
{
	const struct bytes parts[] = {who, bytes_of("", 1), id};

	return hash_parts(parts, 3);
}

/* Rows lie in the order of the log, so that they are written side by side. */
static void write_request_key(uint64_t index, const struct digest *key, struct buffer *out)
{
	buffer_append_u64(out, index);
	buffer_append(out, hash_view(key));
}

/* Drops the rows up to an index: one, and those that a transaction left that was to drop them and
 * never ended. */
static void drop_requests(struct store_transaction *transaction, uint64_t last)
{
	struct bytes found, value;

	while (store_environment_seek(transaction, STORE_REQUESTS, bytes_of("", 1), &found,
				      &value)) {
		struct cursor c = cursor_of(found);
		struct buffer key = {0};

		if (cursor_u64(&c) > last)
			break;
		buffer_append(&key, found); /* a view into what is about to change */
		store_environment_drop(transaction, STORE_REQUESTS, buffer_bytes(&key));
		buffer_release(&key);
	}
}

void store_registry_put_request(struct store_transaction *transaction, struct bytes who,
				struct bytes id, const struct store_registry_request *request)
{
	struct digest digest = key_of_request(who, id);
	struct buffer key = {0}, value = {0};
	uint64_t gone;

	write_request_key(request->index, &digest, &key);
	buffer_append(&value, hash_view(&request->body));
	buffer_append(&value, request->answer);
	put_sealed(transaction, STORE_REQUESTS, buffer_bytes(&key), buffer_bytes(&value));
	buffer_release(&key);
	buffer_release(&value);
	if (store_requests_add(store_environment_requests(transaction), &digest, request->index,
			       &gone))
		drop_requests(transaction, gone);
}

bool store_registry_request(struct store_transaction *transaction, struct bytes who,
			    struct bytes id, struct store_registry_request *out)
{
	struct digest digest = key_of_request(who, id);
	struct buffer key = {0};
	struct bytes value;
	struct cursor c;
	bool found;

	if (!store_requests_find(store_environment_requests(transaction), &digest, &out->index))
		return false;
	write_request_key(out->index, &digest, &key);
	found = get_sealed(transaction, STORE_REQUESTS, buffer_bytes(&key), &value);
	buffer_release(&key);
	if (!found)
		return false;
	c = cursor_of(value);
	out->body = cursor_digest(&c);
	out->answer = c.left;
	if (c.failed)
		store_environment_fail(transaction, ERR_CORRUPT, "a stored request is damaged");
	return !c.failed;
}
