#include "host/redact.h"

#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "host/redact_form.h"

enum {
	HASH_SIZE = 64,
	WORD_MINIMUM = 4, /* shorter ones say too little, and recur by chance */
	SERIAL_LINE_MAXIMUM = 128,
};

const char *const redacted_names[REDACTED_COUNT] = {
	[REDACTED_MAC] = "mac",   [REDACTED_GUID] = "guid", [REDACTED_UUID] = "uuid",
	[REDACTED_IPV4] = "ipv4", [REDACTED_IPV6] = "ipv6", [REDACTED_SERIAL] = "serial",
	[REDACTED_HOST] = "host", [REDACTED_USER] = "user", [REDACTED_SECRET] = "secret",
};

struct redacted_word {
	enum redacted kind;
	struct span word;
	struct redacted_word *next;
};

/* One text on its way. */
struct pass {
	struct redactor *redactor;
	struct span text;
	const char *file; /* that the text is of; NULL for others */
	bool is_path;
	struct text *into;
};

static bool is_alnum(char c)
{
	return form_is_digit(c) || form_is_lower(c) || form_is_upper(c);
}

static char lower(char c)
{
	return form_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* Spelling does not matter to numbers in base 16: only their digits, in lower case, are hashed. */
static void hash_digits(const struct redactor *redactor, struct span text,
			unsigned char ret_hash[static HASH_SIZE])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, redactor->redaction.salt,
				      sizeof(redactor->redaction.salt), HASH_SIZE);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char digit = (unsigned char)lower(text.at[i]);

		if (form_is_hex(text.at[i]))
			(void)crypto_generichash_update(&state, &digit, 1);
	}
	(void)crypto_generichash_final(&state, ret_hash, HASH_SIZE);
}

static void hash_bytes(const struct redactor *redactor, struct span text,
		       unsigned char ret_hash[static HASH_SIZE])
{
	(void)crypto_generichash(ret_hash, HASH_SIZE, (const unsigned char *)text.at, text.length,
				 redactor->redaction.salt, sizeof(redactor->redaction.salt));
}

static void add_hex(struct pass *pass, enum redacted kind, struct span text)
{
	static const char lowers[] = "0123456789abcdef";
	static const char uppers[] = "0123456789ABCDEF";
	unsigned char hash[HASH_SIZE];
	bool is_upper = false;
	size_t digit = 0;

	for (size_t i = 0; i < text.length; i++)
		is_upper = is_upper || form_is_upper(text.at[i]);
	hash_digits(pass->redactor, text, hash);
	for (size_t i = 0; i < text.length; i++) {
		unsigned value = hash[digit / 2 % HASH_SIZE] >> (digit % 2 * 4) & 15u;

		if (!form_is_hex(text.at[i])) {
			text_add_char(pass->into, text.at[i]);
			continue;
		}
		text_add_char(pass->into, is_upper ? uppers[value] : lowers[value]);
		digit++;
	}
	pass->redactor->counts[kind]++;
}

/* Letters become letters of the same case, digits digits; the rest stays. */
static void add_word(struct pass *pass, enum redacted kind, struct span text)
{
	unsigned char hash[HASH_SIZE];

	hash_bytes(pass->redactor, text, hash);
	for (size_t i = 0; i < text.length; i++) {
		unsigned value = hash[i % HASH_SIZE];
		char c = text.at[i];

		if (form_is_digit(c))
			c = (char)('0' + value % 10);
		else if (form_is_lower(c))
			c = (char)('a' + value % 26);
		else if (form_is_upper(c))
			c = (char)('A' + value % 26);
		text_add_char(pass->into, c);
	}
	pass->redactor->counts[kind]++;
}

/* Each number keeps its count of digits and stays one that an address can have. */
static void add_ipv4(struct pass *pass, struct span text)
{
	unsigned char hash[HASH_SIZE];
	struct span rest = text;
	struct span group;
	unsigned at = 0;

	hash_bytes(pass->redactor, text, hash);
	while (span_cut(&rest, '.', &group)) {
		unsigned value = hash[at++];

		if (at > 1)
			text_add_char(pass->into, '.');
		if (group.length == 1)
			text_format(pass->into, "%u", 1 + value % 9);
		else if (group.length == 2)
			text_format(pass->into, "%u", 10 + value % 90);
		else
			text_format(pass->into, "%u", 130 + value % 100);
	}
	pass->redactor->counts[REDACTED_IPV4]++;
}

static struct span rest_at(const struct pass *pass, size_t at)
{
	return (struct span){ .at = pass->text.at + at, .length = pass->text.length - at };
}

