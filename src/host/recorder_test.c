#define _GNU_SOURCE /* memmem */

#include "host/recorder.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "host/capture.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NET "/sys/devices/pci0000:00/0000:3b:00.0/net/eth0"
#define JDOE    \
	"/home" \
	"/jdoe" /* a home */
#define MS 1000000ll

/* An invented machine: a text makes a file, a target a link. */
static const struct {
	const char *path, *text, *target;
} places[] = {
	{ NET "/address", "b8:3f:d2:03:00:5c\n", NULL },
	{ NET "/speed", "400000\n", NULL },
	{ "/sys/class/net/eth0", NULL, "../../devices/pci0000:00/0000:3b:00.0/net/eth0" },
	{ "/sys/class/dmi/id/board_serial", "MB-77A01234\n", NULL },
	{ "/sys/class/dmi/id/product_uuid", "4c4c4544-0042-3510-8052-b4c04f4e3432\n", NULL },
	{ "/sys/class/dmi/id/board_name", "H100 board\n", NULL },
	{ "/sys/class/infiniband/mlx5_0/node_guid", "b83f:d203:005c:a1b2\n", NULL },
	{ "/proc/sys/kernel/hostname", "gpu-a17\n", NULL },
	{ "/proc/cmdline", "root=/dev/sda token=xoxo42secret quiet\n", NULL },
	{ "/proc/net/route", "eth0\t00000000\t0100A8C0\t0003\n", NULL },
	{ "/etc/passwd",
	  "root:x:0:0::/root:/bin/sh\njdoe:x:1000:1000:Jane Roe:/home/jdoe:/bin/sh\n", NULL },
	{ "/etc/hosts", "127.0.0.1 localhost\n10.11.12.13 gpu-a17 # board MB-77A01234\n", NULL },
	{ JDOE "/notes", "by jdoe\n", NULL },
	{ "/var/log/long", "first line fe80::ba3f:d2ff:fe03:5c\nsecond line\n", NULL },
	{ "/absolute", NULL, "/etc/hosts" },
	{ "/loop", NULL, "loop" },
	{ "/dangling", NULL, "/none/x" },
	{ "/empty/file", "", NULL },
};

/* That none of these is anywhere in a capture. */
static const char *const originals[] = {
	"b8:3f:d2:03:00:5c", "b83f:d203:005c:a1b2", "MB-77A01234",  "77A01234", "4c4c4544-0042",
	"gpu-a17",           "xoxo42secret",        "0100A8C0",     "jdoe",     "Jane",
	"10.11.12.13",       "ba3f:d2ff",           "GPU-11112222", "16505220",
};

struct fixture {
	char folder[PATH_MAX / 4];
	char root[PATH_MAX / 2], capture[PATH_MAX / 2];
	struct host plain;     /* the invented machine */
	struct host recording; /* that is recorded */
	struct host replay;
	struct arena arena;
};

static void make_place(struct fixture *fixture, const char *path, const char *text,
		       const char *target)
{
	const char *full = arena_format(&fixture->arena, "%s%s", fixture->root, path);
	char *parent = arena_take(&fixture->arena, strlen(full) + 1);

	memcpy(parent, full, strlen(full));
	*strrchr(parent, '/') = '\0';
	assert_true(host_make_folder(NULL, parent, NULL));
	if (target)
		assert_int_equal(symlink(target, full), 0);
	else
		assert_true(host_write_draft(NULL, full, span_of(text), NULL));
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *folder = getenv("TMPDIR");

	if (!fixture)
		return -1;
	(void)snprintf(fixture->folder, sizeof(fixture->folder), "%s/assay-recorder-XXXXXX",
		       folder ? folder : "/tmp");
	if (!mkdtemp(fixture->folder))
		return -1;
	(void)snprintf(fixture->root, sizeof(fixture->root), "%s/machine", fixture->folder);
	(void)snprintf(fixture->capture, sizeof(fixture->capture), "%s/capture", fixture->folder);
	for (size_t i = 0; i < COUNT(places); i++)
		make_place(fixture, places[i].path, places[i].text, places[i].target);
	assert_int_equal(mkfifo(arena_format(&fixture->arena, "%s/pipe", fixture->root), 0600), 0);
	fixture->plain.root = fixture->root;
	recorder_start(&fixture->plain, &fixture->arena, &fixture->recording);
	*state = fixture;
	return 0;
}

