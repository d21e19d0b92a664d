#define _GNU_SOURCE /* O_PATH */

#include "host/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "host/below.h"
#include "host/recorded.h"
#include "host/recorder.h"

enum {
	PIECE_SIZE = 32 << 10, /* read at once */
};

static int open_file(const struct host *host, const char *path, struct error *err)
{
	struct stat status;
	int file = open_below(host, path, O_RDONLY);

	if (file < 0) {
		/* What has no driver behind it, as a socket, is refused before it can be asked. */
		if (errno == ENXIO)
			(void)fail(err, ERROR_INVALID, "'%s' is not a regular file", path);
		else
			(void)fail_system(err, "opening", path);
		return -1;
	}
	if (fstat(file, &status) != 0)
		(void)fail_system(err, "reading", path);
	else if (S_ISREG(status.st_mode))
		return file;
	else
		(void)fail(err, ERROR_INVALID, "'%s' is %s, not a regular file", path,
			   S_ISDIR(status.st_mode) ? "a folder" : "a device or a pipe");
	(void)close(file);
	return -1;
}

/* Reads to the end or until there are `maximum` bytes. */
static bool read_text(int file, size_t maximum, struct text *into)
{
	char piece[PIECE_SIZE];

	while (into->length < maximum) {
		size_t wanted = maximum - into->length;
		ssize_t more = read(file, piece, wanted < sizeof(piece) ? wanted : sizeof(piece));

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return false;
		if (more == 0)
			break;
		text_add_span(into, (struct span){ .at = piece, .length = (size_t)more });
	}
	return true;
}

/* Up to `maximum` bytes. */
static bool peek_live(const struct host *host, const char *path, size_t maximum,
		      struct arena *arena, struct span *ret_text, struct error *err)
{
	SCOPED_FD(file) = open_file(host, path, err);
	if (file < 0)
		return false;
	SCOPED_TEXT(text);
	text.maximum = maximum > 0 ? maximum : 1;
	if (!read_text(file, maximum, &text))
		return fail_system(err, "reading", path);

	struct span found = text_span(&text);
	ret_text->at = arena_string(arena, found);
	ret_text->length = found.length;
	return true;
}

/* Hands an error on to whoever wants it; always false. */
static bool pass(struct error *err, const struct error *said)
{
	if (err)
		*err = *said;
	return false;
}

static bool is_refused(const struct host *host, const char *question, const char *path,
		       struct error *err)
{
	return capture_answers(host, path) && capture_refused(host, question, path, err);
}

/* Up to `maximum` bytes of the machine or of its capture. */
static bool peek(const struct host *host, const char *path, size_t maximum, struct arena *arena,
		 struct span *ret_text, struct error *err)
{
	if (peek_live(host, path, maximum, arena, ret_text, err))
		return true;
	if (capture_answers(host, path) && err->code == ERROR_MISSING)
		return capture_lacks(path, err);
	return false;
}

bool host_peek(const struct host *host, const char *path, size_t maximum, struct arena *arena,
	       struct span *ret_text, struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	struct span text = { 0 };
	size_t more = maximum < SIZE_MAX ? maximum + 1 : maximum;
	bool good = !is_refused(host, ASKED_PEEK, path, &said) &&
		    peek(host, path, more, arena, &text, &said);
	bool is_start = good && capture_answers(host, path) && capture_is_start(host, path);

	if (good && (text.length > maximum || is_start))
		good = fail(&said, ERROR_LIMIT, "'%s' is longer than the limit of %zu bytes", path,
			    maximum);
	if (good && recorder_wants(host, path))
		recorder_keep_text(host, path, text, true);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_PEEK, path, &said);
	if (!good)
		return pass(err, &said);
	*ret_text = text;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool host_value(const struct host *host, const char *path, struct arena *arena,
		struct span *ret_text, struct error *err)
{
	struct span text = { 0 };

	if (!host_peek(host, path, HOST_VALUE_MAXIMUM, arena, &text, err))
		return false;
	while (text.length > 0 && is_blank(text.at[0])) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	*ret_text = text;
	return true;
}

