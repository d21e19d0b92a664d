#include "host/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	struct arena arena;
	struct redactor redactor;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	memcpy(fixture->redactor.redaction.salt, "0123456789abcdef", 16);
	fixture->redactor.arena = &fixture->arena;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static const char *redact(struct fixture *fixture, const char *path, const char *text)
{
	struct span done = redact_text(&fixture->redactor, path, span_of(text));

	assert_int_equal(strlen(done.at), done.length);
	return done.at;
}

/* A digit for each digit, a letter for each letter of its case, the rest as it is. */
static char class_of(char c)
{
	if (c >= '0' && c <= '9')
		return '0';
	if (c >= 'a' && c <= 'z')
		return 'a';
	return c >= 'A' && c <= 'Z' ? 'A' : c;
}

static bool is_number_char(char c)
{
	return class_of(c) == '0' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* In base 16 a digit may become a letter. */
static bool same_form(const char *a, const char *b, bool hex)
{
	if (strlen(a) != strlen(b))
		return false;
	for (; *a; a++, b++) {
		bool both_hex = hex && is_number_char(*a) && is_number_char(*b);

		if (!both_hex && class_of(*a) != class_of(*b))
			return false;
	}
	return true;
}

static void identifiers_keep_their_form_and_not_their_value(void **state)
{
	static const struct {
		const char *before, *word, *after;
		enum redacted kind;
	} cases[] = {
		{ "", "b8:3f:d2:03:00:5c", "\n", REDACTED_MAC },
		{ "mac=", "B8:3F:D2:03:00:5C", ",", REDACTED_MAC },
		{ "Station_", "b8-3f-d2-03-00-5c", "", REDACTED_MAC },
		{ "", "80:00:02:08:fe:80:00:00:00:00:00:00:b8:3f:d2:03:00:5c:a1:b2", "",
		  REDACTED_MAC },
		{ "enx", "b83fd203005c", ": up", REDACTED_MAC },
		{ "", "b83f:d203:005c:a1b2", "\n", REDACTED_GUID },
		{ "fe80:0000:0000:0000:", "b83f:d203:005c:a1b2", "\n", REDACTED_GUID },
		{ "Node GUID: 0x", "b83fd203005ca1b2", "\n", REDACTED_GUID },
		{ "GPU-", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", " ", REDACTED_UUID },
		{ "(", "1B9D6BCD-BBFD-4B2D-9B5D-AB8DFBBD4BED", ")", REDACTED_UUID },
		{ "", "1b9d6bcdbbfd4b2d9b5dab8dfbbd4bed", "\n", REDACTED_UUID },
		{ "addr ", "10.12.200.3", "/24", REDACTED_IPV4 },
		{ "ip-", "10.12.200.3", " ", REDACTED_IPV4 },
		{ "::ffff:", "10.12.200.3", "", REDACTED_IPV4 },
		{ "server=", "192.168.1.254", ":2049", REDACTED_IPV4 },
		{ "inet6 addr:", "fe80::ba3f:d2ff:fe03:5c", "/64", REDACTED_IPV6 },
		{ "[", "2001:db8:1:2:3:4:5:6", "]:80", REDACTED_IPV6 },
		{ "at ", "2001:db8::7", ": refused", REDACTED_IPV6 },
		{ "0000:0000:0000:0000:0000:ffff:", "0a0c:c803", "\n", REDACTED_IPV6 },
		{ "Serial Number: ", "1650522003234", "\n", REDACTED_SERIAL },
		{ "\"serial\": \"", "PN-44Xa9", "\"", REDACTED_SERIAL },
		{ "gpu0 serial ", "1650522003234", "", REDACTED_SERIAL },
		{ "home=/home/", "j.doe", "/x", REDACTED_USER },
	};
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = arena_format(arena, "%s%s%s", cases[i].before, cases[i].word,
						cases[i].after);
		size_t start = strlen(cases[i].before);
		bool hex = cases[i].kind <= REDACTED_UUID || cases[i].kind == REDACTED_IPV6;
		size_t counted = fixture->redactor.counts[cases[i].kind];
		const char *done = redact(fixture, NULL, text);
		char word[80] = "";

		assert_int_equal(strlen(done), strlen(text));
		assert_memory_equal(done, text, start);
		assert_string_equal(done + start + strlen(cases[i].word), cases[i].after);
		memcpy(word, done + start, strlen(cases[i].word));
		assert_true(same_form(word, cases[i].word, hex));
		assert_string_not_equal(word, cases[i].word);
		assert_int_equal(fixture->redactor.counts[cases[i].kind], counted + 1);
	}
}

static void what_tells_nobody_apart_stays(void **state)
{
	static const char *const cases[] = {
		"0000:3b:00.0",
		"00000000:3B:00.0",
		"/sys/devices/pci0000:00/0000:00:01.0/0000:3b:00.0/net/eth0",
		"gpu:0000:19:00.0",
		"00:00:00:00:00:00",
		"ff:ff:ff:ff:ff:ff",
		"0000:0000:0000:0000",
		"fe80:0000:0000:0000",
		"0000:0000:0000:0000:0000:0000:0000:0000",
		"0000:0000:0000:0000:0000:0000:0000:0001",
		"fe80:0000:0000:0000:0000:0000:0000:0000",
		"00000000-0000-0000-0000-000000000000",
		"SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		"127.0.0.1 localhost",
		"0.0.0.0",
		"255.255.255.0",
		"::1 ip6-localhost",
		"[::]:80",
		"535.104.05",
		"96.00.5E.00.01",
		"95.02.18.80.02",
		"MLNX_OFED_LINUX-5.8-2.0.3.0",
		"28.39.1002",
		"G520.0200.00.05",
		"5.15.0-91-generic",
		"12:34:56",
		"2026-11-26T12:34:56Z",
		"std::vector",
		"0x00000000d0000000 0x00000000d0ffffff 0x0000000000040200",
		"pci:v000010DEd00002330sv000010DEsd000016C1bc03sc02i00",
		"pkey=0x7fff",
		"keyboard=us",
		"Serial: 8250/16550 driver, 4 ports",
		"serial8250: ttyS0 at I/O 0x3f8",
		"Serial Number: Not Specified",
		"Serial Number: 0",
		"/home/",
		"0-15,32-47",
		"\x01\xff binary \xc3",
		"",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(redact(fixture, NULL, cases[i]), cases[i]);
	for (size_t i = 0; i < REDACTED_COUNT; i++)
		assert_int_equal(fixture->redactor.counts[i], 0);
}

static void secrets_are_named_and_gone(void **state)
{
	static const struct {
		const char *text, *done;
	} cases[] = {
		{ "root=/dev/sda token=abc123 ro", "root=/dev/sda token=redacted ro" },
		{ "API_KEY=xyz", "API_KEY=redacted" },
		{ "apiKey=\"x y z\" b", "apiKey=\"redacted\" b" },
		{ "AWS_SECRET_ACCESS_KEY='a b'", "AWS_SECRET_ACCESS_KEY='redacted'" },
		{ "db-password = hunter2", "db-password = redacted" },
		{ "Password: hunter2", "Password: redacted" },
		{ "{\"token\": \"abc\", \"a\": 1}", "{\"token\": \"redacted\", \"a\": 1}" },
		{ "{\"key\":\"abc\"}", "{\"key\":\"redacted\"}" },
		{ "prog --token abc --verbose", "prog --token redacted --verbose" },
		{ "prog --password=abc", "prog --password=redacted" },
		{ "prog --secret --verbose", "prog --secret --verbose" },
		{ "credentials=x&b=1", "credentials=redacted&b=1" },
		{ "https://joe:pw@host/x", "https://joe:redacted@host/x" },
		{ "Authorization: Bearer abc.def", "Authorization: Bearer redacted" },
		{ "x hf_abcdefghijklmnopqrstuv y", "x redacted y" },
		{ "x sk-short y", "x sk-short y" },
		{ "key=", "key=" },
		{ "token", "token" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(redact(fixture, NULL, cases[i].text), cases[i].done);

	struct span line = SPAN("prog\0--token\0abc\0--x");
	struct span done = redact_text(&fixture->redactor, NULL, line);
	assert_true(span_equal(done, SPAN("prog\0--token\0redacted\0--x")));
}

static void equal_ones_stay_equal_and_another_salt_makes_others(void **state)
{
	struct fixture *fixture = *state;
	const char *first = redact(fixture, NULL, "b8:3f:d2:03:00:5c 10.1.2.3 x 10.1.2.3");
	const char *second = redact(fixture, "/a", "b8:3f:d2:03:00:5c 10.1.2.3 x 10.1.2.3");

	assert_string_equal(first, second);
	assert_memory_equal(first + 18, first + strlen(first) - 8, 8);
	/* Spelling does not matter to numbers: the same device is known in all of its forms. */
	const char *colons = redact(fixture, NULL, "b83f:d203:005c:a1b2");
	const char *plain = redact(fixture, NULL, "GUID 0xb83fd203005ca1b2") + strlen("GUID 0x");
	for (unsigned i = 0; i < 4; i++)
		assert_memory_equal(colons + (size_t)i * 5, plain + (size_t)i * 4, 4);
	const char *gid = redact(fixture, NULL, "fe80:0000:0000:0000:b83f:d203:005c:a1b2");
	assert_string_equal(gid + 20, colons);

	fixture->redactor.redaction.salt[15] ^= 1;
	assert_string_not_equal(redact(fixture, NULL, "b8:3f:d2:03:00:5c"),
				arena_format(&fixture->arena, "%.17s", first));
}

static void tables_of_the_network_hold_addresses_without_points(void **state)
{
	static const char table[] = "eth0\t00000000\t0100A8C0\t0003\t00FFFFFF\n";
	struct fixture *fixture = *state;
	const char *done = redact(fixture, "/proc/net/route", table);

	assert_int_equal(strlen(done), strlen(table));
	assert_null(strstr(done, "0100A8C0"));
	assert_non_null(strstr(done, "eth0\t00000000\t"));
	assert_non_null(strstr(done, "\t0003\t00FFFFFF\n"));
	assert_string_equal(redact(fixture, "/proc/iomem", table), table);
}

static void learned_names_go_wherever_they_stand(void **state)
{
	struct fixture *fixture = *state;
	struct redactor *redactor = &fixture->redactor;

	redactor_learn_file(redactor, "/proc/sys/kernel/hostname", SPAN("gpu-a17.rack3.corp\n"));
	redactor_learn_file(redactor, "/etc/passwd",
			    SPAN("root:x:0:0:root:/root:/bin/bash\n"
				 "jdoe:x:1000:1000:Jane Doe,,,:/home/jdoe:/bin/sh\n"
				 "ubuntu:x:1001:1001:Ubuntu:/home/ubuntu:/bin/sh\nbroken:line\n"));
	redactor_learn_file(redactor, "/sys/class/dmi/id/board_serial", SPAN("XK-0042/a\n"));
	redactor_learn_file(redactor, "/sys/class/dmi/id/chassis_serial", SPAN("None\n"));

	const char *done = redact(fixture, NULL,
				  "gpu-a17 gpu-a17.rack3.corp gpu-a170 jdoe Jane Doe jdoes "
				  "ubuntu root None board XK-0042/a");
	assert_null(strstr(done, "gpu-a17 "));
	assert_null(strstr(done, "rack3"));
	assert_non_null(strstr(done, " gpu-a170 "));
	assert_null(strstr(done, "jdoe "));
	assert_null(strstr(done, "Jane"));
	assert_non_null(strstr(done, " jdoes ubuntu root None board "));
	assert_null(strstr(done, "0042"));

	/* The file says the same as the text elsewhere, with what stands around the number. */
	const char *file = redact(fixture, "/sys/class/dmi/id/board_serial", "XK-0042/a\n");
	assert_memory_equal(file, done + strlen(done) - 9, 9);
	assert_string_equal(file + 9, "\n");
	assert_string_equal(redact(fixture, "/sys/class/dmi/id/chassis_serial", "None\n"),
			    "None\n");
	/* Too short to be looked for elsewhere, but gone where it stands. */
	assert_string_not_equal(redact(fixture, "/sys/x/serial", "a7\n"), "a7\n");
	const char *uuid = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed";
	assert_string_equal(redact(fixture, "/sys/class/dmi/id/product_uuid", uuid),
			    redact(fixture, NULL, uuid));
}

static void fixed_paths_of_the_kernel_stay_what_they_are(void **state)
{
	struct fixture *fixture = *state;
	struct redactor *redactor = &fixture->redactor;
	struct span path = SPAN("/sys/devices/fabric/node0/token=x");
	struct span other = SPAN("/var/gpu-17/x");

	redactor_learn(redactor, REDACTED_HOST, SPAN("fabric"));
	redactor_learn(redactor, REDACTED_HOST, SPAN("gpu-17"));
	assert_true(span_equal(redact_path(redactor, path), path));
	assert_false(span_equal(redact_path(redactor, other), other));
	assert_string_not_equal(redact(fixture, NULL, "on fabric"), "on fabric");
}

static void records_of_a_device_lose_all_their_words(void **state)
{
	struct fixture *fixture = *state;
	struct span vpd = SPAN("\x90\x10\0SN\x06"
			       "MT2301\0PN");
	struct span done = redact_text(&fixture->redactor, "/sys/x/vpd", vpd);

	assert_int_equal(done.length, vpd.length);
	assert_int_equal(done.at[0], vpd.at[0]);
	assert_memory_not_equal(done.at + 6, "MT2301", 6);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(identifiers_keep_their_form_and_not_their_value),
		CASE(what_tells_nobody_apart_stays),
		CASE(secrets_are_named_and_gone),
		CASE(equal_ones_stay_equal_and_another_salt_makes_others),
		CASE(tables_of_the_network_hold_addresses_without_points),
		CASE(learned_names_go_wherever_they_stand),
		CASE(fixed_paths_of_the_kernel_stay_what_they_are),
		CASE(records_of_a_device_lose_all_their_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
