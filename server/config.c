#include "server/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "receipt/leaf.h"
#include "receipt/vkey.h"
#include "rpc/tls.h"
#include "server/access.h"
#include "server/journal.h"
#include "text/allocator.h"
#include "text/document.h"
#include "text/mapping.h"

/* ------------------------------------------------------------------------
 * Reading */

/* All of them on the one line that there is. */
static int refuse_faults(const struct mapping_faults *faults, int code, struct error *error)
{
	struct buffer line = {0};

	for (size_t i = 0; i < faults->count; i++)
		buffer_printf(&line, "%s%s", i ? "; also " : "", faults->lines[i]);
	error_set(error, code, "%s%s", buffer_string(&line), faults->cut ? "; and more" : "");
	buffer_release(&line);
	return code;
}

static int read_message(struct bytes text, const char *path, struct arena *arena,
			Carnet__V1__ServerConfig **out, struct error *error)
{
	struct mapping_faults faults;
	struct documents documents;
	ProtobufCMessage *message;
	int rc = document_read(text, path, arena, &documents, error);

	if (rc)
		return rc;
	if (documents.count != 1)
		return error_set(error, ERR_INVALID,
				 "'%s' holds %zu documents; a configuration is one", path,
				 documents.count);
	rc = mapping_read_all(documents.items[0], &carnet__v1__server_config__descriptor, arena,
			      NULL, &message, &faults);
	if (rc)
		return refuse_faults(&faults, rc, error);
	*out = (Carnet__V1__ServerConfig *)message;
	return 0;
}

/* "" stays; "/a" stays; "a" becomes "<folder>/a". */
static char *complete(const char *path, const char *file, struct arena *arena)
{
	const char *slash = strrchr(file, '/');

	if (!*path || *path == '/' || !slash)
		return arena_string(arena, bytes_of_string(path));
	return arena_printf(arena, "%.*s/%s", (int)(slash - file), file, path);
}

static void complete_paths(Carnet__V1__ServerConfig *message, const char *file, struct arena *arena)
{
	message->data = complete(message->data, file, arena);
	message->log_key = complete(message->log_key, file, arena);
	message->high_water = complete(message->high_water, file, arena);
	if (!message->tls)
		return;
	message->tls->certificate = complete(message->tls->certificate, file, arena);
	message->tls->key = complete(message->tls->key, file, arena);
	message->tls->client_ca = complete(message->tls->client_ca, file, arena);
}

static void set_flags(Carnet__V1__ServerConfig *message, const struct config_flags *flags,
		      struct arena *arena)
{
	if (flags->listen)
		message->listen = arena_string(arena, bytes_of_string(flags->listen));
	if (flags->data)
		message->data = arena_string(arena, bytes_of_string(flags->data));
	if (flags->loops)
		message->loops = flags->loops;
}

static void set_default(uint32_t *value, uint32_t otherwise)
{
	if (!*value)
		*value = otherwise;
}

static void set_defaults(Carnet__V1__ServerConfig *message, struct arena *arena)
{
	if (!message->limits)
		message->limits = allocator_message(arena, &carnet__v1__limits__descriptor);
	set_default(&message->loops, 1);
	set_default(&message->store_mib, STORE_MIB_DEFAULT);
	set_default(&message->limits->connections, 1024);
	set_default(&message->limits->streams_per_connection, 256);
	set_default(&message->limits->waiting_receipts, JOURNAL_WAITING_DEFAULT);
}

/* ------------------------------------------------------------------------
 * Checking */

static int split_listen(const char *listen, struct arena *arena, struct config *out,
			struct error *error)
{
	const char *colon = strrchr(listen, ':');
	struct bytes host;
	char *end;
	unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;

	if (!colon || colon == listen || end == colon + 1 || *end || port > UINT16_MAX)
		return error_set(error, ERR_INVALID,
				 "listen: '%s' is no host and port; write 127.0.0.1:7443", listen);
	host = bytes_of(listen, (size_t)(colon - listen));
	if (host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']')
		host = bytes_of(host.data + 1, host.size - 2);
	out->host = arena_string(arena, host);
	out->port = (uint16_t)port;
	return 0;
}

static int check_file(const char *field, const char *path, struct error *error)
{
	if (!*path)
		return error_set(error, ERR_INVALID, "%s: is missing; name a file", field);
	if (access(path, R_OK) < 0)
		return error_set(error, ERR_INVALID, "%s: cannot read '%s': %m", field, path);
	return 0;
}