bool host_peek_start(const struct host *host, const char *path, size_t maximum, struct arena *arena,
		     struct span *ret_text, struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	bool good = !is_refused(host, ASKED_START, path, &said) &&
		    peek(host, path, maximum, arena, ret_text, &said);

	if (good && recorder_wants(host, path))
		recorder_keep_text(host, path, *ret_text, ret_text->length < maximum);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_START, path, &said);
	return good || pass(err, &said);
}

static bool part_live(const struct host *host, const char *path, uint64_t offset, struct text *into,
		      struct error *err)
{
	SCOPED_FD(file) = open_file(host, path, err);
	if (file < 0)
		return false;
	if (offset > INT64_MAX || lseek(file, (off_t)offset, SEEK_SET) < 0)
		return fail(err, ERROR_INVALID, "'%s' has no byte %llu", path,
			    (unsigned long long)offset);
	return read_text(file, into->maximum, into) || fail_system(err, "reading", path);
}

bool host_peek_part(const struct host *host, const char *path, const struct host_part *part,
		    struct arena *arena, struct span *ret_bytes, struct error *err)
{
	SCOPED_TEXT(text);

	*ret_bytes = (struct span){ "", 0 };
	if (capture_answers(host, path))
		return fail(err, ERROR_MISSING, "'%s': a capture has no parts of files", path);
	if (part->length == 0)
		return true;
	text.maximum = part->length;
	if (!part_live(host, path, part->offset, &text, err))
		return false;
	*ret_bytes = (struct span){ arena_string(arena, text_span(&text)), text.length };
	return true;
}

static bool link_live(const struct host *host, const char *path, struct arena *arena,
		      const char **ret_target, struct error *err)
{
	char target[PATH_MAX];

	SCOPED_FD(link) = open_below(host, path, O_PATH | O_NOFOLLOW);
	if (link < 0)
		return fail_system(err, "opening", path);
	ssize_t length = readlinkat(link, "", target, sizeof(target));
	if (length < 0 && (errno == ENOENT || errno == EINVAL || errno == ENOTDIR))
		return fail(err, ERROR_INVALID, "'%s' is not a symbolic link", path);
	if (length < 0)
		return fail_system(err, "reading the link", path);
	if ((size_t)length == sizeof(target))
		return fail(err, ERROR_LIMIT, "the target of '%s' is longer than a path can be",
			    path);
	*ret_target = arena_string(arena, (struct span){ .at = target, .length = (size_t)length });
	return true;
}

bool host_link(const struct host *host, const char *path, struct arena *arena,
	       const char **ret_target, struct error *err)
{
	struct error said = { .code = ERROR_NONE };

	if (is_refused(host, ASKED_LINK, path, &said))
		return pass(err, &said);
	bool good = link_live(host, path, arena, ret_target, &said);
	if (said.code == ERROR_MISSING && capture_answers(host, path))
		(void)capture_lacks(path, &said);
	if (good && recorder_wants(host, path))
		recorder_keep_link(host, path, *ret_target);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_LINK, path, &said);
	return good || pass(err, &said);
}

/* A recorded path need not be in the folder: what lies there may be a device. */
static bool is_captured(const struct host *host, const char *path)
{
	const struct journal_entry *entry = capture_find(host, JOURNAL_STATUS, path);

	return entry && entry->status.kind != HOST_NOTHING;
}

static bool real_path(const struct host *host, const char *path, struct walk *walk,
		      struct error *err)
{
	if (path[0] != '/')
		return fail(err, ERROR_INVALID, "'%s' is not an absolute path", path);
	if (host && host->capture && capture_refused(host, ASKED_REAL, path, err))
		return false;
	walk->root = host_root_of(host, path);
	int fault = walk_below(walk, path);
	if (fault == 0 ||
	    (fault != ENAMETOOLONG && host && host->capture && is_captured(host, walk->path)))
		return true;
	if ((fault == ENOENT || fault == ENOTDIR) && host && host->capture)
		return capture_lacks(path, err);
	errno = fault;
	return fail_system(err, "following", path);
}