/* Calls `look` for each file, link and folder below `path`, folders after what is in them. */
static void visit(struct fixture *fixture, const char *path,
		  void (*look)(struct fixture *fixture, const char *path))
{
	const char *const *names = NULL;
	size_t count = 0;
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	if (S_ISDIR(status.st_mode))
		assert_true(host_list(NULL, path, &fixture->arena, &names, &count, NULL));
	for (size_t i = 0; i < count; i++)
		visit(fixture, arena_format(&fixture->arena, "%s/%s", path, names[i]), look);
	look(fixture, path);
}

static void remove_one(struct fixture *fixture, const char *path)
{
	(void)fixture;
	assert_int_equal(remove(path), 0);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	visit(fixture, fixture->folder, remove_one);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void write_and_open(struct fixture *fixture)
{
	const struct redaction redaction = { .salt = "sixteen bytes.." };
	struct error err = { .text = "" };

	(void)recorder_write(&fixture->recording, fixture->capture, &redaction, &err);
	assert_string_equal(err.text, "");
	(void)capture_open(fixture->capture, &fixture->arena, &fixture->replay, &err);
	assert_string_equal(err.text, "");
	assert_non_null(fixture->replay.capture);
}

enum question {
	READ,
	PEEK,
	PEEK_SHORT, /* with a limit of four bytes */
	VALUE,
	START, /* of ten bytes */
	LIST,
	LINK,
	REAL,
	STATUS,
	KIND,
	READABLE,
	QUESTION_COUNT,
};

static const char *text_of(struct arena *arena, struct span text)
{
	return arena_format(arena, "'%.*s'", SPAN_ARGS(text));
}

static const char *list_of(struct arena *arena, const struct host *host, const char *path,
			   struct error *err)
{
	const char *const *names = NULL;
	const char *joined = "";
	size_t count = 0;

	if (!host_list(host, path, arena, &names, &count, err))
		return NULL;
	for (size_t i = 0; i < count; i++)
		joined = arena_format(arena, "%s%s;", joined, names[i]);
	return joined;
}

static const char *status_of(struct arena *arena, const struct host *host, const char *path,
			     struct error *err)
{
	struct host_status status;

	if (!host_status(host, path, &status, err))
		return NULL;
	return arena_format(arena, "%d %o %u %u %llu %llu %lld", (int)status.kind, status.mode,
			    status.user, status.group, (unsigned long long)status.size,
			    (unsigned long long)status.device, (long long)status.changed);
}

/* The answer as one line, or the code and the words of the refusal. */
static const char *ask(struct fixture *fixture, const struct host *host, enum question question,
		       const char *path)
{
	struct arena *arena = &fixture->arena;
	struct error err = { .text = "" };
	struct span text = { 0 };
	const char *answer = NULL;

	switch (question) {
	case READ:
		answer = host_read(host, path, 1000, arena, &text, &err) ? "" : NULL;
		break;
	case PEEK:
		answer = host_peek(host, path, 1000, arena, &text, &err) ? "" : NULL;
		break;
	case PEEK_SHORT:
		answer = host_peek(host, path, 4, arena, &text, &err) ? "" : NULL;
		break;
	case VALUE:
		answer = host_value(host, path, arena, &text, &err) ? "" : NULL;
		break;
	case START:
		answer = host_peek_start(host, path, 10, arena, &text, &err) ? "" : NULL;
		break;
	case LIST:
		answer = list_of(arena, host, path, &err);
		break;
	case LINK:
		(void)host_link(host, path, arena, &answer, &err);
		break;
	case REAL:
		(void)host_real_path(host, path, arena, &answer, &err);
		break;
	case STATUS:
		answer = status_of(arena, host, path, &err);
		break;
	case KIND:
		answer = arena_format(arena, "%d", (int)host_kind(host, path));
		break;
	case READABLE:
		answer = host_readable(host, path) ? "yes" : "no";
		break;
	case QUESTION_COUNT:
		break;
	}
	if (!answer)
		return arena_format(arena, "refused %d: %s", (int)err.code, err.text);
	return answer[0] == '\0' ? text_of(arena, text) : answer;
}

/* Nothing in these paths or files is redacted: the answers have to be the same to the byte. */
static const char *const paths[] = {
	"/sys/class/net/eth0/speed",
	(NET "/speed"),
	"/sys/class/net/eth0/none",
	"/sys/class/net/eth0",
	"/sys/class/net",
	"/sys/class/dmi/id/board_name",
	"/sys/class/net/eth0/../eth0/speed",
	"/loop",
	"/dangling",
	"/pipe",
	"/none",
	"/empty/file",
	"/empty",
	"/",
	"/sys/class/dmi/id/board_name/x",
	"/../../none",
};

static void the_same_questions_have_the_same_answers(void **state)
{
	struct fixture *fixture = *state;
	const char *answers[COUNT(paths)][QUESTION_COUNT];
	int64_t before = host_unix_time(NULL);
	int64_t boot = host_boot_ns(NULL);

	for (size_t i = 0; i < COUNT(paths); i++) {
		for (unsigned j = 0; j < QUESTION_COUNT; j++) {
			const char *plain = ask(fixture, &fixture->plain, j, paths[i]);

			answers[i][j] = ask(fixture, &fixture->recording, j, paths[i]);
			assert_string_equal(answers[i][j], plain);
		}
	}
	write_and_open(fixture);
	for (size_t i = 0; i < COUNT(paths); i++) {
		for (unsigned j = 0; j < QUESTION_COUNT; j++) {
			assert_string_equal(ask(fixture, &fixture->replay, j, paths[i]),
					    answers[i][j]);
		}
	}
	int64_t then = host_unix_time(&fixture->replay);
	assert_true(then >= before && then <= host_unix_time(NULL));
	assert_true(host_boot_ns(&fixture->replay) >= boot);
	assert_true(host_boot_ns(&fixture->replay) == host_boot_ns(&fixture->replay));
	assert_true(host_is_elsewhere(&fixture->replay));
}

/* Each question alone: no answer rests on another that happened to be asked too. */
static void each_question_stands_alone(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(paths); i++) {
		for (unsigned j = 0; j < QUESTION_COUNT; j++) {
			recorder_start(&fixture->plain, &fixture->arena, &fixture->recording);
			const char *answer = ask(fixture, &fixture->recording, j, paths[i]);

			write_and_open(fixture);
			assert_string_equal(ask(fixture, &fixture->replay, j, paths[i]), answer);
			visit(fixture, fixture->capture, remove_one);
		}
	}
}

