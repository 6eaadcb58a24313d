/*
 * What `check` and `find` are given: a question on the command line or the cases
 * of a file, records that lie over it, whom to ask, and how answers are shown
 * and kept.
 */
#ifndef CARNET_CLIENT_QUESTIONS_H
#define CARNET_CLIENT_QUESTIONS_H

#include "client/ask.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/output.h"
#include "client/phrase.h"
#include "registry/folder.h"

struct questions {
	struct arena *arena;
	struct ask ask; /* the question of the command line */
	struct asker asker;
	const char *receipt; /* where receipts are kept; NULL: nowhere */
	enum output output;
	enum language language;
	struct folder *cases; /* what -f holds, once open; NULL: the command line asks */
	/* private */
	struct texts files, given;
	struct folder *records; /* what --given holds */
};

enum {
	OPTION_FILE = 4000,
	OPTION_GIVEN,
	OPTION_RECEIPT,
	OPTION_OUTPUT,
	OPTION_LANGUAGE,
};
#define QUESTIONS_OPTIONS                                                                 \
	ASK_OPTIONS, ASKER_OPTIONS, {"file", OPTION_FILE, 'f', false},                    \
		{"given", OPTION_GIVEN, 0, false}, {"receipt", OPTION_RECEIPT, 0, false}, \
		{"output", OPTION_OUTPUT, 'o', false},                                    \
	{                                                                                 \
		"language", OPTION_LANGUAGE, 'l', false                                   \
	}

/* The same for a help text; a command may go on about --to between them. */
#define QUESTIONS_HELP_DATA                                                            \
	"The question:\n"                                                              \
	"  --exporter PARTY      who lets it go; without it the data-set's exporter\n" \
	"  --data-set ID         what the exporter holds\n"                            \
	"  --category ID         of it only this; may be there many times\n"           \
	"  --purpose ID          what for\n"                                           \
	"  --to PARTY            who gets it; each further --to is the next in the chain\n"
#define QUESTIONS_HELP_RECIPIENT                                                       \
	"    --storage AREA        where that recipient stores it, besides its seat\n" \
	"    --access AREA         from where it looks\n"                              \
	"    --mode MODE           storage, remote-access, transmission, transit,\n"   \
	"                          on-device, direct-collection,\n"                    \
	"                          disclosure-to-authority\n"                          \
	"    --engagement ID       under which, if the two have several\n"             \
	"  --fact NAME=VALUE     what you state: subject.age=34, a list as a,b,c\n"    \
	"  --performs DUTY[=no]  a duty you carry out, or will not\n"
#define QUESTIONS_HELP_WORLD                               \
	"  --as-of DATE          another day than today\n" \
	"  --known-at REVISION   an older registry\n"      \
	"  --given FILE          records that exist for this question only\n"

void questions_init(struct questions *questions);
void questions_release(struct questions *questions);

/* 1 if the option was one of these and is taken in, 0 if it is none, ERR_INVALID if its value
 * cannot be. */
int questions_option(struct questions *questions, const struct option *option, struct error *error);

/* ERR_INVALID for options that do not go together, or if nothing is asked: then `how` says how to
 * ask. */
int questions_check(const struct questions *questions, const char *how, struct error *error);

/* Reads the files and finds whom to ask.  If there are `many` receipts they are kept in a folder,
 * of which the path need not say that it is one. */
int questions_open(struct questions *questions, bool many, struct error *error);

/* One question, the records of --given laid over it; `one` is the case that it is from, NULL: the
 * command line asks. */
typedef int questions_ask(void *arg, Carnet__V1__CheckRequest *request,
			  const struct folder_case *one, enum outcome *outcome,
			  struct error *error);

/* Asks them all, one after the other, and tells the errors, each with its case; the outcome of
 * all. */
enum outcome questions_each(const struct questions *questions, questions_ask *ask, void *arg);

#endif
