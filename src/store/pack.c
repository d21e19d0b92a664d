#define _GNU_SOURCE /* memmem */
#include "store/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "evidence/record.h"

enum {
	HEAD_BYTES = 5, /* form and length of the text */
	FORM_DEFLATE = 1,
	LEVEL = 1, /* a third larger than the best and five times as fast */
	FIELDS = 6,
	HASH_DIGITS = 2 * RECORD_HASH_BYTES,
	HASH_VALUE_AT = 8, /* in its field: "hash":" */
};

static const char hash_head[] = "\"hash\":\"sha256:", hash_end_mark[] = "\",",
		  id_head[] = "\"id\":\"";

/* What nearly every line has, the most usual last. A part of the format: it never changes. */
static const char usual[] =
	"\"publisher\":\"\"url\":\"https://\"answer\":\"\"not_applicable\":\"\"withheld\":\""
	"\"kind\":\"document\"\"kind\":\"answer\"\"kind\":\"statement\"\"strength\":\"E1\","
	"\"state\":\"\""
	"\"unknown\":\"\"text\":\"\",\"unit\":\"count\"\"unit\":\"s\"\"unit\":\"B/s\"\"unit\":\"%\""
	"{\"excerpt\":\"\",\"hash\":\"sha256:\",\"id\":\"\",\"kind\":\"measurement\",\"observed\":"
	"\"2026-"
	"\",\"schema\":\"assay/evidence/v1\",\"source\":{\"name\":\"this "
	"machine\",\"tool\":\"assay\","
	"\"version\":\"0.1.0\"},\"strength\":\"E2\",\"subject\":{\"cluster\":\"\",\"device\":\"gpu:"
	"0000:\","
	"\"gpu\":\"H100\",\"node\":\"node-\",\"product\":\"\",\"provider\":\"\",\"region\":\"\"},"
	"\"time\":\"2026-\",\"unit\":\"\",\"value\":0,\"what\":\"node.gpu.\"}\n";

struct packer {
	z_stream out, in;
	bool packs; /* `out` takes much memory, and who reads never needs it */
};

/* ---- writing ---- */

static bool is_plain(const char *key)
{
	for (; key && *key; key++) {
		if ((unsigned char)*key < 0x20 || *key == 0x7f)
			return false;
	}
	return true;
}

static bool check_key(const char *name, const char *key, struct error *err)
{
	struct span text = span_of(key);

	if (text.length > STORE_KEY_MAXIMUM)
		return fail(err, ERROR_LIMIT, "an entry's %s has %zu bytes; the limit is %d", name,
			    text.length, STORE_KEY_MAXIMUM);
	if (!is_plain(key) || !span_is_utf8(text, NULL))
		return fail(err, ERROR_INVALID,
			    "an entry's %s has control characters or bytes that are not UTF-8",
			    name);
	return true;
}

bool pack_check(const struct store_entry *entry, struct error *err)
{
	if (entry->line.length > STORE_LINE_MAXIMUM)
		return fail(err, ERROR_LIMIT, "an entry has %zu bytes; the limit is %d",
			    entry->line.length, STORE_LINE_MAXIMUM);
	if (entry->line.length == 0 || memchr(entry->line.at, '\n', entry->line.length) ||
	    !span_is_utf8(entry->line, NULL))
		return fail(err, ERROR_INVALID, "an entry is one line of JSON in UTF-8");
	if (isinf(entry->value))
		return fail(err, ERROR_INVALID, "an entry's value is infinite");
	return check_key("id", entry->id, err) && check_key("subject", entry->subject, err) &&
	       check_key("what", entry->what, err) && check_key("device", entry->device, err);
}

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

const char *store_write_value(double value, char into[static STORE_VALUE_TEXT])
{
	char text[32];
	double again = 0;
	const uint64_t bits = bits_of(value);
	static const char digits[] = "0123456789abcdef";

	into[0] = '\0';
	if (isnan(value))
		return into;
	(void)number_format(value, text);
	if (span_to_double(span_of(text), &again) && bits_of(again) == bits) {
		memcpy(into, text, sizeof(text));
		return into;
	}
	into[0] = 'x';
	for (unsigned i = 0; i < 16; i++)
		into[1 + i] = digits[bits >> (60 - 4 * i) & 15];
	into[17] = '\0';
	return into;
}

/* Cuts the line's hash field out, with the comma behind it: two pieces are left. False when there
 * is none that is the hash of these. Quotes within a string are written \", so that what is looked
 * for is found as a key and nowhere else. */
