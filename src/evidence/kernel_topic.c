#include <limits.h>
#include <string.h>

#include "evidence/kernel_line.h"

/* A message says at its start who speaks: a driver, a subsystem or a driver with its device. That
 * is looked up by the first byte, so that an ordinary line costs a few comparisons; words inside
 * are looked for only in what those that matter here have said, all of a list in one pass. */

struct rule {
	struct span start; /* of the message; an empty one always holds */
	struct span word;  /* of two letters or more, at the start or behind a blank; the same */
	enum kernel_topic topic; /* of the first rule in a list that holds; KERNEL_OTHER ends it */
};

#define TEXT(literal)                                          \
	{                                                      \
		.at = (literal), .length = sizeof(literal) - 1 \
	}
#define STARTS(text, what)                           \
	{                                            \
		.start = TEXT(text), .topic = (what) \
	}
#define HAS(text, what)                             \
	{                                           \
		.word = TEXT(text), .topic = (what) \
	}
#define BOTH(first, inside, what)                                           \
	{                                                                   \
		.start = TEXT(first), .word = TEXT(inside), .topic = (what) \
	}
#define ANY(what)               \
	{                       \
		.topic = (what) \
	}
#define END ANY(KERNEL_OTHER)

/* Where the text that is judged begins, behind the prefix. */
enum form {
	AT_ONCE,
	BEHIND_NAME,   /* and ": " */
	BEHIND_NUMBER, /* and '}' */
	BEHIND_DEVICE, /* a PCI function, perhaps its network device, and ": " */
};

struct source {
	struct span prefix;
	enum form form;
	const struct rule *rules;
};

const char *const kernel_topic_names[KERNEL_TOPIC_COUNT] = {
	[KERNEL_OTHER] = "other",
	[KERNEL_XID] = "xid",
	[KERNEL_SXID] = "sxid",
	[KERNEL_GPU_LOST] = "gpu-lost",
	[KERNEL_GPU_PROBE] = "gpu-probe",
	[KERNEL_AMD_RAS] = "amd-ras",
	[KERNEL_AMD_GPU] = "amd-gpu",
	[KERNEL_NIC] = "nic",
	[KERNEL_LINK] = "link",
	[KERNEL_PCIE] = "pcie",
	[KERNEL_MACHINE_CHECK] = "machine-check",
	[KERNEL_MEMORY] = "memory",
	[KERNEL_STORAGE] = "storage",
	[KERNEL_STUCK] = "stuck",
	[KERNEL_OUT_OF_MEMORY] = "out-of-memory",
	[KERNEL_THERMAL] = "thermal",
};

static const struct rule nvrm_rules[] = {
	STARTS("Xid (", KERNEL_XID),
	HAS("fallen off the bus", KERNEL_GPU_LOST),
	HAS("GPU is lost", KERNEL_GPU_LOST),
	HAS("GPU lost", KERNEL_GPU_LOST),
	HAS("probe routine", KERNEL_GPU_PROBE),
	HAS("RmInitAdapter failed", KERNEL_GPU_PROBE),
	HAS("rm_init_adapter failed", KERNEL_GPU_PROBE),
	HAS("rm_init_private_state failed", KERNEL_GPU_PROBE),
	HAS("I/O region assigned to your NVIDIA device is invalid", KERNEL_GPU_PROBE),
	HAS("is not supported by", KERNEL_GPU_PROBE),
	HAS("adapter failed", KERNEL_GPU_PROBE),
	STARTS("None of the NVIDIA", KERNEL_GPU_PROBE),
	STARTS("No NVIDIA", KERNEL_GPU_PROBE),
	END,
};

/* "nvidia 0000:3b:00.0: …" */
static const struct rule nvidia_rules[] = {
	HAS("inaccessible", KERNEL_GPU_LOST),
	STARTS("probe with driver nvidia failed", KERNEL_GPU_PROBE),
	END,
};

static const struct rule nvidia_probe_rules[] = { STARTS("probe of ", KERNEL_GPU_PROBE), END };
static const struct rule nvswitch_rules[] = { STARTS("SXid (", KERNEL_SXID), END };

