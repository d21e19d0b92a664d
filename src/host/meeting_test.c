#include "host/meeting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/frame.h"
#include <cmocka.h>

enum {
	GREETING_SIZE = 4 + FRAME_NONCE_SIZE,
};

static const struct host here = { .root = "/" };
static const struct meeting_patience long_enough = { .limit_ns = INT64_C(60000000000) };
static const struct meeting_patience short_one = { .limit_ns = 50000000 };

static struct sockaddr_in address_of(const char *host, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	assert_int_equal(inet_pton(AF_INET, host, &address.sin_addr), 1);
	return address;
}

static unsigned free_port(void)
{
	struct sockaddr_in address = address_of("127.0.0.1", 0);
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	(void)close(fd);
	return ntohs(address.sin_port);
}

static bool open_meeting(unsigned port, const char *token, struct frame_hello who,
			 struct meeting **ret_meeting, unsigned *ret_refused, struct error *err)
{
	char address[32];
	const struct meeting_request request = {
		.host = &here,
		.address = address,
		.token = span_of(token),
		.rank = who.rank,
		.ranks = who.ranks,
		.patience = long_enough,
	};

	(void)snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	return meeting_open(&request, ret_meeting, ret_refused, err);
}

#define TOKEN "a token of this job"

/* What rank 0 does once all are there, in a process of its own. */
enum play {
	PLAY_ECHO,    /* says to each what it hears of it */
	PLAY_SILENCE, /* nothing, until it is killed */
	PLAY_LISTEN,  /* hears rank 1, which is broken off */
};

static bool echo(struct meeting *meeting, unsigned ranks)
{
	SCOPED_ARENA(arena);

	for (unsigned i = 1; i < ranks; i++) {
		struct error err;
		struct span body;

		if (!meeting_hear(meeting, (struct meeting_awaited){ i, 'q' }, &long_enough, &arena,
				  &body, &err) ||
		    !meeting_say(meeting, i, 'a', body, &long_enough, &err))
			return false;
	}
	return true;
}

/* Exits with how many strangers were turned away, and 100 when something is not as it should be. */
static pid_t start_rank_0(unsigned port, unsigned ranks, enum play play)
{
	pid_t child = fork();
	struct meeting *meeting;
	unsigned refused;
	struct error err = { .code = ERROR_NONE };
	struct span body;
	bool good = true;

	assert_true(child >= 0);
	if (child > 0)
		return child;
	if (!open_meeting(port, TOKEN, (struct frame_hello){ 0, ranks }, &meeting, &refused, &err))
		_exit(100);
	SCOPED_ARENA(arena);
	switch (play) {
	case PLAY_ECHO:
		good = echo(meeting, ranks);
		break;
	case PLAY_SILENCE:
		(void)pause();
		break;
	case PLAY_LISTEN:
		good = !meeting_hear(meeting, (struct meeting_awaited){ 1, 'q' }, &long_enough,
				     &arena, &body, &err) &&
		       err.code == ERROR_MISSING && strstr(err.text, "process 1");
		break;
	}
	meeting_close(meeting);
	_exit(good ? (int)refused : 100);
}

