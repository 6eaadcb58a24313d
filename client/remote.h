/*
 * The server behind a command: where it is, whom to show ourselves as, and one
 * call at a time.
 *
 * Options stand over the environment: --server host:port over CARNET_SERVER,
 * --ca over CARNET_CA, --cert over CARNET_CERT, --key over CARNET_KEY.
 */
#ifndef CARNET_CLIENT_REMOTE_H
#define CARNET_CLIENT_REMOTE_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/error.h"
#include "client/options.h"

/* As the command line has them; NULL: look at the environment. */
struct remote_names {
	const char *server, *ca, *certificate, *key;
};

/* Rows for a command's table of options, and what takes them in. */
enum {
	OPTION_SERVER = 1000,
	OPTION_CA,
	OPTION_CERT,
	OPTION_KEY,
};
#define REMOTE_OPTIONS                                                    \
	{"server", OPTION_SERVER, 0, false}, {"ca", OPTION_CA, 0, false}, \
		{"cert", OPTION_CERT, 0, false},                          \
	{                                                                 \
		"key", OPTION_KEY, 0, false                               \
	}
#define REMOTE_HELP                                                                 \
	"Where the server is (or the environment):\n"                               \
	"  --server HOST:PORT    CARNET_SERVER\n"                                   \
	"  --ca FILE             CARNET_CA, who must have issued its certificate\n" \
	"  --cert FILE           CARNET_CERT, ours\n"                               \
	"  --key FILE            CARNET_KEY\n"

/* True if the option was one of the server's. */
bool remote_option(struct remote_names *names, const struct option *option);

struct remote;

/* ERR_INVALID if a name is missing or cannot be used, ERR_UNAVAILABLE if the
 * server cannot be reached or refuses us.  Connects now. */
int remote_open(const struct remote_names *names, struct remote **out, struct error *error);
void remote_close(struct remote *remote);

/*
 * Calls a method, "/carnet.v1.TransferService/Check", and waits.  0 with the
 * answer in the arena; else the server's refusal as an ERR_*, its fields and
 * cures in the error's line.
 */
int remote_call(struct remote *remote, const char *method, const ProtobufCMessage *request,
		const ProtobufCMessageDescriptor *answer, struct arena *arena,
		ProtobufCMessage **out, struct error *error);

/* Splits "host:port", "[::1]:port"; the host lives in the arena. */
int remote_parse_server(const char *text, struct arena *arena, const char **host, uint16_t *port,
			struct error *error);

#endif
