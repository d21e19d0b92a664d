#include "evidence/kernel_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct topic_case {
	enum kernel_topic topic;
	const char *message;
};

static void check_all(const struct topic_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum kernel_topic topic = kernel_topic(span_of(cases[i].message));

		if (topic != cases[i].topic)
			fail_msg("'%s' is %s, not %s", cases[i].message, kernel_topic_names[topic],
				 kernel_topic_names[cases[i].topic]);
	}
}

static void each_topic_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < KERNEL_TOPIC_COUNT; a++) {
		assert_non_null(kernel_topic_names[a]);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(kernel_topic_names[a], kernel_topic_names[b]);
	}
}

static void what_gpus_and_their_switches_say(void **state)
{
	static const struct topic_case cases[] = {
		{ KERNEL_XID, "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus." },
		{ KERNEL_XID, "NVRM: Xid (of a form that nobody knows" },
		{ KERNEL_SXID, "nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Non-fatal, …" },
		{ KERNEL_SXID, "nvidia-nvswitch12: SXid (PCI:0000:05:00.0): 20034, Severity 1" },
		{ KERNEL_GPU_LOST, "NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus." },
		{ KERNEL_GPU_LOST, "NVRM: rcdbAddRmGpuDump: GPU lost, skipping crash dump" },
		{ KERNEL_GPU_LOST, "nvidia 0000:3b:00.0: Unable to change power state from D3cold "
				   "to D0, device inaccessible" },
		{ KERNEL_GPU_PROBE, "NVRM: The NVIDIA probe routine failed for 1 device(s)." },
		{ KERNEL_GPU_PROBE, "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x24:0xffff)" },
		{ KERNEL_GPU_PROBE, "NVRM: rm_init_adapter failed, device minor number 0" },
		{ KERNEL_GPU_PROBE, "NVRM: None of the NVIDIA devices were initialized." },
		{ KERNEL_GPU_PROBE, "nvidia: probe of 0000:3b:00.0 failed with error -1" },
		{ KERNEL_GPU_PROBE,
		  "nvidia 0000:3b:00.0: probe with driver nvidia failed with -1" },
		{ KERNEL_AMD_RAS, "amdgpu 0000:05:00.0: amdgpu: socket: 0, die: 1 2 uncorrectable "
				  "hardware errors detected in umc block" },
		{ KERNEL_AMD_RAS, "amdgpu 0000:05:00.0: amdgpu: {7}socket: 0, die: 0, 1 new "
				  "deferred hardware errors detected in umc block" },
		{ KERNEL_AMD_RAS, "amdgpu 0000:05:00.0: 3 correctable hardware errors detected in "
				  "total in gfx block, no user action is needed." },
		{ KERNEL_AMD_RAS, "amdgpu 0000:05:00.0: amdgpu: poison is consumed by client 12" },
		{ KERNEL_AMD_RAS, "amdgpu 0000:05:00.0: amdgpu: {1}[Hardware Error]: Accelerator "
				  "Check Architecture events logged" },
		{ KERNEL_AMD_GPU, "amdgpu 0000:05:00.0: amdgpu: GPU reset begin!" },
		{ KERNEL_AMD_GPU, "amdgpu 0000:05:00.0: amdgpu: GPU reset(2) succeeded!" },
		{ KERNEL_AMD_GPU, "amdgpu 0000:05:00.0: amdgpu: ring sdma0 timeout, signaled "
				  "seq=1, emitted seq=3" },
		{ KERNEL_AMD_GPU, "[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, "
				  "signaled seq=1" },
		{ KERNEL_AMD_GPU, "amdgpu: probe of 0000:05:00.0 failed with error -22" },
	};

	(void)state;
	check_all(cases, COUNT(cases));
}

