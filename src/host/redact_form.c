#include "host/redact_form.h"

#include <string.h>

enum {
	GROUPS_MAXIMUM = 32,
	MAC_GROUPS = 6,
	GUID_GROUPS = 4,
	GID_GROUPS = 8,
	GID_LENGTH = 39,
	GUID_CONTEXT = 24, /* bytes before a number in which the word GUID is looked for */
	SECRET_MINIMUM = 20,
	SERIAL_MINIMUM = 4,
	SERIAL_ALONE_MINIMUM = 6, /* without a ':' before it */
};

bool form_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool form_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

bool form_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static char lower(char c)
{
	return form_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

bool form_is_hex(char c)
{
	return form_is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

static bool is_alnum(char c)
{
	return form_is_digit(c) || form_is_lower(lower(c));
}

/* NUL behind the end. */
static char char_at(struct span text, size_t at)
{
	return at < text.length ? text.at[at] : '\0';
}

static bool starts_like(struct span text, const char *word)
{
	size_t length = strlen(word);

	if (text.length < length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (lower(text.at[i]) != word[i])
			return false;
	}
	return true;
}

static bool is_like(struct span text, const char *word)
{
	return text.length == strlen(word) && starts_like(text, word);
}

static bool contains_like(struct span text, const char *word)
{
	for (size_t i = 0; i < text.length; i++) {
		if (starts_like((struct span){ text.at + i, text.length - i }, word))
			return true;
	}
	return false;
}

static bool is_all(struct span text, char digit)
{
	for (size_t i = 0; i < text.length; i++) {
		if (form_is_hex(text.at[i]) && lower(text.at[i]) != digit)
			return false;
	}
	return true;
}

static size_t hex_length(struct span text, size_t at)
{
	size_t length = 0;

	while (form_is_hex(char_at(text, at + length)))
		length++;
	return length;
}

/* Groups of digits between one kind of separator. */
struct groups {
	size_t count;
	size_t empty;
	size_t longest, shortest; /* of those that are not empty */
	size_t digits;
	size_t length;
};

static struct groups find_groups(struct span text, size_t at, char separator)
{
	struct groups groups = { .shortest = SIZE_MAX };
	size_t start = at;

	for (;;) {
		size_t digits = hex_length(text, at);

		groups.count++;
		groups.digits += digits;
		if (digits == 0)
			groups.empty++;
		if (digits > groups.longest)
			groups.longest = digits;
		if (digits > 0 && digits < groups.shortest)
			groups.shortest = digits;
		at += digits;
		if (char_at(text, at) != separator || groups.count == GROUPS_MAXIMUM)
			break;
		/* A last ':' belongs to the sentence, "::" to the address. */
		if (digits > 0 && !form_is_hex(char_at(text, at + 1)) &&
		    char_at(text, at + 1) != separator)
			break;
		at++;
	}
	groups.length = at - start;
	return groups;
}

static enum form ipv6_form(struct span found, const struct groups *groups)
{
	size_t doubles = 0;

	if (groups->longest > 4 || groups->count < 3 || groups->count > 9)
		return FORM_NONE;
	for (size_t i = 0; i + 1 < found.length; i++) {
		if (found.at[i] == ':' && found.at[i + 1] == ':')
			doubles++;
	}
	if (doubles > 1 || (doubles == 0 && (groups->count != 8 || groups->empty > 0)))
		return FORM_NONE;
	if (doubles == 1 && found.at[0] == ':' && found.at[1] != ':')
		return FORM_NONE;
	if (groups->digits == 0 || span_is(found, "::1") || is_like(found, "::ffff:"))
		return FORM_KEPT;
	return FORM_IPV6;
}

bool form_is_plain_half(struct span four)
{
	return is_all(four, '0') || is_like(four, "fe80:0000:0000:0000") ||
	       span_is(four, "0000:0000:0000:0001");
}

/* An address of IPv4 in a GID is its last two groups. */
static bool is_behind_mapped(struct span text, size_t at)
{
	static const char before[] = "0000:0000:ffff:";
	size_t length = sizeof(before) - 1;

	return at >= length && is_like((struct span){ text.at + at - length, length }, before);
}

static enum form equal_groups_form(struct span text, size_t at, const struct groups *groups)
{
	struct span found = { .at = text.at + at, .length = groups->length };
	bool even = groups->empty == 0 && groups->longest == groups->shortest;

	if (even && groups->longest == 2 && groups->count >= MAC_GROUPS)
		return is_all(found, '0') || is_all(found, 'f') ? FORM_KEPT : FORM_MAC;
	if (!even || groups->longest != 4)
		return FORM_NONE;
	if (groups->count == GUID_GROUPS)
		return form_is_plain_half(found) ? FORM_KEPT : FORM_GUID;
	if (groups->count == 2 && is_behind_mapped(text, at))
		return FORM_IPV6;
	return groups->count == GID_GROUPS ? FORM_GID : FORM_NONE;
}

size_t form_colons(struct span text, size_t at, enum form *ret_form)
{
	struct groups groups = find_groups(text, at, ':');
	enum form form = FORM_NONE;
	char behind = char_at(text, at + groups.length);
	struct span found = { .at = text.at + at, .length = groups.length };

	*ret_form = FORM_NONE;
	/* "::ffff:10.0.0.1": the last group is the first number of an address of IPv4. */
	if (behind == '.' && form_is_digit(char_at(text, at + groups.length + 1)) &&
	    starts_like(found, "::ffff:")) {
		*ret_form = FORM_KEPT;
		return strlen("::ffff:");
	}
	if (groups.count == 1 && behind == '-') {
		groups = find_groups(text, at, '-');
		behind = char_at(text, at + groups.length);
		if (groups.count != MAC_GROUPS || groups.longest != 2 || groups.shortest != 2)
			return 0;
		found.length = groups.length;
	}
	if (is_alnum(behind) || groups.length < 2)
		return 0;
	form = equal_groups_form(text, at, &groups);
	if (form == FORM_NONE)
		form = ipv6_form(found, &groups);
	/* Seen from outside, an IPv4 address within a GID is two groups behind a fixed prefix. */
	if (form == FORM_GID && starts_like(found, "0000:0000:0000:0000:0000:ffff:")) {
		*ret_form = FORM_KEPT;
		return strlen("0000:0000:0000:0000:0000:ffff:");
	}
	*ret_form = form;
	return form == FORM_NONE ? 0 : groups.length;
}

size_t form_uuid(struct span text, size_t at)
{
	static const size_t lengths[] = { 8, 4, 4, 4, 12 };
	size_t end = at;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (hex_length(text, end) != lengths[i])
			return 0;
		end += lengths[i];
		if (i < 4 && char_at(text, end) != '-')
			return 0;
		end += i < 4;
	}
	return is_alnum(char_at(text, end)) ? 0 : end - at;
}

bool form_is_public_uuid(struct span uuid)
{
	/* Of the variables of UEFI: its own, and those of its list of keys. */
	return is_all(uuid, '0') || is_like(uuid, "8be4df61-93ca-11d2-aa0d-00e098032b8c") ||
	       is_like(uuid, "d719b2cb-3d3a-4596-a3bc-dad00e67656f");
}

bool form_is_behind_enx(struct span text, size_t at)
{
	return at >= 3 &&
	       (strncmp(text.at + at - 3, "enx", 3) == 0 ||
		strncmp(text.at + at - 3, "wlx", 3) == 0) &&
	       (at == 3 || !is_alnum(text.at[at - 4]));
}

/* "Node GUID: 0x…": the word on the same line, not far before. */
static bool is_behind_guid(struct span text, size_t at)
{
	size_t start = at > GUID_CONTEXT ? at - GUID_CONTEXT : 0;
	struct span before = { .at = text.at + start, .length = at - start };

	for (size_t i = before.length; i > 0; i--) {
		if (before.at[i - 1] != '\n')
			continue;
		before.at += i;
		before.length -= i;
		break;
	}
	return contains_like(before, "guid");
}

/* One of the tables of /proc/net that hold addresses without points. */
static bool is_net_table(const char *file)
{
	static const char *const names[] = { "route", "tcp", "udp", "raw", "udplite" };
	const char *place = file ? strstr(file, "/net/") : NULL;

	for (size_t i = 0; place && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(place + strlen("/net/"), names[i]) == 0)
			return true;
	}
	return false;
}

