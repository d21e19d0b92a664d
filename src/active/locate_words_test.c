#include "active/locate_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static const char *const launcher[] = { "ssh", "--", "{}", NULL };
static const char *const devices[] = { "mlx5_0", "mlx5_1", NULL };
static const char *const words[] = { "n1=10.0.0.1,10.1.0.1", "n2=10.0.0.2,10.1.0.2",
				     "n3=10.0.0.3,10.1.0.3", "n4=10.0.0.4,10.1.0.4" };

static struct locate_plan plan_of(enum locate_tool tool, struct locate_hosts *hosts,
				  struct arena *arena)
{
	struct error err = { 0 };

	assert_true(locate_hosts_of(words, 4, arena, hosts, &err));
	return (struct locate_plan){
		.hosts = hosts,
		.tool = tool,
		.launcher = launcher,
		.seconds = 3,
		.token = "abc",
	};
}

static void assert_words(const char *const *said, const char *expected)
{
	SCOPED_TEXT(text);

	for (; *said; said++)
		text_format(&text, "%s%s", text.length > 0 ? " " : "", *said);
	assert_string_equal(text_string(&text), expected);
}

static void both_ends_have_a_limit_of_their_own(void **state)
{
	static const struct locate_errand errand = { .from = 0, .to = 2, .rail = 1, .port = 5000 };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_IPERF3, &hosts, &arena);

	(void)state;
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 11 iperf3 -s -1 --forceflush -p 5000");
	assert_words(locate_client_words(&plan, &errand, &arena),
		     "ssh -- n1 timeout -k 1 11 iperf3 -J -c 10.1.0.3 -p 5000 -t 3 -i 0.2 "
		     "--connect-timeout 3000 -B 10.1.0.1");
	plan.devices = devices;
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 11 iperf3 -s -1 --forceflush -p 5000 "
		     "--bind-dev mlx5_1");
	plan = plan_of(LOCATE_WRITE_BANDWIDTH, &hosts, &arena);
	plan.devices = devices;
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 11 ib_write_bw -d mlx5_1 -F -D 3 -p 5000");
	assert_words(locate_client_words(&plan, &errand, &arena),
		     "ssh -- n1 timeout -k 1 11 ib_write_bw -d mlx5_1 -F -D 3 -p 5000 10.1.0.3");
}

static void ends_of_nccl_find_each_other_by_number_and_token(void **state)
{
	static const struct locate_errand errand = { .from = 0, .to = 2, .rail = 1, .port = 5000 };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_NCCL, &hosts, &arena);

	(void)state;
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 38 env ASSAY_MEETING_TOKEN=abc assay test pair "
		     "--consent=load --format=json --quiet --node=n3 --duration=30s "
		     "--meet=10.1.0.3:5000 --rank=0 --ranks=2");
	plan.devices = devices;
	assert_words(locate_client_words(&plan, &errand, &arena),
		     "ssh -- n1 timeout -k 1 38 env ASSAY_MEETING_TOKEN=abc NCCL_IB_HCA==mlx5_1 "
		     "assay test pair --consent=load --format=json --quiet --node=n1 "
		     "--duration=30s --meet=10.1.0.3:5000 --rank=1 --ranks=2");
	assert_true(locate_is_both_ways(&plan));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_have_a_limit_of_their_own),
		cmocka_unit_test(ends_of_nccl_find_each_other_by_number_and_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
