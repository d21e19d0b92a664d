#include <string.h>

#include "evidence/kernel_line.h"

enum {
	NVLINK5_FIRST = 144,
	NVLINK5_LAST = 150,
	XID_NVLINK = 74,
	XID_EXCEPTION = 13,
	XID_FAULT = 31,
	XID_RECOVERY = 154,
	DOMAIN_SHORTEST = 4,
	DOMAIN_LONGEST = 8,
	BUS_DIGITS = 2,
	DEVICE_MAXIMUM = 0x1f,
};

static const struct {
	const char *start; /* of the words in parentheses */
	enum xid_recovery recovery;
} recoveries[] = {
	{ "None", XID_RECOVERY_NONE },
	{ "Drain P2P", XID_RECOVERY_DRAIN_P2P },
	{ "Drain and Reset", XID_RECOVERY_DRAIN_AND_RESET },
	{ "GPU Reset", XID_RECOVERY_RESET_GPU },
	{ "Node Reboot", XID_RECOVERY_REBOOT_NODE },
	{ "OS Reboot", XID_RECOVERY_REBOOT_NODE },
};

/* As NVML_FI_DEV_GET_GPU_RECOVERY_ACTION numbers them. */
static const enum xid_recovery recoveries_by_number[] = {
	XID_RECOVERY_NONE,      XID_RECOVERY_RESET_GPU,       XID_RECOVERY_REBOOT_NODE,
	XID_RECOVERY_DRAIN_P2P, XID_RECOVERY_DRAIN_AND_RESET,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 0 to 15, or -1. */
static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_of_a_word(char c)
{
	return hex_of(c) >= 0 || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '_';
}

static struct span behind(struct span text, size_t count)
{
	return (struct span){ text.at + count, text.length - count };
}

/* Moves behind `start`, when the text begins so. */
static bool cut_start(struct span *text, const char *start)
{
	if (!span_starts(*text, start))
		return false;
	*text = behind(*text, strlen(start));
	return true;
}

/* Where `word` stands in the text; text.length when nowhere. */
static size_t find(struct span text, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= text.length; i++)
		if (text.at[i] == word[0] && memcmp(text.at + i, word, length) == 0)
			return i;
	return text.length;
}

/* Moves behind the first `word`; false when there is none. */
static bool cut_behind(struct span *text, const char *word)
{
	size_t at = find(*text, word);

	if (at == text->length)
		return false;
	*text = behind(*text, at + strlen(word));
	return true;
}

static size_t count_digits(struct span text)
{
	size_t count = 0;

	while (count < text.length && is_digit(text.at[count]))
		count++;
	return count;
}

/* Decimal digits at the start of the text, of 32 bits. */
static bool cut_u32(struct span *text, uint32_t *ret_value)
{
	size_t count = count_digits(*text);
	uint64_t value;

	if (!span_to_u64((struct span){ text->at, count }, &value) || value > UINT32_MAX)
		return false;
	*ret_value = (uint32_t)value;
	*text = behind(*text, count);
	return true;
}

