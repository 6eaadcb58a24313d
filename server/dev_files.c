#include "server/dev_files.h"

#include "base/file.h"
#include "carnet/v1/config.pb-c.h"
#include "crypto/cert.h"
#include "server/access.h"
#include "text/allocator.h"
#include "text/mapping.h"

#define ROLE_URI "spiffe://carnet.dev/role/"

void dev_files_persons(struct buffer *out)
{
	static const char *const roles[] = {"editor", "approver"};

	for (int i = 0; i < 2; i++)
		buffer_printf(out,
			      "---\n"
			      "person:\n"
			      "  id: dev-%s\n"
			      "  name: The %s of a development registry\n"
			      "  source: [carnetd init --dev]\n"
			      "  identities: [\"" ROLE_URI "%s\"]\n",
			      roles[i], roles[i], roles[i]);
}

static int write_pair(const struct cert_pair *pair, const char *folder, const char *name,
		      struct arena *arena, struct error *error)
{
	return cert_write(pair, arena_printf(arena, "%s/%s.pem", folder, name),
			  arena_printf(arena, "%s/%s.key", folder, name), error);
}

static int issue_server(const struct cert_pair *authority, const char *folder, struct arena *arena,
			struct error *error)
{
	static const char *const dns[] = {"localhost", NULL};
	static const char *const ip[] = {"127.0.0.1", "::1", NULL};
	const struct cert_request request = {.common_name = "carnetd (development)",
					     .spiffe_id = "spiffe://carnet.dev/carnetd",
					     .dns_names = dns,
					     .ip_names = ip,
					     .server = true};
	struct cert_pair pair;
	int rc = cert_issue(authority, &request, instant_now(), arena, &pair, error);

	return rc ? rc : write_pair(&pair, folder, "server", arena, error);
}

static int issue_client(const struct cert_pair *authority, const char *folder, const char *role,
			struct arena *arena, struct error *error)
{
	const struct cert_request request = {.common_name = role,
					     .spiffe_id = arena_printf(arena, ROLE_URI "%s", role),
					     .client = true};
	struct cert_pair pair;
	int rc = cert_issue(authority, &request, instant_now(), arena, &pair, error);

	return rc ? rc : write_pair(&pair, folder, role, arena, error);
}

static int write_certificates(const char *folder, struct arena *arena, struct error *error)
{
	struct cert_pair authority;
	int rc = cert_make_authority("Carnet development CA", instant_now(), arena, &authority,
				     error);

	if (!rc)
		rc = write_pair(&authority, folder, "ca", arena, error);
	if (!rc)
		rc = issue_server(&authority, folder, arena, error);
	for (unsigned i = 0; !rc && i < ROLE_COUNT; i++)
		rc = issue_client(&authority, folder, access_role_name(i), arena, error);
	return rc;
}

static char *text(const char *value, struct arena *arena)
{
	return arena_string(arena, bytes_of_string(value));
}

static char **one_text(const char *value, struct arena *arena)
{
	char **list = arena_array(arena, char *, 1);

	list[0] = text(value, arena);
	return list;
}

static Carnet__V1__Access *rule_for(unsigned role, struct arena *arena)
{
	Carnet__V1__Access *rule = allocator_message(arena, &carnet__v1__access__descriptor);

	rule->identity = arena_printf(arena, ROLE_URI "%s", access_role_name(role));
	rule->roles = one_text(access_role_name(role), arena);
	rule->n_roles = 1;
	if (role == ROLE_CHECKER) {
		rule->exporters = one_text("any", arena);
		rule->n_exporters = 1;
	}
	return rule;
}

static Carnet__V1__TlsFiles *tls_files(struct arena *arena)
{
	Carnet__V1__TlsFiles *tls = allocator_message(arena, &carnet__v1__tls_files__descriptor);

	tls->certificate = text("server.pem", arena);
	tls->key = text("server.key", arena);
	tls->client_ca = text("ca.pem", arena);
	return tls;
}

static int write_config(const char *folder, const char *origin, const char *node,
			const char *listen, struct arena *arena, struct error *error)
{
	Carnet__V1__ServerConfig *config =
		allocator_message(arena, &carnet__v1__server_config__descriptor);
	struct buffer yaml = {0};
	int rc;

	config->listen = text(listen, arena);
	config->data = text("store", arena);
	config->origin = text(origin, arena);
	config->node = text(node, arena);
	config->log_key = text("log.key", arena);
	config->high_water = text("high-water", arena);
	config->tls = tls_files(arena);
	config->access = arena_array(arena, Carnet__V1__Access *, ROLE_COUNT);
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		config->access[config->n_access++] = rule_for(i, arena);
	mapping_write_yaml(&config->base, &yaml);
	rc = file_write(arena_printf(arena, "%s/carnetd.yaml", folder), buffer_bytes(&yaml), 0644,
			error);
	buffer_release(&yaml);
	return rc;
}

static int write_policy(const char *folder, const char *vkey, struct arena *arena,
			struct error *error)
{
	const char *lines = arena_printf(arena, "log %s\nquorum none\n", vkey);

	return file_write(arena_printf(arena, "%s/policy", folder), bytes_of_string(lines), 0644,
			  error);
}

int dev_files_write(const char *folder, const char *origin, const char *node, const char *vkey,
		    const char *listen, struct error *error)
{
	struct arena *arena = arena_new(0);
	int rc = write_certificates(folder, arena, error);

	if (!rc)
		rc = write_config(folder, origin, node, listen, arena, error);
	if (!rc)
		rc = write_policy(folder, vkey, arena, error);
	arena_free(arena);
	return rc;
}