static bool cut_hash(struct span line, struct span ret_pieces[2])
{
	const size_t length = sizeof(hash_head) - 1 + HASH_DIGITS + sizeof(hash_end_mark) - 1;
	const char *at = memmem(line.at, line.length, hash_head, sizeof(hash_head) - 1);
	uint8_t hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT];
	struct hashing hashing;
	const char *id;

	if (!at || (size_t)(line.at + line.length - at) <= length)
		return false;
	id = memmem(line.at, line.length, id_head, sizeof(id_head) - 1);
	if (id != at + length ||
	    memcmp(id - (sizeof(hash_end_mark) - 1), hash_end_mark, sizeof(hash_end_mark) - 1) != 0)
		return false;
	ret_pieces[0] = (struct span){ line.at, (size_t)(at - line.at) };
	ret_pieces[1] = (struct span){ id, (size_t)(line.at + line.length - id) };
	hash_start(&hashing);
	hash_more(&hashing, ret_pieces[0]);
	hash_more(&hashing, ret_pieces[1]);
	hash_end(&hashing, hash);
	return memcmp(at + HASH_VALUE_AT, hash_format(hash, digits), RECORD_HASH_TEXT - 1) == 0;
}

static void add_key(struct text *into, const char *key)
{
	text_add(into, key ? key : "");
	text_add_char(into, '\t');
}

