/*
 * Reason codes as sentences.
 *
 * The table in words.c has the English sentences, and with them what codes and
 * parts there are.  Other languages are words.LANGUAGE.txt beside it, which
 * translators edit and the build embeds; whoever has words of his own for
 * people keeps them there too, below keys of his own.  Programs read the code:
 * a sentence may change.
 */
#ifndef CARNET_CONTRACT_WORDS_H
#define CARNET_CONTRACT_WORDS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/decision.h"

/* What a sentence may speak of; each may be empty. */
struct words_parts {
	struct bytes word;  /* a ground, a fact, a duty, an area ... */
	struct bytes text;  /* as the question says it */
	struct bytes field; /* "recipients[0].storage[1]" */
	struct bytes condition, found, expected;
};

enum language { LANGUAGE_ENGLISH, LANGUAGE_KOREAN, LANGUAGE_JAPANESE, LANGUAGE_COUNT };

/* "en", "ko", "ja": true, and which. */
bool words_language(struct bytes name, enum language *out);

/* The English sentence in the arena; the code's name for a code without one. */
char *words_reason(enum reason_code code, const struct words_parts *parts, struct arena *arena);

/* The same in another language. */
char *words_reason_in(enum language language, enum reason_code code,
		      const struct words_parts *parts, struct arena *arena);

/* A sentence as it stands in its table, parts in brackets; `without`: what is said
 * where a part is missing.  Empty: there is none. */
struct bytes words_sentence(enum language language, enum reason_code code, bool without);

/* The `number`th line below a key in the table of another language than English; empty: there is
 * none. */
struct bytes words_line(enum language language, const char *key, int number);

/* What stands for a name in braces; empty: it is missing. */
typedef struct bytes words_part(const void *arg, struct bytes name);

/* Appends a sentence with its parts; false if one is missing.  What is put in is not looked at
 * again. */
bool words_expand(struct bytes sentence, words_part *part, const void *arg, struct buffer *out);

#endif