static const struct rule amdgpu_rules[] = {
	HAS("hardware errors detected", KERNEL_AMD_RAS),
	HAS("uncorrectable", KERNEL_AMD_RAS),
	HAS("[Hardware Error]", KERNEL_AMD_RAS),
	HAS("poison is ", KERNEL_AMD_RAS),
	HAS("Poison is ", KERNEL_AMD_RAS),
	HAS("poison consum", KERNEL_AMD_RAS),
	HAS("Poison consum", KERNEL_AMD_RAS),
	HAS("poison creat", KERNEL_AMD_RAS),
	HAS("Poison creat", KERNEL_AMD_RAS),
	HAS("Accelerator Check Architecture", KERNEL_AMD_RAS),
	HAS("bad page", KERNEL_AMD_RAS),
	HAS("CPER", KERNEL_AMD_RAS),
	HAS("RAS fatal", KERNEL_AMD_RAS),
	HAS("inaccessible", KERNEL_GPU_LOST),
	HAS("GPU reset", KERNEL_AMD_GPU),
	HAS("GPU recovery", KERNEL_AMD_GPU),
	HAS("timeout, ", KERNEL_AMD_GPU),
	HAS("job timed out", KERNEL_AMD_GPU),
	HAS("job timeout", KERNEL_AMD_GPU),
	HAS("Fatal error during GPU init", KERNEL_AMD_GPU),
	HAS("probe of ", KERNEL_AMD_GPU),
	HAS("probe with driver amdgpu failed", KERNEL_AMD_GPU),
	HAS("done with your previous command", KERNEL_AMD_GPU), /* its power controller */
	END,
};

/* "[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, …", of older kernels. */
static const struct rule drm_rules[] = {
	BOTH(":amdgpu", "timeout, ", KERNEL_AMD_GPU),
	BOTH(":amdgpu", "GPU reset", KERNEL_AMD_GPU),
	BOTH(":amdgpu", "uncorrectable", KERNEL_AMD_RAS),
	END,
};

static const struct rule nic_rules[] = {
	HAS("Link up", KERNEL_LINK),
	HAS("Link down", KERNEL_LINK),
	HAS("Link is ", KERNEL_LINK),
	HAS("Link DOWN", KERNEL_LINK),
	HAS("Link ACTIVE", KERNEL_LINK),
	HAS("Port module event[error]", KERNEL_NIC),
	HAS("Cable unplugged", KERNEL_LINK),
	HAS("Cable plugged", KERNEL_LINK),
	HAS("timeout", KERNEL_NIC),
	HAS("(timeout", KERNEL_NIC),
	HAS("timed out", KERNEL_NIC),
	HAS("health", KERNEL_NIC),
	HAS("unrecoverable", KERNEL_NIC),
	HAS("insufficient power", KERNEL_NIC),
	HAS("high temperature", KERNEL_NIC),
	HAS("High temperature", KERNEL_NIC),
	HAS("High Temperature", KERNEL_NIC),
	HAS("assert_", KERNEL_NIC),
	HAS("fatal", KERNEL_NIC),
	HAS("Fatal", KERNEL_NIC),
	HAS("not responding", KERNEL_NIC),
	HAS("heartbeat stalled", KERNEL_NIC),
	END,
};

static const struct rule netdev_rules[] = {
	STARTS("link down", KERNEL_LINK),    STARTS("link up", KERNEL_LINK),
	STARTS("Link down", KERNEL_LINK),    STARTS("Link up", KERNEL_LINK),
	STARTS("Link is ", KERNEL_LINK),     STARTS("link is ", KERNEL_LINK),
	STARTS("NIC Link is ", KERNEL_LINK), END,
};

static const struct rule bond_rules[] = { HAS("link status", KERNEL_LINK), END };
static const struct rule watchdog_of_nic_rules[] = { HAS("timed out", KERNEL_NIC), END };

static const struct rule no_rules[] = { END };

