/*
 * From the engine's decision to the answer on the wire.
 *
 * The engine says what the rulebooks hold; whether the caller may send is said
 * here, outside decide(), because it also depends on what the engine does not
 * see: whether the answer is about now, whether there will be a receipt, how
 * recently the registry was confirmed.
 */
#ifndef CARNET_CONTRACT_ANSWER_H
#define CARNET_CONTRACT_ANSWER_H

#include "base/arena.h"
#include "carnet/v1/transfer.pb-c.h"
#include "contract/question.h"
#include "contract/words.h"
#include "crypto/hash.h"
#include "engine/decision.h"

/* Where an answer is given.  Zero is the side that never authorises. */
struct answer_place {
	struct digest revision_digest; /* of asked->revision; all zero: there is none */
	bool live;                     /* a log will hold the receipt; false offline */
	bool confirmed; /* the registry is known to be current; a local store always is */
};

/*
 * The whole decision as a message in the arena, independent of world and question: texts for
 * people, did-you-mean for words the registry does not know, and `authorises`, which is true only
 * if the answer is not advisory, the verdict permits, every duty that is not standing is marked
 * yes, and the registry is confirmed.
 */
Carnet__V1__Decision *answer_write(const struct asked *asked, const struct decision *decision,
				   const struct answer_place *place, struct arena *arena);

/* Names records as answers do; as many messages as there are records. */
Carnet__V1__RecordReference **answer_records(const struct asked *asked, struct records records,
					     struct arena *arena);

/* Says the reasons of an answer in another language; everything else, codes among
 * it, stays. */
void answer_reword(Carnet__V1__Decision *decision, enum language language, struct arena *arena);

/* The kind of leaf that its receipt has: "decision", or "advisory". */
const char *answer_leaf_kind(const Carnet__V1__Decision *decision);

/* True for the three verdicts that let data go, given all else. */
bool answer_permits(Carnet__V1__Verdict verdict);

/*
 * What `carnet check` exits with: 0 authorised, 1 denied, 3 indeterminate or
 * unspecified, 5 permitted but advisory or with duties not accepted.
 */
int answer_exit_code(const Carnet__V1__Decision *decision);

#endif
