/*
 * The registry as the engine sees it: compiled, indexed, immutable.
 *
 * Compile makes a world once per revision of the registry (or once per case):
 *
 *	struct world *world = world_new();
 *	symbol kr = symbols_add(world_symbols(world), BYTES_LITERAL("KR"));
 *	world_add_area(world, &(struct world_area){.record.id = kr, ...});
 *	world_seal(world);
 *
 * and from then on any number of threads read it without a lock.  All that a
 * world_add_* function is given is copied, except what must be in the world's
 * arena already: conditions, and the arrays of a rulebook.  Records may be
 * added in any order.  What decide() answers does not depend on that order.
 *
 * Lookups cost the same in a world of a thousand agreements and of a million;
 * an agreement takes less than 300 bytes, its id included.
 *
 * Words are symbols of the world's own table; SYMBOL_NONE is "not said".
 * Lists of words are shared: equal lists are stored once.
 */
#ifndef CARNET_ENGINE_WORLD_H
#define CARNET_ENGINE_WORLD_H

#include "base/arena.h"
#include "engine/condition.h"

struct world;

struct world *world_new(void);
void world_free(struct world *world);

/* The table to add words to while building.  Not after world_seal. */
struct symbols *world_symbols(struct world *world);

/* The same table for reading. */
const struct symbols *world_words(const struct world *world);

/* For conditions and rulebooks; lives as long as the world. */
struct arena *world_arena(struct world *world);

/* Sorts and indexes.  Nothing may be added afterwards. */
void world_seal(struct world *world);

/* A list of words, stored once.  Zero is the empty list. */
struct words {
	uint32_t at;
};

struct words world_list(struct world *world, const symbol *words, size_t count);

/* The words of a list, as many as `*count` says.  Good until the next world_list. */
const symbol *world_list_words(const struct world *world, struct words list, size_t *count);

/* A word that holds for a span of days: a membership, a law that binds. */
struct dated {
	symbol word;
	day from, until;
};

struct dated_words {
	const struct dated *items;
	size_t count;
};

/* ---- Records.  `record.kind` need not be filled in. ---- */

struct world_area {
	struct record record;
	symbol part_of;
	struct dated_words member_of;
};

struct world_category {
	struct record record;
	struct words broader; /* further ones and the id without its last part */
	struct words tags;
};

struct world_purpose {
	struct record record;
	struct words broader; /* as above */
};

struct world_party {
	struct record record;
	symbol area; /* its seat; none: anywhere */
	symbol sector, branch_of, employee_of;
	struct dated_words establishments, bound_by; /* `none` is the empty list */
	struct words supervised_by, is;
	enum answer public_body;
};

struct world_engagement {
	struct record record;
	symbol exporter, importer;
	symbol capacity, exporter_role, importer_role, keys_holder, keys_area;
	uint8_t keys_shared_control, provider_handles_data; /* enum answer */
};

struct world_data_set {
	struct record record;
	symbol exporter;
	struct words categories, origin, policies; /* `none` is the empty list */
	struct words subjects;                     /* empty: unknown */
	enum answer key, local_copy;
};

/* The numbers of carnet.v1.AccessMode. */
enum access_mode {
	ACCESS_UNSPECIFIED,
	ACCESS_STORAGE,
	ACCESS_REMOTE_ACCESS,
	ACCESS_TRANSMISSION,
	ACCESS_TRANSIT,
	ACCESS_ON_DEVICE,
	ACCESS_DIRECT_COLLECTION,
	ACCESS_DISCLOSURE_TO_AUTHORITY,
	ACCESS_MODE_COUNT
};

/* The mode's word, "remote-access", in the world's table; conditions compare
 * `access.mode` and `modes` with it.  There from world_new on. */
symbol world_mode_word(const struct world *world, enum access_mode mode);

struct world_agreement {
	struct record record;
	symbol exporter, importer, instrument, module;
	day signed_on; /* DAY_MAX: no date */
	struct words addenda, safeguards;
	struct words categories, purposes, areas; /* the word `any` covers all */
	uint8_t modes;                            /* bit (1 << enum access_mode) */
	bool any_mode;
	uint8_t annexes_complete, approved, unchanged; /* enum answer */
};

struct module {
	symbol module; /* none: the instrument has no modules */
	symbol exporter_role, importer_role;
};

struct window {
	symbol rulebook;
	day from, sign_until, rely_until; /* DAY_MIN, DAY_MAX: open */
};

struct world_instrument {
	struct record record;
	symbol kind;
	const struct module *modules;
	size_t module_count;
	const struct window *laws;
	size_t law_count;
};

