#include "active/storage_append.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "active/storage_keeper.h"
#include "host/raw.h"

/* "r000 p0001 n000123 ....\n" */
static void write_record(char record[static APPEND_RECORD + 1], unsigned process, unsigned round)
{
	int length = snprintf(record, APPEND_RECORD + 1, "%06u %08u ", process, round);

	memset(record + length, 'a' + (int)(process % 26), APPEND_RECORD - 1 - (size_t)length);
	record[APPEND_RECORD - 1] = '\n';
	record[APPEND_RECORD] = '\0';
}

void keep_append(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	int file = raw_open(keeper->folder, "appended", RAW_WRITE | RAW_CREATE | RAW_APPEND);
	char record[APPEND_RECORD + 1];

	if (file < 0) {
		keeper_fails(keeper, "opening the file to append to");
		return;
	}
	for (unsigned i = 0; i < task->rounds; i++) {
		worker_calls(keeper->port, "appending in %.60s", task->mark);
		write_record(record, task->rank * task->count + task->number, i);
		/* What was refused is an error, and not there for a good reason. */
		if (write(file, record, APPEND_RECORD) != APPEND_RECORD)
			keeper_fails(keeper, "appending");
		else
			keeper->sum.rounds++;
	}
	if (close(file) != 0)
		keeper_fails(keeper, "closing the file that was appended to");
}

uint64_t append_count(struct span text, unsigned processes, unsigned rounds, struct arena *arena)
{
	bool *seen = ARENA_ARRAY(arena, bool, (size_t)processes *rounds);
	char expected[APPEND_RECORD + 1];
	uint64_t count = 0;
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		struct span head = SPAN("");
		uint64_t process, round;
		struct span rest = line;

		if (line.length != APPEND_RECORD - 1 || !span_cut(&rest, ' ', &head) ||
		    !span_to_u64(head, &process) || !span_cut(&rest, ' ', &head) ||
		    !span_to_u64(head, &round) || process >= processes || round >= rounds)
			continue;
		write_record(expected, (unsigned)process, (unsigned)round);
		if (memcmp(expected, line.at, line.length) != 0 || seen[process * rounds + round])
			continue;
		seen[process * rounds + round] = true;
		count++;
	}
	return count;
}

void keep_appended(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned processes = (unsigned)task->bytes * task->ranks;
	uint64_t expected = (uint64_t)processes * task->rounds, count;
	size_t room = (size_t)expected * APPEND_RECORD * 2, length = 0;
	int file = raw_open(keeper->folder, "appended", RAW_READ);
	ssize_t more = 1;

	SCOPED_ARENA(arena);
	char *bytes = arena_take(&arena, room);
	worker_calls(keeper->port, "reading what was appended in %.50s", task->mark);
	while (file >= 0 && length < room && more > 0) {
		more = read(file, bytes + length, room - length);
		length += more > 0 ? (size_t)more : 0;
	}
	if (file < 0 || more < 0)
		keeper_fails(keeper, "reading what was appended");
	if (file >= 0)
		(void)close(file);
	count = append_count((struct span){ bytes, length }, processes, task->rounds, &arena);
	keeper->sum.violations += expected - count;
}
