/*
 * A recorded machine: every file, folder, link, status, answer of a vendor library and output of a
 * program that was asked for while recording, so that the same questions get the same answers
 * later, elsewhere. What was not asked is not there.
 *
 *   DIR/capture.json   format assay/capture/v1: when (unix time, boot time), by which version, what
 * was refused (path and the system's words), the status of what is no file, answers of workers,
 * results of programs, the redactions made DIR/root/…         the files, folders and links
 */
#pragma once

#include "host/file.h"

struct capture; /* a machine that was recorded */
struct recorder;

/* What redaction has to know. */
struct redaction {
	uint8_t salt[16]; /* kept by nobody: names cannot be compared between captures */
};

/* Opens DIR; a folder without capture.json is a plain root: *ret_capture is NULL then and the
 * folder itself is the root. *ret_host works on the machine. */
bool capture_open(const char *folder, struct arena *arena, struct host *ret_host,
		  struct error *err);

/* `ret_host` looks at what `live` looks at, and keeps all that is asked and answered. */
void recorder_start(const struct host *live, struct arena *arena, struct host *ret_host);

/* Writes what was recorded into the new folder `folder`, redacted: serial numbers, UUIDs, GUIDs,
 * MAC and IP addresses, host names and user names become salted hashes of the same form and length
 * (equal ones stay equal within the capture), words that look like secrets (keys, tokens, passwords
 * on command lines and in files) become "redacted". Nothing is written when the folder is there. */
bool recorder_write(const struct host *recording, const char *folder,
		    const struct redaction *redaction, struct error *err);
