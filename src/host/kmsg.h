/*
 * The kernel's log. On a live machine /dev/kmsg, record by record ("4,1234,5678901,-;text"), from
 * its beginning or from now on, without ever waiting. Below a root it is a file: /dev/kmsg where it
 * is one, else /var/log/dmesg, else what /var/log/kern.log holds of the last start of the kernel,
 * without the prefix that a system log puts before each line.
 */
#pragma once

#include "host/file.h"

enum {
	KMSG_RECORD_MAXIMUM = 8192,   /* bytes of one record of /dev/kmsg */
	KMSG_FILE_MAXIMUM = 64 << 20, /* bytes of a log that is a file */
};

struct kmsg {
	int file;         /* -1 when the log is a file that was read */
	struct span rest; /* of such a file: what was not given yet */
	/* private: */
	bool overrun;  /* the kernel overwrote records before they were read */
	uint64_t next; /* sequence of the record that should come; 0 when none has come yet */
	uint64_t lost; /* see kmsg_lost */
};

/* `arena` holds a log that is a file, and is not used on a live machine. With `from_now` only what
 * is logged later is read; below a root that is nothing. Fails with ERROR_MISSING when there is no
 * log, with ERROR_UNSUPPORTED when /dev/kmsg is something else (containers put /dev/null there),
 * with ERROR_IO and the system's words when it may not be read. */
bool kmsg_open(const struct host *host, bool from_now, struct arena *arena, struct kmsg *ret_kmsg,
	       struct error *err);

/* To poll for reading; -1 when the log is a file. */
int kmsg_descriptor(const struct kmsg *kmsg);

/* Puts what there is into `into`, of at least KMSG_RECORD_MAXIMUM bytes: on a live machine whole
 * records, each ends with a newline; of a file simply the next bytes. *ret_length is 0 when there
 * is nothing more at present. Records that were overwritten before they could be read are passed
 * over and counted. */
bool kmsg_read(struct kmsg *kmsg, char *into, size_t size, size_t *ret_length, struct error *err);

/* How many records were overwritten before they were read. */
uint64_t kmsg_lost(const struct kmsg *kmsg);

void kmsg_close(struct kmsg *kmsg);
