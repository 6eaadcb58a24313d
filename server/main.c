/* carnetd: the daemon.  One process, one data folder, one log. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "contract/version.h"
#include "server/console.h"
#include "server/door_grpc.h"
#include "server/init.h"
#include "text/mapping.h"

enum { EXIT_USAGE = 2 };

static const char usage_text[] =
	"carnetd init --dev --data run/ registry-data/\n"
	"carnetd run --config run/carnetd.yaml\n"
	"\n"
	"carnetd run --config FILE [--listen HOST:PORT] [--data DIR] [--loops N]\n"
	"    Serves until SIGTERM.  `run` may be left out.\n"
	"    --check-config     says whether the configuration can work, and prints it\n"
	"\n"
	"carnetd init --data DIR [--registry] FOLDER...\n"
	"    Makes a store from folders of records; later ones lie over earlier ones.\n"
	"    --dev              also keys, certificates, persons, policy and carnetd.yaml\n"
	"    --origin ORIGIN    of the receipt log (with --dev: carnet.dev/n1)\n"
	"    --node NAME        of this node (n1)\n"
	"    --log-key FILE     the log's key; made if it is missing\n"
	"    --high-water FILE  remembers the log's size outside the data folder\n"
	"    --listen HOST:PORT for the configuration that --dev writes\n"
	"\n"
	"carnetd --version      carnetd -h\n";

enum { OPTION_CHECK = 256, OPTION_VERSION, OPTION_DEV };

struct options {
	const char *config, *listen, *data, *origin, *node, *log_key, *high_water;
	uint32_t loops;
	bool check, dev, help, version;
	const char **folders;
	size_t folder_count;
};

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"listen", required_argument, NULL, 'l'},
	{"data", required_argument, NULL, 'd'},
	{"loops", required_argument, NULL, 'n'},
	{"check-config", no_argument, NULL, OPTION_CHECK},
	{"registry", required_argument, NULL, 'r'},
	{"dev", no_argument, NULL, OPTION_DEV},
	{"origin", required_argument, NULL, 'o'},
	{"node", required_argument, NULL, 'N'},
	{"log-key", required_argument, NULL, 'k'},
	{"high-water", required_argument, NULL, 'w'},
	{"version", no_argument, NULL, OPTION_VERSION},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static bool set_loops(struct options *options, const char *text)
{
	char *end;
	unsigned long loops = strtoul(text, &end, 10);

	options->loops = (uint32_t)loops;
	if (end != text && !*end && loops >= 1 && loops <= CONFIG_LOOPS_MAX)
		return true;
	fprintf(stderr, "carnetd: --loops takes 1 to %d, not '%s'\n", CONFIG_LOOPS_MAX, text);
	return false;
}

static bool set_option(struct options *options, int option)
{
	switch (option) {
	case 'c':
		options->config = optarg;
		return true;
	case 'l':
		options->listen = optarg;
		return true;
	case 'd':
		options->data = optarg;
		return true;
	case 'n':
		return set_loops(options, optarg);
	case 'r':
		options->folders[options->folder_count++] = optarg;
		return true;
	case 'o':
		options->origin = optarg;
		return true;
	case 'N':
		options->node = optarg;
		return true;
	case 'k':
		options->log_key = optarg;
		return true;
	case 'w':
		options->high_water = optarg;
		return true;
	case OPTION_CHECK:
		return options->check = true;
	case OPTION_DEV:
		return options->dev = true;
	case OPTION_VERSION:
		return options->version = true;
	case 'h':
		return options->help = true;
	default:
		return false;
	}
}

static bool read_options(int count, char **words, struct options *options)
{
	int option;

	while ((option = getopt_long(count, words, "hc:", long_options, NULL)) != -1)
		if (!set_option(options, option))
			return false;
	for (int i = optind; i < count; i++)
		options->folders[options->folder_count++] = words[i];
	return true;
}

static int complain(const struct error *error)
{
	console_error(error->text, NULL);
	return EXIT_FAILURE;
}

static int refuse_usage(const char *text)
{
	fprintf(stderr, "carnetd: %s; see carnetd -h\n", text);
	return EXIT_USAGE;
}

/* ------------------------------------------------------------------------
 * init */