/* What any driver may say of its device. */
static const struct rule device_rules[] = {
	BOTH("AER: ", "error", KERNEL_PCIE),
	BOTH("AER: ", "recover", KERNEL_PCIE),
	BOTH("AER: ", "reset", KERNEL_PCIE),
	STARTS("PCIe Bus Error", KERNEL_PCIE),
	BOTH("pciehp: ", "Link Down", KERNEL_PCIE),
	BOTH("pciehp: ", "Card not present", KERNEL_PCIE),
	BOTH("DPC: ", "containment event", KERNEL_PCIE),
	BOTH("Unable to change power state", "inaccessible", KERNEL_PCIE),
	BOTH("can't change power state", "inaccessible", KERNEL_PCIE),
	BOTH("not ready ", "after ", KERNEL_PCIE),
	BOTH("NETDEV WATCHDOG: ", "timed out", KERNEL_NIC),
	STARTS("Link down", KERNEL_LINK),
	STARTS("Link up", KERNEL_LINK),
	STARTS("Link is ", KERNEL_LINK),
	STARTS("NIC Link is ", KERNEL_LINK),
	END,
};

/* Of a message about a device that begins with a digit: "63.008 Gb/s available PCIe bandwidth, …"
 */
static const struct rule bandwidth_rules[] = {
	HAS("available PCIe bandwidth, limited by", KERNEL_PCIE),
	END,
};

/* "pciehp 0000:00:1c.0:pcie004: …", of older kernels. */
static const struct rule pciehp_rules[] = {
	HAS("Link Down", KERNEL_PCIE),
	HAS("Card not present", KERNEL_PCIE),
	END,
};

static const struct rule mce_rules[] = {
	STARTS("[Hardware Error]", KERNEL_MACHINE_CHECK),
	STARTS("Uncorrected hardware memory error", KERNEL_MACHINE_CHECK),
	BOTH("CPU", "above threshold", KERNEL_THERMAL),
	END,
};

static const struct rule hardware_error_rules[] = {
	HAS("[Hardware Error]", KERNEL_MACHINE_CHECK),
	END,
};

static const struct rule machine_check_rules[] = { ANY(KERNEL_MACHINE_CHECK), END };

static const struct rule edac_rules[] = {
	HAS("CE ", KERNEL_MEMORY),          HAS("UE ", KERNEL_MEMORY),
	HAS("MEMORY ERROR", KERNEL_MEMORY), HAS("Machine Check Event", KERNEL_MEMORY),
	HAS("error", KERNEL_MEMORY),        END,
};

static const struct rule memory_rules[] = { ANY(KERNEL_MEMORY), END };

static const struct rule nvme_rules[] = {
	HAS("timeout,", KERNEL_STORAGE),
	HAS("controller is down", KERNEL_STORAGE),
	HAS("not ready", KERNEL_STORAGE),
	HAS("after probe failure", KERNEL_STORAGE),
	HAS("reset failure", KERNEL_STORAGE),
	HAS("state error detected", KERNEL_STORAGE),
	HAS("I/O Error", KERNEL_STORAGE),
	HAS("I/O error", KERNEL_STORAGE),
	END,
};

static const struct rule scsi_rules[] = {
	HAS("FAILED Result", KERNEL_STORAGE),
	HAS("rejecting I/O", KERNEL_STORAGE),
	HAS("Medium Error", KERNEL_STORAGE),
	HAS("Hardware Error", KERNEL_STORAGE),
	END,
};

static const struct rule ata_rules[] = {
	STARTS("exception Emask", KERNEL_STORAGE),
	STARTS("failed command", KERNEL_STORAGE),
	END,
};

static const struct rule ext4_rules[] = {
	HAS("error", KERNEL_STORAGE),
	HAS("Remounting filesystem read-only", KERNEL_STORAGE),
	HAS("remounting filesystem read-only", KERNEL_STORAGE),
	END,
};

static const struct rule xfs_rules[] = {
	HAS("Corruption", KERNEL_STORAGE),    HAS("corruption", KERNEL_STORAGE),
	HAS("I/O error", KERNEL_STORAGE),     HAS("I/O Error", KERNEL_STORAGE),
	HAS("Shutting down", KERNEL_STORAGE), HAS("shutting down", KERNEL_STORAGE),
	HAS("has been shut", KERNEL_STORAGE), END,
};

