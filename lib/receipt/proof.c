#include "receipt/proof.h"

#include "base/base64.h"
#include "receipt/reader.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1\n"

int proof_write(const struct proof *proof, struct buffer *out, struct error *error)
{
	if (proof->extra.size > PROOF_EXTRA_MAX)
		return error_set(error, ERR_LIMIT,
				 "leaf and disclosures have %zu bytes, a receipt file holds %d",
				 proof->extra.size, PROOF_EXTRA_MAX);
	buffer_append_string(out, FIRST_LINE);
	if (proof->extra.size) {
		buffer_append_string(out, "extra ");
		base64_append(out, proof->extra);
		buffer_append_byte(out, '\n');
	}
	buffer_printf(out, "index %llu\n", (unsigned long long)proof->index);
	for (size_t i = 0; i < proof->path_count; i++) {
		base64_append(out, hash_view(&proof->path[i]));
		buffer_append_byte(out, '\n');
	}
	buffer_append_byte(out, '\n');
	buffer_append(out, proof->checkpoint);
	return 0;
}

static void read_extra(struct reader *r, struct arena *arena, struct bytes *out)
{
	struct buffer raw = {0};
	struct bytes text;

	reader_literal(r, "extra ", "the line 'extra'");
	text = reader_until(r, '\n', "the line 'extra'");
	if (text.size > (PROOF_EXTRA_MAX + 2) / 3 * 4)
		reader_fail(r, "an 'extra' of at most 45000 bytes");
	else if (!base64_decode(&raw, text))
		reader_fail(r, "the base64 of the line 'extra'");
	if (!r->failed)
		*out = arena_copy(arena, buffer_bytes(&raw));
	buffer_release(&raw);
}

static void read_path(struct reader *r, struct arena *arena, struct proof *out)
{
	struct digest *path = arena_array(arena, struct digest, MERKLE_PATH_MAX);

	while (!r->failed && !reader_sees(r, "\n") && out->path_count < MERKLE_PATH_MAX) {
		path[out->path_count++] = reader_base64_digest(r, "a hash of the path");
		reader_literal(r, "\n", "the end of a hash of the path");
	}
	out->path = path;
	reader_literal(r, "\n", "the empty line before the checkpoint");
}

/* There is one text per proof, or a change could hide in it. */
static int check_again(struct bytes file, const struct proof *proof, struct error *error)
{
	struct buffer again = {0};
	int result = proof_write(proof, &again, error);

	if (!result && !bytes_equal(buffer_bytes(&again), file))
		result = error_set(error, ERR_INVALID,
				   "the receipt file is not written in its strict form");
	buffer_release(&again);
	return result;
}

int proof_parse(struct bytes file, struct arena *arena, struct proof *out, struct error *error)
{
	struct reader r = reader_of(file);
	int result;

	if (file.size > PROOF_SIZE_MAX)
		return error_set(error, ERR_LIMIT, "the receipt file is larger than %d bytes",
				 PROOF_SIZE_MAX);
	*out = (struct proof){0};
	reader_literal(&r, FIRST_LINE, "the first line 'c2sp.org/tlog-proof@v1'");
	if (reader_sees(&r, "extra"))
		read_extra(&r, arena, &out->extra);
	reader_literal(&r, "index ", "the line 'index'");
	out->index = reader_decimal(&r, MERKLE_SIZE_MAX, "the index");
	reader_literal(&r, "\n", "the end of the index");
	read_path(&r, arena, out);
	out->checkpoint = reader_take(&r, r.left.size, "the checkpoint");

	result = reader_finish(&r, "receipt file", error);
	return result ? result : check_again(file, out, error);
}
