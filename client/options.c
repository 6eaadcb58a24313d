#include "client/options.h"

#include <string.h>

#include "text/suggest.h"

struct options options_of(const struct option_row *table, int count, char **arguments)
{
	return (struct options){.table = table, .arguments = arguments, .count = count};
}

static bool fail(struct options *options)
{
	options->failed = true;
	return false;
}

static const struct option_row *find_name(const struct options *options, const char *name,
					  size_t size)
{
	static const struct option_row help = {"help", OPTION_HELP, 'h', true};

	for (const struct option_row *row = options->table; row->name; row++)
		if (strlen(row->name) == size && !memcmp(row->name, name, size))
			return row;
	return size == 4 && !memcmp(name, help.name, 4) ? &help : NULL;
}

static const struct option_row *find_letter(const struct options *options, char letter)
{
	for (const struct option_row *row = options->table; row->name; row++)
		if (row->letter && row->letter == letter)
			return row;
	return letter == 'h' ? find_name(options, "help", 4) : NULL;
}

static bool unknown(struct options *options, const char *name, size_t size)
{
	struct suggestion near = suggest_for(bytes_of(name, size));
	char text[SUGGEST_TEXT_SIZE];

	for (const struct option_row *row = options->table; row->name; row++)
		suggest_offer(&near, bytes_of_string(row->name));
	error_set(&options->error, ERR_INVALID, "no option --%.*s%s", (int)size, name,
		  suggest_text(&near, text));
	return fail(options);
}

/* `attached` is what follows an equals sign, or NULL. */
static bool take(struct options *options, const struct option_row *row, const char *attached,
		 struct option *out)
{
	*out = (struct option){row->id, row->name, attached};
	if (row->is_switch) {
		if (!attached)
			return true;
		error_set(&options->error, ERR_INVALID, "--%s takes no value", row->name);
		return fail(options);
	}
	if (!attached && options->at < options->count)
		out->value = options->arguments[options->at++];
	if (out->value)
		return true;
	error_set(&options->error, ERR_INVALID, "--%s needs a value", row->name);
	return fail(options);
}

static bool take_long(struct options *options, const char *name, struct option *out)
{
	const char *equals = strchr(name, '=');
	size_t size = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row = find_name(options, name, size);

	if (!row)
		return unknown(options, name, size);
	return take(options, row, equals ? equals + 1 : NULL, out);
}

static bool take_letter(struct options *options, const char *letters, struct option *out)
{
	const struct option_row *row = find_letter(options, letters[0]);

	if (row)
		return take(options, row, letters[1] ? letters + 1 : NULL, out);
	error_set(&options->error, ERR_INVALID, "no option -%c", letters[0]);
	return fail(options);
}

bool options_next(struct options *options, struct option *out)
{
	const char *word;

	if (options->failed || options->at >= options->count)
		return false;
	word = options->arguments[options->at++];
	if (!options->only_arguments && !strcmp(word, "--")) {
		options->only_arguments = true;
		return options_next(options, out);
	}
	/* A lone dash is standard input, an argument. */
	if (options->only_arguments || word[0] != '-' || !word[1]) {
		*out = (struct option){OPTION_ARGUMENT, NULL, word};
		return true;
	}
	if (word[1] == '-')
		return take_long(options, word + 2, out);
	return take_letter(options, word + 1, out);
}

int options_each(const struct option_row *table, int count, char **arguments, options_take *each,
		 void *arg, struct error *error)
{
	struct options options = options_of(table, count, arguments);
	struct option option;

	while (options_next(&options, &option))
		if (each(arg, &option, error))
			return error->code;
	if (options.failed)
		*error = options.error;
	return options.failed ? error->code : 0;
}