static const struct rule storage_rules[] = { ANY(KERNEL_STORAGE), END };
static const struct rule medium_rules[] = { HAS("error, dev ", KERNEL_STORAGE), END };
static const struct rule jbd_rules[] = {
	HAS("Error", KERNEL_STORAGE),
	HAS("error", KERNEL_STORAGE),
	END,
};
static const struct rule raid_rules[] = { HAS("Disk failure", KERNEL_STORAGE), END };
static const struct rule nfs_rules[] = { HAS("not responding", KERNEL_STORAGE), END };

static const struct rule btrfs_rules[] = {
	STARTS(" error", KERNEL_STORAGE),
	STARTS(": error", KERNEL_STORAGE),
	STARTS(" critical", KERNEL_STORAGE),
	END,
};

static const struct rule lustre_rules[] = {
	HAS("was lost", KERNEL_STORAGE),
	HAS("evicted", KERNEL_STORAGE),
	END,
};

static const struct rule hung_rules[] = { HAS("blocked for more than ", KERNEL_STUCK), END };

static const struct rule rcu_rules[] = {
	HAS("self-detected stall", KERNEL_STUCK),
	HAS("detected stall", KERNEL_STUCK),
	HAS("detected expedited stall", KERNEL_STUCK),

	HAS("starved", KERNEL_STUCK),
	END,
};

static const struct rule lockup_rules[] = {
	HAS("lockup", KERNEL_STUCK),
	HAS("LOCKUP", KERNEL_STUCK),
	END,
};

static const struct rule out_of_memory_rules[] = { ANY(KERNEL_OUT_OF_MEMORY), END };
static const struct rule thermal_rules[] = { HAS("critical temperature", KERNEL_THERMAL), END };

static const struct rule cpu_rules[] = {
	HAS("temperature above threshold", KERNEL_THERMAL),
	HAS("temperature is above threshold", KERNEL_THERMAL),
	END,
};

