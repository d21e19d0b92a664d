#define _GNU_SOURCE /* O_PATH */

#include "host/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>

#include "host/below.h"
#include "host/system.h"

/* Of the NVMe base specification, 2.0. */
enum {
	NVME_GET_LOG_PAGE = 0x02,
	NVME_PAGE_SMART = 0x02,
	NVME_ALL_NAMESPACES = 0xffffffff,
	NVME_TIMEOUT_MS = 5000,
	/* Status code type and status code, without "more" and "do not retry". */
	NVME_STATUS_MASK = 0x7ff,
	NVME_INVALID_OPCODE = 0x001,
	NVME_INVALID_FIELD = 0x002,
	NVME_INVALID_LOG_PAGE = 0x109,
};

/* Bytes, at most what the number holds: nothing that a server claims overflows. */
static uint64_t to_bytes(uint64_t blocks, uint64_t block_size)
{
	uint64_t bytes;

	return __builtin_mul_overflow(blocks, block_size, &bytes) ? UINT64_MAX : bytes;
}

bool host_statvfs(const struct host *host, const char *path, struct host_space *ret_space,
		  struct error *err)
{
	struct statvfs space;

	/* Opening first would only be one more thing that can hang. */
	if (!host_root_of(host, path)) {
		if (statvfs(path, &space) != 0)
			return fail_system(err, "asking for the space of", path);
	} else {
		SCOPED_FD(place) = open_below(host, path, O_PATH);

		if (place < 0 || fstatvfs(place, &space) != 0)
			return fail_system(err, "asking for the space of", path);
	}
	*ret_space = (struct host_space){
		.size = to_bytes(space.f_blocks, space.f_frsize),
		.available = to_bytes(space.f_bavail, space.f_frsize),
	};
	return true;
}

bool host_nvme_smart(const struct host *host, const char *path,
		     uint8_t ret_page[static HOST_NVME_SMART_BYTES], struct error *err)
{
	uint8_t page[HOST_NVME_SMART_BYTES] = { 0 };
	struct nvme_admin_cmd command = {
		.opcode = NVME_GET_LOG_PAGE,
		.nsid = NVME_ALL_NAMESPACES,
		.addr = (uint64_t)(uintptr_t)page,
		.data_len = sizeof(page),
		/* Dwords to read, less one, stand above the number of the page. */
		.cdw10 = NVME_PAGE_SMART | (sizeof(page) / 4 - 1) << 16,
		.timeout_ms = NVME_TIMEOUT_MS,
	};
	int status;

	if (host_is_elsewhere(host))
		return fail(err, ERROR_UNSUPPORTED, "'%s' is not a drive of this machine", path);
	SCOPED_FD(drive) = open_below(host, path, O_RDONLY);
	if (drive < 0)
		return fail_system(err, "opening", path);
	status = ioctl(drive, NVME_IOCTL_ADMIN_CMD, &command);
	if (status < 0)
		return fail_system(err, "asking for the health of", path);
	switch (status & NVME_STATUS_MASK) {
	case 0:
		memcpy(ret_page, page, sizeof(page));
		return true;
	case NVME_INVALID_OPCODE:
	case NVME_INVALID_FIELD:
	case NVME_INVALID_LOG_PAGE:
		return fail(err, ERROR_UNSUPPORTED, "'%s' has no page of its health", path);
	default:
		return fail(err, ERROR_IO, "'%s' refuses its health with the NVMe status 0x%x",
			    path, (unsigned)status);
	}
}