static int check_files(const Carnet__V1__ServerConfig *message, struct error *error)
{
	int rc = check_file("log-key", message->log_key, error);

	if (!rc && !message->tls)
		return error_set(error, ERR_INVALID,
				 "tls: is missing; name the certificate, key "
				 "and client-ca");
	if (!rc)
		rc = check_file("tls.certificate", message->tls->certificate, error);
	if (!rc)
		rc = check_file("tls.key", message->tls->key, error);
	if (!rc)
		rc = check_file("tls.client-ca", message->tls->client_ca, error);
	return rc;
}

/* The keys and certificates must also be what they should be. */
static int check_keys(const Carnet__V1__ServerConfig *message, struct error *error)
{
	const struct rpc_tls_files files = {.certificate = message->tls->certificate,
					    .key = message->tls->key,
					    .ca = message->tls->client_ca};
	struct ed25519_key *key;
	struct rpc_tls *tls;
	int rc = ed25519_read(message->log_key, &key, error);

	if (rc)
		return error_prefix(error, "log-key");
	ed25519_free(key);
	rc = rpc_tls_new_server(&files, &tls, error);
	if (rc)
		return error_prefix(error, "tls");
	rpc_tls_release(tls);
	return 0;
}

static int check_origin(const char *origin, struct error *error)
{
	struct bytes text = bytes_of_string(origin);

	if (!vkey_name_is_valid(text) || !leaf_text_is_valid(text) || text.size > 240)
		return error_set(error, ERR_INVALID,
				 "origin: '%s' cannot name a log; write something like "
				 "log.example.org/n1-2026h2",
				 origin);
	return 0;
}

static int check_data(const Carnet__V1__ServerConfig *message, struct error *error)
{
	size_t size = strlen(message->data);

	if (!size)
		return error_set(error, ERR_INVALID, "data: is missing; name the data folder");
	if (strncmp(message->high_water, message->data, size) == 0 &&
	    message->high_water[size] == '/')
		return error_set(error, ERR_INVALID,
				 "high-water: '%s' lies in the data folder, and would be restored "
				 "with it; keep it elsewhere",
				 message->high_water);
	return 0;
}

/* What the text alone shows. */
static int check(const Carnet__V1__ServerConfig *message, struct arena *arena, struct config *out,
		 struct error *error)
{
	int rc = split_listen(message->listen, arena, out, error);

	if (!rc)
		rc = check_origin(message->origin, error);
	if (!rc && message->loops > CONFIG_LOOPS_MAX)
		rc = error_set(error, ERR_INVALID, "loops: at most %d", CONFIG_LOOPS_MAX);
	if (!rc)
		rc = check_data(message, error);
	if (!rc)
		rc = access_check(message, error);
	return rc;
}

/* What it names. */
static int check_named(const Carnet__V1__ServerConfig *message, struct error *error)
{
	int rc = 0;

	if (access(message->data, R_OK | W_OK | X_OK) < 0)
		rc = error_set(error, ERR_INVALID, "data: cannot use '%s': %m", message->data);
	if (!rc)
		rc = check_files(message, error);
	if (!rc)
		rc = check_keys(message, error);
	return rc;
}

int config_parse(struct bytes text, const char *path, const struct config_flags *flags,
		 struct arena *arena, struct config *out, struct error *error)
{
	Carnet__V1__ServerConfig *message = NULL;
	int rc = read_message(text, path, arena, &message, error);

	if (rc)
		return rc;
	complete_paths(message, path, arena);
	set_flags(message, flags, arena);
	set_defaults(message, arena);
	out->message = message;
	rc = check(message, arena, out, error);
	return rc ? error_prefix(error, "configuration '%s'", path) : 0;
}

int config_read(const char *path, const struct config_flags *flags, struct arena *arena,
		struct config *out, struct error *error)
{
	struct buffer text = {0};
	int rc = file_read(path, CONFIG_SIZE_MAX, &text, error);

	if (!rc)
		rc = config_parse(buffer_bytes(&text), path, flags, arena, out, error);
	buffer_release(&text);
	if (rc)
		return rc;
	rc = check_named(out->message, error);
	return rc ? error_prefix(error, "configuration '%s'", path) : 0;
}