static char char_at(const struct pass *pass, size_t at)
{
	return at < pass->text.length ? pass->text.at[at] : '\0';
}

static struct span part(const struct pass *pass, size_t at, size_t length)
{
	return (struct span){ .at = pass->text.at + at, .length = length };
}

/* A colon form: a hardware address, a GUID, a GID or an address of IPv6. */
static size_t take_colons(struct pass *pass, size_t at)
{
	enum form form;
	size_t length = form_colons(pass->text, at, &form);
	struct span found = part(pass, at, length);

	switch (form) {
	case FORM_NONE:
	case FORM_UUID:
	case FORM_IPV4:
		return 0;
	case FORM_KEPT:
		text_add_span(pass->into, found);
		break;
	case FORM_MAC:
		add_hex(pass, REDACTED_MAC, found);
		break;
	case FORM_GUID:
		add_hex(pass, REDACTED_GUID, found);
		break;
	case FORM_IPV6:
		add_hex(pass, REDACTED_IPV6, found);
		break;
	case FORM_GID:
		/* Its halves are a prefix and the GUID of a port, and stay comparable to them. */
		for (size_t half = 0; half < 2; half++) {
			struct span four = part(pass, at + half * 20, 19);

			if (half == 1)
				text_add_char(pass->into, ':');
			if (form_is_plain_half(four))
				text_add_span(pass->into, four);
			else
				add_hex(pass, REDACTED_GUID, four);
		}
		break;
	}
	return length;
}

static size_t take_uuid(struct pass *pass, size_t at)
{
	size_t length = form_uuid(pass->text, at);

	if (length == 0)
		return 0;
	if (form_is_public_uuid(part(pass, at, length)))
		text_add_span(pass->into, part(pass, at, length));
	else
		add_hex(pass, REDACTED_UUID, part(pass, at, length));
	return length;
}

static size_t take_digits(struct pass *pass, size_t at)
{
	static const enum redacted kinds[] = {
		[FORM_MAC] = REDACTED_MAC,
		[FORM_GUID] = REDACTED_GUID,
		[FORM_UUID] = REDACTED_UUID,
		[FORM_IPV4] = REDACTED_IPV4,
	};
	enum form form = FORM_NONE;
	size_t length = form_digits(pass->text, at, pass->file, &form);
	size_t skipped = length > 2 && lower(char_at(pass, at + 1)) == 'x' ? 2 : 0;

	if (length == 0)
		return 0;
	text_add_span(pass->into, part(pass, at, skipped));
	if (form == FORM_KEPT)
		text_add_span(pass->into, part(pass, at + skipped, length - skipped));
	else
		add_hex(pass, kinds[form], part(pass, at + skipped, length - skipped));
	return length;
}

static size_t take_ipv4(struct pass *pass, size_t at)
{
	size_t length = form_ipv4(pass->text, at);

	if (length > 0)
		add_ipv4(pass, part(pass, at, length));
	return length;
}

static size_t take_home(struct pass *pass, size_t at)
{
	static const char before[] = "/home/";
	size_t skipped = sizeof(before) - 1;
	size_t end = at + skipped;

	if (!span_starts(rest_at(pass, at), before))
		return 0;
	while (is_alnum(char_at(pass, end)) || char_at(pass, end) == '_' ||
	       char_at(pass, end) == '-' || char_at(pass, end) == '.')
		end++;
	if (end == at + skipped)
		return 0;
	text_add_span(pass->into, part(pass, at, skipped));
	add_word(pass, REDACTED_USER, part(pass, at + skipped, end - at - skipped));
	return end - at;
}

/* Could this host name not be a word of the kernel's own paths? */
static bool is_peculiar(struct span word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (!form_is_lower(word.at[i]))
			return true;
	}
	return false;
}

static size_t take_word(struct pass *pass, size_t at)
{
	const struct redacted_word *found = NULL;

	for (const struct redacted_word *one = pass->redactor->words; one; one = one->next) {
		struct span word = one->word;

		if (char_at(pass, at) != word.at[0] || word.length > pass->text.length - at)
			continue;
		if (found && found->word.length >= word.length)
			continue;
		if (is_alnum(char_at(pass, at + word.length)))
			continue;
		if (pass->is_path && one->kind != REDACTED_SERIAL && !is_peculiar(word))
			continue;
		if (span_equal(part(pass, at, word.length), word))
			found = one;
	}
	if (!found)
		return 0;
	add_word(pass, found->kind, found->word);
	return found->word.length;
}

/* "serial: 1650522003234", "Serial Number 0322A": the value is learned, so that it is known where
 * nothing says what it is. */