/* Whole bytes of ones and zeros, or loopback. */
static bool is_plain_address(struct span eight)
{
	bool plain = true;

	for (size_t i = 0; i < eight.length; i += 2)
		plain = plain && eight.at[i] == eight.at[i + 1] &&
			(eight.at[i] == '0' || lower(eight.at[i]) == 'f');
	return plain || span_is(eight, "0100007F");
}

size_t form_digits(struct span text, size_t at, const char *file, enum form *ret_form)
{
	size_t skipped = char_at(text, at) == '0' && lower(char_at(text, at + 1)) == 'x' ? 2 : 0;
	size_t length = hex_length(text, at + skipped);
	struct span digits = { .at = text.at + at + skipped, .length = length };

	*ret_form = FORM_NONE;
	if (is_alnum(char_at(text, at + skipped + length)))
		return 0;
	if (length == 32)
		*ret_form =
			is_all(digits, '0') || span_is(digits, "00000000000000000000000000000001")
				? FORM_KEPT
				: FORM_UUID;
	else if (length == 16 && is_behind_guid(text, at))
		*ret_form = is_all(digits, '0') ? FORM_KEPT : FORM_GUID;
	else if (length == 12 && skipped == 0 && form_is_behind_enx(text, at))
		*ret_form = FORM_MAC;
	else if (length == 8 && skipped == 0 && is_net_table(file))
		*ret_form = is_plain_address(digits) ? FORM_KEPT : FORM_IPV4;
	return *ret_form == FORM_NONE ? 0 : skipped + length;
}

