/*
 * Why a call has no answer: a canonical code, a stable reason for programs, a
 * sentence for people, and what the caller can do about it.  Doors translate it
 * (gRPC: google.rpc.Status).
 */
#ifndef CARNET_SERVER_FAILURE_H
#define CARNET_SERVER_FAILURE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "contract/question.h"
#include "registry/problems.h"
#include "rpc/status.h"

enum { FAILURE_RETRY_MS = 100 };

struct failure_field {
	const char *field, *description;
};

struct failure {
	enum rpc_code code;
	const char *reason; /* UPPER_SNAKE_CASE, a literal */
	const char *text;
	const struct failure_field *fields; /* with RPC_INVALID_ARGUMENT */
	size_t field_count;
	int64_t retry_ms; /* 0: retrying is no cure */
};

/* Without fields; with a retry hint for UNAVAILABLE and RESOURCE_EXHAUSTED. */
struct failure failure_make(enum rpc_code code, const char *reason, const char *text);

/* From one of our errors; the text is copied into the arena.  What is the
 * machine's fault says so without its inner details. */
struct failure failure_of_error(const struct error *error, struct arena *arena);

/* The same where the error's line begins with the path of the field: "a[1].b: what". */
struct failure failure_of_field(const struct error *error, struct arena *arena);

/* INVALID_ARGUMENT (or ABORTED, for ERR_CONFLICT) with a field each. */
struct failure failure_of_violations(const struct question_violations *violations,
				     struct arena *arena);
struct failure failure_of_problems(int code, const struct problems *problems, struct arena *arena);

/* Appends the bytes of its google.rpc.Status, at most FAILURE_STATUS_MAX: long texts are
 * cut, and of many fields only the first are named.  INVALID_ARGUMENT always names a
 * field: without `fields`, the path that its text begins with. */
enum { FAILURE_STATUS_MAX = 3000, FAILURE_TEXT_MAX = 400 };
void failure_status(const struct failure *failure, struct arena *arena, struct buffer *out);

#endif