static size_t take_serial(struct pass *pass, size_t at)
{
	size_t value = 0;
	size_t length = form_serial(rest_at(pass, at), &value);

	if (length == 0)
		return 0;
	text_add_span(pass->into, part(pass, at, value));
	if (form_uuid(pass->text, at + value) == length) {
		add_hex(pass, REDACTED_UUID, part(pass, at + value, length));
	} else {
		redactor_learn(pass->redactor, REDACTED_SERIAL, part(pass, at + value, length));
		add_word(pass, REDACTED_SERIAL, part(pass, at + value, length));
	}
	return value + length;
}

static size_t take_secret(struct pass *pass, size_t at)
{
	size_t value = 0;
	size_t length = form_secret(rest_at(pass, at), &value);

	if (pass->is_path || length == 0)
		return 0;
	text_add_span(pass->into, part(pass, at, value));
	text_add(pass->into, "redacted");
	pass->redactor->counts[REDACTED_SECRET]++;
	return value + length;
}

/* What begins here is replaced; 0 when nothing does. */
static size_t take(struct pass *pass, size_t at)
{
	static size_t (*const takers[])(struct pass *, size_t) = {
		take_secret, take_home,   take_serial, take_word,
		take_uuid,   take_colons, take_digits, take_ipv4,
	};
	size_t length = 0;

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]) && length == 0; i++)
		length = takers[i](pass, at);
	return length;
}

static struct span run(struct pass *pass)
{
	SCOPED_TEXT(into);
	into.maximum = pass->text.length * 9 + 16; /* "redacted" for a secret of one byte */
	pass->into = &into;
	for (size_t at = 0; at < pass->text.length;) {
		bool starts = at == 0 || !is_alnum(pass->text.at[at - 1]) ||
			      form_is_behind_enx(pass->text, at);
		size_t length = starts ? take(pass, at) : 0;

		if (length == 0) {
			text_add_char(&into, pass->text.at[at]);
			length = 1;
		}
		at += length;
	}
	struct span done = text_span(&into);
	pass->into = NULL;
	return (struct span){ .at = arena_string(pass->redactor->arena, done),
			      .length = done.length };
}

static struct span trim_lines(struct span text)
{
	while (text.length > 0 && (unsigned char)text.at[0] <= ' ') {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && (unsigned char)text.at[text.length - 1] <= ' ')
		text.length--;
	return text;
}

/* A file that holds one serial number, or binary records of which one is. */
static bool holds_serial(const char *path, struct span content)
{
	struct span value = trim_lines(content);

	if (form_is_serial_record(path))
		return true;
	return form_is_serial_file(path) && value.length > 0 &&
	       value.length <= SERIAL_LINE_MAXIMUM && !memchr(value.at, '\n', value.length) &&
	       !form_is_placeholder(value) && form_uuid(value, 0) != value.length;
}

static struct span redact_serial_file(struct redactor *redactor, struct span content)
{
	struct span value = trim_lines(content);
	struct pass pass = { .redactor = redactor };

	SCOPED_TEXT(into);
	into.maximum = content.length + 1;
	pass.into = &into;
	text_add_span(&into, (struct span){ content.at, (size_t)(value.at - content.at) });
	add_word(&pass, REDACTED_SERIAL, value);
	const char *behind = value.at + value.length;
	text_add_span(&into,
		      (struct span){ behind, (size_t)(content.at + content.length - behind) });
	struct span done = text_span(&into);
	return (struct span){ arena_string(redactor->arena, done), done.length };
}

struct span redact_text(struct redactor *redactor, const char *path, struct span text)
{
	struct pass pass = { .redactor = redactor, .text = text, .file = path };

	if (path && holds_serial(path, text))
		return redact_serial_file(redactor, text);
	return run(&pass);
}

struct span redact_path(struct redactor *redactor, struct span path)
{
	struct pass pass = { .redactor = redactor, .text = path, .is_path = true };

	return run(&pass);
}

void redactor_learn(struct redactor *redactor, enum redacted kind, struct span word)
{
	struct redacted_word *learned;

	if (word.length < (kind == REDACTED_SERIAL ? WORD_MINIMUM : WORD_MINIMUM - 2) ||
	    form_is_placeholder(word) || form_is_general(word) || !is_alnum(word.at[0]))
		return;
	for (const struct redacted_word *one = redactor->words; one; one = one->next) {
		if (span_equal(one->word, word))
			return;
	}
	learned = ARENA_NEW(redactor->arena, struct redacted_word);
	learned->kind = kind;
	learned->word.at = arena_string(redactor->arena, word);
	learned->word.length = word.length;
	learned->next = redactor->words;
	redactor->words = learned;
}

