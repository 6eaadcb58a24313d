#include "client/lookup.h"

void lookup_init(struct lookup *lookup)
{
	*lookup = (struct lookup){
		.arena = arena_new(0), .as_of = "", .on = instant_day(instant_now())};
}

void lookup_release(struct lookup *lookup)
{
	asker_release(&lookup->asker);
	arena_free(lookup->arena);
}

static int take(struct lookup *lookup, const struct option *option, struct error *error)
{
	switch (option->id) {
	case OPTION_AS_OF:
		lookup->as_of = option->value;
		if (date_parse(bytes_of_string(option->value), &lookup->on, error))
			return error_prefix(error, "--%s", option->name);
		return 0;
	case OPTION_KNOWN_AT:
		return ask_parse_number(option->name, option->value, &lookup->known_at, error);
	case OPTION_LANGUAGE:
		return phrase_language(option->value, &lookup->language, error);
	default:
		return output_parse(option->value, &lookup->output, error);
	}
}

int lookup_option(struct lookup *lookup, const struct option *option, struct error *error)
{
	if (asker_option(&lookup->asker, option))
		return 1;
	if (option->id != OPTION_AS_OF && option->id != OPTION_KNOWN_AT &&
	    option->id != OPTION_OUTPUT && option->id != OPTION_LANGUAGE)
		return 0;
	return take(lookup, option, error) ? ERR_INVALID : 1;
}

struct asker_listing lookup_listing(const struct lookup *lookup, const char *kind)
{
	return (struct asker_listing){kind, lookup->as_of, lookup->known_at};
}