/* The numbers of carnet.v1.CertificateStatus. */
enum certificate_status {
	CERTIFICATE_UNSPECIFIED,
	CERTIFICATE_ACTIVE,
	CERTIFICATE_SUSPENDED,
	CERTIFICATE_WITHDRAWN,
	CERTIFICATE_STATUS_COUNT
};

/* "active" ...: what conditions on `status` compare with. */
symbol world_status_word(const struct world *world, enum certificate_status status);

struct world_certificate {
	struct record record;
	symbol holder, scheme, role;
	struct words covers; /* categories or terms; `any` covers all */
	enum certificate_status status;
	day next_due; /* DAY_MAX: none */
};

struct world_finding {
	struct record record;
	symbol by, area, says;
	const struct condition *scope; /* NULL: always; no CONDITION_COND inside */
};

struct world_assessment {
	struct record record;
	symbol kind, by, exporter, importer, area, outcome;
	day date;     /* DAY_MIN: none given */
	day next_due; /* DAY_MAX: none */
};

struct world_disclosure {
	struct record record;
	symbol exporter;
	struct words areas, recipients, categories, purposes, names;
};

struct span {
	day from, until;
};

struct world_order {
	struct record record;
	symbol by, exporter, importer;
	struct words areas, categories; /* empty does not narrow */
	const struct span *stays;
	size_t stay_count;
};

/* What a caller's term of kind `fact` holds; the numbers of carnet.v1.ValueType. */
enum term_type {
	TERM_UNTYPED,
	TERM_FLAG,
	TERM_NUMBER,
	TERM_DATE,
	TERM_WORD,
	TERM_WORDS,
	TERM_AREA,
	TERM_PARTY,
	TERM_CATEGORY
};

struct world_term {
	struct record record;
	enum term_type type;
	bool by_caller;     /* the question may state it */
	bool silence_is_no; /* else saying nothing is unknown */
	bool offer;
	uint8_t effort;
	symbol owner;
};

/* ---- Rulebooks.  Their arrays are in world_arena already. ---- */

struct duty {
	symbol owe;
	const struct condition *when; /* NULL: always */
	bool standing;
	struct bytes cite;
	day from, until;
};

struct duties {
	const struct duty *items;
	size_t count;
};

struct ground {
	symbol id;
	struct bytes cite;
	day from, until;
	const struct condition *needs; /* an ALL of its needs */
	struct duties duties;
	uint8_t confidence; /* enum confidence */
	bool doubt;
	day review_by;
};

struct prohibition {
	symbol id;
	struct bytes cite;
	day from, until;
	bool reach_any;
	const struct condition *when;
	uint8_t confidence;
	bool doubt;
	day review_by;
};

struct world_rulebook {
	struct record record;
	bool policy;            /* else a law */
	bool default_permitted; /* else prohibited */
	struct words speaks_for;
	const struct condition *applies;        /* NULL: always */
	const struct condition *not_a_transfer; /* NULL: never */
	const struct ground *grounds;
	size_t ground_count;
	const struct prohibition *prohibitions;
	size_t prohibition_count;
	struct duties duties;
	struct bytes cite;
	symbol owner;
};

void world_add_area(struct world *world, const struct world_area *area);
void world_add_category(struct world *world, const struct world_category *category);
void world_add_purpose(struct world *world, const struct world_purpose *purpose);
void world_add_party(struct world *world, const struct world_party *party);
void world_add_engagement(struct world *world, const struct world_engagement *engagement);
void world_add_data_set(struct world *world, const struct world_data_set *data_set);
void world_add_agreement(struct world *world, const struct world_agreement *agreement);
void world_add_instrument(struct world *world, const struct world_instrument *instrument);
void world_add_certificate(struct world *world, const struct world_certificate *certificate);
void world_add_finding(struct world *world, const struct world_finding *finding);
void world_add_assessment(struct world *world, const struct world_assessment *assessment);
void world_add_disclosure(struct world *world, const struct world_disclosure *disclosure);
void world_add_order(struct world *world, const struct world_order *order);
void world_add_rulebook(struct world *world, const struct world_rulebook *rulebook);
void world_add_term(struct world *world, const struct world_term *term);

/* ---- Reading a sealed world ---- */

/* The record of this kind and id that speaks on a day, as known at a revision,
 * or NULL.  For the kinds that a question names: area, category, purpose,
 * party, data-set, instrument, rulebook, term; NULL for others.  Cast to the
 * kind's struct. */
const struct record *world_get(const struct world *world, enum record_kind kind, symbol id,
			       day as_of, uint64_t known_at);

#endif