/* The name with its domain, and without. */
static void learn_host(struct redactor *redactor, struct span content)
{
	struct span name = trim_lines(content);
	struct span first;

	redactor_learn(redactor, REDACTED_HOST, name);
	if (span_cut(&name, '.', &first))
		redactor_learn(redactor, REDACTED_HOST, first);
}

/* The names, and what they are called in full, of those who live below /home. */
static void learn_users(struct redactor *redactor, struct span content)
{
	struct span line;

	while (span_cut(&content, '\n', &line)) {
		struct span fields[6] = { { 0 } };
		size_t count = 0;

		while (count < 6 && span_cut(&line, ':', &fields[count]))
			count++;
		if (count < 6 || !span_starts(fields[5], "/home/"))
			continue;
		redactor_learn(redactor, REDACTED_USER, fields[0]);
		struct span full_name;
		while (span_cut(&fields[4], ',', &full_name))
			redactor_learn(redactor, REDACTED_USER, full_name);
	}
}

void redactor_learn_file(struct redactor *redactor, const char *path, struct span content)
{
	if (strcmp(path, "/proc/sys/kernel/hostname") == 0 || strcmp(path, "/etc/hostname") == 0)
		learn_host(redactor, content);
	else if (strcmp(path, "/etc/passwd") == 0)
		learn_users(redactor, content);
	else if (holds_serial(path, content) && !form_is_serial_record(path))
		redactor_learn(redactor, REDACTED_SERIAL, trim_lines(content));
}

/* A name is what it is as the end of its path; both keep their length. */
static struct span redact_name(struct redactor *redactor, struct span folder, struct span name)
{
	const char *path =
		arena_format(redactor->arena, "%.*s/%.*s", SPAN_ARGS(folder), SPAN_ARGS(name));
	struct span done = redact_path(redactor, span_of(path));

	return (struct span){ .at = done.at + done.length - name.length, .length = name.length };
}

static const struct span *redact_all(struct redactor *redactor, const struct journal_entry *entry)
{
	struct span *texts = ARENA_ARRAY(redactor->arena, struct span, entry->count);

	for (size_t i = 0; i < entry->count; i++)
		texts[i] = entry->kind == JOURNAL_LIST
				   ? redact_name(redactor, entry->key, entry->texts[i])
				   : redact_text(redactor, NULL, entry->texts[i]);
	return texts;
}

static bool is_about_path(const struct journal_entry *entry)
{
	return entry->kind != JOURNAL_ANSWER && entry->kind != JOURNAL_RUN &&
	       !(entry->kind == JOURNAL_REFUSAL && span_is(entry->topic, "run"));
}

static void redact_entry(struct redactor *redactor, const struct journal_entry *entry,
			 struct journal *into)
{
	bool about_path = is_about_path(entry);
	struct span key = about_path ? redact_path(redactor, entry->key)
				     : redact_text(redactor, NULL, entry->key);

	if (journal_find(into, entry->kind, entry->topic, key))
		return;
	struct journal_entry *copy = journal_add(into, entry->kind, entry->topic, key);
	struct journal_entry *next = copy->next;
	struct span own_topic = copy->topic;
	struct span own_key = copy->key;

	*copy = *entry;
	copy->next = next;
	copy->topic = own_topic;
	copy->key = own_key;
	if (entry->kind == JOURNAL_CONTENT)
		copy->text = redact_text(redactor, entry->key.at, entry->text);
	else if (about_path)
		copy->text = redact_path(redactor, entry->text);
	else
		copy->text = redact_text(redactor, NULL, entry->text);
	copy->complained = redact_text(redactor, NULL, entry->complained);
	copy->texts = redact_all(redactor, entry);
}

void redact_journal(struct redactor *redactor, const struct journal *journal,
		    struct journal *ret_journal)
{
	for (size_t i = 0; i < journal->count; i++) {
		const struct journal_entry *entry = journal->entries[i];

		if (entry->kind == JOURNAL_CONTENT)
			redactor_learn_file(redactor, entry->key.at, entry->text);
	}
	/* The first time only learns: what is a serial number at one place stands at another, maybe
	 * before, without saying so. */
	for (unsigned turn = 0; turn < 2; turn++) {
		*ret_journal = (struct journal){ .arena = redactor->arena };
		memset(redactor->counts, 0, sizeof(redactor->counts));
		for (size_t i = 0; i < journal->count; i++)
			redact_entry(redactor, journal->entries[i], ret_journal);
	}
}