/* A number of 0 to 255 without leading zeros; 0 when there is none. */
static size_t octet_length(struct span text, size_t at, unsigned *ret_value)
{
	size_t length = 0;
	unsigned value = 0;

	while (length < 4 && form_is_digit(char_at(text, at + length)))
		value = value * 10 + (unsigned)(text.at[at + length++] - '0');
	if (length == 0 || length > 3 || value > 255 || (length > 1 && text.at[at] == '0'))
		return 0;
	*ret_value = value;
	return length;
}

size_t form_ipv4(struct span text, size_t at)
{
	char before = at > 0 ? text.at[at - 1] : '\0';
	unsigned first = 0;
	size_t end = at;

	if (before == '.')
		return 0;
	for (unsigned i = 0; i < 4; i++) {
		unsigned value = 0;
		size_t length = octet_length(text, end, &value);

		if (length == 0 || (i > 0 && text.at[end - 1] != '.'))
			return 0;
		if (i == 0)
			first = value;
		end += length;
		if (i < 3 && char_at(text, end) != '.')
			return 0;
		end += i < 3;
	}
	if (is_alnum(char_at(text, end)) ||
	    (char_at(text, end) == '.' && form_is_digit(char_at(text, end + 1))))
		return 0;
	/* "5.8-2.0.3.0" is a version; few addresses begin so low. */
	if (first < 10 && (before == '-' || before == '_'))
		return 0;
	return first == 0 || first == 127 || first == 255 ? 0 : end - at;
}

static size_t blanks(struct span text, size_t at)
{
	size_t length = 0;

	while (char_at(text, at + length) == ' ' || char_at(text, at + length) == '\t')
		length++;
	return length;
}

