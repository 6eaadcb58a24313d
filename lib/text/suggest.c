#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

static uint8_t fold(uint8_t c)
{
	return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Edit distance in which two swapped neighbours count as one ("optimal string
 * alignment"), row by row; gives up with `limit` once a row has nothing below it.
 */
static unsigned distance_below(struct bytes a, struct bytes b, unsigned limit)
{
	unsigned rows[3][SUGGEST_SIZE_MAX + 1];
	unsigned *above = rows[0], *last = rows[1], *row = rows[2];

	for (unsigned k = 0; k <= b.size; k++)
		last[k] = k;
	for (unsigned i = 1; i <= a.size; i++) {
		unsigned best = row[0] = i, *spare = above;

		for (unsigned k = 1; k <= b.size; k++) {
			uint8_t x = fold(a.data[i - 1]), y = fold(b.data[k - 1]);

			row[k] = least(last[k - 1] + (x != y), least(last[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && x == fold(b.data[k - 2]) && y == fold(a.data[i - 2]))
				row[k] = least(row[k], above[k - 2] + 1);
			best = least(best, row[k]);
		}
		if (best >= limit)
			return limit;
		above = last;
		last = row;
		row = spare;
	}
	return least(last[b.size], limit);
}

struct suggestion suggest_for(struct bytes word)
{
	unsigned allowed = word.size < 3 ? 1 : least((unsigned)(word.size / 3), 3);

	return (struct suggestion){.word = word, .distance = allowed + 1};
}

void suggest_offer(struct suggestion *suggestion, struct bytes candidate)
{
	struct bytes word = suggestion->word;
	size_t gap = word.size > candidate.size ? word.size - candidate.size
						: candidate.size - word.size;
	unsigned distance;

	if (!word.size || !candidate.size || word.size > SUGGEST_SIZE_MAX ||
	    candidate.size > SUGGEST_SIZE_MAX || gap > suggestion->distance)
		return;
	distance = distance_below(word, candidate, suggestion->distance + 1);
	if (distance > suggestion->distance)
		return;
	if (distance == suggestion->distance &&
	    (!suggestion->best.size || bytes_compare(candidate, suggestion->best) >= 0))
		return;
	suggestion->best = candidate;
	suggestion->distance = distance;
}

struct bytes suggest_among(struct bytes word, const char *const *candidates, size_t count)
{
	struct suggestion suggestion = suggest_for(word);

	for (size_t i = 0; i < count; i++)
		suggest_offer(&suggestion, bytes_of_string(candidates[i]));
	return suggestion.best;
}

const char *suggest_text(const struct suggestion *suggestion, char out[SUGGEST_TEXT_SIZE])
{
	out[0] = 0;
	if (suggestion->best.size)
		snprintf(out, SUGGEST_TEXT_SIZE, "; did you mean '%.*s'?",
			 BYTES_PRINT(suggestion->best));
	return out;
}
