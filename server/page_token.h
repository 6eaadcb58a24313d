/*
 * Where a search goes on: the token that one page of answers hands to the next.
 *
 * It binds the revision and the day that the search began with, the last word
 * looked at, and the digest of the question: with another question, or changed in
 * any bit, it is no token.  It is sealed under a secret that follows from the log's
 * key, so it outlives a restart, and nobody else can make one.  Callers keep it as
 * it is; what is in it may change with any version.
 */
#ifndef CARNET_SERVER_PAGE_TOKEN_H
#define CARNET_SERVER_PAGE_TOKEN_H

#include "base/arena.h"
#include "base/date.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"

struct page_token {
	uint64_t revision;
	day as_of;
	struct bytes last; /* the word to go on after */
};

/* As text, in the arena. */
char *page_token_write(const struct page_token *token, const struct digest *question,
		       const struct ed25519_key *key, struct arena *arena);

/* False if the text is no token of this question; `out->last` lives in the arena. */
bool page_token_read(const char *text, const struct digest *question, const struct ed25519_key *key,
		     struct arena *arena, struct page_token *out);

#endif
