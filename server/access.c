#include "server/access.h"

#include <string.h>

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_CHECKER] = "checker", [ROLE_EDITOR] = "editor",     [ROLE_APPROVER] = "approver",
	[ROLE_AUDITOR] = "auditor", [ROLE_OPERATOR] = "operator",
};

const char *access_role_name(enum role role)
{
	return role_names[role];
}

/* The role's bit; 0 for a word that is no role. */
static unsigned role_bit(const char *name)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (strcmp(role_names[i], name) == 0)
			return 1u << i;
	return 0;
}

static unsigned roles_of(const Carnet__V1__Access *rule)
{
	unsigned roles = 0;

	for (size_t i = 0; i < rule->n_roles; i++)
		roles |= role_bit(rule->roles[i]);
	return roles;
}

static int check_rule(const Carnet__V1__Access *rule, size_t number, struct error *error)
{
	const char *star = strchr(rule->identity, '*');
	bool checker = roles_of(rule) & 1u << ROLE_CHECKER;

	if (!bytes_start_with(bytes_of_string(rule->identity), "spiffe://"))
		return error_set(error, ERR_INVALID,
				 "access[%zu].identity: '%s' is no SPIFFE URI; write "
				 "spiffe://domain/path",
				 number, rule->identity);
	if (star && star[1])
		return error_set(error, ERR_INVALID,
				 "access[%zu].identity: '%s': * may stand at the end only", number,
				 rule->identity);
	for (size_t i = 0; i < rule->n_roles; i++)
		if (!role_bit(rule->roles[i]))
			return error_set(error, ERR_INVALID,
					 "access[%zu].roles: '%s' is no role; there are checker, "
					 "editor, approver, auditor, operator",
					 number, rule->roles[i]);
	if (!rule->n_roles)
		return error_set(error, ERR_INVALID, "access[%zu].roles: is missing", number);
	if (checker != (rule->n_exporters > 0))
		return error_set(error, ERR_INVALID,
				 checker ? "access[%zu].exporters: is missing; name those that the "
					   "checker may ask for, or any"
					 : "access[%zu].exporters: stands without the role checker",
				 number);
	return 0;
}

int access_check(const Carnet__V1__ServerConfig *config, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < config->n_access; i++)
		rc = check_rule(config->access[i], i, error);
	return rc;
}

static bool matches(const char *pattern, struct bytes identity)
{
	size_t size = strlen(pattern);

	if (size && pattern[size - 1] == '*')
		return identity.size >= size - 1 && memcmp(pattern, identity.data, size - 1) == 0;
	return bytes_equal_string(identity, pattern);
}

static void add_exporter(struct access_grant *grant, const char *exporter)
{
	if (strcmp(exporter, "any") == 0)
		grant->any_exporter = true;
	else
		grant->exporters[grant->exporter_count++] = exporter;
}

struct access_grant access_grant_of(const Carnet__V1__ServerConfig *config, struct bytes identity,
				    struct arena *arena)
{
	struct access_grant grant = {0};
	size_t total = 0;

	for (size_t i = 0; i < config->n_access; i++)
		total += config->access[i]->n_exporters;
	grant.exporters = arena_array(arena, const char *, total);
	for (size_t i = 0; i < config->n_access; i++) {
		const Carnet__V1__Access *rule = config->access[i];

		if (!matches(rule->identity, identity))
			continue;
		grant.roles |= roles_of(rule);
		for (size_t k = 0; k < rule->n_exporters; k++)
			add_exporter(&grant, rule->exporters[k]);
	}
	return grant;
}
