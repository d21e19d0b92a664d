#define _GNU_SOURCE /* SYS_close_range, CLOCK_MONOTONIC, SOCK_CLOEXEC */

#include "host/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/grow.h"
#include "host/clock.h"
#include "host/recorded.h"
#include "host/recorder.h"

enum {
	PORT_FD = 3, /* the child's only descriptor besides the three that lead nowhere */
	REQUEST_MAXIMUM = 64 << 10,
	FD_MAXIMUM = 1 << 16, /* looked at where the kernel cannot close a range */
	BURY_NS = 100 * NS_PER_MS,
	BURY_STEP_NS = NS_PER_MS,
	ABANDONED_MAXIMUM = 8,
	COPIES_MAXIMUM = 64,
};

/* The page that both sides see. The child may scribble over it: the parent believes nothing. */
struct announcement {
	_Atomic uint64_t sequence; /* odd while the child writes */
	_Atomic int64_t start_ns;  /* 0 before the first call of a request */
	char call[WORKER_CALL_SIZE];
};

struct worker_port {
	int fd;
	struct announcement *page;
};

/* Each packet is of one kind, told by its first byte. */
enum packet {
	PACKET_ANSWER = 'a',
	PACKET_DONE = 'd',
};

/* What the parent knows of its child and of the request that it works on. */
struct worker_shared {
	struct announcement *page;
	pid_t abandoned[ABANDONED_MAXIMUM]; /* killed, but stuck in the kernel */
	unsigned abandoned_count;
	bool asked;
	int64_t asked_ns;
	char *request;
	struct arena arena; /* of the answers so far */
	struct span *answers;
	size_t count, room;
};

void worker_calls(struct worker_port *port, const char *format, ...)
{
	struct announcement *page = port->page;
	uint64_t sequence = atomic_load(&page->sequence);
	va_list arguments;

	atomic_store(&page->sequence, sequence | 1);
	va_start(arguments, format);
	(void)vsnprintf(page->call, sizeof(page->call), format, arguments);
	va_end(arguments);
	atomic_store(&page->start_ns, clock_now_ns());
	atomic_store(&page->sequence, (sequence | 1) + 1);
}

/* False when the parent is gone. */
static bool send_packet(int fd, const char *packet, size_t length)
{
	for (;;) {
		ssize_t sent = send(fd, packet, length, MSG_NOSIGNAL);

		if (sent >= 0)
			return true;
		if (errno != EINTR)
			return false;
	}
}

void worker_answers(struct worker_port *port, const char *format, ...)
{
	char packet[1 + WORKER_LINE_MAXIMUM + 1] = { PACKET_ANSWER };
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(packet + 1, sizeof(packet) - 1, format, arguments);
	va_end(arguments);
	if (length < 0)
		length = 0;
	if (length > WORKER_LINE_MAXIMUM)
		length = WORKER_LINE_MAXIMUM;
	if (!send_packet(port->fd, packet, 1 + (size_t)length))
		_exit(EXIT_FAILURE);
}

static void close_others_one_by_one(void)
{
	for (int fd = PORT_FD + 1; fd < FD_MAXIMUM; fd++)
		(void)close(fd);
}

/* Leaves the port and three descriptors that lead nowhere: a library that prints must not write
 * into what it opened itself. */
static bool keep_only(int port_fd)
{
	int high = fcntl(port_fd, F_DUPFD_CLOEXEC, PORT_FD + 1);
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (high < 0)
		return false;
	for (int fd = 0; fd < PORT_FD; fd++) {
		if (nowhere < 0)
			(void)close(fd);
		else if (nowhere != fd && dup2(nowhere, fd) < 0)
			return false;
	}
	if (nowhere >= 0 && nowhere < PORT_FD)
		(void)fcntl(nowhere, F_SETFD, 0);
	if (dup2(high, PORT_FD) < 0 || fcntl(PORT_FD, F_SETFD, FD_CLOEXEC) < 0)
		return false;
	if (syscall(SYS_close_range, PORT_FD + 1, ~0u, 0) != 0)
		close_others_one_by_one();
	return true;
}

