#include "probe/range.h"

bool look_in_range(const struct look *look, const char *path, enum measure measure,
		   struct range range)
{
	struct span text, head;
	struct error err = { 0 };
	double value = 0.0;
	uint64_t whole = 0;
	bool is_whole, is_number;

	if (!host_value(look->host, path, look->sightings->arena, &text, &err)) {
		if (err.code != ERROR_MISSING || look->missing == MISSING_IS_UNKNOWN)
			saw_unknown(look->sightings, measure, look->device, "%s", err.text);
		return false;
	}
	head = text;
	for (size_t i = 0; i < head.length; i++)
		if (head.at[i] == ' ' || head.at[i] == '\t' || head.at[i] == '\n')
			head.length = i;
	is_whole = span_to_u64(head, &whole);
	is_number = is_whole || span_to_double(head, &value);
	if (is_whole)
		value = (double)whole;
	if (!is_number || value < range.low || value > range.high) {
		saw_unknown(look->sightings, measure, look->device, "'%s' says '%.*s'", path,
			    (int)(text.length < 60 ? text.length : 60), text.at);
		return false;
	}
	saw_value(look->sightings, measure, look->device, value);
	return true;
}