static void what_was_not_asked_is_not_there(void **state)
{
	struct fixture *fixture = *state;

	(void)ask(fixture, &fixture->recording, PEEK, "/sys/class/net/eth0/speed");
	write_and_open(fixture);
	assert_non_null(strstr(ask(fixture, &fixture->replay, PEEK, "/etc/hosts"),
			       "refused 4: '/etc/hosts' is not in the capture"));
	/* A folder of which only some files are known is not a list of its files. */
	assert_non_null(strstr(ask(fixture, &fixture->replay, LIST, NET), "not in the capture"));
	assert_non_null(
		strstr(ask(fixture, &fixture->replay, READ, "/etc/hosts"), "not in the capture"));
	assert_string_equal(ask(fixture, &fixture->replay, KIND, "/etc/hosts"), "0");
}

/* A way that fails and goes on upwards has no place that it could be kept at. */
static void a_way_that_is_lost_is_missing(void **state)
{
	static const char path[] = "/sys/class/net/eth0/speed/..";
	struct fixture *fixture = *state;

	(void)ask(fixture, &fixture->recording, PEEK, "/sys/class/net/eth0/speed");
	for (unsigned i = 0; i < QUESTION_COUNT; i++)
		(void)ask(fixture, &fixture->recording, i, path);
	write_and_open(fixture);
	assert_non_null(strstr(ask(fixture, &fixture->replay, PEEK, path), "refused 4"));
	assert_non_null(strstr(ask(fixture, &fixture->replay, LIST, path), "refused 4"));
	assert_non_null(strstr(ask(fixture, &fixture->replay, STATUS, path), "refused 4"));
	assert_non_null(strstr(ask(fixture, &fixture->replay, REAL, path), "refused 4"));
	assert_string_equal(ask(fixture, &fixture->replay, READABLE, path), "no");
}

