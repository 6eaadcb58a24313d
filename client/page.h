/*
 * An answer as a page that a person reads: verdict, whether it authorises, each
 * rulebook's opinion, what failed, the duties, how long it holds.
 */
#ifndef CARNET_CLIENT_PAGE_H
#define CARNET_CLIENT_PAGE_H

#include "base/buffer.h"
#include "contract/case.h"
#include "registry/folder.h"

struct page {
	const Carnet__V1__Decision *decision;
	const struct folder_case *one;    /* the case that asked; NULL: none did */
	const struct case_result *result; /* with a case: how it differs from what it expects */
	const char *receipt;              /* its short name; NULL: there is none */
	const char *kept;                 /* the file that holds it; NULL: none */
	bool coloured;
};

/* Appends the page; nothing in it can steer a terminal but our own colours. */
void page_write(const struct page *page, struct buffer *out);

/* "DENIED" */
const char *page_verdict(Carnet__V1__Verdict verdict);

#endif
