#define _GNU_SOURCE /* accept4, SOCK_CLOEXEC */

#include "host/meeting.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "host/clock.h"
#include "host/frame.h"
#include "host/worker.h"

enum {
	GREETING_SIZE = 4 + FRAME_NONCE_SIZE,
	TEXT_SIZE = 300,
	AGAIN_NS = 50 * NS_PER_MS, /* between two tries to reach rank 0 */
};

/* A stranger may hold the door no longer than this. */
#define DOOR_NS (2 * NS_PER_S)

struct line {
	int fd; /* -1: nobody */
	/* Half a message went or came: nothing more can go or come that way. The other way can: who
	 * is gone may have said why, and who gives up can say so. */
	bool is_mute, is_deaf;
	uint8_t key[FRAME_KEY_SIZE];
	uint64_t said, heard; /* messages so far */
};

struct meeting {
	unsigned rank, ranks;
	struct line *lines; /* by rank for rank 0; the first alone for the others */
};

/* How long one thing may take from now on. */
struct wait {
	int64_t deadline_ns;
	const struct meeting_patience *patience;
};

static struct wait start_wait(const struct meeting_patience *patience, int64_t limit_ns)
{
	return (struct wait){
		.deadline_ns = clock_now_ns() +
			       (limit_ns < patience->limit_ns ? limit_ns : patience->limit_ns),
		.patience = patience,
	};
}

static bool goes_on(const struct wait *wait, struct error *err)
{
	if (wait->patience->goes_on && !wait->patience->goes_on(wait->patience->context))
		return fail(err, ERROR_CONFLICT, "given up");
	if (clock_now_ns() >= wait->deadline_ns)
		return fail(err, ERROR_LIMIT, "no answer in time");
	return true;
}

/* Waits until the descriptor can be read or written. */
static bool wait_for(int fd, short events, const struct wait *wait, struct error *err)
{
	struct pollfd one = { .fd = fd, .events = events };

	while (goes_on(wait, err)) {
		if (poll(&one, 1, clock_poll_ms(wait->deadline_ns - clock_now_ns())) > 0)
			return true;
	}
	return false;
}

static bool write_all(int fd, const void *from, size_t size, const struct wait *wait,
		      struct error *err)
{
	const char *at = from;

	while (size > 0) {
		ssize_t sent = send(fd, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			at += sent;
			size -= (size_t)sent;
		} else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
			return fail(err, ERROR_MISSING, "it has gone: %s", strerror(errno));
		} else if (!wait_for(fd, POLLOUT, wait, err)) {
			return false;
		}
	}
	return true;
}

static bool read_all(int fd, void *into, size_t size, const struct wait *wait, struct error *err)
{
	char *at = into;

	while (size > 0) {
		ssize_t came = recv(fd, at, size, MSG_DONTWAIT);

		if (came > 0) {
			at += came;
			size -= (size_t)came;
		} else if (came == 0) {
			return fail(err, ERROR_MISSING, "it has gone");
		} else if (errno != EAGAIN && errno != EINTR) {
			return fail(err, ERROR_MISSING, "it has gone: %s", strerror(errno));
		} else if (!wait_for(fd, POLLIN, wait, err)) {
			return false;
		}
	}
	return true;
}

static bool send_frame(struct line *line, uint8_t kind, struct span body, const struct wait *wait,
		       struct error *err)
{
	struct frame frame = {
		.kind = kind,
		.length = (uint32_t)body.length,
		.sequence = line->said,
	};
	uint8_t head[FRAME_HEAD_SIZE], tag[FRAME_TAG_SIZE];

	if (body.length > FRAME_BODY_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a message of %zu bytes", body.length);
	frame_write(&frame, head);
	frame_sign(head, body, line->key, tag);
	if (!write_all(line->fd, head, sizeof(head), wait, err) ||
	    !write_all(line->fd, tag, sizeof(tag), wait, err) ||
	    !write_all(line->fd, body.at, body.length, wait, err))
		return false;
	line->said++;
	return true;
}

static bool receive_frame(struct line *line, uint8_t kind, const struct wait *wait,
			  struct arena *arena, struct span *ret_body, struct error *err)
{
	uint8_t head[FRAME_HEAD_SIZE], tag[FRAME_TAG_SIZE];
	struct frame frame;
	struct span body;
	char *room;

