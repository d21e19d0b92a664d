#include "active/rdma_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct rdma_rail rail = { "rdma:mlx5_3/1", "mlx5_3", "1", 400, 2, false };

static void words_are(const struct rdma_task *task, const char *server, const char *expected)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);
	const char *const *words = rdma_words(task, &rail, 18600, server, &arena);

	for (size_t i = 0; words[i]; i++)
		text_format(&line, "%s%s", i > 0 ? " " : "", words[i]);
	assert_string_equal(text_string(&line), expected);
}

static void each_side_gets_the_same_options(void **state)
{
	const struct rdma_task write = { .bytes = 65536, .seconds = 2 };
	const struct rdma_task read = { .verb = RDMA_READ, .bytes = 1 << 20, .seconds = 2 };
	const struct rdma_task few = { .bytes = 1 << 20, .messages = 5 };
	const struct rdma_task latency = { .is_latency = true, .bytes = 8, .messages = 10000 };
	const struct rdma_task gpu = { .uses_gpu = true, .bytes = 65536, .seconds = 2 };

	(void)state;
	words_are(&write, NULL,
		  "ib_write_bw -d mlx5_3 -i 1 -p 18600 -s 65536 -F -D 2 -q 4 -t 128 "
		  "--report_gbits");
	words_are(&read, "node2",
		  "ib_read_bw -d mlx5_3 -i 1 -p 18600 -s 1048576 -F -D 2 -q 4 -t 8 "
		  "--report_gbits node2");
	words_are(&few, "10.0.0.2",
		  "ib_write_bw -d mlx5_3 -i 1 -p 18600 -s 1048576 -F -n 5 -q 4 -t 4 "
		  "--report_gbits 10.0.0.2");
	words_are(&latency, "127.0.0.1",
		  "ib_write_lat -d mlx5_3 -i 1 -p 18600 -s 8 -F -n 10000 127.0.0.1");
	words_are(&gpu, NULL,
		  "ib_write_bw -d mlx5_3 -i 1 -p 18600 -s 65536 -F -D 2 -q 4 -t 128 "
		  "--report_gbits --use_cuda=2");
}

static void a_short_run_tells_how_long_the_next_may_be(void **state)
{
	const struct rdma_task latency = { .is_latency = true, .bytes = 8 };
	const struct rdma_task write = { .bytes = 65536 };
	struct perftest_row row = { .average_s = 2e-6 };
	struct rdma_task first = rdma_first(&write), second;

	(void)state;
	assert_int_equal(first.messages, 16);
	assert_int_equal(first.seconds, 0);
	first = rdma_first(&latency);
	assert_int_equal(first.messages, 100);
	assert_int_equal(rdma_length(&latency, &row), RDMA_MESSAGES_MAXIMUM);
	row.average_s = 1e-3;
	assert_int_equal(rdma_length(&latency, &row), 2000);
	assert_true(rdma_second(&latency, 2000, &second) && second.messages == 2000);
	row.average_s = 12e-3;
	assert_int_equal(rdma_length(&latency, &row), 0);
	row.bytes_per_s = 46e9;
	assert_int_equal(rdma_length(&write, &row), RDMA_SECONDS);
	assert_true(rdma_second(&write, RDMA_SECONDS, &second) && second.messages == 0);
	assert_int_equal(second.seconds, RDMA_SECONDS);
	row.bytes_per_s = 10e6;
	assert_int_equal(rdma_length(&write, &row), 0);
}

static void a_length_that_makes_no_sense_is_refused(void **state)
{
	const struct rdma_task latency = { .is_latency = true, .bytes = 8 };
	const struct rdma_task write = { .bytes = 65536 };
	struct rdma_task second;

	(void)state;
	assert_false(rdma_second(&latency, 0, &second));
	assert_false(rdma_second(&latency, RDMA_MESSAGES_MAXIMUM + 1, &second));
	assert_false(rdma_second(&write, 1ull << 32, &second));
}

static void tasks_have_names(void **state)
{
	const struct rdma_task gpu = { .verb = RDMA_READ, .uses_gpu = true, .bytes = 65536 };
	const struct rdma_task latency = { .is_latency = true, .bytes = 8 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(rdma_task_name(&gpu, &arena), "gpu-read:65536");
	assert_string_equal(rdma_task_name(&latency, &arena), "write:8");
}

static void help_tells_whether_there_is_gpu_memory(void **state)
{
	(void)state;
	assert_true(rdma_help_knows_gpus(SPAN("      --use_cuda=<cuda device id>  Use CUDA\n")));
	assert_false(rdma_help_knows_gpus(SPAN("      --use_hugepages  Use huge pages\n")));
	assert_false(rdma_help_knows_gpus(SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_side_gets_the_same_options),
		cmocka_unit_test(a_short_run_tells_how_long_the_next_may_be),
		cmocka_unit_test(a_length_that_makes_no_sense_is_refused),
		cmocka_unit_test(tasks_have_names),
		cmocka_unit_test(help_tells_whether_there_is_gpu_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
