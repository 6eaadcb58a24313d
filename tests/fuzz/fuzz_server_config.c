/*
 * carnetd's configuration: what is taken is written as YAML and taken again as the same, and its
 * rules are asked who may do what.
 */
#include <assert.h>

#include "server/access.h"
#include "server/config.h"
#include "text/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void to_json(const Carnet__V1__ServerConfig *message, struct buffer *out)
{
	struct json_writer json = {.out = out};

	mapping_write_json(&message->base, &json);
}

static void take_again(const struct config *config, struct arena *arena)
{
	const struct config_flags flags = {0};
	struct buffer yaml = {0}, before = {0}, after = {0};
	struct config again;
	struct error error;
	int rc;

	mapping_write_yaml(&config->message->base, &yaml);
	rc = config_parse(buffer_bytes(&yaml), "/etc/carnet/again.yaml", &flags, arena, &again,
			  &error);
	assert(!rc);
	to_json(config->message, &before);
	to_json(again.message, &after);
	assert(bytes_equal(buffer_bytes(&before), buffer_bytes(&after)));
	buffer_release(&yaml);
	buffer_release(&before);
	buffer_release(&after);
}

/* A rule grants to the identity it names; nothing is granted that is no role. */
static void ask(const Carnet__V1__ServerConfig *message, struct arena *arena)
{
	for (size_t i = 0; i < message->n_access; i++) {
		struct access_grant grant = access_grant_of(
			message, bytes_of_string(message->access[i]->identity), arena);

		assert(grant.roles && grant.roles < 1u << ROLE_COUNT);
		assert(grant.any_exporter || grant.exporter_count ||
		       !(grant.roles & 1u << ROLE_CHECKER));
	}
	assert(!access_grant_of(message, BYTES_LITERAL(""), arena).roles);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config_flags flags = {.listen = size % 2 ? "127.0.0.1:0" : NULL};
	struct arena *arena = arena_new(0);
	struct config config = {0};
	struct error error = {0};

	if (config_parse(bytes_of(data, size), "/etc/carnet/carnetd.yaml", &flags, arena, &config,
			 &error)) {
		assert(error.code < 0 && error.text[0]);
	} else {
		assert(config.host && config.message->loops && config.message->limits);
		take_again(&config, arena);
		ask(config.message, arena);
	}
	arena_free(arena);
	return 0;
}