static void what_networks_and_buses_say(void **state)
{
	static const struct topic_case cases[] = {
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: wait_func:1119:(pid 9): ACCESS_REG(0x805) "
			      "timeout. Will cause a leak of a command resource" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: mlx5_cmd_exec:1: cmd_exec timeout" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: health poll failed" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: poll_health:820:(pid 0): device's health "
			      "compromised - reached miss count" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: unrecoverable hardware error" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: mlx5_pcie_event:299:(pid 8): Detected "
			      "insufficient power on the PCIe slot (27W)." },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: temp_warn:198:(pid 0): High temperature on "
			      "sensors with bit set 0 1" },
		{ KERNEL_NIC, "mlx5_core 0000:5d:00.0: Port module event[error]: module 0, Cable "
			      "error, Power budget exceeded" },
		{ KERNEL_NIC, "NETDEV WATCHDOG: eth0 (mlx5_core): transmit queue 0 timed out" },
		{ KERNEL_NIC, "tg3 0000:5d:00.0 eth0: NETDEV WATCHDOG: CPU: 3: transmit queue 0 "
			      "timed out 5388 ms" },
		{ KERNEL_NIC, "bnxt_en 0000:5d:00.0: Error (timeout: 500015) msg {0x20} len:0" },
		{ KERNEL_LINK, "mlx5_core 0000:5d:00.0: Port module event: module 0, Cable "
			       "unplugged" },
		{ KERNEL_LINK, "mlx5_core 0000:5d:00.0 eth2: Link down" },
		{ KERNEL_LINK, "mlx5_core 0000:5d:00.0 ib0: Link up" },
		{ KERNEL_LINK, "igb 0000:5d:00.0 eth0: NIC Link is Down" },
		{ KERNEL_LINK, "ib0: link down" },
		{ KERNEL_LINK, "eth0: Link is Up - 10Gbps/Full" },
		{ KERNEL_LINK, "bond0: (slave eth0): link status definitely down, disabling" },
		{ KERNEL_PCIE, "pcieport 0000:00:01.1: AER: Corrected error received: 0000:3b:00" },
		{ KERNEL_PCIE, "pcieport 10000:00:01.1: AER: Corrected error received: id=00" },
		{ KERNEL_PCIE, "nvidia 0000:3b:00.0: AER: can't recover (no callback)" },
		{ KERNEL_PCIE, "ahci 0000:3b:00.0: PCIe Bus Error: severity=Uncorrected (Fatal)" },
		{ KERNEL_PCIE, "nvme 0000:3b:00.0: PCIe Bus Error: severity=Corrected" },
		{ KERNEL_PCIE, "pcieport 0000:00:01.1: pciehp: Slot(5): Link Down" },
		{ KERNEL_PCIE, "pciehp 0000:00:1c.0:pcie004: Slot(5): Card not present" },
		{ KERNEL_PCIE, "pcieport 0000:00:01.1: DPC: containment event, status:0x1f01" },
		{ KERNEL_PCIE, "pci 0000:3b:00.0: 63.008 Gb/s available PCIe bandwidth, limited "
			       "by 2.5 GT/s PCIe x16 link at 0000:3a:00.0" },
		{ KERNEL_PCIE, "pci 0000:3b:00.0: can't change power state from D3cold to D0 "
			       "(config space inaccessible)" },
		{ KERNEL_PCIE, "pci 0000:3b:00.0: not ready 1023ms after FLR; waiting" },
	};

	(void)state;
	check_all(cases, COUNT(cases));
}

