#include "server/wire_receipt.h"

#include <string.h>

#include "server/service.h"
#include "text/allocator.h"

static ProtobufCBinaryData binary(struct bytes bytes, struct arena *arena)
{
	return (ProtobufCBinaryData){
		.len = bytes.size,
		.data = memcpy(arena_alloc(arena, bytes.size + 1), bytes.data, bytes.size),
	};
}

static Carnet__V1__Receipt *start(const char *origin, uint64_t index, const struct batch_leaf *leaf,
				  struct arena *arena)
{
	Carnet__V1__Receipt *out = allocator_message(arena, &carnet__v1__receipt__descriptor);

	out->origin = arena_string(arena, bytes_of_string(origin));
	out->index = index;
	out->jti = service_base64url(bytes_of(leaf->jti, sizeof(leaf->jti)), arena);
	return out;
}

static void add_leaf(Carnet__V1__Receipt *out, const struct batch_leaf *leaf, struct arena *arena)
{
	out->leaf = binary(leaf->entry, arena);
	out->disclosures = arena_array(arena, char *, DISCLOSURE_COUNT);
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		if (leaf->disclosures.texts[i].size)
			out->disclosures[out->n_disclosures++] =
				arena_string(arena, leaf->disclosures.texts[i]);
}

static void add_proof(Carnet__V1__Receipt *out, const struct digest *path, size_t count,
		      struct bytes checkpoint, struct arena *arena)
{
	out->path = arena_array(arena, ProtobufCBinaryData, count);
	out->n_path = count;
	for (size_t i = 0; i < count; i++)
		out->path[i] = binary(hash_view(&path[i]), arena);
	out->checkpoint = arena_string(arena, checkpoint);
}

Carnet__V1__Receipt *wire_receipt_of_entry(const char *origin, const struct journal_entry *entry,
					   struct bytes checkpoint, Carnet__V1__ReceiptForm form,
					   struct arena *arena)
{
	Carnet__V1__Receipt *out = start(origin, entry->index, &entry->leaf, arena);

	if (form == CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE)
		return out;
	add_leaf(out, &entry->leaf, arena);
	add_proof(out, entry->path, entry->path_count, checkpoint, arena);
	return out;
}

Carnet__V1__Receipt *wire_receipt_of_archive(const char *origin,
					     const struct archive_receipt *receipt,
					     Carnet__V1__ReceiptForm form, struct arena *arena)
{
	Carnet__V1__Receipt *out = start(origin, receipt->index, &receipt->leaf, arena);

	if (form == CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE)
		return out;
	add_leaf(out, &receipt->leaf, arena);
	add_proof(out, receipt->path.hashes, receipt->path.count, receipt->checkpoint, arena);
	return out;
}