static void reset_signals(void)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &plain, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void serve(const struct worker *worker, struct announcement *page, int port_fd,
			    pid_t parent)
{
	struct worker_port port = { .fd = PORT_FD, .page = page };
	const struct rlimit no_core = { 0, 0 };
	const char done = PACKET_DONE;
	void *state = NULL;
	char *request = malloc(REQUEST_MAXIMUM + 1);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setpgid(0, 0);
	reset_signals();
	(void)setrlimit(RLIMIT_CORE, &no_core);
	/* The parent may have gone before the kernel was told to end this process with it. */
	if (getppid() != parent || !request || !keep_only(port_fd))
		_exit(EXIT_FAILURE);

	for (;;) {
		ssize_t length = recv(port.fd, request, REQUEST_MAXIMUM, 0);

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0)
			_exit(EXIT_SUCCESS);
		request[length] = '\0';
		worker->function(&port, request, &state, worker->context);
		if (!send_packet(port.fd, &done, 1))
			_exit(EXIT_FAILURE);
	}
}

static struct worker_shared *shared_of(const struct worker *worker)
{
	return worker->shared;
}

static bool make_shared(struct worker *worker, struct error *err)
{
	struct worker_shared *shared;

	if (worker->shared)
		return true;
	shared = calloc(1, sizeof(*shared));
	if (!shared)
		memory_exhausted(sizeof(*shared));
	shared->page = mmap(NULL, sizeof(*shared->page), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared->page == MAP_FAILED) {
		free(shared);
		return fail(err, ERROR_IO, "%s: no memory to share: %s", worker->name,
			    strerror(errno));
	}
	worker->shared = shared;
	return true;
}

/* Takes back what has died of the children that could not be killed. */
static void bury_abandoned(struct worker_shared *shared)
{
	unsigned left = 0;

	for (unsigned i = 0; i < shared->abandoned_count; i++) {
		if (waitpid(shared->abandoned[i], NULL, WNOHANG) == 0)
			shared->abandoned[left++] = shared->abandoned[i];
	}
	shared->abandoned_count = left;
}

/* Waits for the end of a child for a tenth of a second at most; false when it is still there. */
static bool bury(pid_t process, int *ret_status)
{
	int64_t start_ns = clock_now_ns();

	for (;;) {
		pid_t ended = waitpid(process, ret_status, WNOHANG);

		if (ended == process)
			return true;
		/* Somebody else took its status. */
		if (ended < 0 && errno != EINTR) {
			*ret_status = 0;
			return true;
		}
		if (clock_now_ns() - start_ns > BURY_NS)
			return false;
		clock_sleep_ns(BURY_STEP_NS);
	}
}

static void kill_child(pid_t process)
{
	/* Its group holds what it has started itself. */
	(void)kill(-process, SIGKILL);
	(void)kill(process, SIGKILL);
}

/* Ends the child, or abandons it. */
static void end_child(struct worker *worker)
{
	struct worker_shared *shared = shared_of(worker);
	int status = 0;

	if (worker->process <= 0)
		return;
	(void)close(worker->port_fd);
	kill_child(worker->process);
	if (!bury(worker->process, &status) && shared->abandoned_count < ABANDONED_MAXIMUM)
		shared->abandoned[shared->abandoned_count++] = worker->process;
	worker->process = 0;
	worker->port_fd = -1;
}

static bool start_child(struct worker *worker, struct error *err)
{
	struct worker_shared *shared = shared_of(worker);
	pid_t parent = getpid();
	int pair[2];

	if (worker->process > 0)
		return true;
	bury_abandoned(shared);
	if (shared->abandoned_count == ABANDONED_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %d children hang in the kernel; no more is made",
			    worker->name, ABANDONED_MAXIMUM);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(err, ERROR_IO, "%s: no socket: %s", worker->name, strerror(errno));

	pid_t process = fork();
	if (process < 0) {
		(void)fail(err, ERROR_IO, "%s: no child: %s", worker->name, strerror(errno));
		(void)close(pair[0]);
		(void)close(pair[1]);
		return false;
	}
	if (process == 0)
		serve(worker, shared->page, pair[1], parent);
	(void)close(pair[1]);
	worker->process = process;
	worker->port_fd = pair[0];
	return true;
}