static void what_the_machine_says(void **state)
{
	static const struct topic_case cases[] = {
		{ KERNEL_MACHINE_CHECK, "mce: [Hardware Error]: Machine check events logged" },
		{ KERNEL_MACHINE_CHECK, "{1}[Hardware Error]: Hardware error from APEI" },
		{ KERNEL_MACHINE_CHECK, "[Hardware Error]: Corrected error, no action required." },
		{ KERNEL_MACHINE_CHECK, "BERT: [Hardware Error]: Skipped 1 error records" },
		{ KERNEL_MEMORY, "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#0_Chan#1" },
		{ KERNEL_MEMORY, "EDAC MC1: 1 UE on DIMM_A1" },
		{ KERNEL_MEMORY, "EDAC skx MC0: HANDLING MCE MEMORY ERROR" },
		{ KERNEL_MEMORY, "Memory failure: 0x1234: recovery action for dirty LRU page" },
		{ KERNEL_STORAGE, "nvme nvme3: I/O 12 QID 4 timeout, aborting" },
		{ KERNEL_STORAGE, "nvme nvme3: controller is down; will reset: CSTS=0xffffffff" },
		{ KERNEL_STORAGE, "nvme nvme3: Device not ready; aborting reset, CSTS=0x1" },
		{ KERNEL_STORAGE, "nvme3n1: I/O Cmd(0x2) @ LBA 1, 8 blocks, I/O Error (sct 0x2)" },
		{ KERNEL_STORAGE, "blk_update_request: I/O error, dev nvme3n1, sector 8" },
		{ KERNEL_STORAGE, "I/O error, dev sda, sector 8 op 0x0:(READ)" },
		{ KERNEL_STORAGE, "critical medium error, dev nvme3n1, sector 8" },
		{ KERNEL_STORAGE, "Buffer I/O error on dev sda1, logical block 0" },
		{ KERNEL_STORAGE, "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2" },
		{ KERNEL_STORAGE, "EXT4-fs (sda1): Remounting filesystem read-only" },
		{ KERNEL_STORAGE, "XFS (sda1): Metadata corruption detected at xfs_agf_read" },
		{ KERNEL_STORAGE, "XFS (sda1): metadata I/O error in \"x\" at daddr 0x1" },
		{ KERNEL_STORAGE, "Aborting journal on device sda1-8." },
		{ KERNEL_STORAGE, "JBD2: Error -5 detected when updating journal superblock" },
		{ KERNEL_STORAGE, "nfs: server 10.0.0.1 not responding, still trying" },
		{ KERNEL_STORAGE, "LustreError: 11-0: MGC10.0.0.1@o2ib: operation failed" },
		{ KERNEL_STORAGE, "BTRFS error (device sda): bdev /dev/sda errs: wr 1" },
		{ KERNEL_STORAGE, "sd 0:0:0:0: [sda] tag#0 Sense Key : Medium Error [current]" },
		{ KERNEL_STORAGE, "ata1.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x6" },
		{ KERNEL_STUCK, "INFO: task python3:123 blocked for more than 122 seconds." },
		{ KERNEL_STUCK, "INFO: task a b:123 blocked for more than 122 seconds." },
		{ KERNEL_STUCK, "watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [x:1]" },
		{ KERNEL_STUCK, "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3" },
		{ KERNEL_STUCK, "BUG: workqueue lockup - pool cpus=3 stuck for 32s!" },
		{ KERNEL_STUCK, "rcu: INFO: rcu_sched self-detected stall on CPU" },
		{ KERNEL_STUCK, "INFO: rcu_sched detected stalls on CPUs/tasks" },
		{ KERNEL_OUT_OF_MEMORY, "Out of memory: Killed process 7 (python3)" },
		{ KERNEL_OUT_OF_MEMORY, "Memory cgroup out of memory: Killed process 7 (a)" },
		{ KERNEL_OUT_OF_MEMORY, "oom-kill:constraint=CONSTRAINT_NONE" },
		{ KERNEL_THERMAL, "CPU3: Core temperature above threshold, cpu clock throttled" },
		{ KERNEL_THERMAL, "mce: CPU3: Package temperature is above threshold, cpu clock" },
		{ KERNEL_THERMAL, "thermal thermal_zone0: acpitz: critical temperature reached" },
	};

	(void)state;
	check_all(cases, COUNT(cases));
}

