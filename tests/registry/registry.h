/* A small registry to break, and how to read what broke. */
#ifndef CARNET_TEST_REGISTRY_H
#define CARNET_TEST_REGISTRY_H

#include <stdlib.h>

#include "base/memory.h"
#include "registry/folder.h"
#include "registry/validate.h"

/* What the records of the tests rest on. */
static const char ground[] = "area: {id: EEA, kind: group}\n---\n"
			     "area: {id: KR, kind: country}\n---\n"
			     "area: {id: NO, kind: country, member-of: EEA}\n---\n"
			     "data-category: {id: user}\n---\n"
			     "data-category: {id: user.contact}\n---\n"
			     "purpose: {id: essential}\n---\n"
			     "party: {id: line-plus, area: KR, bound-by: none}\n---\n"
			     "party: {id: google, bound-by: none}\n---\n"
			     "term: {id: encrypt, kind: duty}\n---\n"
			     "term: {id: vpn, kind: measure}\n---\n"
			     "term: {id: carrier, kind: capacity}\n---\n"
			     "term: {id: processor, kind: role}\n---\n"
			     "term: {id: adequate, kind: finding}\n---\n"
			     "term: {id: tia, kind: assessment}\n---\n"
			     "term: {id: open-question, kind: question}\n---\n"
			     "term: {id: contract, kind: instrument-kind}\n---\n"
			     "term: {id: consent.given, kind: fact, type: flag, by: caller, "
			     "silence: no}\n---\n"
			     "term: {id: subject.age, kind: fact, type: number, by: caller, "
			     "silence: unknown}\n---\n"
			     "instrument: {id: scc, kind: contract, modules: [{module: c2p}], "
			     "source: [OJ], confidence: high}\n---\n"
			     "rulebook: {id: law, kind: law, default: prohibited, "
			     "applies: {exporter.areas: {has: KR}}, source: [OJ], "
			     "confidence: high}\n";

static inline struct folder *folder_with(const char *name, const char *text,
					 struct problems *problems)
{
	struct folder *folder = folder_new();

	folder_add_text(folder, "ground.yaml", bytes_of_string(ground), problems);
	folder_add_text(folder, name, bytes_of_string(text), problems);
	return folder;
}

/* Everything that is wrong with the text, one a line; the caller's to free. */
static inline char *problems_in(const char *name, const char *text)
{
	struct problems problems;
	struct buffer out = {0};
	struct folder *folder;
	char *copy;

	problems_init(&problems);
	folder = folder_with(name, text, &problems);
	validate_set(folder_records(folder), &problems);
	problems_print(&problems, &out);
	copy = memory_copy_string(buffer_string(&out));
	buffer_release(&out);
	problems_release(&problems);
	folder_free(folder);
	return copy;
}

#endif
