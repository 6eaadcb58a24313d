/*
 * Whom questions are put to: a server, or the registry in folders.
 *
 * Every command asks either in the same way.  With --registry the answer comes
 * from the folders, is advisory and has no receipt.
 */
#ifndef CARNET_CLIENT_ASKER_H
#define CARNET_CLIENT_ASKER_H

#include "carnet/v1/transfer.pb-c.h"
#include "client/remote.h"
#include "client/texts.h"
#include "client/offline.h"

struct asker {
	struct remote_names server;
	struct texts folders; /* --registry; none: ask the server */
	/* private */
	struct remote *remote;
	struct offline *offline;
};

enum { OPTION_REGISTRY = 3000 };
#define ASKER_OPTIONS                                 \
	REMOTE_OPTIONS,                               \
	{                                             \
		"registry", OPTION_REGISTRY, 0, false \
	}
#define ASKER_HELP                                                                     \
	"Offline:\n"                                                                   \
	"  --registry DIR        ask the records in DIR; later ones lie over earlier " \
	"ones\n\n" REMOTE_HELP

/* True if the option was one of the asker's. */
bool asker_option(struct asker *asker, const struct option *option);

int asker_open(struct asker *asker, struct error *error);
void asker_release(struct asker *asker);

/* NULL if a server is asked. */
const struct offline *asker_offline(const struct asker *asker);

/* A slice of an offline registry as a server would hand it out. */
Carnet__V1__StoredRecord *asker_stored(const struct record_slice *slice, struct arena *arena);

/* Which records to look at. */
struct asker_listing {
	const char *kind;  /* as YAML names it */
	const char *as_of; /* empty: today */
	uint64_t known_at; /* 0: the newest revision */
};

typedef void asker_visit(void *arg, const Carnet__V1__StoredRecord *stored);

/* Calls `visit` for each record of the kind that speaks on the day, in the order of their ids.
 * They live in `keep`; if that is NULL, until `visit` returns. */
int asker_list(struct asker *asker, const struct asker_listing *listing, struct arena *keep,
	       asker_visit *visit, void *arg, struct error *error);

/* The one record of that id, in the arena; ERR_NOT_FOUND if none speaks on the day. */
int asker_get(struct asker *asker, const struct asker_listing *listing, const char *id,
	      struct arena *arena, Carnet__V1__StoredRecord **out, struct error *error);

/*
 * Puts one question.  0 with the response in the arena, its decision always
 * there, its receipt only from a server; else why there is no answer.
 */
int asker_ask(struct asker *asker, const Carnet__V1__CheckRequest *request, struct arena *arena,
	      Carnet__V1__CheckResponse **out, struct error *error);

#endif
