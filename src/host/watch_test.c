#include "host/watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void devices_that_are_looked_at_matter(void **state)
{
	(void)state;
	assert_true(host_news_matters(HOST_NEWS_DEVICES,
				      SPAN("remove@/devices/x\0ACTION=remove\0SUBSYSTEM=pci\0")));
	assert_true(host_news_matters(HOST_NEWS_DEVICES, SPAN("add@/x\0SUBSYSTEM=infiniband\0")));
	assert_false(host_news_matters(HOST_NEWS_DEVICES, SPAN("add@/x\0SUBSYSTEM=usb\0")));
	assert_false(host_news_matters(HOST_NEWS_DEVICES, SPAN("add@/x\0SUBSYSTEM=pcix\0")));
	assert_false(host_news_matters(HOST_NEWS_DEVICES, SPAN("")));
	assert_false(host_news_matters(HOST_NEWS_DEVICES, SPAN("SUBSYSTEM=")));
}

static struct span header(struct nlmsghdr *head, uint16_t type, uint32_t length)
{
	*head = (struct nlmsghdr){ .nlmsg_len = length, .nlmsg_type = type };
	return (struct span){ (const char *)head, sizeof(*head) };
}

static void only_links_matter_and_a_wrong_length_ends_it(void **state)
{
	struct nlmsghdr head;

	(void)state;
	assert_true(host_news_matters(HOST_NEWS_LINKS, header(&head, RTM_NEWLINK, sizeof(head))));
	assert_true(host_news_matters(HOST_NEWS_LINKS, header(&head, RTM_DELLINK, sizeof(head))));
	assert_false(host_news_matters(HOST_NEWS_LINKS, header(&head, RTM_NEWADDR, sizeof(head))));
	assert_false(host_news_matters(HOST_NEWS_LINKS, header(&head, RTM_NEWADDR, 0)));
	assert_false(host_news_matters(HOST_NEWS_LINKS, header(&head, RTM_NEWADDR, 0xfffffff0u)));
	assert_false(host_news_matters(HOST_NEWS_LINKS, SPAN("short")));
}

static void nothing_is_read_when_nothing_came(void **state)
{
	const struct host live = { 0 }, root = { .root = "/tmp" };
	struct error err = { 0 };
	int file = host_watch(&live, HOST_NEWS_LINKS, &err);

	(void)state;
	assert_true(file >= 0);
	assert_false(host_watch_read(file, HOST_NEWS_LINKS));
	(void)close(file);
	assert_int_equal(host_watch(&root, HOST_NEWS_DEVICES, &err), -1);
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_that_are_looked_at_matter),
		cmocka_unit_test(only_links_matter_and_a_wrong_length_ends_it),
		cmocka_unit_test(nothing_is_read_when_nothing_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