	if (!read_all(line->fd, head, sizeof(head), wait, err) || !frame_read(head, &frame, err) ||
	    !read_all(line->fd, tag, sizeof(tag), wait, err))
		return false;
	room = arena_take(arena, frame.length + 1);
	if (!read_all(line->fd, room, frame.length, wait, err))
		return false;
	body = (struct span){ room, frame.length };
	if (!frame_is_signed(head, body, line->key, tag) || frame.sequence != line->heard)
		return fail(err, ERROR_CONFLICT, "a message that is not signed with the token");
	if (frame.kind != kind)
		return fail(err, ERROR_CONFLICT, "a message '%c' where '%c' was awaited",
			    frame.kind, kind);
	line->heard++;
	*ret_body = body;
	return true;
}

static void close_line(struct line *line)
{
	if (line->fd >= 0)
		(void)close(line->fd);
	line->fd = -1;
}

/* Both sides say a number that they have just drawn; the key is made of the two. */
static bool greet(struct line *line, struct span token, bool listens, const struct wait *wait,
		  struct error *err)
{
	uint8_t ours[GREETING_SIZE] = "ASYM", theirs[GREETING_SIZE];
	const int one = 1;

	(void)setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	randombytes_buf(ours + 4, FRAME_NONCE_SIZE);
	if (!write_all(line->fd, ours, sizeof(ours), wait, err) ||
	    !read_all(line->fd, theirs, sizeof(theirs), wait, err))
		return false;
	if (memcmp(theirs, "ASYM", 4) != 0)
		return fail(err, ERROR_PARSE, "what answers there is no assay");
	frame_key(token, listens ? ours + 4 : theirs + 4, listens ? theirs + 4 : ours + 4,
		  line->key);
	/* What is said one way cannot be played back the other way. */
	line->said = listens ? UINT64_C(1) << 63 : 0;
	line->heard = listens ? 0 : UINT64_C(1) << 63;
	return true;
}

/* The child's side of looking a name up: "host port listens". */
static void look_up(struct worker_port *port, const char *request, void **state,
		    const void *context)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct span rest = span_of(request), host = SPAN("");
	struct addrinfo *found = NULL;
	char name[TEXT_SIZE], numbers[TEXT_SIZE];
	int refused;

	(void)state;
	(void)context;
	(void)span_cut(&rest, ' ', &host);
	(void)snprintf(name, sizeof(name), "%.*s", SPAN_ARGS(host));
	worker_calls(port, "getaddrinfo %.60s", name);
	refused = getaddrinfo(name, NULL, &hints, &found);
	if (refused == 0)
		refused = getnameinfo(found->ai_addr, found->ai_addrlen, numbers, sizeof(numbers),
				      NULL, 0, NI_NUMERICHOST);
	if (refused == 0)
		worker_answers(port, "ok %s", numbers);
	else
		worker_answers(port, "no %s", gai_strerror(refused));
	if (found)
		freeaddrinfo(found);
}

static bool resolve(const struct meeting_request *request, const char *name,
		    char ret_numbers[static TEXT_SIZE], struct error *err)
{
	struct worker worker = {
		.host = request->host,
		.function = look_up,
		.call_limit_ns = request->patience.limit_ns,
		.total_limit_ns = request->patience.limit_ns,
		.name = "names",
		.is_for_once = true,
	};
	struct worker_result result;
	bool good;
	SCOPED_ARENA(arena);

	good = worker_ask(&worker, name, &arena, &result, err);
	worker_end(&worker);
	if (!good)
		return false;
	if (result.end != WORKER_DONE || result.answer_count != 1 ||
	    !span_starts(result.answers[0], "ok "))
		return fail(err, ERROR_INVALID, "'%s' is no address and no name that is known",
			    name);
	(void)snprintf(ret_numbers, TEXT_SIZE, "%.*s", (int)result.answers[0].length - 3,
		       result.answers[0].at + 3);
	return true;
}

/* "host:port" or "[address]:port". */
static bool split_address(const char *address, char ret_name[static TEXT_SIZE],
			  char ret_port[static 8], struct error *err)
{
	const char *colon = strrchr(address, ':');
	struct span name;
	uint64_t port;

	if (!colon || !span_to_u64(span_of(colon + 1), &port) || port == 0 || port > UINT16_MAX)
		return fail(err, ERROR_INVALID, "'%s' is not HOST:PORT", address);
	name = (struct span){ address, (size_t)(colon - address) };
	if (name.length > 2 && name.at[0] == '[' && name.at[name.length - 1] == ']')
		name = (struct span){ name.at + 1, name.length - 2 };
	if (name.length == 0 || name.length >= TEXT_SIZE || memchr(name.at, ' ', name.length))
		return fail(err, ERROR_INVALID, "'%s' is not HOST:PORT", address);
	(void)snprintf(ret_name, TEXT_SIZE, "%.*s", SPAN_ARGS(name));
	(void)snprintf(ret_port, 8, "%u", (unsigned)port);
	return true;
}