static int end_of(pid_t child)
{
	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void those_who_meet_hear_each_other(void **state)
{
	enum { RANKS = 3 };
	unsigned port = free_port();
	pid_t first = start_rank_0(port, RANKS, PLAY_ECHO);
	struct meeting *meetings[RANKS] = { NULL };
	struct error err = { .code = ERROR_NONE };
	struct span body;
	SCOPED_ARENA(arena);

	(void)state;
	for (unsigned i = 1; i < RANKS; i++)
		if (!open_meeting(port, TOKEN, (struct frame_hello){ i, RANKS }, &meetings[i], NULL,
				  &err))
			fail_msg("%s", err.text);
	for (unsigned i = 1; i < RANKS; i++) {
		assert_true(
			meeting_say(meetings[i], 0, 'q', SPAN("how are you"), &long_enough, &err));
		assert_true(meeting_hear(meetings[i], (struct meeting_awaited){ 0, 'a' },
					 &long_enough, &arena, &body, &err));
		assert_true(span_is(body, "how are you"));
		meeting_close(meetings[i]);
	}
	assert_int_equal(end_of(first), 0);
}

static void another_token_is_turned_away_and_others_still_come(void **state)
{
	unsigned port = free_port();
	pid_t first = start_rank_0(port, 2, PLAY_ECHO);
	struct sockaddr_in elsewhere = address_of("127.0.0.2", port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct meeting *meeting;
	struct error err;

	(void)state;
	assert_false(open_meeting(port, "a token of another", (struct frame_hello){ 1, 2 },
				  &meeting, NULL, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	/* It listens now, and at no address but the one that was named. */
	assert_int_equal(connect(fd, (const struct sockaddr *)&elsewhere, sizeof(elsewhere)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	(void)close(fd);
	assert_false(open_meeting(port, TOKEN, (struct frame_hello){ 2, 3 }, &meeting, NULL, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_true(open_meeting(port, TOKEN, (struct frame_hello){ 1, 2 }, &meeting, NULL, &err));
	assert_true(meeting_say(meeting, 0, 'q', SPAN(""), &long_enough, &err));
	assert_int_equal(end_of(first), 2);
	meeting_close(meeting);
}

static void a_silent_peer_is_waited_for_only_so_long_and_a_killed_one_is_known(void **state)
{
	unsigned port = free_port();
	pid_t first = start_rank_0(port, 2, PLAY_SILENCE);
	struct meeting *meeting;
	struct error err;
	struct span body;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(open_meeting(port, TOKEN, (struct frame_hello){ 1, 2 }, &meeting, NULL, &err));
	assert_false(meeting_hear(meeting, (struct meeting_awaited){ 0, 'a' }, &short_one, &arena,
				  &body, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	meeting_close(meeting);
	(void)kill(first, SIGKILL);
	assert_int_equal(end_of(first), -1);
	port = free_port();
	first = start_rank_0(port, 2, PLAY_SILENCE);
	assert_true(open_meeting(port, TOKEN, (struct frame_hello){ 1, 2 }, &meeting, NULL, &err));
	(void)kill(first, SIGKILL);
	assert_int_equal(end_of(first), -1);
	assert_false(meeting_hear(meeting, (struct meeting_awaited){ 0, 'a' }, &long_enough, &arena,
				  &body, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_non_null(strstr(err.text, "process 0"));
	meeting_close(meeting);
}

static void who_has_waited_in_vain_can_still_say_so(void **state)
{
	unsigned port = free_port();
	pid_t first = start_rank_0(port, 2, PLAY_ECHO);
	struct meeting *meeting;
	struct error err;
	struct span body;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(open_meeting(port, TOKEN, (struct frame_hello){ 1, 2 }, &meeting, NULL, &err));
	assert_false(meeting_hear(meeting, (struct meeting_awaited){ 0, 'a' }, &short_one, &arena,
				  &body, &err));
	assert_true(meeting_say(meeting, 0, 'q', SPAN("I give up"), &long_enough, &err));
	assert_int_equal(end_of(first), 0);
	/* What comes now may begin with the rest of a message. */
	assert_false(meeting_hear(meeting, (struct meeting_awaited){ 0, 'a' }, &long_enough, &arena,
				  &body, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	meeting_close(meeting);
}

/* Comes to rank 0 by hand. */
static int reach(unsigned port)
{
	struct sockaddr_in address = address_of("127.0.0.1", port);
	int fd;

	for (;;) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_true(fd >= 0);
		if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		(void)close(fd);
		(void)usleep(10000);
	}
}

static void send_signed(int fd, uint8_t kind, const char *words, const uint8_t *key,
			uint64_t sequence, size_t cut)
{
	struct span body = span_of(words);
	const struct frame frame = { .kind = kind,
				     .length = (uint32_t)body.length,
				     .sequence = sequence };
	uint8_t bytes[FRAME_HEAD_SIZE + FRAME_TAG_SIZE + 64];
	size_t size = FRAME_HEAD_SIZE + FRAME_TAG_SIZE + body.length - cut;

	frame_write(&frame, bytes);
	frame_sign(bytes, body, key, bytes + FRAME_HEAD_SIZE);
	memcpy(bytes + FRAME_HEAD_SIZE + FRAME_TAG_SIZE, body.at, body.length);
	assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), size);
}

static void what_is_cut_short_is_refused_at_the_door_and_named_behind_it(void **state)
{
	static const uint8_t web[GREETING_SIZE] = "GET / HTTP/1.1\r\nHost: rank-0\r\n\r\n";
	uint8_t ours[GREETING_SIZE] = "ASYM", theirs[GREETING_SIZE], key[FRAME_KEY_SIZE];
	unsigned port = free_port();
	pid_t first = start_rank_0(port, 2, PLAY_LISTEN);
	char byte;
	int fd = reach(port);

	(void)state;
	assert_int_equal(send(fd, ours, 10, MSG_NOSIGNAL), 10);
	(void)close(fd);
	fd = reach(port);
	assert_int_equal(send(fd, web, sizeof(web), MSG_NOSIGNAL), sizeof(web));
	assert_int_equal(recv(fd, theirs, sizeof(theirs), MSG_WAITALL), sizeof(theirs));
	/* The door is shut: whether by an end or by a reset. */
	assert_true(recv(fd, &byte, 1, 0) <= 0);
	(void)close(fd);
	fd = reach(port);
	assert_int_equal(send(fd, ours, sizeof(ours), MSG_NOSIGNAL), sizeof(ours));
	assert_int_equal(recv(fd, theirs, sizeof(theirs), MSG_WAITALL), sizeof(theirs));
	frame_key(SPAN(TOKEN), theirs + 4, ours + 4, key);
	send_signed(fd, 'j', "join 1 1 2", key, 0, 0);
	assert_int_equal(recv(fd, &byte, 1, 0), 1);
	send_signed(fd, 'q', "half of it", key, 1, 5);
	(void)shutdown(fd, SHUT_WR);
	assert_int_equal(end_of(first), 2);
	(void)close(fd);
}

static void what_cannot_be_is_said_before_anything_is_opened(void **state)
{
	static const struct {
		const char *address, *token;
		unsigned rank, ranks;
	} cases[] = {
		{ "127.0.0.1:4000", "short", 0, 2 }, { "127.0.0.1:4000", TOKEN, 2, 2 },
		{ "127.0.0.1:4000", TOKEN, 0, 1 },   { "127.0.0.1", TOKEN, 0, 2 },
		{ "127.0.0.1:0", TOKEN, 0, 2 },      { ":4000", TOKEN, 0, 2 },
		{ "127.0.0.1:70000", TOKEN, 0, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct meeting_request request = {
			.host = &here,
			.address = cases[i].address,
			.token = span_of(cases[i].token),
			.rank = cases[i].rank,
			.ranks = cases[i].ranks,
			.patience = short_one,
		};
		struct meeting *meeting;
		struct error err;

		assert_false(meeting_open(&request, &meeting, NULL, &err));
		assert_int_equal(err.code, ERROR_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_who_meet_hear_each_other),
		cmocka_unit_test(another_token_is_turned_away_and_others_still_come),
		cmocka_unit_test(
			a_silent_peer_is_waited_for_only_so_long_and_a_killed_one_is_known),
		cmocka_unit_test(who_has_waited_in_vain_can_still_say_so),
		cmocka_unit_test(what_is_cut_short_is_refused_at_the_door_and_named_behind_it),
		cmocka_unit_test(what_cannot_be_is_said_before_anything_is_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
