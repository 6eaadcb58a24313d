/*
 * A question in one line, and why an answer is not the one that was expected:
 * what a person needs to see beside FAIL.
 */
#ifndef CARNET_CLIENT_INQUIRY_H
#define CARNET_CLIENT_INQUIRY_H

#include "base/json.h"
#include "contract/case.h"

/*
 * "line-out-calls [user.contact.phone_number.caller] to carrier-be (transmission), for
 * essential.service, on 2021-09-07, with 2 records given".  `decision` tells the day if the
 * question does not; it may be NULL.  Nothing in it can steer a terminal.
 */
void inquiry_write(const Carnet__V1__CheckRequest *request, const Carnet__V1__Decision *decision,
		   struct buffer *out);

/*
 * Appends lines, each behind `indent`: the difference; the opinion it is about, by what it was
 * decided and on which records; its reasons; of a ground that was expected to decide, what failed.
 */
void inquiry_explain(const struct case_difference *difference, const char *indent,
		     struct buffer *out);

/* The same as one JSON object. */
void inquiry_explain_json(const struct case_difference *difference, struct json_writer *json);

#endif
