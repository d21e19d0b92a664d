/*
 * Asks a server on this machine at a constant rate, whether it answers in time or not, and says how
 * long each answer took from the moment at which it was due: a server that stalls is charged for
 * all that wait (no coordinated omission). Connections are kept; what is due goes to one that is
 * free.
 *
 * usage: open-loop PORT PATH RATE SECONDS CONNECTIONS
 * prints: answers, answers that were not 200, bytes of one, and the 50th, 99th, 99.9th percentile
 * and maximum in microseconds
 */
#define _GNU_SOURCE /* ppoll */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"

enum {
	CONNECTIONS_MAXIMUM = 256,
	HEAD_MAXIMUM = 4096,
	REQUEST_MAXIMUM = 1024,
	NS_PER_US = 1000,
	PIECE = 256 << 10,
};

static const int64_t ns_per_s = 1000000000;

struct link {
	int fd;
	bool busy;
	int64_t due_ns;
	char head[HEAD_MAXIMUM];
	size_t head_length;
	int64_t left; /* of the body; -1: the head is not whole */
};

struct run {
	struct link links[CONNECTIONS_MAXIMUM];
	struct pollfd polled[CONNECTIONS_MAXIMUM];
	unsigned link_count;
	char request[REQUEST_MAXIMUM];
	size_t request_length;
	int64_t *took_ns;
	size_t count, sent, answered, bad, bytes;
	char piece[PIECE];
};

static int64_t now_ns(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * ns_per_s + now.tv_nsec;
}

static void stop(const char *why)
{
	(void)fprintf(stderr, "open-loop: %s: %s\n", why, strerror(errno));
	exit(1);
}

static int dial(uint16_t port)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
					.sin_port = htons(port),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	const int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0)
		stop("connecting");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		stop("fcntl");
	return fd;
}

/* Sends what is due to a link that is free; the rest waits and grows older. */
static void send_due(struct run *run, int64_t begun_ns, int64_t step_ns)
{
	for (unsigned i = 0; i < run->link_count && run->sent < run->count; i++) {
		struct link *link = &run->links[i];
		int64_t due_ns = begun_ns + (int64_t)run->sent * step_ns;

		if (link->busy)
			continue;
		if (due_ns > now_ns())
			return;
		if (write(link->fd, run->request, run->request_length) !=
		    (ssize_t)run->request_length)
			stop("sending");
		link->busy = true;
		link->due_ns = due_ns;
		link->head_length = 0;
		link->left = -1;
		run->sent++;
	}
}

/* Takes the head out of what came; how many bytes of the body stood behind it. */
static size_t read_head(struct run *run, struct link *link, const char *bytes, size_t length)
{
	size_t before = link->head_length, room = HEAD_MAXIMUM - 1 - before;
	size_t taken = length < room ? length : room;
	static const char name[] = "\r\nContent-Length: ";
	char *end, *field;
	uint64_t left;

	memcpy(link->head + before, bytes, taken);
	link->head[before + taken] = '\0';
	link->head_length += taken;
	end = strstr(link->head, "\r\n\r\n");
	if (!end)
		return 0;
	field = strstr(link->head, name);
	if (!field || field > end)
		stop("an answer without a length");
	field += sizeof(name) - 1;
	if (!span_to_u64((struct span){ field, strspn(field, "0123456789") }, &left))
		stop("a length that is none");
	link->left = (int64_t)left;
	run->bytes = (size_t)link->left;
	if (strncmp(link->head, "HTTP/1.1 200", 12) != 0)
		run->bad++;
	return length - ((size_t)(end + 4 - link->head) - before);
}

static void take(struct run *run, struct link *link)
{
	ssize_t came = read(link->fd, run->piece, sizeof(run->piece));
	size_t body;

	if (came < 0 && errno == EAGAIN)
		return;
	if (came <= 0)
		stop("the server closed a connection");
	body = link->left < 0 ? read_head(run, link, run->piece, (size_t)came) : (size_t)came;
	if (link->left < 0)
		return;
	link->left -= (int64_t)body;
	if (link->left > 0)
		return;
	run->took_ns[run->answered++] = now_ns() - link->due_ns;
	link->busy = false;
}

static int by_size(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return (one > other) - (one < other);
}

static double at_us(const struct run *run, double share)
{
	size_t place = (size_t)(share * (double)(run->answered - 1) + 0.5);

	return (double)run->took_ns[place] / NS_PER_US;
}

static void go(struct run *run, int64_t step_ns)
{
	int64_t begun_ns = now_ns() + step_ns;

	while (run->answered < run->count) {
		struct timespec pause = { 0 };
		int64_t next_ns = begun_ns + (int64_t)run->sent * step_ns - now_ns();

		send_due(run, begun_ns, step_ns);
		for (unsigned i = 0; i < run->link_count; i++)
			run->polled[i] = (struct pollfd){ run->links[i].fd, POLLIN, 0 };
		pause.tv_nsec = next_ns > 0 && next_ns < ns_per_s ? next_ns : 50000;
		(void)ppoll(run->polled, run->link_count, &pause, NULL);
		for (unsigned i = 0; i < run->link_count; i++)
			if (run->polled[i].revents)
				take(run, &run->links[i]);
	}
}

static int64_t read_number(const char *word, int64_t most)
{
	int64_t number = 0;

	if (!span_to_i64(span_of(word), &number) || number < 1 || number > most) {
		(void)fprintf(stderr, "open-loop: '%s' is no number from 1 to %lld\n", word,
			      (long long)most);
		exit(64);
	}
	return number;
}

int main(int count, char **words)
{
	static struct run run;
	int64_t port, rate, seconds;

	if (count != 6) {
		(void)fprintf(stderr, "usage: open-loop PORT PATH RATE SECONDS CONNECTIONS\n");
		return 64;
	}
	port = read_number(words[1], UINT16_MAX);
	rate = read_number(words[3], 1000000);
	seconds = read_number(words[4], 3600);
	run.link_count = (unsigned)read_number(words[5], CONNECTIONS_MAXIMUM);
	run.count = (size_t)(rate * seconds);
	run.took_ns = calloc(run.count, sizeof(*run.took_ns));
	if (!run.took_ns)
		stop("memory");
	run.request_length = (size_t)snprintf(
		run.request, sizeof(run.request),
		"GET %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n", words[2]);
	for (unsigned i = 0; i < run.link_count; i++)
		run.links[i].fd = dial((uint16_t)port);
	go(&run, ns_per_s / rate);
	qsort(run.took_ns, run.answered, sizeof(*run.took_ns), by_size);
	(void)printf("%zu %zu %zu %.0f %.0f %.0f %.0f\n", run.answered, run.bad, run.bytes,
		     at_us(&run, 0.5), at_us(&run, 0.99), at_us(&run, 0.999), at_us(&run, 1));
	return 0;
}
