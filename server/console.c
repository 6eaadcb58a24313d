#include "server/console.h"

#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include "base/date.h"
#include "base/json.h"

static void write_json(struct buffer *line, const char *level, const char *message, va_list pairs)
{
	struct json_writer json = {.out = line};
	char time[INSTANT_TEXT_SIZE];
	const char *name;

	json_begin_object(&json);
	json_member_string(&json, "level", bytes_of_string(level));
	json_member_string(&json, "message", bytes_of_string(message));
	json_member_string(&json, "time", bytes_of_string(instant_format(instant_now(), time)));
	while ((name = va_arg(pairs, const char *)) != NULL)
		json_member_string(&json, name, bytes_of_string(va_arg(pairs, const char *)));
	json_end_object(&json);
}

static void write_plain(struct buffer *line, const char *level, const char *message, va_list pairs)
{
	const char *name;

	buffer_printf(line, "carnetd: %s%s", *level == 'e' ? "error: " : "", message);
	while ((name = va_arg(pairs, const char *)) != NULL)
		buffer_printf(line, "  %s=%s", name, va_arg(pairs, const char *));
}

static void say(const char *level, const char *message, va_list pairs)
{
	struct buffer line = {0};
	ssize_t written;

	if (isatty(STDERR_FILENO))
		write_plain(&line, level, message, pairs);
	else
		write_json(&line, level, message, pairs);
	buffer_append_byte(&line, '\n');
	written = write(STDERR_FILENO, line.data, line.size); /* one call: lines never mix */
	(void)written;                                        /* nobody is left to be told */
	buffer_release(&line);
}

void console_info(const char *message, ...)
{
	va_list pairs;

	va_start(pairs, message);
	say("info", message, pairs);
	va_end(pairs);
}

void console_error(const char *message, ...)
{
	va_list pairs;

	va_start(pairs, message);
	say("error", message, pairs);
	va_end(pairs);
}
