/*
 * What is asked of a file system or a drive itself, and may never come back: to be called in the
 * child of a worker.
 */
#pragma once

#include "host/file.h"

struct host_space {
	uint64_t size;      /* bytes */
	uint64_t available; /* bytes that an ordinary user may still write */
};

/* The space of the file system on which `path` lies. Waits for ever for a server that is gone. */
bool host_statvfs(const struct host *host, const char *path, struct host_space *ret_space,
		  struct error *err);

enum {
	HOST_NVME_SMART_BYTES = 512,
};

/* The log page "SMART / Health Information" (02h) of the NVMe controller at `path`, as
 * "/dev/nvme0", for all its namespaces. Needs the rights of the superuser. ERROR_UNSUPPORTED when
 * the controller does not have the page, as virtual drives do; ERROR_IO with the system's words or
 * the NVMe status. Only on the machine that the program runs on. */
bool host_nvme_smart(const struct host *host, const char *path,
		     uint8_t ret_page[static HOST_NVME_SMART_BYTES], struct error *err);
