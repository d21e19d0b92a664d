#include "probe/storage.h"

#include <stdio.h>
#include <string.h>

#include "host/device.h"
#include "probe/disk.h"
#include "probe/look.h"
#include "probe/mount.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOUNTS "/proc/self/mountinfo"

enum {
	MOUNTINFO_MAXIMUM = 16 << 20,
	MOUNTS_ASKED_MAXIMUM = 1024,
};

/* What the worker answers is read by take_space and take_health. */
static void answer_space(struct worker_port *port, const struct host *host, const char *path,
			 struct arena *arena)
{
	const char *plain = mount_unescape(span_of(path), arena);
	struct host_space space;
	struct error err = { 0 };

	if (host_statvfs(host, plain, &space, &err))
		worker_answers(port, "ok %llu %llu", (unsigned long long)space.size,
			       (unsigned long long)space.available);
	else
		worker_answers(port, "refused %s", err.text);
}

static void answer_health(struct worker_port *port, const struct host *host, const char *name,
			  struct arena *arena)
{
	uint8_t page[HOST_NVME_SMART_BYTES];
	char digits[2 * SMART_BYTES + 1];
	struct error err = { 0 };

	if (!host_nvme_smart(host, arena_format(arena, "/dev/%s", name), page, &err)) {
		worker_answers(port, err.code == ERROR_UNSUPPORTED ? "none %s" : "refused %s",
			       err.text);
		return;
	}
	for (size_t i = 0; i < SMART_BYTES; i++)
		(void)snprintf(digits + 2 * i, 3, "%02x", page[i]);
	worker_answers(port, "ok %s", digits);
}

/* "mount:/home" and "nvme:nvme0", as the devices of the records, with the kernel's escapes. */
static void answer(struct worker_port *port, const struct host *host, const char *question,
		   struct arena *arena)
{
	if (strncmp(question, "mount:", 6) == 0)
		answer_space(port, host, question + 6, arena);
	else if (strncmp(question, "nvme:", 5) == 0)
		answer_health(port, host, question + 5, arena);
}

/* What a look asks of the worker: the mounts, then the drives. */
struct inquiry {
	const struct mount **mounts;
	size_t mount_count;
	const char *const *drives;
	size_t drive_count;
};

static void see_mount(const struct mount *mount, struct sightings *sightings)
{
	struct arena *arena = sightings->arena;
	const char *device = arena_format(arena, "mount:%s", mount->path);

	(void)saw_state(sightings, NODE_MOUNT_TYPE, device, arena_string(arena, mount->type));
	(void)saw_state(sightings, NODE_MOUNT_SOURCE, device,
			*mount->source ? mount->source : "none");
	(void)saw_state(sightings, NODE_MOUNT_MODE, device,
			mount_is_read_only(mount) ? "ro" : "rw");
	(void)saw_text(sightings, NODE_MOUNT_OPTIONS, device,
		       span_of(arena_format(arena, "%.*s,%.*s", SPAN_ARGS(mount->options),
					    SPAN_ARGS(mount->super))));
}

static void lose_space(struct sightings *sightings, const char *device, struct span why)
{
	(void)saw_unknown(sightings, NODE_MOUNT_SIZE, device, "%.*s", SPAN_ARGS(why));
	(void)saw_unknown(sightings, NODE_MOUNT_AVAILABLE, device, "%.*s", SPAN_ARGS(why));
}

/* The system's word alone: what stands behind the last ": " of what was refused. */
static const char *find_word(struct span text, struct arena *arena)
{
	size_t start = 0;

	for (size_t i = 0; i + 1 < text.length; i++)
		if (text.at[i] == ':' && text.at[i + 1] == ' ')
			start = i + 2;
	return arena_string(arena, (struct span){ text.at + start, text.length - start });
}