static void add_integer(struct text *into, int64_t number)
{
	if (number < 0)
		text_add_char(into, '-');
	text_add_number(into, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void pack_add(struct text *into, const struct store_entry *entry, bool is_record)
{
	char value[STORE_VALUE_TEXT];
	struct span pieces[2];
	bool is_cut = is_record && cut_hash(entry->line, pieces);

	text_add_char(into, is_cut ? '-' : '=');
	add_key(into, entry->id);
	add_key(into, entry->subject);
	add_key(into, entry->what);
	add_key(into, entry->device);
	add_integer(into, entry->time);
	text_add_char(into, '\t');
	text_add(into, store_write_value(entry->value, value));
	text_add_char(into, '\n');
	text_add_span(into, is_cut ? pieces[0] : entry->line);
	if (is_cut)
		text_add_span(into, pieces[1]);
	text_add_char(into, '\n');
}

struct packer *packer_new(void)
{
	struct packer *packer = calloc(1, sizeof(*packer));

	if (!packer || inflateInit(&packer->in) != Z_OK)
		memory_exhausted(sizeof(*packer));
	return packer;
}

void packer_free(struct packer *packer)
{
	if (!packer)
		return;
	if (packer->packs)
		(void)deflateEnd(&packer->out);
	(void)inflateEnd(&packer->in);
	free(packer);
}

void pack_close(struct packer *packer, struct span text, struct text *into)
{
	z_stream *stream = &packer->out;
	unsigned char head[HEAD_BYTES] = { FORM_DEFLATE };
	unsigned char step[4096];
	int code;

	for (unsigned i = 0; i < 4; i++)
		head[1 + i] = (unsigned char)(text.length >> 8 * i);
	text_add_span(into, (struct span){ (const char *)head, sizeof(head) });
	if (!packer->packs && deflateInit(stream, LEVEL) != Z_OK)
		memory_exhausted(text.length);
	packer->packs = true;
	(void)deflateReset(stream);
	(void)deflateSetDictionary(stream, (const Bytef *)usual, sizeof(usual) - 1);
	/* zlib reads through a pointer that it does not call const. */
	memcpy(&stream->next_in, &text.at, sizeof(text.at));
	stream->avail_in = (uInt)text.length;
	do {
		stream->next_out = step;
		stream->avail_out = sizeof(step);
		code = deflate(stream, Z_FINISH);
		text_add_span(into, (struct span){ (const char *)step,
						   sizeof(step) - stream->avail_out });
	} while (code == Z_OK);
}

/* ---- reading ---- */

static bool fail_packed(struct error *err, const char *what)
{
	return fail(err, ERROR_PARSE, "a block of the store is damaged: %s", what);
}

static bool inflate_all(z_stream *stream, struct error *err)
{
	int code = inflate(stream, Z_FINISH);

	if (code == Z_NEED_DICT &&
	    inflateSetDictionary(stream, (const Bytef *)usual, sizeof(usual) - 1) == Z_OK)
		code = inflate(stream, Z_FINISH);
	if (code != Z_STREAM_END || stream->avail_out != 0 || stream->avail_in != 0)
		return fail_packed(err, "it does not unpack");
	return true;
}

bool unpack(struct packer *packer, struct span packed, struct arena *arena, struct span *ret_text,
	    struct error *err)
{
	const unsigned char *head = (const unsigned char *)packed.at;
	z_stream *stream = &packer->in;
	size_t length = 0;
	char *text;

	if (packed.length < HEAD_BYTES || head[0] != FORM_DEFLATE)
		return fail_packed(err, "its head is not known");
	for (unsigned i = 0; i < 4; i++)
		length |= (size_t)head[1 + i] << 8 * i;
	if (length > PACK_TEXT_MAXIMUM)
		return fail_packed(err, "it is too long");
	text = arena_take(arena, length + 1);
	packed.at += HEAD_BYTES;
	packed.length -= HEAD_BYTES;
	(void)inflateReset(stream);
	memcpy(&stream->next_in, &packed.at, sizeof(packed.at));
	stream->avail_in = (uInt)packed.length;
	stream->next_out = (Bytef *)text;
	stream->avail_out = (uInt)length;
	*ret_text = (struct span){ text, length };
	return inflate_all(stream, err);
}

bool store_read_value(struct span text, double *ret_value)
{
	uint64_t bits = 0;

	*ret_value = NAN;
	if (text.length == 0)
		return true;
	if (text.at[0] != 'x')
		return span_to_double(text, ret_value);
	if (text.length != 17)
		return false;
	for (size_t i = 1; i < text.length; i++) {
		char c = text.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	memcpy(ret_value, &bits, sizeof(bits));
	return isfinite(*ret_value);
}

/* Cuts the next field at `separator`, which becomes a NUL. */
static bool cut_field(char **at, char *end, char separator, struct span *ret_field)
{
	char *stop = memchr(*at, separator, (size_t)(end - *at));

	if (!stop)
		return false;
	*stop = '\0';
	*ret_field = (struct span){ *at, (size_t)(stop - *at) };
	*at = stop + 1;
	return true;
}

static const char *given(struct span field)
{
	return field.length > 0 ? field.at : NULL;
}

static bool cut_entry(char **at, char *end, struct packed_entry *ret_entry)
{
	struct span fields[FIELDS], line;
	char mark = **at;

	if (mark != '-' && mark != '=')
		return false;
	(*at)++;
	for (unsigned i = 0; i < FIELDS; i++) {
		if (!cut_field(at, end, i + 1 < FIELDS ? '\t' : '\n', &fields[i]))
			return false;
	}
	if (!cut_field(at, end, '\n', &line))
		return false;
	*ret_entry = (struct packed_entry){
		.is_cut = mark == '-',
		.entry = {
			.line = line,
			.id = given(fields[0]),
			.subject = fields[1].at,
			.what = fields[2].at,
			.device = given(fields[3]),
		},
	};
	return span_to_i64(fields[4], &ret_entry->entry.time) &&
	       store_read_value(fields[5], &ret_entry->entry.value);
}

bool unpack_entries(struct span text, struct arena *arena, struct packed_entry **ret_entries,
		    size_t *ret_count, struct error *err)
{
	struct packed_entry *entries;
	size_t lines = 0, count = 0;
	char *at, *end;

	for (size_t i = 0; i < text.length; i++)
		lines += text.at[i] == '\n';
	memcpy(&at, &text.at, sizeof(at)); /* it lies in the arena of unpack, and is ours to cut */
	end = at + text.length;
	entries = ARENA_ARRAY(arena, struct packed_entry, lines / 2 + 1);
	while (at < end) {
		if (count > lines / 2 || !cut_entry(&at, end, &entries[count]))
			return fail_packed(err, "an entry is not whole");
		count++;
	}
	*ret_entries = entries;
	*ret_count = count;
	return true;
}

struct span unpack_line(const struct packed_entry *entry, struct text *scratch)
{
	const struct span line = entry->entry.line;
	const char *id = memmem(line.at, line.length, id_head, sizeof(id_head) - 1);
	uint8_t hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT];

	if (!entry->is_cut || !id)
		return line;
	hash_bytes(line, hash);
	text_clear(scratch);
	text_add_span(scratch, (struct span){ line.at, (size_t)(id - line.at) });
	text_format(scratch, "\"hash\":\"%s\",", hash_format(hash, digits));
	text_add_span(scratch, (struct span){ id, (size_t)(line.at + line.length - id) });
	return text_span(scratch);
}
