#include "server/caller.h"

#include <string.h>

static bool is_hex(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!strchr("0123456789abcdef", text.data[i]) || !text.data[i])
			return false;
	return true;
}

struct bytes caller_trace(struct bytes header)
{
	enum { TRACE_DIGITS = 32 };
	struct bytes version, trace, rest = bytes_cut(header, '-', &version);

	rest = bytes_cut(rest, '-', &trace);
	if (version.size != 2 || trace.size != TRACE_DIGITS || !rest.data || !is_hex(trace))
		return (struct bytes){0};
	return trace;
}

struct bytes caller_on_behalf_of(struct bytes header)
{
	enum { ON_BEHALF_OF_MAX = 256 };

	return header.size <= ON_BEHALF_OF_MAX && bytes_are_text(header) ? header
									 : (struct bytes){0};
}

void caller_grant(struct caller *caller, const Carnet__V1__ServerConfig *config,
		  struct arena *arena)
{
	caller->role_count = 0;
	if (!caller->identity.size)
		return;
	caller->grant = access_grant_of(config, caller->identity, arena);
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (caller->grant.roles & 1u << i)
			caller->role_names[caller->role_count++] =
				bytes_of_string(access_role_name(i));
}

static const char *name_roles(unsigned roles, struct arena *arena)
{
	const char *text = "";

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (roles & 1u << i)
			text = arena_printf(arena, "%s%s%s", text, *text ? " or " : "",
					    access_role_name(i));
	return text;
}

bool caller_may(const struct caller *caller, unsigned roles, struct arena *arena,
		struct failure *failure)
{
	if (!caller->identity.size) {
		*failure = failure_make(RPC_UNAUTHENTICATED, "NO_IDENTITY",
					"the certificate must hold exactly one SPIFFE URI");
		return false;
	}
	if (caller->grant.roles & roles)
		return true;
	*failure =
		failure_make(RPC_PERMISSION_DENIED, "ROLE_MISSING",
			     arena_printf(arena, "%.*s lacks the role %s",
					  BYTES_PRINT(caller->identity), name_roles(roles, arena)));
	return false;
}

bool caller_may_export(const struct caller *caller, struct bytes exporter, struct arena *arena,
		       struct failure *failure)
{
	if (caller->grant.any_exporter)
		return true;
	for (size_t i = 0; i < caller->grant.exporter_count; i++)
		if (bytes_equal_string(exporter, caller->grant.exporters[i]))
			return true;
	*failure = failure_make(RPC_PERMISSION_DENIED, "EXPORTER_NOT_BOUND",
				arena_printf(arena, "%.*s may not ask for the exporter '%.*s'",
					     BYTES_PRINT(caller->identity), BYTES_PRINT(exporter)));
	return false;
}

struct evidence_call caller_evidence(const struct caller *caller, instant_ms instant)
{
	return (struct evidence_call){
		.identity = caller->identity,
		.roles = caller->role_names,
		.role_count = caller->role_count,
		.on_behalf_of = caller->on_behalf_of,
		.door = caller->door,
		.trace = caller->trace,
		.instant = instant,
	};
}