/* The last call that was announced; returns when it began, 0 when there was none. */
static int64_t read_announcement(struct announcement *page, char ret_call[static WORKER_CALL_SIZE])
{
	int64_t start_ns = 0;

	/* A child that was killed within an announcement leaves it odd: then what is there is
	 * taken. */
	for (unsigned i = 0; i < COPIES_MAXIMUM; i++) {
		uint64_t before = atomic_load(&page->sequence);

		start_ns = atomic_load(&page->start_ns);
		memcpy(ret_call, page->call, WORKER_CALL_SIZE);
		if (before % 2 == 0 && atomic_load(&page->sequence) == before)
			break;
	}
	ret_call[WORKER_CALL_SIZE - 1] = '\0';
	return start_ns;
}

/* When the request has to have ended, as far as is known now. */
static int64_t deadline_ns(const struct worker *worker)
{
	const struct worker_shared *shared = shared_of(worker);
	int64_t total_ns = shared->asked_ns + worker->total_limit_ns;
	int64_t start_ns = atomic_load(&shared->page->start_ns);
	int64_t call_ns;

	/* A time before the request, or in the future, is a page that was scribbled over. */
	if (start_ns == 0 || start_ns < shared->asked_ns || start_ns > clock_now_ns())
		return total_ns;
	call_ns = start_ns + worker->call_limit_ns;
	return call_ns < total_ns ? call_ns : total_ns;
}

/* Starts the next character of a line that may hold anything. */
static size_t clean_character(struct span rest, char *into)
{
	size_t length = span_character(rest, NULL);
	unsigned char first = (unsigned char)rest.at[0];

	if (length == 0 || (first < ' ' && first != '\t') || first == 0x7f) {
		*into = '?';
		return 1;
	}
	memcpy(into, rest.at, length);
	return length;
}

/* A line of UTF-8 without control characters but the tab. */
static struct span clean_line(struct arena *arena, struct span line)
{
	char *clean = arena_take(arena, line.length + 1);
	size_t at = 0;

	while (at < line.length) {
		struct span rest = { .at = line.at + at, .length = line.length - at };

		at += clean_character(rest, clean + at);
	}
	return (struct span){ .at = clean, .length = at };
}

static void keep_answer(struct worker_shared *shared, struct span line)
{
	ARENA_GROW(&shared->arena, shared->answers, shared->count, shared->room);
	shared->answers[shared->count++] = clean_line(&shared->arena, line);
}

static void forget_request(struct worker_shared *shared)
{
	arena_release(&shared->arena);
	free(shared->request);
	shared->request = NULL;
	shared->answers = NULL;
	shared->count = 0;
	shared->room = 0;
	shared->asked = false;
}

static bool check_limits(const struct worker *worker, const char *request, struct error *err)
{
	if (worker->call_limit_ns <= 0 || worker->total_limit_ns <= 0)
		return fail(err, ERROR_INVALID, "%s: a worker needs both limits", worker->name);
	if (request[0] == '\0' || strlen(request) > REQUEST_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: a request has 1 to %d bytes", worker->name,
			    REQUEST_MAXIMUM);
	if (worker->shared && shared_of(worker)->asked)
		return fail(err, ERROR_CONFLICT, "%s: the request before has not ended",
			    worker->name);
	return true;
}

/* A child that died between two requests is replaced once. */
static bool hand_over(struct worker *worker, const char *request, struct error *err)
{
	int number = 0;

	for (unsigned i = 0; i < 2; i++) {
		if (!start_child(worker, err))
			return false;
		if (send_packet(worker->port_fd, request, strlen(request)))
			return true;
		number = errno;
		end_child(worker);
	}
	return fail(err, ERROR_IO, "%s: the child does not listen: %s", worker->name,
		    strerror(number));
}