static bool is_value_char(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == '.';
}

size_t form_serial(struct span text, size_t *ret_value)
{
	static const char *const names[] = { "serial number", "serial_number", "serial no",
					     "serialnumber",  "serial",        "s/n" };
	bool has_digit = false;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && at == 0; i++) {
		if (starts_like(text, names[i]))
			at = strlen(names[i]);
	}
	if (at == 0 || is_alnum(char_at(text, at)))
		return 0;
	at += char_at(text, at) == '"';
	at += blanks(text, at);
	bool is_said = char_at(text, at) == ':' || char_at(text, at) == '=';
	at += is_said;
	at += blanks(text, at);
	at += char_at(text, at) == '"';

	size_t length = 0;
	while (is_value_char(char_at(text, at + length))) {
		has_digit = has_digit || form_is_digit(text.at[at + length]);
		length++;
	}
	char behind = char_at(text, at + length);
	if (!has_digit || behind == '/' || behind == ':' ||
	    length < (is_said ? SERIAL_MINIMUM : SERIAL_ALONE_MINIMUM) ||
	    form_is_placeholder((struct span){ text.at + at, length }))
		return 0;
	*ret_value = at;
	return length;
}

/* "key" as a word of its own: not pkey, a partition of a network, nor monkey. */
static bool has_key_word(struct span name)
{
	for (size_t i = 0; i + 3 <= name.length; i++) {
		struct span rest = { .at = name.at + i, .length = name.length - i };
		bool starts = i == 0 || !is_alnum(name.at[i - 1]) ||
			      (name.at[i] == 'K' && form_is_lower(name.at[i - 1]));

		if (starts && starts_like(rest, "key") && !form_is_lower(char_at(rest, 3)))
			return true;
	}
	return starts_like(name, "apikey");
}

static bool is_secret_name(struct span name, bool is_key_enough)
{
	static const char *const words[] = { "token", "secret", "passw", "passphrase",
					     "credential" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (contains_like(name, words[i]))
			return true;
	}
	return is_key_enough && has_key_word(name);
}

/* To the quote that was opened, or to what ends a word. */
static size_t secret_length(struct span text, size_t at, char quote)
{
	size_t length = 0;

	for (; at + length < text.length; length++) {
		char c = text.at[at + length];

		if (quote != '\0' ? c == quote || c == '\n'
				  : (unsigned char)c <= ' ' || strchr("\"'&;,", c))
			break;
	}
	return length;
}

static size_t quoted_value(struct span text, size_t at, size_t *ret_value)
{
	char quote = char_at(text, at);
	bool is_quoted = quote == '"' || quote == '\'';

	at += is_quoted;
	*ret_value = at;
	return secret_length(text, at, is_quoted ? quote : '\0');
}

/* NAME=VALUE, "name": "value", --name VALUE. */
static size_t named_secret(struct span text, size_t *ret_value)
{
	struct span name = { .at = text.at, .length = 0 };

	while (is_value_char(char_at(text, name.length)))
		name.length++;
	size_t at = name.length;
	at += char_at(text, at) == '"';
	size_t gap = blanks(text, at);
	char separator = char_at(text, at + gap);

	if (name.length == 0)
		return 0;
	if (separator == '=' && is_secret_name(name, true))
		return quoted_value(text, at + gap + 1 + blanks(text, at + gap + 1), ret_value);
	if (separator == ':' && is_secret_name(name, char_at(text, name.length) == '"'))
		return quoted_value(text, at + gap + 1 + blanks(text, at + gap + 1), ret_value);
	if (name.at[0] != '-' || !is_secret_name(name, true))
		return 0;
	/* The words of a command line are kept with blanks or NULs between them. */
	if (gap == 0 && at < text.length && separator == '\0')
		gap = 1;
	return gap == 0 || char_at(text, at + gap) == '-' ? 0
							  : quoted_value(text, at + gap, ret_value);
}