bool host_real_path(const struct host *host, const char *path, struct arena *arena,
		    const char **ret_path, struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	struct host_status status;
	struct walk walk = { .root = NULL };

	if (!real_path(host, path, &walk, &said)) {
		if (recorder_wants(host, path))
			recorder_keep_refusal(host, ASKED_REAL, path, &said);
		return pass(err, &said);
	}
	*ret_path = arena_string(arena, span_of(walk.path));
	/* That there is something at its end is a part of the answer. */
	if (recorder_wants(host, path))
		(void)host_status(host, path, &status, NULL);
	return true;
}

static enum host_kind kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return HOST_FILE;
	return S_ISDIR(mode) ? HOST_FOLDER : HOST_OTHER;
}

static bool status_live(const struct host *host, const char *path, struct host_status *ret_status,
			struct error *err)
{
	struct stat status;

	SCOPED_FD(place) = open_below(host, path, O_PATH);
	if (place < 0 || fstat(place, &status) != 0)
		return fail_system(err, "looking at", path);
	*ret_status = (struct host_status){
		.kind = kind_of(status.st_mode),
		.mode = status.st_mode & 07777,
		.user = status.st_uid,
		.group = status.st_gid,
		.size = status.st_size > 0 ? (uint64_t)status.st_size : 0,
		.device = status.st_dev,
		.changed = status.st_mtim.tv_sec,
	};
	return true;
}

static bool status_captured(const struct host *host, const char *path,
			    struct host_status *ret_status, struct error *err)
{
	const struct journal_entry *entry = capture_find(host, JOURNAL_STATUS, path);

	if (capture_refused(host, ASKED_STATUS, path, err))
		return false;
	if (entry) {
		*ret_status = entry->status;
		return true;
	}
	if (status_live(host, path, ret_status, err))
		return true;
	return err->code == ERROR_MISSING ? capture_lacks(path, err) : false;
}

bool host_status(const struct host *host, const char *path, struct host_status *ret_status,
		 struct error *err)
{
	struct error said = { .code = ERROR_NONE };
	bool good = capture_answers(host, path) ? status_captured(host, path, ret_status, &said)
						: status_live(host, path, ret_status, &said);

	if (good && recorder_wants(host, path))
		recorder_keep_status(host, path, ret_status);
	else if (recorder_wants(host, path))
		recorder_keep_refusal(host, ASKED_STATUS, path, &said);
	return good || pass(err, &said);
}

static bool readable_live(const struct host *host, const char *path)
{
	char name[64];

	if (!host_root_of(host, path))
		return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0;
	SCOPED_FD(place) = open_below(host, path, O_PATH);
	if (place < 0)
		return false;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", place);
	return faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) == 0;
}

bool host_readable(const struct host *host, const char *path)
{
	const struct journal_entry *entry =
		capture_answers(host, path) ? capture_find(host, JOURNAL_READABLE, path) : NULL;
	bool readable = entry ? entry->flag : readable_live(host, path);

	if (recorder_wants(host, path))
		recorder_keep_readable(host, path, readable);
	return readable;
}

int64_t host_boot_ns(const struct host *host)
{
	struct timespec now;

	if (host && host->capture)
		return host->capture->boot_ns;
	if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool host_is_elsewhere(const struct host *host)
{
	return host && (host->capture || host_root_of(host, "/"));
}

static const char *value_or_nothing(const struct host *host, const char *path, struct arena *arena)
{
	struct span text;

	return host_value(host, path, arena, &text, NULL) ? arena_string(arena, text) : "";
}

const char *host_name(const struct host *host, struct arena *arena)
{
	return value_or_nothing(host, "/proc/sys/kernel/hostname", arena);
}

const char *host_boot_id(const struct host *host, struct arena *arena)
{
	return value_or_nothing(host, "/proc/sys/kernel/random/boot_id", arena);
}
