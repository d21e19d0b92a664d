#include "market/cell.h"

#include <math.h>
#include <string.h>

enum {
	DAY_S = 86400,
	DATE_LENGTH = 10, /* of "2026-07-05" */
};

int64_t cell_day(date_t day)
{
	return day == DATE_NONE ? 0 : (int64_t)day * DAY_S;
}

void cell_gpus(struct span text, struct draft *draft)
{
	double gpus = cell_number(text);

	draft->gpus = 0;
	if (!isfinite(gpus) || gpus <= 0 || gpus > UINT32_MAX)
		return;
	if (gpus < 1)
		draft->fraction = true;
	else if (floor(gpus) >= gpus)
		draft->gpus = (uint32_t)gpus;
}

/* Beyond 1 PiB nothing is a GPU's memory, and the book refuses it. */
static uint64_t to_mib(struct span text, double factor)
{
	const double most = 1 << 30;
	double mib = cell_number(text) * factor;

	if (!isfinite(mib) || mib <= 0)
		return 0;
	return mib < 1 ? 1 : (uint64_t)fmin(round(mib), most);
}

uint64_t cell_gib(struct span text)
{
	return to_mib(text, 1024);
}

uint64_t cell_mib(struct span text)
{
	return to_mib(text, 1);
}

double cell_number(struct span text)
{
	double value;

	return span_to_double(text, &value) ? value : (double)NAN;
}

struct span cell_cents(struct span text, char into[static MONEY_TEXT_SIZE])
{
	int64_t nano;

	if (text.length == 0 || !nano_parse(text, &nano) || !nano_scale(nano, 1, 100, &nano))
		return text;
	return span_of(nano_format(nano, into));
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

size_t span_find(struct span text, const char *part)
{
	size_t length = strlen(part);

	for (size_t at = 0; at + length <= text.length; at++) {
		size_t same = 0;

		while (same < length && small(text.at[at + same]) == small(part[same]))
			same++;
		if (same == length)
			return at;
	}
	return SIZE_MAX;
}

bool span_holds(struct span text, const char *part)
{
	return span_find(text, part) != SIZE_MAX;
}

/* The last part of a path, and what stands before it. */
static struct span cut_name(struct span path, struct span *ret_before)
{
	size_t start = path.length;

	while (start > 0 && path.at[start - 1] != '/')
		start--;
	*ret_before = (struct span){ .at = path.at, .length = start > 0 ? start - 1 : 0 };
	return (struct span){ .at = path.at + start, .length = path.length - start };
}

struct span file_folder(const char *file)
{
	struct span before, outer;

	(void)cut_name(span_of(file), &before);
	return cut_name(before, &outer);
}

static bool is_joint(char c)
{
	return c == '-' || c == '_';
}

struct span file_stem(const char *file)
{
	struct span before, stem = cut_name(span_of(file), &before), name;
	date_t day;

	if (!span_cut(&stem, '.', &name))
		return stem;
	if (name.length > DATE_LENGTH + 1 && is_joint(name.at[DATE_LENGTH]) &&
	    date_parse((struct span){ .at = name.at, .length = DATE_LENGTH }, &day))
		return (struct span){ .at = name.at + DATE_LENGTH + 1,
				      .length = name.length - DATE_LENGTH - 1 };

	size_t rest = name.length > DATE_LENGTH + 1 ? name.length - DATE_LENGTH : 0;
	if (rest > 0 && is_joint(name.at[rest - 1]) &&
	    date_parse((struct span){ .at = name.at + rest, .length = DATE_LENGTH }, &day))
		name.length = rest - 1;
	return name;
}
