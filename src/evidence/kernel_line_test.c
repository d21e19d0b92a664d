#include "evidence/kernel_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define AT "NVRM: Xid (PCI:0000:3b:00): "
#define NOBODY "pid='<unknown>', name=<unknown>, "

static struct xid_line xid_of(const char *message)
{
	struct xid_line line = { .code = 0 };

	if (!xid_parse(span_of(message), &line))
		fail_msg("'%s' is no Xid", message);
	return line;
}

static void check_span(struct span found, const char *expected)
{
	if (!span_is(found, expected))
		fail_msg("'%.*s' is not '%s'", SPAN_ARGS(found), expected);
}

static void a_function_is_named_as_sysfs_names_it(void **state)
{
	static const struct {
		const char *message, *name;
	} cases[] = {
		{ "PCI:0000:3b:00", "0000:3b:00.0" },
		{ "NVRM: GPU at PCI:0000:3B:00: GPU-9a613ad4-057b", "0000:3b:00.0" },
		{ "NVRM: GPU 0000:91:00.0: GPU has fallen off the bus.", "0000:91:00.0" },
		{ "pcieport 0000:00:01.1: AER: error received: 0000:3b:00.0", "0000:00:01.1" },
		{ "pciehp 0000:00:1c.0:pcie004: Slot(5): Link Down", "0000:00:1c.0" },
		{ "at 00000000:97:00.0", "0000:97:00.0" },
		{ "nvme 10000:e1:00.0: x", "10000:e1:00.0" },
		{ "(PCI:0018:01:00 GPU-I:05)", "0018:01:00.0" },
		{ "abcdef01:01:1f.7", "abcdef01:01:1f.7" },
		{ "0000:3b:00.8", "0000:3b:00.0" },
	};
	static const char *const without[] = {
		"",
		"0000:3b",
		"3b:00.0",
		"0000:3b:20.0",
		"x0000:3b:00.0",
		"0000:3b:000",
		"000:3b:00.0",
		"000000000:3b:00.0",
		"fe80:3b:00:1",
		"10:17:15",
		"aa:0000:3b:00.0",
		"0000:3g:00.0",
		"0000:3b:0",
		"0000:3b:00x",
	};
	char name[PCI_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(kernel_line_pci(span_of(cases[i].message), name));
		assert_string_equal(name, cases[i].name);
	}
	for (size_t i = 0; i < COUNT(without); i++)
		if (kernel_line_pci(span_of(without[i]), name))
			fail_msg("'%s' has '%s'", without[i], name);
}

static void every_code_is_read(void **state)
{
	static const char *const processes[] = {
		NOBODY,
		"pid=''<unknown>'', name=<unknown>, ",
		"pid=<n/a>, name=<unknown>, ",
		"",
	};

	(void)state;
	for (unsigned code = 1; code <= 200; code++) {
		for (size_t i = 0; i < COUNT(processes); i++) {
			char message[200];
			struct xid_line line;

			(void)snprintf(message, sizeof(message), AT "%u, %sText of it.", code,
				       processes[i]);
			line = xid_of(message);
			assert_int_equal(line.code, code);
			assert_string_equal(line.pci, "0000:3b:00.0");
			assert_false(line.has_process);
			check_span(line.process_name, "");
			check_span(line.text, "Text of it.");
			assert_false(line.is_nvlink5 || line.has_link || line.has_gpc);
			assert_int_equal(line.register_count, 0);
			assert_int_equal(line.recovery, XID_RECOVERY_NOT_SAID);
		}
	}
}

static void what_is_no_xid_is_refused(void **state)
{
	static const char *const messages[] = {
		"",
		"NVRM: Xid",
		"NVRM: Xid (",
		"NVRM: Xid (PCI:0000:3b:00)",
		"NVRM: Xid (PCI:0000:3b:00): ",
		"NVRM: Xid (PCI:0000:3b:00): x",
		"NVRM: Xid (PCI:0000:3b:00): -1",
		"NVRM: Xid (PCI:0000:3b:00): 79x",
		"NVRM: Xid (PCI:0000:3b:00): 4294967296, x",
		"NVRM: Xid error: xyz, invalid data",
		" NVRM: Xid (PCI:0000:3b:00): 79",
		"nvrm: Xid (PCI:0000:3b:00): 79",
		"NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus.",
		"nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Non-fatal",
	};
	struct xid_line line = { .code = 7 };

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (xid_parse(span_of(messages[i]), &line))
			fail_msg("'%s' is an Xid", messages[i]);
	assert_int_equal(line.code, 7);
}