/* "//user:password@host". */
static size_t url_secret(struct span text, size_t *ret_value)
{
	size_t colon = 0;

	if (!span_starts(text, "//"))
		return 0;
	for (size_t i = 2; i < text.length; i++) {
		char c = text.at[i];

		if (c == '@' && colon > 0 && i > colon + 1) {
			*ret_value = colon + 1;
			return i - colon - 1;
		}
		if (c == ':' && colon == 0)
			colon = i;
		if ((unsigned char)c <= ' ' || c == '/' || c == '"' || c == '\'')
			return 0;
	}
	return 0;
}

/* What looks like a key wherever it stands. */
static size_t bare_secret(struct span text, size_t *ret_value)
{
	static const char *const starts[] = { "hf_",    "ghp_", "gho_", "github_pat_", "glpat-",
					      "nvapi-", "sk-",  "AKIA", "xoxb-",       "eyJ" };
	size_t length = 0;

	*ret_value = 0;
	if (starts_like(text, "bearer ")) {
		*ret_value = strlen("bearer ");
		return secret_length(text, *ret_value, '\0');
	}
	while (is_value_char(char_at(text, length)))
		length++;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (length >= SECRET_MINIMUM && span_starts(text, starts[i]))
			return length;
	}
	return 0;
}

size_t form_secret(struct span text, size_t *ret_value)
{
	size_t length = named_secret(text, ret_value);

	if (length == 0)
		length = url_secret(text, ret_value);
	return length > 0 ? length : bare_secret(text, ret_value);
}

static bool is_named(const char *path, const char *const *names, size_t count)
{
	const char *slash = strrchr(path, '/');

	for (size_t i = 0; slash && i < count; i++) {
		if (strcmp(slash + 1, names[i]) == 0)
			return true;
	}
	return false;
}

bool form_is_serial_file(const char *path)
{
	static const char *const names[] = {
		"board_serial",
		"product_serial",
		"chassis_serial",
		"product_uuid",
		"serial",
		"serial_number",
		"board_asset_tag",
		"chassis_asset_tag",
		"wwid",
		"wwn",
		"eui",
		"nguid",
		"unique_id",
		"product_asset_tag",
		"serial-number",
	};

	return is_named(path, names, sizeof(names) / sizeof(names[0]));
}

bool form_is_serial_record(const char *path)
{
	static const char *const names[] = { "vpd", "vpd_pg80", "vpd_pg83" };

	return is_named(path, names, sizeof(names) / sizeof(names[0]));
}

static bool is_one_of(struct span value, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_like(value, words[i]))
			return true;
	}
	return false;
}

bool form_is_placeholder(struct span value)
{
	static const char *const words[] = {
		"none",
		"n/a",
		"unknown",
		"not specified",
		"null",
		"not provided",
		"not available",
		"to be filled by o.e.m.",
		"oem",
		"default string",
		"system serial number",
		"not applicable",
		"[n/a]",
	};
	bool is_zero = true;

	for (size_t i = 0; i < value.length; i++)
		is_zero = is_zero && (value.at[i] == '0' || !is_alnum(value.at[i]));
	return is_zero || is_one_of(value, words, sizeof(words) / sizeof(words[0]));
}

bool form_is_general(struct span word)
{
	static const char *const words[] = {
		"localhost",   "localhost.localdomain",
		"localdomain", "linux",
		"ubuntu",      "debian",
		"centos",      "rocky",
		"fedora",      "user",
		"admin",       "root",
		"guest",       "cloud",
		"ec2-user",    "opc",
		"azureuser",   "nvidia",
		"slurm",       "node",
		"gpu",         "home",
		"test",        "data",
		"host",        "server",
		"worker",      "compute",
		"system",      "default",
	};

	return is_one_of(word, words, sizeof(words) / sizeof(words[0]));
}
