#include "probe/nccl_file.h"

#include <string.h>

const char *const nccl_fault_words[NCCL_FAULT_COUNT] = {
	[NCCL_NO_VALUE] = "no-value",
	[NCCL_EXPORT] = "export",
	[NCCL_BLANK_IN_NAME] = "blank-in-name",
	[NCCL_COMMENTED] = "commented",
	[NCCL_FOREIGN] = "foreign",
	[NCCL_QUOTED] = "quoted",
	[NCCL_BLANK_AROUND] = "blank-around",
	[NCCL_COMMENT_BEHIND] = "comment-behind",
	[NCCL_CARRIAGE_RETURN] = "carriage-return",
	[NCCL_CUT] = "cut",
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct span trim(struct span text)
{
	while (text.length > 0 && is_blank(text.at[0]))
		text = (struct span){ text.at + 1, text.length - 1 };
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

static bool has_blank(struct span text)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_blank(text.at[i]))
			return true;
	return false;
}

static struct span meant_name(struct span name)
{
	name = trim(name);
	while (span_starts(name, "#"))
		name = trim((struct span){ name.at + 1, name.length - 1 });
	if (span_starts(name, "export "))
		name = trim((struct span){ name.at + 7, name.length - 7 });
	return name;
}

/* What strtoll takes: blanks, a sign, digits; whatever stands behind them. */
static bool is_number(struct span value)
{
	value = trim(value);
	if (value.length > 0 && (value.at[0] == '-' || value.at[0] == '+'))
		value = (struct span){ value.at + 1, value.length - 1 };
	for (size_t i = 0; i < value.length; i++) {
		if (i > 0 && (is_blank(value.at[i]) || value.at[i] == '#'))
			return true;
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
	}
	return value.length > 0;
}

static unsigned faults_of_name(struct span name, struct span meant)
{
	struct span start = trim(name);
	unsigned faults = 0;

	if (span_starts(start, "#"))
		return 1u << NCCL_COMMENTED;
	if (span_starts(start, "export "))
		faults |= 1u << NCCL_EXPORT;
	else if (has_blank(name))
		faults |= 1u << NCCL_BLANK_IN_NAME;
	if (!span_starts(meant, "NCCL_"))
		faults |= 1u << NCCL_FOREIGN;
	return faults;
}

static unsigned faults_of_value(struct span value)
{
	struct span inner = trim(value);
	unsigned faults = 0;

	if (value.length > 0 && value.at[value.length - 1] == '\r') {
		faults |= 1u << NCCL_CARRIAGE_RETURN;
		value.length--;
	}
	if (inner.length != value.length)
		faults |= 1u << NCCL_BLANK_AROUND;
	if (inner.length > 0 && (inner.at[0] == '"' || inner.at[0] == '\''))
		faults |= 1u << NCCL_QUOTED;
	for (size_t i = 1; i < inner.length; i++)
		if (inner.at[i] == '#' && is_blank(inner.at[i - 1]))
			faults |= 1u << NCCL_COMMENT_BEHIND;
	return faults;
}

/* A C string ends at a NUL, and so does what NCCL sees of the line. */
static struct span until_nul(struct span line)
{
	const char *end = line.length > 0 ? memchr(line.at, '\0', line.length) : NULL;

	return end ? (struct span){ line.at, (size_t)(end - line.at) } : line;
}

static struct nccl_line line_of(struct span text)
{
	struct nccl_line line = { .value = text };

	if (!span_cut(&line.value, '=', &line.name) || line.name.length == text.length) {
		line.name = text;
		line.value = SPAN("");
		line.meant = meant_name(text);
		line.faults = span_starts(trim(text), "#") ? 0 : 1u << NCCL_NO_VALUE;
		return line;
	}
	if (line.name.length > NCCL_NAME_MAXIMUM || line.value.length > NCCL_NAME_MAXIMUM)
		line.faults |= 1u << NCCL_CUT;
	line.name.length =
		line.name.length < NCCL_NAME_MAXIMUM ? line.name.length : NCCL_NAME_MAXIMUM;
	line.value.length =
		line.value.length < NCCL_NAME_MAXIMUM ? line.value.length : NCCL_NAME_MAXIMUM;
	line.meant = meant_name(line.name);
	line.is_number = is_number(line.value);
	line.faults |= faults_of_name(line.name, line.meant) | faults_of_value(line.value);
	return line;
}

bool nccl_file_next(struct nccl_file *file, struct nccl_line *ret_line)
{
	struct span text;

	while (span_cut(&file->rest, '\n', &text)) {
		file->line++;
		text = until_nul(text);
		if (span_starts(text, "#") || trim(text).length == 0)
			continue;
		*ret_line = line_of(text);
		/* Blanks, '#' and no '=': NCCL skips it, as was meant. */
		if (ret_line->faults == 0 && ret_line->value.length == 0 &&
		    ret_line->name.length == text.length)
			continue;
		return true;
	}
	return false;
}