static void take_space(struct span words, const char *device, struct sightings *sightings)
{
	struct span head = SPAN(""), size = SPAN("");
	uint64_t bytes, available;
	bool has_head = span_cut(&words, ' ', &head);

	if (has_head && span_is(head, "refused") && words.length > 0) {
		(void)saw_state(sightings, NODE_MOUNT_ANSWERS, device,
				find_word(words, sightings->arena));
		lose_space(sightings, device, words);
		return;
	}
	if (!has_head || !span_is(head, "ok") || !span_cut(&words, ' ', &size) ||
	    !span_to_u64(size, &bytes) || !span_to_u64(words, &available)) {
		(void)saw_unknown(sightings, NODE_MOUNT_ANSWERS, device,
				  "the worker's answer makes no sense");
		lose_space(sightings, device, SPAN("the worker's answer makes no sense"));
		return;
	}
	(void)saw_state(sightings, NODE_MOUNT_ANSWERS, device, "ok");
	(void)saw_value(sightings, NODE_MOUNT_SIZE, device, (double)bytes);
	(void)saw_value(sightings, NODE_MOUNT_AVAILABLE, device, (double)available);
}

static void take_mount(const struct question *question, const char *device,
		       struct sightings *sightings)
{
	switch (question->end) {
	case QUESTION_ANSWERED:
		take_space(question->words, device, sightings);
		return;
	case QUESTION_STALLED:
		(void)saw_state(sightings, NODE_MOUNT_ANSWERS, device, "stalled");
		lose_space(sightings, device, SPAN("the file system does not answer"));
		return;
	case QUESTION_FAILED:
	case QUESTION_NOT_ASKED:
		(void)saw_unknown(sightings, NODE_MOUNT_ANSWERS, device, "%.*s",
				  SPAN_ARGS(question->words));
		lose_space(sightings, device, question->words);
		return;
	}
}

static void take_drive(const struct question *question, const char *device,
		       struct sightings *sightings)
{
	struct span words = question->words, head = SPAN("");

	if (question->end == QUESTION_STALLED)
		words = SPAN("the drive does not answer");
	if (question->end != QUESTION_ANSWERED) {
		nvme_smart_unknown(words, device, sightings);
		return;
	}
	(void)span_cut(&words, ' ', &head);
	/* A drive without the page has nothing that could be unknown. */
	if (span_is(head, "none"))
		return;
	if (span_is(head, "refused") && words.length > 0)
		nvme_smart_unknown(words, device, sightings);
	else
		nvme_smart_take(span_is(head, "ok") ? words : SPAN(""), device, sightings);
}

void storage_questioning(const struct probe_request *request, struct questioning *ret_questioning)
{
	*ret_questioning = (struct questioning){
		.name = "storage",
		.host = request->host,
		.function = answer,
		.call_limit_ns = request->call_limit_ns,
		.total_limit_ns = request->total_limit_ns,
	};
}

static struct question *make_questions(const struct inquiry *inquiry, struct arena *arena)
{
	size_t count = inquiry->mount_count + inquiry->drive_count;
	struct question *questions = ARENA_ARRAY(arena, struct question, count);

	for (size_t i = 0; i < inquiry->mount_count; i++)
		questions[i].text =
			arena_format(arena, "mount:%.*s", SPAN_ARGS(inquiry->mounts[i]->escaped));
	for (size_t i = 0; i < inquiry->drive_count; i++)
		questions[inquiry->mount_count + i].text =
			arena_format(arena, "nvme:%s", inquiry->drives[i]);
	return questions;
}

static void ask(const struct probe_request *request, const struct inquiry *inquiry,
		struct sightings *sightings)
{
	const struct worker_result *given = request->answers[PROBE_WORKER_MOUNTS];
	struct arena *arena = sightings->arena;
	size_t count = inquiry->mount_count + inquiry->drive_count;
	struct question *questions = make_questions(inquiry, arena);
	struct questioning questioning;

