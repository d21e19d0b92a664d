#include "host/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void the_kernel_chooses_a_port_and_it_can_be_reached(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct error err = { 0 };
	unsigned port = 0;
	int fd = -1, other = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_true(host_listen("127.0.0.1", 0, &fd, &port, &err));
	assert_int_not_equal(port, 0);
	at.sin_port = htons((uint16_t)port);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(other, (struct sockaddr *)&at, sizeof(at)), 0);
	host_hang_up(other);
	(void)close(other);
	(void)close(fd);
}

static void a_port_that_is_taken_is_refused_with_its_number(void **state)
{
	struct error err = { 0 };
	unsigned port = 0, again = 0;
	int fd = -1, other = -1;

	(void)state;
	assert_true(host_listen("127.0.0.1", 0, &fd, &port, &err));
	assert_false(host_listen("127.0.0.1", port, &other, &again, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_false(host_listen("localhost", 0, &other, &again, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	(void)close(fd);
}

static void loopback_is_told_from_the_world(void **state)
{
	(void)state;
	assert_true(host_is_loopback("127.0.0.1"));
	assert_true(host_is_loopback("127.8.8.8"));
	assert_true(host_is_loopback("::1"));
	assert_false(host_is_loopback("0.0.0.0"));
	assert_false(host_is_loopback("::"));
	assert_false(host_is_loopback("10.0.0.1"));
	assert_false(host_is_loopback("localhost"));
}

static void an_address_is_written_without_its_port(void **state)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = 7 };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	char text[LISTEN_ADDRESS_SIZE];

	(void)state;
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	host_address_text((struct sockaddr *)&four, text);
	assert_string_equal(text, "127.0.0.1");
	host_address_text((struct sockaddr *)&six, text);
	assert_string_equal(text, "::1");
	host_address_text(NULL, text);
	assert_string_equal(text, "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_chooses_a_port_and_it_can_be_reached),
		cmocka_unit_test(a_port_that_is_taken_is_refused_with_its_number),
		cmocka_unit_test(loopback_is_told_from_the_world),
		cmocka_unit_test(an_address_is_written_without_its_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
