#include "rpc/peer.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/memory.h"

static void write_address(struct peer *peer, int fd)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char host[48], port[8];

	snprintf(peer->address, sizeof(peer->address), "unknown");
	if (getpeername(fd, (struct sockaddr *)&address, &size) ||
	    getnameinfo((struct sockaddr *)&address, size, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return;
	if (address.ss_family == AF_INET6)
		snprintf(peer->address, sizeof(peer->address), "[%s]:%s", host, port);
	else
		snprintf(peer->address, sizeof(peer->address), "%s:%s", host, port);
}

struct peer *peer_new(int fd)
{
	struct peer *peer = memory_new(sizeof(*peer));

	peer->references = 1;
	write_address(peer, fd);
	return peer;
}

struct peer *peer_hold(struct peer *peer)
{
	peer->references++;
	return peer;
}

void peer_release(struct peer *peer)
{
	if (!peer || --peer->references > 0)
		return;
	buffer_release(&peer->identity);
	free(peer);
}