	storage_questioning(request, &questioning);
	if (given) {
		questions_take(given, questions, count, arena);
	} else if (host_is_elsewhere(request->host) && !request->host->capture) {
		for (size_t i = 0; i < count; i++)
			questions[i] =
				(struct question){ questions[i].text, QUESTION_FAILED,
						   SPAN("only the machine itself can be asked") };
	} else if (count > 0) {
		questions_ask(&questioning, questions, count, arena);
	}
	for (size_t i = 0; i < inquiry->mount_count; i++)
		take_mount(&questions[i], arena_format(arena, "mount:%s", inquiry->mounts[i]->path),
			   sightings);
	for (size_t i = inquiry->mount_count; i < count; i++)
		take_drive(&questions[i], questions[i].text, sightings);
}

/* The mounts of interest out of all of them; returns how many are too many to be looked at. */
static size_t plan_mounts(const struct mount *mounts, size_t count, struct arena *arena,
			  struct inquiry *inquiry)
{
	size_t found;

	inquiry->mounts = ARENA_ARRAY(arena, const struct mount *, count);
	found = mounts_select(mounts, count, inquiry->mounts);
	inquiry->mount_count = found < MOUNTS_ASKED_MAXIMUM ? found : MOUNTS_ASKED_MAXIMUM;
	return found - inquiry->mount_count;
}

size_t storage_questions(const struct probe_request *request, struct arena *arena,
			 struct question **ret_questions)
{
	struct inquiry inquiry = { .mount_count = 0 };
	struct mount *mounts = NULL;
	size_t bad;
	struct span text;

	if ((request->shares & PROBE_QUICK) &&
	    host_peek(request->host, MOUNTS, MOUNTINFO_MAXIMUM, arena, &text, NULL)) {
		size_t count = mounts_parse(text, arena, &mounts, &bad);

		(void)plan_mounts(mounts, count, arena, &inquiry);
	}
	if (request->shares & PROBE_FULL)
		inquiry.drive_count = nvme_names(request->host, arena, &inquiry.drives);
	*ret_questions = make_questions(&inquiry, arena);
	return inquiry.mount_count + inquiry.drive_count;
}

/* Reads the mounts and says which could not be looked at. */
static size_t read_mounts(const struct probe_request *request, struct sightings *sightings,
			  struct mount **ret_mounts)
{
	struct error err = { 0 };
	size_t count, bad = 0;
	struct span text;

	*ret_mounts = NULL;
	if (!host_peek(request->host, MOUNTS, MOUNTINFO_MAXIMUM, sightings->arena, &text, &err)) {
		(void)saw_unknown(sightings, NODE_MOUNT_TYPE, NULL, "%s", err.text);
		return 0;
	}
	count = mounts_parse(text, sightings->arena, ret_mounts, &bad);
	if (bad > 0 || count == 0)
		(void)saw_unknown(sightings, NODE_MOUNT_TYPE, NULL,
				  MOUNTS " has %zu lines that are no mounts, and %zu mounts", bad,
				  count);
	return count;
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	struct inquiry inquiry = { .mount_count = 0 };
	struct mount *mounts;
	size_t count;

	if (!(request->shares & (PROBE_QUICK | PROBE_FULL)))
		return;
	count = read_mounts(request, sightings, &mounts);
	if (request->shares & PROBE_QUICK) {
		size_t left = plan_mounts(mounts, count, sightings->arena, &inquiry);

		if (left > 0)
			(void)saw_unknown(sightings, NODE_MOUNT_TYPE, NULL,
					  "%zu further mounts were not looked at", left);
		for (size_t i = 0; i < inquiry.mount_count; i++)
			see_mount(inquiry.mounts[i], sightings);
	}
	if (request->shares & PROBE_FULL) {
		disks_look(request->host, mounts, count, sightings);
		inquiry.drive_count = nvme_names(request->host, sightings->arena, &inquiry.drives);
		nvme_look(request->host, inquiry.drives, inquiry.drive_count, sightings);
	}
	ask(request, &inquiry, sightings);
}

const struct probe probe_storage = {
	.name = "storage",
	.title = "file systems and drives",
	.shares = PROBE_QUICK | PROBE_FULL,
	.look = look,
};
