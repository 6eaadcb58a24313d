#include "rpc/address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 512 };

static int resolve(const char *host, uint16_t port, int flags, struct addrinfo **list,
		   struct error *error)
{
	const struct addrinfo hints = {
		.ai_flags = flags | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	char service[8];
	int result;

	snprintf(service, sizeof(service), "%u", port);
	result = getaddrinfo(host, service, &hints, list);
	if (result)
		return error_set(error, ERR_UNAVAILABLE, "cannot find host '%s': %s", host,
				 result == EAI_SYSTEM ? strerror(errno) : gai_strerror(result));
	return 0;
}

static int bind_and_listen(int fd, const struct addrinfo *address)
{
	const int on = 1;

	/* Only so that the port is free again right after a restart: Linux still refuses a
	 * port on which somebody listens, as SO_REUSEPORT would not. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, address->ai_addr, address->ai_addrlen))
		return -1;
	return listen(fd, BACKLOG);
}

int address_listen(const char *host, uint16_t port, int *fd, struct error *error)
{
	struct addrinfo *list;

	if (resolve(host, port, AI_PASSIVE, &list, error))
		return error->code = ERR_INVALID;
	*fd = socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0 || bind_and_listen(*fd, list)) {
		int reason = errno;

		if (*fd >= 0)
			close(*fd);
		*fd = -1;
		error_set(error, reason == EADDRINUSE ? ERR_EXISTS : ERR_SYSTEM,
			  "cannot listen on %s port %u: %s", host, port, strerror(reason));
		freeaddrinfo(list);
		return error->code;
	}
	freeaddrinfo(list);
	return 0;
}

uint16_t address_port(int fd)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char port[8];
	unsigned value = 0;

	if (getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
	    getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof(port),
			NI_NUMERICSERV) == 0)
		sscanf(port, "%u", &value);
	return (uint16_t)value;
}

int address_resolve(const char *host, uint16_t port, struct addrinfo **list, struct error *error)
{
	return resolve(host, port, 0, list, error);
}

int address_connect(const struct addrinfo *address, int *fd, struct error *error)
{
	*fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return error_set(error, ERR_SYSTEM, "cannot make a socket: %s", strerror(errno));
	if (connect(*fd, address->ai_addr, address->ai_addrlen) && errno != EINPROGRESS) {
		error_set(error, ERR_UNAVAILABLE, "%s", strerror(errno));
		close(*fd);
		*fd = -1;
		return ERR_UNAVAILABLE;
	}
	return 0;
}

int address_connected(int fd, struct error *error)
{
	int reason = 0;
	socklen_t size = sizeof(reason);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size))
		reason = errno;
	if (reason)
		return error_set(error, ERR_UNAVAILABLE, "%s", strerror(reason));
	return 0;
}

void address_set_no_delay(int fd)
{
	const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}