static void a_refusal_keeps_the_words_of_the_system(void **state)
{
	struct fixture *fixture = *state;
	const struct error err = { .code = ERROR_IO,
				   .text = "opening '/sys/x': Permission denied" };

	recorder_keep_refusal(&fixture->recording, ASKED_PEEK, "/sys/x", &err);
	write_and_open(fixture);
	assert_string_equal(ask(fixture, &fixture->replay, PEEK, "/sys/x"),
			    "refused 1: opening '/sys/x': Permission denied");
}

static void the_start_of_a_file_is_not_the_whole(void **state)
{
	struct fixture *fixture = *state;
	const char *long_file = "/var/log/long";

	assert_string_equal(ask(fixture, &fixture->recording, START, long_file), "'first line'");
	write_and_open(fixture);
	assert_string_equal(ask(fixture, &fixture->replay, START, long_file), "'first line'");
	assert_non_null(strstr(ask(fixture, &fixture->replay, PEEK, long_file), "refused 6"));
	assert_non_null(strstr(ask(fixture, &fixture->replay, READ, long_file), "refused 6"));
}

static void answer(struct worker_port *port, const char *request, void **state, const void *context)
{
	(void)state;
	(void)context;
	worker_calls(port, "nvmlDeviceGetUUID %s", request);
	worker_answers(port, "GPU-11112222-3333-4444-5555-666677778888");
	worker_answers(port, "serial 1650522003234");
	worker_answers(port, "fan 30");
	if (strcmp(request, "stall") == 0)
		pause();
}

static struct worker worker_of(const struct host *host)
{
	return (struct worker){
		.host = host,
		.function = answer,
		.call_limit_ns = 300 * MS,
		.total_limit_ns = 10000 * MS,
		.name = "nvml",
	};
}

static void workers_answer_from_the_capture(void **state)
{
	static const char *const requests[] = { "all", "stall" };
	struct fixture *fixture = *state;
	struct worker live = worker_of(&fixture->recording);
	struct worker replayed = worker_of(&fixture->replay);
	struct worker_result result[2];
	struct error err;
	int descriptor = 0;
	bool finished = false;

	for (size_t i = 0; i < COUNT(requests); i++)
		assert_true(worker_ask(&live, requests[i], &fixture->arena, &result[i], NULL));
	worker_end(&live);
	write_and_open(fixture);
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct worker_result again;

		assert_true(worker_ask(&replayed, requests[i], &fixture->arena, &again, NULL));
		assert_int_equal(again.end, i == 0 ? WORKER_DONE : WORKER_STALLED);
		assert_int_equal(again.end, result[i].end);
		assert_string_equal(again.call, result[i].call);
		assert_int_equal(again.answer_count, 3);
		assert_memory_equal(again.answers[0].at, "GPU-", 4);
		assert_int_equal(again.answers[0].length, result[i].answers[0].length);
		assert_true(span_is(again.answers[2], "fan 30"));
		assert_int_equal(replayed.process, 0);
	}
	assert_true(worker_send(&replayed, "all", &descriptor, NULL));
	assert_int_equal(descriptor, -1);
	assert_true(worker_receive(&replayed, &fixture->arena, &finished, &result[0], NULL));
	assert_true(finished);
	assert_false(worker_ask(&replayed, "other", &fixture->arena, &result[0], &err));
	assert_int_equal(err.code, ERROR_MISSING);
	worker_end(&replayed);
}