static int make(const struct options *options)
{
	const struct init_options init = {
		.data = options->data,
		.folders = options->folders,
		.folder_count = options->folder_count,
		.origin = options->origin ? options->origin : "carnet.dev/n1",
		.node = options->node ? options->node : "n1",
		.log_key = options->log_key,
		.high_water = options->high_water,
		.dev = options->dev,
		.listen = options->listen,
	};
	struct init_result result;
	struct error error;

	if (!options->data)
		return refuse_usage("init needs --data DIR");
	if (!options->folder_count)
		return refuse_usage("init needs folders of records");
	if (!options->dev && (!options->origin || !options->log_key))
		return refuse_usage("init needs --origin and --log-key, or --dev");
	if (init_run(&init, &result, &error)) {
		fprintf(stderr, "carnetd: %s\n", error.text);
		return EXIT_FAILURE;
	}
	printf("%s: revision 1, %zu records, digest %s, log %s\n", options->data, result.records,
	       result.digest, init.origin);
	return EXIT_SUCCESS;
}

/* ------------------------------------------------------------------------
 * run */

static void drain(void *arg)
{
	console_info("draining", NULL);
	door_grpc_drain(arg);
}

static void say_serving(const struct config *config, const struct door_grpc *door,
			struct daemon *daemon)
{
	char port[8], revision[24], size[24];

	snprintf(port, sizeof(port), "%u", door_grpc_port(door));
	snprintf(revision, sizeof(revision), "%llu",
		 (unsigned long long)daemon->registry.newest->revision);
	snprintf(size, sizeof(size), "%llu", (unsigned long long)journal_size(daemon->journal));
	console_info("serving", "host", config->host, "port", port, "origin",
		     journal_origin(daemon->journal), "revision", revision, "log_size", size, NULL);
}

static int serve_with(const struct config *config, struct daemon *daemon, struct error *error)
{
	struct door_grpc *door;
	int rc = door_grpc_open(daemon, config, &door, error);

	if (rc)
		return rc;
	rpc_loop_on_signal(door_grpc_loop(door), SIGTERM, drain, door);
	rpc_loop_on_signal(door_grpc_loop(door), SIGINT, drain, door);
	say_serving(config, door, daemon);
	door_grpc_run(door);
	daemon_stop(daemon);
	door_grpc_close(door);
	console_info("stopped", NULL);
	return 0;
}

static int print_config(const struct config *config)
{
	struct buffer yaml = {0};

	mapping_write_yaml(&config->message->base, &yaml);
	fputs(buffer_string(&yaml), stdout);
	buffer_release(&yaml);
	return 0;
}

static int serve(const struct config *config, struct error *error)
{
	struct daemon *daemon;
	int rc = daemon_open(config, &daemon, error);

	if (rc)
		return rc;
	rc = serve_with(config, daemon, error);
	daemon_close(daemon);
	return rc;
}

static int run(const struct options *options)
{
	const struct config_flags flags = {
		.listen = options->listen, .data = options->data, .loops = options->loops};
	struct arena *arena = arena_new(0);
	struct config config;
	struct error error;
	int rc;

	if (!options->config || options->folder_count) {
		arena_free(arena);
		return refuse_usage(options->config ? "run takes no further words"
						    : "run needs --config FILE");
	}
	rc = config_read(options->config, &flags, arena, &config, &error);
	if (!rc)
		rc = options->check ? print_config(&config) : serve(&config, &error);
	arena_free(arena);
	return rc ? complain(&error) : EXIT_SUCCESS;
}

static int dispatch(int count, char **words, struct options *options)
{
	bool init = count > 1 && strcmp(words[1], "init") == 0;
	int skip = init || (count > 1 && strcmp(words[1], "run") == 0);

	if (!read_options(count - skip, words + skip, options))
		return EXIT_USAGE;
	if (options->help) {
		fputs(usage_text, stdout);
		return EXIT_SUCCESS;
	}
	if (options->version) {
		puts(version_name());
		return EXIT_SUCCESS;
	}
	return init ? make(options) : run(options);
}

int main(int count, char **words)
{
	struct options options = {0};
	int rc;

	options.folders = memory_new(((size_t)count + 1) * sizeof(*options.folders));
	rc = dispatch(count, words, &options);
	free(options.folders);
	return rc;
}