static void ordinary_messages_of_the_same_speakers_are_left_out(void **state)
{
	static const char *const messages[] = {
		"",
		"N",
		"NVRM: ",
		"NVRM: GPU at PCI:0000:3b:00: GPU-9a613ad4-057b-4fb1-8572-ae2d3c112a92",
		"NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.133.20",
		"nvidia-nvswitch0: open (major=510)",
		"nvidia 0000:3b:00.0: enabling device (0140 -> 0142)",
		"amdgpu 0000:05:00.0: amdgpu: Fetched VBIOS from VFCT",
		"amdgpu 0000:05:00.0: amdgpu: MEM ECC is active.",
		"mlx5_core 0000:5d:00.0: firmware version: 28.39.1002",
		"mlx5_core 0000:5d:00.0: mlx5_pcie_event:1: PCIe slot advertised sufficient power",
		"pcieport 0000:00:01.1: AER: enabled with IRQ 61",
		"pcieport 0000:00:01.1: DPC: error containment capabilities: Int Msg #0",
		"pcieport 0000:00:01.1: pciehp: Slot #5 AttnBtn- PwrCtrl- MRL- AttnInd-",
		"pci 0000:3b:00.0: 504.112 Gb/s available PCIe bandwidth (32.0 GT/s PCIe x16 link)",
		"mce: CPU supports 32 MCE banks",
		"mce: CPU3: Core temperature/speed normal",
		"EDAC MC0: Giving out device to module skx_edac",
		"nvme nvme3: 64/0/0 default/read/poll queues",
		"nvme nvme3: Shutdown timeout set to 10 seconds",
		"EXT4-fs (sda1): mounted filesystem with ordered data mode.",
		"XFS (sda1): Ending clean mount",
		"nfs: server 10.0.0.1 OK",
		"rcu: Hierarchical RCU implementation.",
		"NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
		"IPv6: ADDRCONF(NETDEV_CHANGE): veth1: link becomes ready",
		"CPU3: Thermal monitoring enabled (TM1)",
		"eth0: renamed from veth1",
		"{",
		"{1}",
		"[",
		"usb 1-1: Product: NVRM: Xid (PCI:0000:3b:00): 79",
		"mlx5_core 0000:5d:00.0",
		"mlx5_core 0000",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (kernel_topic(span_of(messages[i])) != KERNEL_OTHER)
			fail_msg("'%s' is of interest", messages[i]);
}

/* A process chooses its name and those of its libraries, and the kernel prints both. */
static void a_crashed_process_does_not_speak_for_a_driver(void **state)
{
	static const char *const messages[] = {
		"NVRM: GPU at PC[123]: segfault at 0 ip 00007f in GPU has fallen off the bus[7f]",
		"Out of memory: [123]: segfault at 0 ip 00007f",
		"NVRM: Xid (P): [4194304]: segfault at 0 ip 00007f",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++)
		assert_int_equal(kernel_topic(span_of(messages[i])), KERNEL_OTHER);
}

/* The search takes eight bytes at once: a word is found wherever it stands. */
static void a_word_is_found_at_every_offset(void **state)
{
	static const char word[] = " RmInitAdapter failed";

	(void)state;
	for (size_t before = 0; before < 40; before++) {
		for (size_t after = 0; after < 12; after++) {
			char message[128] = "NVRM: ";
			size_t length = strlen(message);

			memset(message + length, '!', before);
			length += before;
			memcpy(message + length, word, sizeof(word) - 1);
			length += sizeof(word) - 1;
			assert_int_equal(kernel_topic((struct span){ message, length - 1 }),
					 KERNEL_OTHER);
			memset(message + length, 'x', after);
			assert_int_equal(kernel_topic((struct span){ message, length + after }),
					 KERNEL_GPU_PROBE);
			/* Behind another byte it is none, and a blank before that does not help. */
			message[length - sizeof(word) + 1] = '!';
			assert_int_equal(kernel_topic((struct span){ message, length + after }),
					 KERNEL_OTHER);
			message[length - sizeof(word)] = ' ';
			assert_int_equal(kernel_topic((struct span){ message, length + after }),
					 KERNEL_OTHER);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_topic_has_a_name_of_its_own),
		cmocka_unit_test(what_gpus_and_their_switches_say),
		cmocka_unit_test(what_networks_and_buses_say),
		cmocka_unit_test(what_the_machine_says),
		cmocka_unit_test(ordinary_messages_of_the_same_speakers_are_left_out),
		cmocka_unit_test(a_crashed_process_does_not_speak_for_a_driver),
		cmocka_unit_test(a_word_is_found_at_every_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