static bool is_captured(const struct worker *worker)
{
	return worker->host && worker->host->capture;
}

/* The answer to the request that was sent, from the capture. */
static bool answer_captured(const struct worker *worker, const char *request, struct arena *arena,
			    struct worker_result *ret_result, struct error *err)
{
	return capture_answer(worker->host, worker->name, request, arena, ret_result, err);
}

static bool hand_to_child(struct worker *worker, const char *request, struct error *err)
{
	struct worker_shared *shared = shared_of(worker);

	/* The child is idle or not there: nobody else writes to the page now. */
	atomic_store(&shared->page->sequence, 0);
	atomic_store(&shared->page->start_ns, 0);
	memset(shared->page->call, 0, sizeof(shared->page->call));
	shared->asked_ns = clock_now_ns();
	return hand_over(worker, request, err);
}

bool worker_send(struct worker *worker, const char *request, int *ret_descriptor, struct error *err)
{
	struct worker_shared *shared;

	if (!check_limits(worker, request, err) || !make_shared(worker, err))
		return false;
	shared = shared_of(worker);
	if (is_captured(worker)) {
		struct worker_result known;

		SCOPED_ARENA(scratch);
		if (!answer_captured(worker, request, &scratch, &known, err))
			return false;
	} else if (!hand_to_child(worker, request, err)) {
		return false;
	}
	shared->asked = true;
	shared->request = strdup(request);
	if (!shared->request)
		memory_exhausted(strlen(request) + 1);
	*ret_descriptor = is_captured(worker) ? -1 : worker->port_fd;
	return true;
}

enum progress {
	PROGRESS_NONE, /* nothing has come */
	PROGRESS_ANSWER,
	PROGRESS_DONE,
	PROGRESS_FLOOD,
	PROGRESS_GONE, /* the child has closed its end */
};

static enum progress take_packet(const struct worker *worker)
{
	char packet[1 + WORKER_LINE_MAXIMUM];
	struct worker_shared *shared = shared_of(worker);
	ssize_t length = recv(worker->port_fd, packet, sizeof(packet), MSG_DONTWAIT);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return PROGRESS_NONE;
	if (length <= 0)
		return PROGRESS_GONE;
	if (packet[0] == PACKET_DONE)
		return PROGRESS_DONE;
	/* What is of no kind was written by a library that lost its way. */
	if (packet[0] != PACKET_ANSWER)
		return PROGRESS_GONE;
	if (shared->count == WORKER_ANSWERS_MAXIMUM)
		return PROGRESS_FLOOD;
	keep_answer(shared, (struct span){ .at = packet + 1, .length = (size_t)length - 1 });
	return PROGRESS_ANSWER;
}

/* The child has closed its end: it is dead, or as good as dead. */
static int end_of_dead(struct worker *worker)
{
	int status = 0;

	if (bury(worker->process, &status)) {
		(void)kill(-worker->process, SIGKILL);
		(void)close(worker->port_fd);
		worker->process = 0;
		worker->port_fd = -1;
		return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	}
	end_child(worker);
	return 0;
}

static void finish(struct worker *worker, enum worker_end end, struct arena *arena,
		   struct worker_result *ret_result)
{
	struct worker_shared *shared = shared_of(worker);
	struct span *answers = ARENA_ARRAY(arena, struct span, shared->count);
	char call[WORKER_CALL_SIZE];
	int number = 0;

	(void)read_announcement(shared->page, call);
	if (end == WORKER_DIED)
		number = end_of_dead(worker);
	else if (end != WORKER_DONE || worker->is_for_once)
		end_child(worker);

	for (size_t i = 0; i < shared->count; i++) {
		answers[i].at = arena_string(arena, shared->answers[i]);
		answers[i].length = shared->answers[i].length;
	}
	*ret_result = (struct worker_result){
		.end = end,
		.signal = number,
		.answers = answers,
		.answer_count = shared->count,
	};
	struct span clean = clean_line(arena, span_of(call));
	memcpy(ret_result->call, clean.at, clean.length);
}