static void programs_answer_from_the_capture(void **state)
{
	static const char *const words[] = { "/bin/sh", "-c", "echo a; echo b >&2; exit 3", NULL };
	static const char *const missing[] = { "assay-no-such-program", NULL };
	static const char *const other[] = { "true", NULL };
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;
	struct host here;
	struct process_result result;
	struct error first = { .text = "" };
	struct error err = { .text = "" };

	recorder_start(NULL, arena, &here);
	assert_true(host_run(&here, words,
			     (struct process_limits){ .limit_ns = 10000 * MS, .maximum = 100 },
			     arena, &result, NULL));
	assert_false(host_run(&here, missing,
			      (struct process_limits){ .limit_ns = 10000 * MS, .maximum = 100 },
			      arena, &result, &first));
	fixture->recording = here;
	write_and_open(fixture);
	memset(&result, 0xee, sizeof(result));
	assert_true(host_run(&fixture->replay, words,
			     (struct process_limits){ .limit_ns = 0, .maximum = 0 }, arena, &result,
			     NULL));
	assert_int_equal(result.status, 3);
	assert_false(result.stalled || result.cut);
	assert_string_equal(result.said.at, "a\n");
	assert_string_equal(result.complained.at, "b\n");
	assert_false(host_run(&fixture->replay, missing,
			      (struct process_limits){ .limit_ns = 0, .maximum = 0 }, arena,
			      &result, &err));
	assert_string_equal(err.text, first.text);
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(host_run(&fixture->replay, other,
			      (struct process_limits){ .limit_ns = 0, .maximum = 0 }, arena,
			      &result, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void assert_clean(struct fixture *fixture, const char *path)
{
	struct span text = { 0 };
	struct stat status;
	const char *target = "";

	assert_int_equal(lstat(path, &status), 0);
	if (S_ISREG(status.st_mode))
		assert_true(host_read(NULL, path, 1 << 20, &fixture->arena, &text, NULL));
	if (S_ISLNK(status.st_mode))
		assert_true(host_link(NULL, path, &fixture->arena, &target, NULL));
	for (size_t i = 0; i < COUNT(originals); i++) {
		const char *one = originals[i];

		if (strstr(path, one) || strstr(target, one) ||
		    (text.at && memmem(text.at, text.length, one, strlen(one))))
			fail_msg("'%s' is in '%s'", one, path);
	}
}

/* Everything is asked, of files, folders, a worker and a program: nothing that names the machine
 * is left, and what was equal is. */
static void no_original_survives_anywhere(void **state)
{
	static const char *const words[] = { "echo", "--token", "xoxo42secret", "gpu-a17", NULL };
	static const char *const folders[] = { "/home", JDOE, "/sys/class/net", "/etc" };
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;
	struct worker worker = worker_of(&fixture->recording);
	struct worker_result result;
	struct process_result ran = { .said = SPAN("token=xoxo42secret on gpu-a17\n") };
	const struct error err = { .code = ERROR_IO, .text = "opening '" JDOE "/x': no" };

	for (size_t i = 0; i < COUNT(places); i++) {
		(void)ask(fixture, &fixture->recording, PEEK, places[i].path);
		(void)ask(fixture, &fixture->recording, STATUS, places[i].path);
	}
	for (size_t i = 0; i < COUNT(folders); i++)
		(void)ask(fixture, &fixture->recording, LIST, folders[i]);
	assert_true(worker_ask(&worker, "all", arena, &result, NULL));
	worker_end(&worker);
	recorder_keep_run(&fixture->recording, words, &ran);
	recorder_keep_refusal(&fixture->recording, ASKED_PEEK, JDOE "/x", &err);
	write_and_open(fixture);
	visit(fixture, fixture->capture, assert_clean);

	/* Facts that name nobody are as they were. */
	const struct host *replay = &fixture->replay;
	assert_string_equal(ask(fixture, replay, VALUE, "/sys/class/net/eth0"),
			    "refused 3: '/sys/class/net/eth0' is a folder, not a regular file");
	assert_string_equal(ask(fixture, replay, VALUE, NET "/speed"), "'400000'");
	/* What was equal is: the name of the host and the number of its board. */
	const char *hosts = ask(fixture, replay, PEEK, "/absolute");
	const char *serial = ask(fixture, replay, VALUE, "/sys/class/dmi/id/board_serial");
	const char *name = ask(fixture, replay, VALUE, "/proc/sys/kernel/hostname");
	assert_memory_equal(strstr(hosts, "board ") + strlen("board "), serial + 1,
			    strlen("MB-77A01234"));
	assert_memory_equal(strstr(hosts, " # board") - strlen("gpu-a17"), name + 1,
			    strlen("gpu-a17"));
}

static void a_folder_that_is_there_is_not_written_into(void **state)
{
	const struct redaction redaction = { .salt = { 1 } };
	struct fixture *fixture = *state;
	struct error err;

	assert_true(host_make_folder(NULL, fixture->capture, NULL));
	assert_false(recorder_write(&fixture->recording, fixture->capture, &redaction, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_string_equal(list_of(&fixture->arena, NULL, fixture->capture, NULL), "");
}

static void equal_machines_give_equal_captures(void **state)
{
	struct fixture *fixture = *state;
	const char *file = arena_format(&fixture->arena, "%s/capture.json", fixture->capture);
	struct span texts[2];

	for (unsigned i = 0; i < 2; i++) {
		recorder_start(&fixture->plain, &fixture->arena, &fixture->recording);
		/* In another order the second time. */
		for (size_t j = 0; j < COUNT(paths); j++)
			(void)ask(fixture, &fixture->recording, STATUS,
				  paths[i == 0 ? j : COUNT(paths) - 1 - j]);
		write_and_open(fixture);
		assert_true(host_read(NULL, file, 1 << 20, &fixture->arena, &texts[i], NULL));
		visit(fixture, fixture->capture, remove_one);
	}
	const char *one = strstr(texts[0].at, "\"redactions\"");
	const char *two = strstr(texts[1].at, "\"redactions\"");
	assert_non_null(strstr(one, "\"statuses\""));
	assert_string_equal(one, two);
}

static void a_folder_without_a_description_is_a_plain_root(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct host host = { .root = NULL };

	assert_true(capture_open(fixture->root, &fixture->arena, &host, NULL));
	assert_null(host.capture);
	assert_string_equal(host.root, fixture->root);
	assert_string_equal(ask(fixture, &host, PEEK, "/absolute"),
			    ask(fixture, &fixture->plain, PEEK, "/etc/hosts"));
	assert_false(capture_open("/nowhere", &fixture->arena, &host, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void a_capture_whose_tree_is_a_link_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct host host = { .root = NULL };

	write_and_open(fixture);
	const char *tree = arena_format(&fixture->arena, "%s/root", fixture->capture);
	visit(fixture, tree, remove_one);
	assert_int_equal(symlink("/", tree), 0);
	assert_false(capture_open(fixture->capture, &fixture->arena, &host, &err));
	assert_int_equal(err.code, ERROR_INVALID);
}

/* What is recorded of a capture is the capture. */
static void a_capture_can_be_recorded_again(void **state)
{
	struct fixture *fixture = *state;
	const char *again = arena_format(&fixture->arena, "%s/again", fixture->folder);
	const struct redaction redaction = { .salt = { 2 } };
	const char *answer = ask(fixture, &fixture->recording, PEEK, "/sys/class/net/eth0/speed");
	struct host second;

	(void)ask(fixture, &fixture->recording, PEEK, "/none");
	write_and_open(fixture);
	recorder_start(&fixture->replay, &fixture->arena, &second);
	(void)ask(fixture, &second, PEEK, "/sys/class/net/eth0/speed");
	(void)ask(fixture, &second, PEEK, "/none");
	assert_true(recorder_write(&second, again, &redaction, NULL));
	assert_true(capture_open(again, &fixture->arena, &second, NULL));
	assert_string_equal(ask(fixture, &second, PEEK, "/sys/class/net/eth0/speed"), answer);
	assert_string_equal(ask(fixture, &second, PEEK, "/none"),
			    ask(fixture, &fixture->plain, PEEK, "/none"));
	assert_true(host_boot_ns(&second) == host_boot_ns(&fixture->replay));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_same_questions_have_the_same_answers),
		CASE(each_question_stands_alone),
		CASE(what_was_not_asked_is_not_there),
		CASE(a_way_that_is_lost_is_missing),
		CASE(a_refusal_keeps_the_words_of_the_system),
		CASE(the_start_of_a_file_is_not_the_whole),
		CASE(workers_answer_from_the_capture),
		CASE(programs_answer_from_the_capture),
		CASE(no_original_survives_anywhere),
		CASE(a_folder_that_is_there_is_not_written_into),
		CASE(equal_machines_give_equal_captures),
		CASE(a_folder_without_a_description_is_a_plain_root),
		CASE(a_capture_whose_tree_is_a_link_is_refused),
		CASE(a_capture_can_be_recorded_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
