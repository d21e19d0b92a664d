#include "host/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A manager that listens under a name without a file, of this process alone. */
static int listen_as_manager(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
			      "assay-notify-test-%d", (int)getpid());
	int file = socket(AF_UNIX, SOCK_DGRAM, 0);
	char name[128];

	assert_true(file >= 0);
	assert_int_equal(
		bind(file, (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)),
		0);
	(void)snprintf(name, sizeof(name), "@%s", address.sun_path + 1);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return file;
}

static void assert_heard(int file, const char *wanted)
{
	char heard[256] = "";
	ssize_t length = recv(file, heard, sizeof(heard) - 1, MSG_DONTWAIT);

	assert_true(length > 0);
	assert_memory_equal(heard, wanted, strlen(wanted));
}

static void the_manager_hears_what_is_said(void **state)
{
	int file = listen_as_manager();

	(void)state;
	assert_true(notify_send("READY=1"));
	assert_heard(file, "READY=1");
	assert_true(notify_reloading());
	assert_heard(file, "RELOADING=1\nMONOTONIC_USEC=");
	(void)close(file);
	assert_false(notify_send("READY=1"));
}

static void without_a_manager_nothing_is_said(void **state)
{
	static const char *const names[] = { "", "/", "relative", "@",
					     "/nowhere/that/listens.socket" };
	char long_name[200];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		assert_false(notify_send("READY=1"));
	}
	memset(long_name, 'x', sizeof(long_name));
	long_name[0] = '/';
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(setenv("NOTIFY_SOCKET", long_name, 1), 0);
	assert_false(notify_send("READY=1"));
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	assert_false(notify_send("READY=1"));
}

static void a_watchdog_is_for_the_process_that_is_named(void **state)
{
	char own[32];

	(void)state;
	(void)snprintf(own, sizeof(own), "%d", (int)getpid());
	assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
	assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
	assert_int_equal(notify_watchdog_ms(), 0);
	assert_int_equal(setenv("WATCHDOG_USEC", "30000000", 1), 0);
	assert_int_equal(notify_watchdog_ms(), 30000);
	assert_int_equal(setenv("WATCHDOG_PID", own, 1), 0);
	assert_int_equal(notify_watchdog_ms(), 30000);
	assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
	assert_int_equal(notify_watchdog_ms(), 0);
	assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
	assert_int_equal(setenv("WATCHDOG_USEC", "soon", 1), 0);
	assert_int_equal(notify_watchdog_ms(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manager_hears_what_is_said),
		cmocka_unit_test(without_a_manager_nothing_is_said),
		cmocka_unit_test(a_watchdog_is_for_the_process_that_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