/* "0x10000" */
static bool read_hex32(struct span text, uint32_t *ret_value)
{
	uint32_t value = 0;

	if (!cut_start(&text, "0x") || text.length == 0 || text.length > 8)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int digit = hex_of(text.at[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*ret_value = value;
	return true;
}

static size_t count_hex(struct span text, size_t maximum)
{
	size_t count = 0;

	while (count < text.length && count < maximum && hex_of(text.at[count]) >= 0)
		count++;
	return count;
}

/* Length of the name of a PCI function that the text begins with, without its function when that is
 * missing; 0 when it begins otherwise. */
static size_t pci_length(struct span text, size_t *ret_domain)
{
	size_t domain = count_hex(text, DOMAIN_LONGEST + 1);
	size_t length = domain + 2 * (1 + BUS_DIGITS);
	const char *at = text.at + domain;

	if (domain < DOMAIN_SHORTEST || domain > DOMAIN_LONGEST || text.length < length ||
	    at[0] != ':' || at[3] != ':' || count_hex(behind(text, domain + 1), 2) != 2 ||
	    count_hex(behind(text, domain + 4), 2) != 2)
		return 0;
	if (hex_of(at[4]) * 16 + hex_of(at[5]) > DEVICE_MAXIMUM)
		return 0;
	if (text.length >= length + 2 && at[6] == '.' && at[7] >= '0' && at[7] <= '7')
		length += 2;
	if (text.length > length && is_of_a_word(text.at[length]))
		return 0;
	/* With more behind a colon it is something else, as a part of an IPv6 address. */
	if (text.length > length + 1 && at[6] == ':' && is_of_a_word(text.at[length + 1]))
		return 0;
	*ret_domain = domain;
	return length;
}

/* Whether a name may begin at `at`: behind no word and no colon but that of "PCI:". */
static bool may_begin(struct span message, size_t at)
{
	if (at == 0)
		return true;
	if (message.at[at - 1] == ':')
		return at >= 4 && memcmp(message.at + at - 4, "PCI:", 4) == 0;
	return !is_of_a_word(message.at[at - 1]);
}

bool kernel_line_pci(struct span message, char ret_name[static PCI_NAME_SIZE])
{
	for (size_t at = 0; at < message.length; at++) {
		struct span name = behind(message, at);
		size_t domain, length, skipped = 0;
		bool has_function;

		if (hex_of(name.at[0]) < 0 || !may_begin(message, at))
			continue;
		length = pci_length(name, &domain);
		if (length == 0)
			continue;
		while (domain - skipped > DOMAIN_SHORTEST && name.at[skipped] == '0')
			skipped++;
		has_function = name.at[length - 2] == '.';
		name = behind((struct span){ name.at, length }, skipped);
		for (size_t i = 0; i < name.length; i++)
			ret_name[i] = name.at[i] >= 'A' && name.at[i] <= 'F'
					      ? (char)(name.at[i] - 'A' + 'a')
					      : name.at[i];
		memcpy(ret_name + name.length, has_function ? "" : ".0", has_function ? 1 : 3);
		return true;
	}
	return false;
}

/* "Xid (PCI:0000:3b:00): 79, …", behind the speaker's name: moves *rest behind the code and its
 * comma. */
static bool cut_head(struct span *rest, const char *start, char pci[static PCI_NAME_SIZE],
		     uint32_t *ret_code)
{
	struct span place;

	if (!cut_start(rest, start) || !span_cut(rest, ')', &place) || !cut_start(rest, ":"))
		return false;
	*rest = span_trim(*rest);
	if (!cut_u32(rest, ret_code) || (rest->length > 0 && is_of_a_word(rest->at[0])))
		return false;
	if (!kernel_line_pci(place, pci))
		pci[0] = '\0';
	(void)cut_start(rest, ",");
	*rest = span_trim(*rest);
	return true;
}

/* Takes "NAME=VALUE, " off the text; a value ends at ", ", because a comma may stand in it. */
static bool cut_field(struct span *text, const char *name, struct span *ret_value)
{
	size_t end;

	if (!cut_start(text, name))
		return false;
	end = find(*text, ", ");
	*ret_value = (struct span){ text->at, end };
	*text = behind(*text, end == text->length ? end : end + 2);
	return true;
}

static void read_process(struct span *text, struct xid_line *line)
{
	struct span value;
	uint64_t number;

	if (cut_field(text, "pid=", &value) && span_to_u64(value, &number) &&
	    number <= UINT32_MAX) {
		line->has_process = true;
		line->process = (uint32_t)number;
	}
	*text = span_trim(*text);
	if (cut_field(text, "name=", &value) && find(value, "<unknown>") == value.length)
		line->process_name = value;
	*text = span_trim(*text);
}

static bool is_separator(char c)
{
	return c == ' ' || c == ',' || c == '\t';
}

/* The hexadecimal words up to ')': all of them, or none when one is something else. */
static void read_registers(struct span text, struct xid_line *line)
{
	struct span inside;
	unsigned count = 0;

	if (find(text, ")") == text.length || !span_cut(&text, ')', &inside))
		return;
	while (inside.length > 0 && count < XID_REGISTERS_MAXIMUM) {
		size_t length = 0;

		if (is_separator(inside.at[0])) {
			inside = behind(inside, 1);
			continue;
		}
		while (length < inside.length && !is_separator(inside.at[length]))
			length++;
		if (!read_hex32((struct span){ inside.at, length }, &line->registers[count]))
			return;
		count++;
		inside = behind(inside, length);
	}
	line->register_count = count;
}

/* "NVLink: fatal error detected on link 6(0x0, …)" */
static void read_nvlink(struct span text, struct xid_line *line)
{
	if (!cut_behind(&text, "on link ") || !cut_u32(&text, &line->link))
		return;
	line->has_link = true;
	if (cut_start(&text, "("))
		read_registers(text, line);
}

/* Takes the next word off the text, which blanks surround. */
static bool cut_word(struct span *text, struct span *ret_word)
{
	*text = span_trim(*text);
	return span_cut(text, ' ', ret_word);
}

static bool read_severity(struct span word, struct xid_line *line, bool of_link)
{
	if (span_is(word, "Fatal")) {
		line->fatal = !of_link;
		line->link_fatal = of_link;
		return true;
	}
	return span_is(word, "Nonfatal") || span_is(word, "Non-fatal");
}

/* "NETIR_LINK_EVT  Fatal   XC0 i0 Link 09 (0x… 0x…)", perhaps with "Link Fatal" */
static void read_nvlink5(struct span text, struct xid_line *line)
{
	struct span rest = text, word, before = { 0 };
	bool has_severity = false;

	while (!has_severity && cut_word(&rest, &word)) {
		has_severity = read_severity(word, line, span_is(before, "Link"));
		if (!has_severity)
			before = word;
	}
	if (!has_severity || !before.at)
		return;
	line->is_nvlink5 = true;
	line->unit = (struct span){ text.at, (size_t)(word.at - text.at) };
	if (line->link_fatal)
		line->unit.length = (size_t)(before.at - text.at);
	line->unit = span_trim(line->unit);
	while (cut_word(&rest, &word) && word.at[0] != '(') {
		line->cross_contain = line->cross_contain || span_is(word, "XC1");
		line->injected = line->injected || span_is(word, "i1");
		/* A fault of no link says "Link -1". */
		if (span_is(word, "Link") && cut_word(&rest, &word))
			line->has_link = cut_u32(&word, &line->link);
	}
	if (cut_behind(&text, "("))
		read_registers(text, line);
}

/* "GPC 2" and "GPC2", but not "GPCCLIENT" */
static bool read_place(struct span text, const char *name, uint32_t *ret_number)
{
	while (cut_behind(&text, name)) {
		struct span number = text;

		(void)cut_start(&number, " ");
		if (cut_u32(&number, ret_number))
			return true;
	}
	return false;
}

/* "… to 0x2 (Node Reboot Required)": by the words, or by the number when they are new. */
static enum xid_recovery read_recovery(struct span text)
{
	struct span number;
	uint32_t value;

	if (!cut_behind(&text, "recovery action changed from ") || !cut_behind(&text, " to "))
		return XID_RECOVERY_NOT_SAID;
	text = span_trim(text);
	if (!cut_word(&text, &number))
		return XID_RECOVERY_NOT_SAID;
	(void)cut_start(&text, "(");
	for (size_t i = 0; i < sizeof(recoveries) / sizeof(recoveries[0]); i++)
		if (span_starts(text, recoveries[i].start))
			return recoveries[i].recovery;
	if (read_hex32(number, &value) &&
	    value < sizeof(recoveries_by_number) / sizeof(recoveries_by_number[0]))
		return recoveries_by_number[value];
	return XID_RECOVERY_NOT_SAID;
}

bool xid_parse(struct span message, struct xid_line *ret_line)
{
	struct xid_line line = { .code = 0 };

	if (!cut_head(&message, "NVRM: Xid (", line.pci, &line.code))
		return false;
	read_process(&message, &line);
	line.text = message;
	if (line.code >= NVLINK5_FIRST && line.code <= NVLINK5_LAST)
		read_nvlink5(message, &line);
	if (line.code == XID_NVLINK)
		read_nvlink(message, &line);
	if (line.code == XID_EXCEPTION || line.code == XID_FAULT) {
		line.has_gpc = read_place(message, "GPC", &line.gpc);
		line.has_tpc = read_place(message, "TPC", &line.tpc);
	}
	if (line.code == XID_RECOVERY)
		line.recovery = read_recovery(message);
	*ret_line = line;
	return true;
}

bool sxid_parse(struct span message, struct sxid_line *ret_line)
{
	struct sxid_line line = { .code = 0 };
	struct span link;

	if (!cut_start(&message, "nvidia-nvswitch") || !cut_u32(&message, &line.switch_number) ||
	    !cut_head(&message, ": SXid (", line.pci, &line.code))
		return false;
	line.non_fatal = cut_start(&message, "Non-fatal,") || cut_start(&message, "Nonfatal,");
	line.fatal = !line.non_fatal && cut_start(&message, "Fatal,");
	line.text = span_trim(message);
	link = line.text;
	line.has_link = cut_start(&link, "Link ") && cut_u32(&link, &line.link);
	*ret_line = line;
	return true;
}
