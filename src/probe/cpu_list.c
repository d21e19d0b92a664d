#include "probe/cpu_list.h"

static bool take_range(struct span range, struct cpu_list *list)
{
	struct span first;
	uint64_t from, to;

	range = span_trim(range);
	if (!span_cut(&range, '-', &first) || !span_to_u64(first, &from))
		return false;
	to = from;
	/* "3-" has a dash and nothing behind it. */
	if (range.at > first.at + first.length && !span_to_u64(range, &to))
		return false;
	if (to < from || to >= CPU_LIST_MAXIMUM)
		return false;
	for (uint64_t cpu = from; cpu <= to; cpu++) {
		uint64_t bit = (uint64_t)1 << (cpu % 64);

		list->count += (list->words[cpu / 64] & bit) == 0;
		list->words[cpu / 64] |= bit;
	}
	return true;
}

bool cpu_list_parse(struct span text, struct cpu_list *ret_list)
{
	struct cpu_list list = { .count = 0 };
	struct span range;

	while (text.length > 0 && text.at[text.length - 1] == '\n')
		text.length--;
	text = span_trim(text);
	if (text.length > 0 && text.at[text.length - 1] == ',')
		return false;
	while (span_cut(&text, ',', &range))
		if (!take_range(range, &list))
			return false;
	*ret_list = list;
	return true;
}

bool cpu_list_has(const struct cpu_list *list, unsigned cpu)
{
	return cpu < CPU_LIST_MAXIMUM && (list->words[cpu / 64] >> (cpu % 64) & 1);
}

unsigned cpu_list_next(const struct cpu_list *list, unsigned from)
{
	unsigned cpu = from;

	while (cpu < CPU_LIST_MAXIMUM) {
		uint64_t rest = list->words[cpu / 64] >> (cpu % 64);

		if (rest)
			return cpu + (unsigned)__builtin_ctzll(rest);
		cpu = (cpu / 64 + 1) * 64;
	}
	return CPU_LIST_MAXIMUM;
}

void cpu_list_remove(struct cpu_list *list, const struct cpu_list *other)
{
	list->count = 0;
	for (unsigned i = 0; i < CPU_LIST_MAXIMUM / 64; i++) {
		list->words[i] &= ~other->words[i];
		list->count += (unsigned)__builtin_popcountll(list->words[i]);
	}
}