static bool find_address(const struct meeting_request *request, struct addrinfo **ret_found,
			 struct error *err)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	char name[TEXT_SIZE], numbers[TEXT_SIZE], port[8];

	if (!split_address(request->address, name, port, err))
		return false;
	if (getaddrinfo(name, port, &hints, ret_found) == 0)
		return true;
	if (!resolve(request, name, numbers, err))
		return false;
	if (getaddrinfo(numbers, port, &hints, ret_found) != 0)
		return fail(err, ERROR_INVALID, "'%s' is no address", numbers);
	return true;
}

static bool listen_at(const struct addrinfo *at, const char *address, int *ret_fd,
		      struct error *err)
{
	const int one = 1;
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return fail(err, ERROR_IO, "no socket: %s", strerror(errno));
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
		(void)fail(err, ERROR_IO, "listening at %s: %s", address, strerror(errno));
		(void)close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

/* Takes one in that came; false when it is turned away. */
static bool take_in(struct meeting *meeting, const struct meeting_request *request,
		    struct line *line, struct error *err)
{
	const struct wait wait = start_wait(&request->patience, DOOR_NS);
	struct frame_hello hello;
	struct span body = SPAN("");
	SCOPED_ARENA(arena);

	if (!greet(line, request->token, true, &wait, err) ||
	    !receive_frame(line, 'j', &wait, &arena, &body, err) ||
	    !frame_hello_read(body, &hello, err))
		return false;
	if (hello.ranks != meeting->ranks || hello.rank == 0 || hello.rank >= meeting->ranks ||
	    meeting->lines[hello.rank].fd >= 0) {
		(void)send_frame(line, 'n', SPAN("this rank is not awaited"), &wait, NULL);
		return fail(err, ERROR_CONFLICT, "rank %u of %u is not awaited", hello.rank,
			    hello.ranks);
	}
	if (!send_frame(line, 'w', SPAN("welcome"), &wait, err))
		return false;
	meeting->lines[hello.rank] = *line;
	return true;
}

static bool say_who_is_missing(const struct meeting *meeting, struct error *err)
{
	SCOPED_TEXT(missing);

	for (unsigned i = 1; i < meeting->ranks; i++)
		if (meeting->lines[i].fd < 0 && missing.length < TEXT_SIZE)
			text_format(&missing, "%s%u", missing.length > 0 ? ", " : "", i);
	return fail(err, ERROR_MISSING, "these ranks did not come: %s", text_string(&missing));
}

static bool receive_all(struct meeting *meeting, const struct meeting_request *request,
			int listener, unsigned *refused, struct error *err)
{
	const struct wait wait = start_wait(&request->patience, request->patience.limit_ns);

	for (unsigned here = 1; here < meeting->ranks;) {
		struct line line = { .fd = -1 };
		struct error why = { .code = ERROR_NONE };

		if (!wait_for(listener, POLLIN, &wait, &why))
			return why.code == ERROR_LIMIT ? say_who_is_missing(meeting, err)
						       : fail(err, why.code, "%s", why.text);
		line.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (line.fd < 0)
			continue;
		if (take_in(meeting, request, &line, &why)) {
			here++;
			continue;
		}
		close_line(&line);
		(*refused)++;
	}
	return true;
}

static bool reach(const struct addrinfo *at, const struct wait *wait, int *ret_fd)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int refused = 0;
	socklen_t size = sizeof(refused);

