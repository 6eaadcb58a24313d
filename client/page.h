/*
 * An answer as a page that a person reads: verdict, whether it authorises, each
 * rulebook's opinion, what failed, the duties, how long it holds.
 *
 * It says a thing once: opinions that read alike are one, and of a ground that
 * fails it leaves aside what is merely open.  JSON has it all.
 */
#ifndef CARNET_CLIENT_PAGE_H
#define CARNET_CLIENT_PAGE_H

#include "base/buffer.h"
#include "client/phrase.h"
#include "contract/case.h"
#include "registry/folder.h"

struct page {
	const Carnet__V1__Decision *decision;
	const struct folder_case *one;    /* the case that asked; NULL: none did */
	const struct case_result *result; /* with a case: how it differs from what it expects */
	const char *receipt;              /* its short name; NULL: there is none */
	const char *kept;                 /* the file that holds it; NULL: none */
	enum language language;           /* that of the answer's reasons */
	bool coloured;
};

/* Appends what of a question's facts was ignored, and which words it may have meant, a line each.
 */
void page_write_ignored(Carnet__V1__Ignored *const *ignored, size_t count, enum language language,
			struct buffer *out);
void page_write_suggestions(Carnet__V1__Suggestion *const *near, size_t count, const char *indent,
			    enum language language, struct buffer *out);

/* Appends the line that names a receipt, and where it is kept unless that is NULL. */
void page_write_receipt(const char *receipt, const char *kept, enum language language,
			struct buffer *out);

/* Appends the page; nothing in it can steer a terminal but our own colours. */
void page_write(const struct page *page, struct buffer *out);

/* "DENIED", in no language */
const char *page_verdict(Carnet__V1__Verdict verdict);

#endif
