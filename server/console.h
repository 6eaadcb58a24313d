/*
 * What the daemon says while it runs: one line each on standard error, as JSON
 * for programs, or plain on a terminal.
 *
 *	{"level":"info","message":"serving","time":"2026-01-02T03:04:05.678Z","address":"..."}
 *
 * No personal data, no keys.  Any thread.
 */
#ifndef CARNET_SERVER_CONSOLE_H
#define CARNET_SERVER_CONSOLE_H

/* Pairs of name and text follow, then NULL: console_info("serving", "address", a, NULL). */
void console_info(const char *message, ...) __attribute__((sentinel));
void console_error(const char *message, ...) __attribute__((sentinel));

#endif