	if (fd < 0)
		return false;
	if (connect(fd, at->ai_addr, at->ai_addrlen) != 0 &&
	    (errno != EINPROGRESS || !wait_for(fd, POLLOUT, wait, NULL) ||
	     getsockopt(fd, SOL_SOCKET, SO_ERROR, &refused, &size) != 0 || refused != 0)) {
		(void)close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

static bool come(struct meeting *meeting, const struct meeting_request *request,
		 const struct addrinfo *at, struct error *err)
{
	const struct wait wait = start_wait(&request->patience, request->patience.limit_ns);
	struct line *line = &meeting->lines[0];
	char hello[64];
	struct span body;
	SCOPED_ARENA(arena);

	/* Rank 0 may start later. */
	while (!reach(at, &wait, &line->fd)) {
		struct error why;

		clock_sleep_ns(AGAIN_NS);
		if (!goes_on(&wait, &why))
			return why.code == ERROR_LIMIT
				       ? fail(err, ERROR_MISSING, "rank 0 is not at %s",
					      request->address)
				       : fail(err, why.code, "%s", why.text);
	}
	(void)snprintf(hello, sizeof(hello), "join 1 %u %u", request->rank, request->ranks);
	if (!greet(line, request->token, false, &wait, err) ||
	    !send_frame(line, 'j', span_of(hello), &wait, err))
		return false;
	if (!receive_frame(line, 'w', &wait, &arena, &body, err))
		return fail(err, ERROR_CONFLICT,
			    "rank 0 at %s turns this one away: another token, or this rank is not "
			    "awaited",
			    request->address);
	return true;
}

static bool listen_for_all(struct meeting *meeting, const struct meeting_request *request,
			   const struct addrinfo *at, unsigned *refused, struct error *err)
{
	int listener = -1;
	bool good;

	if (!listen_at(at, request->address, &listener, err))
		return false;
	good = receive_all(meeting, request, listener, refused, err);
	(void)close(listener);
	return good;
}

static struct meeting *make_meeting(const struct meeting_request *request)
{
	struct meeting *meeting = calloc(1, sizeof(*meeting));
	unsigned count = request->rank == 0 ? request->ranks : 1;

	if (!meeting)
		memory_exhausted(sizeof(*meeting));
	meeting->rank = request->rank;
	meeting->ranks = request->ranks;
	meeting->lines = calloc(count, sizeof(*meeting->lines));
	if (!meeting->lines)
		memory_exhausted(count * sizeof(*meeting->lines));
	for (unsigned i = 0; i < count; i++)
		meeting->lines[i].fd = -1;
	return meeting;
}

bool meeting_open(const struct meeting_request *request, struct meeting **ret_meeting,
		  unsigned *ret_refused, struct error *err)
{
	struct meeting *meeting;
	struct addrinfo *at;
	unsigned refused = 0;
	bool good;

	if (request->ranks < 2 || request->ranks > MEETING_RANKS_MAXIMUM ||
	    request->rank >= request->ranks)
		return fail(err, ERROR_INVALID, "rank %u of %u", request->rank, request->ranks);
	if (request->token.length < MEETING_TOKEN_LEAST)
		return fail(err, ERROR_INVALID,
			    "processes that meet need the same ASSAY_MEETING_TOKEN, of %d "
			    "characters at least",
			    MEETING_TOKEN_LEAST);
	if (sodium_init() < 0)
		return fail(err, ERROR_IO, "no random numbers");
	if (!find_address(request, &at, err))
		return false;
	meeting = make_meeting(request);
	good = request->rank == 0 ? listen_for_all(meeting, request, at, &refused, err)
				  : come(meeting, request, at, err);
	freeaddrinfo(at);
	if (ret_refused)
		*ret_refused = refused;
	if (!good) {
		meeting_close(meeting);
		return false;
	}
	*ret_meeting = meeting;
	return true;
}

static struct line *line_of(struct meeting *meeting, unsigned rank)
{
	return &meeting->lines[meeting->rank == 0 ? rank : 0];
}

bool meeting_say(struct meeting *meeting, unsigned to, uint8_t kind, struct span body,
		 const struct meeting_patience *patience, struct error *err)
{
	const struct wait wait = start_wait(patience, patience->limit_ns);
	struct line *line = line_of(meeting, to);

	if (line->fd < 0 || line->is_mute)
		return fail(err, ERROR_MISSING, "rank %u of the processes has gone", to);
	if (send_frame(line, kind, body, &wait, err))
		return true;
	line->is_mute = true;
	return fail_while(err, "process %u", to);
}

bool meeting_hear(struct meeting *meeting, struct meeting_awaited awaited,
		  const struct meeting_patience *patience, struct arena *arena,
		  struct span *ret_body, struct error *err)
{
	const struct wait wait = start_wait(patience, patience->limit_ns);
	struct line *line = line_of(meeting, awaited.of);

	if (line->fd < 0 || line->is_deaf)
		return fail(err, ERROR_MISSING, "process %u has gone", awaited.of);
	if (receive_frame(line, awaited.kind, &wait, arena, ret_body, err))
		return true;
	line->is_deaf = true;
	return fail_while(err, "process %u", awaited.of);
}

struct span meeting_token(void)
{
	return span_of(getenv("ASSAY_MEETING_TOKEN"));
}

void meeting_close(struct meeting *meeting)
{
	if (!meeting)
		return;
	for (unsigned i = 0; i < (meeting->rank == 0 ? meeting->ranks : 1); i++)
		close_line(&meeting->lines[i]);
	free(meeting->lines);
	free(meeting);
}