/* Takes what has come; false when the request goes on. */
static bool take_packets(struct worker *worker, enum worker_end *ret_end)
{
	enum progress progress = PROGRESS_ANSWER;

	while (progress == PROGRESS_ANSWER)
		progress = take_packet(worker);
	switch (progress) {
	case PROGRESS_DONE:
		*ret_end = WORKER_DONE;
		return true;
	case PROGRESS_FLOOD:
		*ret_end = WORKER_FLOODED;
		return true;
	case PROGRESS_GONE:
		*ret_end = WORKER_DIED;
		return true;
	case PROGRESS_NONE:
	case PROGRESS_ANSWER:
		break;
	}
	*ret_end = WORKER_STALLED;
	return clock_now_ns() >= deadline_ns(worker);
}

bool worker_receive(struct worker *worker, struct arena *arena, bool *ret_finished,
		    struct worker_result *ret_result, struct error *err)
{
	struct worker_shared *shared = shared_of(worker);
	enum worker_end end = WORKER_DONE;

	if (!shared || !shared->asked)
		return fail(err, ERROR_INVALID, "%s: nothing was asked", worker->name);
	if (is_captured(worker)) {
		if (!answer_captured(worker, shared->request, arena, ret_result, err))
			return false;
		*ret_finished = true;
	} else {
		*ret_finished = take_packets(worker, &end);
		if (*ret_finished)
			finish(worker, end, arena, ret_result);
	}
	if (!*ret_finished)
		return true;
	if (worker->host && worker->host->recorder)
		recorder_keep_answer(worker->host, worker->name, shared->request, ret_result);
	forget_request(shared);
	return true;
}

void worker_wait(const struct worker *const *workers, size_t count, int64_t limit_ns)
{
	struct pollfd waited[WORKERS_AT_ONCE];
	nfds_t waited_count = 0;

	assert(count <= WORKERS_AT_ONCE);
	for (size_t i = 0; i < count; i++) {
		const struct worker_shared *shared = workers[i] ? shared_of(workers[i]) : NULL;

		if (shared && shared->asked && workers[i]->process > 0)
			waited[waited_count++] =
				(struct pollfd){ .fd = workers[i]->port_fd, .events = POLLIN };
	}
	(void)poll(waited, waited_count, clock_poll_ms(limit_ns));
}

void worker_cancel(struct worker *worker, struct arena *arena, struct worker_result *ret_result)
{
	struct worker_shared *shared = shared_of(worker);
	enum progress progress = PROGRESS_ANSWER;

	assert(shared && shared->asked);
	while (worker->process > 0 && progress == PROGRESS_ANSWER)
		progress = take_packet(worker);
	finish(worker, WORKER_CANCELLED, arena, ret_result);
	forget_request(shared);
}

bool worker_ask(struct worker *worker, const char *request, struct arena *arena,
		struct worker_result *ret_result, struct error *err)
{
	bool finished = false;
	int descriptor = -1;

	if (!worker_send(worker, request, &descriptor, err))
		return false;
	for (;;) {
		struct pollfd waited = { .fd = descriptor, .events = POLLIN };

		if (!worker_receive(worker, arena, &finished, ret_result, err))
			return false;
		if (finished)
			return true;
		(void)poll(&waited, 1, clock_poll_ms(deadline_ns(worker) - clock_now_ns()));
	}
}

void worker_end(struct worker *worker)
{
	struct worker_shared *shared = shared_of(worker);

	if (!shared)
		return;
	end_child(worker);
	bury_abandoned(shared);
	forget_request(shared);
	(void)munmap(shared->page, sizeof(*shared->page));
	free(shared);
	worker->shared = NULL;
}

void worker_take_over(struct worker *into, struct worker *from)
{
	assert(into->function == from->function && !into->shared);
	into->process = from->process;
	into->port_fd = from->port_fd;
	into->shared = from->shared;
	from->process = 0;
	from->port_fd = -1;
	from->shared = NULL;
}
