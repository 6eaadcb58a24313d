#include "receipt/receipt.h"

#include "base/base64.h"
#include "receipt/checkpoint.h"
#include "receipt/proof.h"

int receipt_write(const struct receipt_parts *parts, struct buffer *out, struct error *error)
{
	struct proof proof = {.index = parts->index,
			      .path = parts->path,
			      .path_count = parts->path_count,
			      .checkpoint = parts->checkpoint};
	struct buffer extra = {0};
	int result;

	base64url_append(&extra, parts->entry);
	buffer_append_byte(&extra, '~');
	for (size_t i = 0; i < parts->disclosure_count; i++) {
		if (parts->disclosures[i].size == 0)
			continue;
		buffer_append(&extra, parts->disclosures[i]);
		buffer_append_byte(&extra, '~');
	}
	proof.extra = buffer_bytes(&extra);
	result = proof_write(&proof, out, error);
	buffer_release(&extra);
	return result;
}

static int check_place(const struct proof *proof, const struct checkpoint *checkpoint,
		       struct error *error)
{
	size_t length;

	if (proof->index >= checkpoint->size)
		return error_set(error, ERR_INVALID,
				 "the index %llu lies beyond the checkpoint's %llu entries",
				 (unsigned long long)proof->index,
				 (unsigned long long)checkpoint->size);
	length = merkle_inclusion_length(proof->index, checkpoint->size);
	if (proof->path_count != length)
		return error_set(error, ERR_INVALID,
				 "the path has %zu hashes, entry %llu of %llu needs %zu",
				 proof->path_count, (unsigned long long)proof->index,
				 (unsigned long long)checkpoint->size, length);
	return 0;
}

/* base64url(E) "~"; the disclosures are what is left. */
static int read_leaf(struct bytes extra, struct arena *arena, struct receipt *out,
		     struct bytes *disclosures, struct error *error)
{
	struct buffer entry = {0};
	struct bytes text;
	int result;

	*disclosures = bytes_cut(extra, '~', &text);
	if (!disclosures->data)
		return error_set(error, ERR_INVALID, "the line 'extra' is not a leaf and '~'");
	if (!base64url_decode(&entry, text)) {
		buffer_release(&entry);
		return error_set(error, ERR_INVALID, "the leaf is not base64url");
	}
	out->entry = arena_copy(arena, buffer_bytes(&entry));
	buffer_release(&entry);
	result = leaf_parse(out->entry, &out->leaf, error);
	out->leaf_hash = merkle_leaf(out->entry);
	return result;
}

static bool is_shown(const struct receipt *receipt, enum disclosure which)
{
	for (size_t i = 0; i < receipt->disclosure_count; i++)
		if (receipt->disclosures[i].which == which)
			return true;
	return false;
}

static int open_disclosures(struct bytes texts, struct arena *arena, struct receipt *out,
			    struct error *error)
{
	while (texts.size) {
		struct bytes text;
		struct leaf_opened opened;
		int result;

		texts = bytes_cut(texts, '~', &text);
		if (!texts.data)
			return error_set(error, ERR_INVALID,
					 "the last disclosure does not end with '~'");
		result = leaf_open(&out->leaf, text, arena, &opened, error);
		if (result)
			return result;
		if (is_shown(out, opened.which))
			return error_set(error, ERR_INVALID,
					 "the disclosure '%s' stands there twice",
					 leaf_disclosure_name(opened.which));
		out->disclosures[out->disclosure_count++] = opened;
	}
	return 0;
}

/* A log speaks for itself alone. */
static int check_meaning(const struct receipt *receipt, struct error *error)
{
	struct bytes name = bytes_skip(receipt->leaf.iss, sizeof("https://") - 1);

	if (bytes_start_with(receipt->leaf.iss, "https://") && bytes_equal(name, receipt->origin))
		return 0;
	return error_set(error, ERR_CORRUPT, "the leaf was issued by '%.*s', not by the log '%.*s'",
			 BYTES_PRINT(receipt->leaf.iss), BYTES_PRINT(receipt->origin));
}

static int verify(struct bytes file, const struct policy *policy, struct arena *arena,
		  struct receipt *out, struct error *error)
{
	struct proof proof;
	struct checkpoint checkpoint;
	struct bytes disclosures;
	int result;

	if ((result = proof_parse(file, arena, &proof, error)) ||
	    (result = checkpoint_parse(proof.checkpoint, arena, &checkpoint, error)) ||
	    (result = policy_check(policy, &checkpoint, arena, &out->findings, error)) ||
	    (result = check_place(&proof, &checkpoint, error)) ||
	    (result = read_leaf(proof.extra, arena, out, &disclosures, error)) ||
	    /* Size and root from the signed note only: a path does not bind the size. */
	    (result = merkle_verify_inclusion(&out->leaf_hash, proof.index, checkpoint.size,
					      proof.path, proof.path_count, &checkpoint.root,
					      error)) ||
	    (result = open_disclosures(disclosures, arena, out, error)))
		return result;
	out->origin = checkpoint.origin;
	out->index = proof.index;
	out->size = checkpoint.size;
	out->root = checkpoint.root;
	out->checkpoint = proof.checkpoint;
	return check_meaning(out, error);
}

int receipt_verify(struct bytes file, const struct policy *policy, struct arena *arena,
		   struct receipt *out, struct error *error)
{
	struct receipt receipt = {0};
	int result = verify(file, policy, arena, &receipt, error);

	if (!result)
		*out = receipt;
	return result;
}

struct bytes receipt_value(const struct receipt *receipt, enum disclosure which)
{
	for (size_t i = 0; i < receipt->disclosure_count; i++)
		if (receipt->disclosures[i].which == which)
			return receipt->disclosures[i].value;
	return bytes_of(NULL, 0);
}