static void the_process_is_told_from_the_text(void **state)
{
	struct xid_line line;

	(void)state;
	line = xid_of(AT "31, pid=80798, name=llama-server, Ch 00000008, intr 00000000. MMU");
	assert_true(line.has_process);
	assert_int_equal(line.process, 80798);
	check_span(line.process_name, "llama-server");
	check_span(line.text, "Ch 00000008, intr 00000000. MMU");

	line = xid_of(AT "43, pid=7, Ch 00000010");
	assert_true(line.has_process);
	check_span(line.process_name, "");
	check_span(line.text, "Ch 00000010");

	line = xid_of(AT "43, pid=7, name=a,b c, Ch 00000010");
	check_span(line.process_name, "a,b c");
	check_span(line.text, "Ch 00000010");

	line = xid_of(AT "43, pid=4294967296, name=x");
	assert_false(line.has_process);
	check_span(line.process_name, "x");
	check_span(line.text, "");

	line = xid_of("NVRM: Xid (PCI:0000:3b:00 GPU-I:05): 43, pid=7");
	assert_string_equal(line.pci, "0000:3b:00.0");
	assert_int_equal(line.process, 7);
	assert_string_equal(xid_of("NVRM: Xid (0001:00): 8").pci, "");
}

static void a_switch_link_of_the_fifth_generation_is_decoded(void **state)
{
	struct xid_line line;

	(void)state;
	line = xid_of("NVRM: Xid (PCI:0009:01:00): 149, NETIR_LINK_EVT  Fatal   XC0 i0 Link 09 "
		      "(0x021001c6 0x00000000 0x00000001 0x00000000 0x00000000 0xffffffff)");
	assert_true(line.is_nvlink5 && line.fatal && line.has_link);
	assert_false(line.link_fatal || line.injected || line.cross_contain);
	check_span(line.unit, "NETIR_LINK_EVT");
	assert_int_equal(line.link, 9);
	assert_int_equal(line.register_count, 6);
	assert_int_equal(line.registers[0], 0x021001c6);
	assert_int_equal(line.registers[2], 1);
	assert_int_equal(line.registers[5], 0xffffffff);

	line = xid_of(AT "145, " NOBODY "RLW_REMAP Nonfatal XC1 i1 Link 17 (0x3 0x80000000 0 0x1)");
	assert_true(line.is_nvlink5 && line.injected && line.cross_contain && line.has_link);
	assert_false(line.fatal || line.link_fatal);
	assert_int_equal(line.link, 17);
	assert_int_equal(line.register_count, 0);

	line = xid_of(AT "150, MSE Degraded Link Fatal XC0 i0 Link -1 (0x0 0x1)");
	assert_true(line.is_nvlink5 && line.link_fatal);
	assert_false(line.fatal || line.has_link);
	check_span(line.unit, "MSE Degraded");
	assert_int_equal(line.register_count, 2);

	line = xid_of(AT "144, SAW_MVB Non-fatal XC0 i0 Link 00");
	assert_true(line.is_nvlink5 && line.has_link);
	assert_int_equal(line.register_count, 0);

	assert_false(xid_of(AT "145, RLW_REMAP").is_nvlink5);
	assert_false(xid_of(AT "145, Fatal").is_nvlink5);
	assert_false(xid_of(AT "79, RLW_REMAP Fatal XC0 i0 Link 00 (0x0)").is_nvlink5);
}

static void the_registers_of_74_are_read(void **state)
{
	struct xid_line line = xid_of(AT "74, " NOBODY "NVLink: fatal error detected on link "
					 "14(0x1, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x80)");

	(void)state;
	assert_true(line.has_link);
	assert_int_equal(line.link, 14);
	assert_int_equal(line.register_count, 7);
	assert_int_equal(line.registers[0], 1);
	assert_int_equal(line.registers[2], 0x10000);
	assert_int_equal(line.registers[6], 0x80);

	line = xid_of(AT "74, NVLink: fatal error detected on link 2");
	assert_true(line.has_link);
	assert_int_equal(line.register_count, 0);
	line = xid_of(AT "74, NVLink: fatal error detected on link 2(0x1, 0x2");
	assert_int_equal(line.register_count, 0);
	line = xid_of(AT "74, NVLink: fatal error detected on link 2(0x1, 0x123456789)");
	assert_int_equal(line.register_count, 0);
	line = xid_of(AT "74, on link 2(0x1,0x2,0x3,0x4,0x5,0x6,0x7,0x8,0x9)");
	assert_int_equal(line.register_count, XID_REGISTERS_MAXIMUM);
	assert_int_equal(line.registers[7], 8);
}

static void the_place_of_13_and_31_is_read(void **state)
{
	struct xid_line line;

	(void)state;
	line = xid_of(AT
		      "13, pid=1, name=p, Graphics SM Warp Exception on (GPC 2, TPC 3, SM 1): x");
	assert_true(line.has_gpc && line.has_tpc);
	assert_int_equal(line.gpc, 2);
	assert_int_equal(line.tpc, 3);
	line = xid_of(AT "31, Ch 8. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_9 GPC5 faulted @ 0x1");
	assert_true(line.has_gpc);
	assert_int_equal(line.gpc, 5);
	assert_false(line.has_tpc);
	line = xid_of(AT "31, Ch 8. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_14 faulted @ 0x1");
	assert_false(line.has_gpc || line.has_tpc);
	assert_false(xid_of(AT "43, on (GPC 2, TPC 3)").has_gpc);
}

