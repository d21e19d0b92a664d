/*
 * What tells who and where a machine is, and what is secret, out of the text of a capture; private
 * to this room. Identifiers become salted hashes of the same form and length, the same everywhere
 * in one capture; secrets become "redacted". Addresses on a bus (0000:3b:00.0), versions, masks,
 * and the addresses loopback and unspecified stay.
 */
#pragma once

#include "host/capture.h"
#include "host/journal.h"

enum redacted {
	REDACTED_MAC,
	REDACTED_GUID,
	REDACTED_UUID,
	REDACTED_IPV4,
	REDACTED_IPV6,
	REDACTED_SERIAL,
	REDACTED_HOST,
	REDACTED_USER,
	REDACTED_SECRET,
	REDACTED_COUNT,
};

extern const char *const redacted_names[REDACTED_COUNT];

struct redactor {
	struct redaction redaction;
	struct arena *arena;
	struct redacted_word *words; /* replaced wherever they recur */
	size_t counts[REDACTED_COUNT];
};

/* A word to be replaced wherever it stands alone. Words too short or too general to tell anything
 * are left out. */
void redactor_learn(struct redactor *redactor, enum redacted kind, struct span word);

/* Learns what a file tells: the host name, users, serial numbers. */
void redactor_learn_file(struct redactor *redactor, const char *path, struct span content);

/* Of the file `path`, NULL for text of another origin. */
struct span redact_text(struct redactor *redactor, const char *path, struct span text);

/* A path, the name in a folder or the target of a link: without secrets, and a host name that
 * could as well be the name of a folder of the kernel stays. */
struct span redact_path(struct redactor *redactor, struct span path);

/* A redacted copy, in the arena of the redactor, whose counts tell what was replaced. */
void redact_journal(struct redactor *redactor, const struct journal *journal,
		    struct journal *ret_journal);