static const struct source with_a[] = {
	{ TEXT("amdgpu: "), AT_ONCE, amdgpu_rules },
	{ TEXT("ata"), BEHIND_NAME, ata_rules },
	{ TEXT("amdgpu "), BEHIND_DEVICE, amdgpu_rules },
	{ .rules = NULL },
};
static const struct source with_A[] = {
	{ TEXT("Aborting journal on device"), AT_ONCE, storage_rules },
	{ .rules = NULL },
};
static const struct source with_b[] = {
	{ TEXT("blk_update_request: "), AT_ONCE, storage_rules },
	{ TEXT("bond"), BEHIND_NAME, bond_rules },
	{ TEXT("be2net "), BEHIND_DEVICE, nic_rules },
	{ TEXT("bnxt_en "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_B[] = {
	{ TEXT("BERT: "), AT_ONCE, hardware_error_rules },
	{ TEXT("BTRFS"), AT_ONCE, btrfs_rules },
	{ TEXT("BUG: "), AT_ONCE, lockup_rules },
	{ TEXT("Buffer I/O error on dev"), AT_ONCE, storage_rules },
	{ .rules = NULL },
};
static const struct source with_c[] = {
	{ TEXT("critical "), AT_ONCE, medium_rules },
	{ TEXT("cxgb4 "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_C[] = {
	{ TEXT("CPU"), AT_ONCE, cpu_rules },
	{ .rules = NULL },
};
static const struct source with_e[] = {
	{ TEXT("en"), BEHIND_NAME, netdev_rules },
	{ TEXT("eth"), BEHIND_NAME, netdev_rules },
	{ TEXT("efa "), BEHIND_DEVICE, nic_rules },
	{ TEXT("ena "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_E[] = {
	{ TEXT("EDAC "), AT_ONCE, edac_rules },
	{ TEXT("EXT4-fs"), AT_ONCE, ext4_rules },
	{ .rules = NULL },
};
static const struct source with_h[] = {
	{ TEXT("hfi1 "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_i[] = {
	{ TEXT("infiniband "), BEHIND_NAME, nic_rules },
	{ TEXT("ib"), BEHIND_NAME, netdev_rules },
	{ TEXT("i40e "), BEHIND_DEVICE, nic_rules },
	{ TEXT("ice "), BEHIND_DEVICE, nic_rules },
	{ TEXT("idpf "), BEHIND_DEVICE, nic_rules },
	{ TEXT("ionic "), BEHIND_DEVICE, nic_rules },
	{ TEXT("irdma "), BEHIND_DEVICE, nic_rules },
	{ TEXT("ixgbe "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_I[] = {
	{ TEXT("INFO: task "), AT_ONCE, hung_rules },
	{ TEXT("INFO: rcu"), AT_ONCE, rcu_rules },
	{ TEXT("I/O error, dev "), AT_ONCE, storage_rules },
	{ .rules = NULL },
};
static const struct source with_J[] = {
	{ TEXT("JBD2: "), AT_ONCE, jbd_rules },
	{ .rules = NULL },
};
static const struct source with_L[] = {
	{ TEXT("LNetError: "), AT_ONCE, storage_rules },
	{ TEXT("LustreError: "), AT_ONCE, storage_rules },
	{ TEXT("Lustre: "), AT_ONCE, lustre_rules },
	{ .rules = NULL },
};
static const struct source with_m[] = {
	{ TEXT("mce: "), AT_ONCE, mce_rules },
	{ TEXT("md/raid"), AT_ONCE, raid_rules },
	{ TEXT("mlx4_core "), BEHIND_DEVICE, nic_rules },
	{ TEXT("mlx4_en "), BEHIND_DEVICE, nic_rules },
	{ TEXT("mlx5_core "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_M[] = {
	{ TEXT("Memory cgroup out of memory: "), AT_ONCE, out_of_memory_rules },
	{ TEXT("Memory failure: "), AT_ONCE, memory_rules },
	{ .rules = NULL },
};
static const struct source with_n[] = {
	{ TEXT("nfs: server "), AT_ONCE, nfs_rules },
	{ TEXT("nvidia-nvswitch"), BEHIND_NAME, nvswitch_rules },
	{ TEXT("nvidia: "), AT_ONCE, nvidia_probe_rules },
	{ TEXT("nvme"), BEHIND_NAME, nvme_rules },
	{ TEXT("nvidia "), BEHIND_DEVICE, nvidia_rules },
	{ .rules = NULL },
};
static const struct source with_N[] = {
	{ TEXT("NETDEV WATCHDOG: "), AT_ONCE, watchdog_of_nic_rules },
	{ TEXT("NMI watchdog: "), AT_ONCE, lockup_rules },
	{ TEXT("NVRM: "), AT_ONCE, nvrm_rules },
	{ .rules = NULL },
};
static const struct source with_o[] = {
	{ TEXT("oom-kill:"), AT_ONCE, out_of_memory_rules },
	{ .rules = NULL },
};
static const struct source with_O[] = {
	{ TEXT("Out of memory: "), AT_ONCE, out_of_memory_rules },
	{ .rules = NULL },
};
static const struct source with_p[] = {
	{ TEXT("pciehp "), BEHIND_NAME, pciehp_rules },
	{ TEXT("pci "), BEHIND_DEVICE, no_rules },
	{ TEXT("pcieport "), BEHIND_DEVICE, no_rules },
	{ .rules = NULL },
};
static const struct source with_q[] = {
	{ TEXT("qede "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_r[] = {
	{ TEXT("rcu: "), AT_ONCE, rcu_rules },
	{ .rules = NULL },
};
static const struct source with_s[] = {
	{ TEXT("sd "), BEHIND_NAME, scsi_rules },
	{ TEXT("sfc "), BEHIND_DEVICE, nic_rules },
	{ .rules = NULL },
};
static const struct source with_t[] = {
	{ TEXT("thermal "), AT_ONCE, thermal_rules },
	{ .rules = NULL },
};
static const struct source with_w[] = {
	{ TEXT("watchdog: "), AT_ONCE, lockup_rules },
	{ .rules = NULL },
};
static const struct source with_X[] = {
	{ TEXT("XFS ("), BEHIND_NAME, xfs_rules },
	{ .rules = NULL },
};
static const struct source with_bracket[] = {
	{ TEXT("[Hardware Error]"), AT_ONCE, machine_check_rules },
	{ TEXT("[drm"), AT_ONCE, drm_rules },
	{ .rules = NULL },
};
/* "{1}[Hardware Error]: …": reports of the firmware are numbered. */
static const struct source with_brace[] = {
	{ TEXT("{"), BEHIND_NUMBER, hardware_error_rules },
	{ .rules = NULL },
};

static const struct source *const by_first[UCHAR_MAX + 1] = {
	['a'] = with_a, ['A'] = with_A,       ['b'] = with_b,     ['B'] = with_B, ['c'] = with_c,
	['C'] = with_C, ['e'] = with_e,       ['E'] = with_E,     ['h'] = with_h, ['i'] = with_i,
	['I'] = with_I, ['J'] = with_J,       ['L'] = with_L,     ['m'] = with_m, ['M'] = with_M,
	['n'] = with_n, ['N'] = with_N,       ['o'] = with_o,     ['O'] = with_O, ['p'] = with_p,
	['q'] = with_q, ['r'] = with_r,       ['s'] = with_s,     ['t'] = with_t, ['w'] = with_w,
	['X'] = with_X, ['['] = with_bracket, ['{'] = with_brace,
};

/* The first and the last byte tell most apart without a call. */
static inline bool starts(struct span text, struct span start)
{
	return text.length >= start.length && text.at[0] == start.at[0] &&
	       text.at[start.length - 1] == start.at[start.length - 1] &&
	       memcmp(text.at, start.at, start.length) == 0;
}

static struct span behind(struct span text, size_t count)
{
	return (struct span){ text.at + count, text.length - count };
}

/* What stands behind the first ": " when that is near; else all. */
static struct span behind_name(struct span text)
{
	enum {
		NAME_MAXIMUM = 48,
	};
	size_t near = text.length < NAME_MAXIMUM ? text.length : NAME_MAXIMUM;

	for (size_t i = 0; i + 1 < near; i++)
		if (text.at[i] == ':' && text.at[i + 1] == ' ')
			return behind(text, i + 2);
	return text;
}

/* What of a list may hold of a text. */
struct candidates {
	const struct rule *rules;
	size_t count;           /* of rules that stand before the one that holds already */
	uint64_t first, second; /* letters of their words, as bits */
};

static uint64_t bit_of(char letter)
{
	return UINT64_C(1) << ((unsigned char)letter & 63);
}

static bool start_holds(const struct rule *rule, struct span text)
{
	return rule->start.length == 0 || starts(text, rule->start);
}

/* Leaves only what stands before the first rule whose word stands at `at`. */
static void look_for_words(struct candidates *left, struct span whole, size_t at)
{
	struct span text = behind(whole, at);

	if (text.length < 2 || !(left->first & bit_of(text.at[0])) ||
	    !(left->second & bit_of(text.at[1])))
		return;
	for (size_t i = 0; i < left->count; i++) {
		const struct rule *rule = &left->rules[i];

		if (rule->word.length > 0 && starts(text, rule->word) && start_holds(rule, whole))
			left->count = i;
	}
}

/* A bit, the highest of its byte, for each blank of eight bytes in the order of memory, and for
 * some bytes behind a blank that are none: the usual search for a zero in a word. */
static uint64_t blanks_of(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	bytes ^= ones * ' ';
	return (bytes - ones) & ~bytes & ones << 7;
}

static void look_at_words(struct candidates *left, struct span text)
{
	size_t i = 0;

	look_for_words(left, text, 0);
	for (; i + sizeof(uint64_t) < text.length; i += sizeof(uint64_t)) {
		for (uint64_t blanks = blanks_of(text.at + i); blanks; blanks &= blanks - 1) {
			size_t at = i + (size_t)__builtin_ctzll(blanks) / 8;

			if (text.at[at] == ' ')
				look_for_words(left, text, at + 1);
		}
	}
	for (; i + 1 < text.length; i++)
		if (text.at[i] == ' ')
			look_for_words(left, text, i + 1);
}

static enum kernel_topic judge(const struct rule *rules, struct span text)
{
	struct candidates left = { .rules = rules };

	if (text.length == 0)
		return rules->start.length == 0 && rules->word.length == 0 ? rules->topic
									   : KERNEL_OTHER;
	for (; rules[left.count].topic != KERNEL_OTHER; left.count++) {
		const struct rule *rule = &rules[left.count];

		if (!start_holds(rule, text))
			continue;
		if (rule->word.length == 0)
			break;
		left.first |= bit_of(rule->word.at[0]);
		left.second |= bit_of(rule->word.at[1]);
	}
	if (left.first != 0)
		look_at_words(&left, text);
	return rules[left.count].topic;
}

/* Behind the name of a PCI function at the start of the text; 0 when there is none. It is known by
 * its marks alone: what follows asks for more. */
static size_t function_length(struct span text)
{
	for (size_t domain = 4; domain <= 5 && text.length > domain + 8; domain++) {
		const char *at = text.at + domain;

		if (at[0] == ':' && at[3] == ':' && at[6] == '.')
			return domain + 8;
	}
	return 0;
}

/* "0000:3b:00.0: …" and "0000:5d:00.0 eth2: …", by the rules of a driver and those of all. */
static enum kernel_topic judge_device(const struct rule *rules, struct span text)
{
	size_t length = function_length(text);
	enum kernel_topic topic;

	if (length == 0)
		return KERNEL_OTHER;
	text = behind_name(behind(text, length));
	topic = judge(rules, text);
	if (topic != KERNEL_OTHER)
		return topic;
	if (text.length > 0 && text.at[0] >= '0' && text.at[0] <= '9')
		return judge(bandwidth_rules, text);
	return judge(device_rules, text);
}

static enum kernel_topic judge_as(const struct source *source, struct span text)
{
	struct span number;

	switch (source->form) {
	case AT_ONCE:
		break;
	case BEHIND_NAME:
		text = behind_name(text);
		break;
	case BEHIND_NUMBER:
		(void)span_cut(&text, '}', &number);
		break;
	case BEHIND_DEVICE:
		return judge_device(source->rules, text);
	}
	return judge(source->rules, text);
}

/* "DRIVER 0000:3b:00.0: …" of any driver. */
static enum kernel_topic judge_any_device(struct span message)
{
	enum {
		DRIVER_MAXIMUM = 20,
	};
	size_t near = message.length < DRIVER_MAXIMUM ? message.length : DRIVER_MAXIMUM;
	const char *blank = memchr(message.at, ' ', near);

	if (!blank)
		return KERNEL_OTHER;
	return judge_device(no_rules, behind(message, (size_t)(blank - message.at) + 1));
}

/* "NAME[1234]: segfault at …": the name is the process's own choice and so is that of the library.
 */
static bool is_of_a_process(struct span message)
{
	enum {
		NAME_AND_NUMBER = 48,
	};
	static const struct span words = TEXT("]: segfault at ");
	size_t near = message.length < NAME_AND_NUMBER ? message.length : NAME_AND_NUMBER;
	const char *end = message.at + near, *at = message.at;

	while ((at = memchr(at, ']', (size_t)(end - at)))) {
		if (starts(behind(message, (size_t)(at - message.at)), words))
			return true;
		at++;
	}
	return false;
}

enum kernel_topic kernel_topic(struct span message)
{
	enum kernel_topic topic = KERNEL_OTHER;
	const struct source *source;

	if (message.length == 0)
		return KERNEL_OTHER;
	source = by_first[(unsigned char)message.at[0]];
	while (source && source->rules && !starts(message, source->prefix))
		source++;
	if (source && source->rules)
		topic = judge_as(source, behind(message, source->prefix.length));
	/* "nvme 0000:3b:00.0: …" is both a name and a driver. */
	if (topic == KERNEL_OTHER && (!source || !source->rules || source->form == BEHIND_NAME) &&
	    message.at[0] >= 'a' && message.at[0] <= 'z')
		topic = judge_any_device(message);
	return topic != KERNEL_OTHER && is_of_a_process(message) ? KERNEL_OTHER : topic;
}