static void the_action_of_154_is_read(void **state)
{
	static const struct {
		const char *to;
		enum xid_recovery recovery;
	} cases[] = {
		{ "0x0 (None)", XID_RECOVERY_NONE },
		{ "0x1 (GPU Reset Required)", XID_RECOVERY_RESET_GPU },
		{ "0x2 (Node Reboot Required)", XID_RECOVERY_REBOOT_NODE },
		{ "0x2 (OS Reboot)", XID_RECOVERY_REBOOT_NODE },
		{ "0x3 (Drain P2P)", XID_RECOVERY_DRAIN_P2P },
		{ "0x4 (Drain and Reset)", XID_RECOVERY_DRAIN_AND_RESET },
		{ "0x1 (words of a later driver)", XID_RECOVERY_RESET_GPU },
		{ "0x2", XID_RECOVERY_REBOOT_NODE },
		{ "0x5 (words of a later driver)", XID_RECOVERY_NOT_SAID },
		{ "", XID_RECOVERY_NOT_SAID },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char message[200];

		(void)snprintf(message, sizeof(message),
			       AT "154, pid=9, name=GPU to 0x2, GPU recovery action changed from "
				  "0x1 (GPU Reset Required) to %s",
			       cases[i].to);
		assert_int_equal(xid_of(message).recovery, cases[i].recovery);
	}
	assert_int_equal(xid_of(AT "154, GPU recovery action changed").recovery,
			 XID_RECOVERY_NOT_SAID);
	assert_int_equal(xid_of(AT "155, recovery action changed from 0x0 to 0x2").recovery,
			 XID_RECOVERY_NOT_SAID);
}

static void messages_of_switches_are_read(void **state)
{
	struct sxid_line line;

	(void)state;
	assert_true(sxid_parse(SPAN("nvidia-nvswitch3: SXid (PCI:0000:c5:00.0): 12028, Non-fatal, "
				    "Link 32 egress non-posted PRIV error (First)"),
			       &line));
	assert_string_equal(line.pci, "0000:c5:00.0");
	assert_int_equal(line.switch_number, 3);
	assert_int_equal(line.code, 12028);
	assert_true(line.non_fatal && !line.fatal && line.has_link);
	assert_int_equal(line.link, 32);
	check_span(line.text, "Link 32 egress non-posted PRIV error (First)");

	assert_true(sxid_parse(SPAN("nvidia-nvswitch10: SXid (PCI:0000:06:00.0): 20034, Fatal, "
				    "Link 46 LTSSM Fault Up"),
			       &line));
	assert_true(line.fatal && !line.non_fatal && line.has_link);
	assert_int_equal(line.switch_number, 10);

	assert_true(sxid_parse(SPAN("nvidia-nvswitch1: SXid (PCI:0000:06:00.0): 20034, Severity 1 "
				    "Engine instance 60 Sub-engine instance 00"),
			       &line));
	assert_false(line.fatal || line.non_fatal || line.has_link);
	check_span(line.text, "Severity 1 Engine instance 60 Sub-engine instance 00");

	assert_false(sxid_parse(SPAN("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): garbled"), &line));
	assert_false(sxid_parse(SPAN("nvidia-nvswitch: SXid (PCI:0000:c1:00.0): 1"), &line));
	assert_false(sxid_parse(SPAN(AT "79"), &line));
}

/* No prefix of a message may be read beyond its end, and bytes do no harm. */
static void a_message_may_end_anywhere(void **state)
{
	static const char *const messages[] = {
		AT "145, pid=1, name=x, RLW_REMAP Link Fatal XC1 i1 Link 17 (0x3 0x80000000)",
		AT "74, " NOBODY "NVLink: fatal error detected on link 14(0x1, 0x0, 0x10000)",
		AT "154, GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)",
		AT "13, on (GPC 2, TPC 3, SM 1)",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		for (size_t length = 0; length <= strlen(messages[i]); length++) {
			char copy[128];
			struct xid_line line;

			/* At the end of the array, so that a sanitizer sees a read behind it. */
			memcpy(copy + sizeof(copy) - length, messages[i], length);
			assert_int_equal(
				xid_parse((struct span){ copy + sizeof(copy) - length, length },
					  &line),
				length > strlen(AT));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_is_named_as_sysfs_names_it),
		cmocka_unit_test(every_code_is_read),
		cmocka_unit_test(what_is_no_xid_is_refused),
		cmocka_unit_test(the_process_is_told_from_the_text),
		cmocka_unit_test(a_switch_link_of_the_fifth_generation_is_decoded),
		cmocka_unit_test(the_registers_of_74_are_read),
		cmocka_unit_test(the_place_of_13_and_31_is_read),
		cmocka_unit_test(the_action_of_154_is_read),
		cmocka_unit_test(messages_of_switches_are_read),
		cmocka_unit_test(a_message_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
