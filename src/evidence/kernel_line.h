/*
 * The kernel's messages that speak of hardware: a scanner that finds them in a log at the speed of
 * memory, and their grammar. The scanner is the probe's; the grammar is shared, because evidence
 * keeps the message as it was written and a check reads it again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

enum kernel_topic {
	KERNEL_OTHER,     /* of no interest here */
	KERNEL_XID,       /* NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, name=python3, … */
	KERNEL_SXID,      /* nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, … */
	KERNEL_GPU_LOST,  /* "fallen off the bus" and its kin, without a number */
	KERNEL_GPU_PROBE, /* NVRM did not take up a GPU: probe routine, RmInitAdapter failed */
	KERNEL_AMD_RAS,   /* amdgpu: uncorrectable or correctable errors, poison, CPER */
	KERNEL_AMD_GPU,   /* amdgpu: ring timeout, GPU reset begins, ends, fails, job timed out */
	KERNEL_NIC,  /* mlx5_core …: firmware stopped, command timeout, health, heat, power */
	KERNEL_LINK, /* a network or RDMA link went up or down */
	KERNEL_PCIE, /* AER reports, a link that trained low, hot-plug surprise removal */
	KERNEL_MACHINE_CHECK, /* mce, Hardware Error */
	KERNEL_MEMORY,        /* EDAC */
	KERNEL_STORAGE,       /* nvme, I/O errors, file systems gone read-only */
	KERNEL_STUCK,         /* hung tasks, soft and hard lockups, RCU stalls */
	KERNEL_OUT_OF_MEMORY,
	KERNEL_THERMAL, /* CPU or board too hot */
	KERNEL_TOPIC_COUNT,
};

extern const char *const kernel_topic_names[KERNEL_TOPIC_COUNT]; /* "xid", "gpu-lost" … */

struct kernel_line {
	enum kernel_topic topic;
	struct span message; /* without the record's header */
	uint64_t sequence;   /* of /dev/kmsg; 0 when the form has none */
	int64_t boot_us;     /* microseconds since boot; -1 when the form has none */
	unsigned level;      /* 0 to 7; 7 when the form has none */
	unsigned facility;   /* 0 is the kernel; what user space wrote has 1 or more */
};

/* Calls `found` for each line of interest. Understands the records of /dev/kmsg
 * ("4,1234,5678901,-;text", continuation lines skipped), what dmesg prints ("[   12.345678] text",
 * "<4>[…] text", with the caller or a date in brackets, with an ISO time instead, and with a
 * "kern  :warn  : " before) and a bare message. What dmesg prints without the priority does not
 * tell who wrote it and counts as the kernel's. Bytes that are no text never harm: a line is at
 * most KERNEL_LINE_MAXIMUM bytes, the rest of a longer one is skipped. Lines of user space
 * (facility above 0) are left out unless `trust_user_space`. Returns how many bytes were used: up
 * to the end of the last whole line, so that a reader can keep the rest; all when `is_end`. Of a
 * rest that is longer a reader needs to keep the first KERNEL_LINE_MAXIMUM bytes only: the others
 * change nothing. */
struct kernel_scan {
	bool trust_user_space, is_end;
	void (*found)(void *context, const struct kernel_line *line);
	void *context;
};
enum {
	KERNEL_LINE_MAXIMUM = 8192,
};
size_t kernel_scan(const struct kernel_scan *scan, struct span log);

/* The topic of one message (no header): what kernel_scan uses, and what a check asks. An Xid or
 * SXid in a form that is not known has that topic too, although xid_parse() refuses it. */
enum kernel_topic kernel_topic(struct span message);

/* "0000:3b:00.0" of the first that stands in the message as PCI:0000:3b:00, 00000000:3B:00.0 and
 * the like, as /sys/bus/pci names it: lower case, a domain of 4 digits or more without further
 * zeros before, function 0 when missing; false when there is none. */
enum {
	PCI_NAME_SIZE = 17,
};
bool kernel_line_pci(struct span message, char ret_name[static PCI_NAME_SIZE]);

enum {
	XID_REGISTERS_MAXIMUM = 8,
};

enum xid_recovery {
	XID_RECOVERY_NOT_SAID,
	XID_RECOVERY_NONE,
	XID_RECOVERY_DRAIN_P2P,
	XID_RECOVERY_DRAIN_AND_RESET,
	XID_RECOVERY_RESET_GPU,
	XID_RECOVERY_REBOOT_NODE,
};

/* An Xid message, cut into its parts. What a message does not say stays empty or false. */
struct xid_line {
	char pci[PCI_NAME_SIZE]; /* "" when not said */
	uint32_t code;
	bool has_process;
	uint32_t process;
	struct span process_name; /* of name=… */
	struct span text;         /* what stands behind the code, without process and name */
	/* of 144 to 150 */
	bool is_nvlink5;
	struct span unit; /* sub-component, as "RLW_REMAP" */
	bool fatal, link_fatal, injected, cross_contain;
	bool has_link; /* of 74 too */
	uint32_t link;
	/* 74: seven; 144 to 150: IntrInfo, ErrorStatus and debug words */
	uint32_t registers[XID_REGISTERS_MAXIMUM];
	unsigned register_count;
	/* of 13 and 31: the place that repeats count for */
	bool has_gpc, has_tpc;
	uint32_t gpc, tpc;
	enum xid_recovery recovery; /* of 154 */
};

/* False when the message is no Xid (KERNEL_GPU_LOST is not: it has no number). */
bool xid_parse(struct span message, struct xid_line *ret_line);

/* An SXid message. What it does not say stays empty or false, as the severity in the further lines
 * of an error ("Severity 1 Engine instance …", "Data {0x…}"). */
struct sxid_line {
	char pci[PCI_NAME_SIZE];
	uint32_t switch_number;
	uint32_t code;
	bool fatal, non_fatal; /* as the message says */
	bool has_link;
	uint32_t link;
	struct span text; /* what stands behind the code and the severity */
};

/* False when the message is no SXid. */
bool sxid_parse(struct span message, struct sxid_line *ret_line);
