#include "probe/conf.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct span trim(struct span text)
{
	while (text.length > 0 && is_blank(text.at[0])) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

static bool is_comment(const struct conf *conf, struct span line, size_t at)
{
	if (line.at[at] != '#')
		return false;
	if ((conf->form & CONF_USER_NUMBERS) && at + 1 < line.length && line.at[at + 1] >= '0' &&
	    line.at[at + 1] <= '9')
		return false;
	if (at == 0)
		return true;
	if (conf->form & CONF_COMMENT_ANYWHERE)
		return line.at[at - 1] != '\\';
	return (conf->form & CONF_COMMENT_BEHIND_BLANK) && is_blank(line.at[at - 1]);
}

static struct span without_comment(const struct conf *conf, struct span line)
{
	line = trim(line);
	for (size_t i = 0; i < line.length; i++)
		if (is_comment(conf, line, i))
			line.length = i;
	return trim(line);
}

/* Whether the line, without what it ends with, goes on in the next. */
static bool goes_on(struct span *line)
{
	while (line->length > 0 && line->at[line->length - 1] == '\r')
		line->length--;
	if (line->length == 0 || line->at[line->length - 1] != '\\')
		return false;
	line->length--;
	return true;
}

static bool next_piece(struct conf *conf, struct span *ret_piece)
{
	if (!span_cut(&conf->rest, '\n', ret_piece))
		return false;
	if (conf->form & CONF_JOINED)
		*ret_piece = without_comment(conf, *ret_piece);
	return true;
}

/* How many bytes the pieces that the line goes on in have, at most CONF_LINE_MAXIMUM with it. */
static size_t joined_length(struct conf conf, size_t length)
{
	struct span piece;
	bool more = true;

	while (more && next_piece(&conf, &piece)) {
		more = goes_on(&piece);
		length += piece.length;
	}
	return length < CONF_LINE_MAXIMUM ? length : CONF_LINE_MAXIMUM;
}

/* The next line with those that it goes on in. */
static bool next_joined(struct conf *conf, struct span *ret_line)
{
	struct span piece, line;
	size_t room;
	char *joined;
	bool more = true;

	if (!next_piece(conf, &line))
		return false;
	if (!(conf->form & (CONF_JOINED | CONF_JOINED_FIRST)) || !goes_on(&line)) {
		*ret_line = line;
		return true;
	}
	room = joined_length(*conf, line.length);
	joined = arena_take(conf->arena, room + 1);
	line.length = line.length < room ? line.length : room;
	memcpy(joined, line.at, line.length);
	while (more && next_piece(conf, &piece)) {
		more = goes_on(&piece);
		if (piece.length > room - line.length)
			piece.length = room - line.length;
		memcpy(joined + line.length, piece.at, piece.length);
		line.length += piece.length;
	}
	*ret_line = (struct span){ joined, line.length };
	return true;
}

bool conf_next(struct conf *conf, struct span *ret_line)
{
	struct span line;

	while (next_joined(conf, &line)) {
		line = without_comment(conf, line);
		if (line.length > 0) {
			*ret_line = line;
			return true;
		}
	}
	return false;
}

static struct span unquoted(struct span text)
{
	char first = text.length >= 2 ? text.at[0] : '\0';

	if ((first == '"' || first == '\'') && text.at[text.length - 1] == first)
		return (struct span){ text.at + 1, text.length - 2 };
	return text;
}

bool conf_word(struct span *rest, struct span *ret_word)
{
	struct span word = trim(*rest);
	size_t length = 0;
	char quote = '\0';

	for (; length < word.length && (quote || !is_blank(word.at[length])); length++) {
		char c = word.at[length];

		if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
	}
	*rest = (struct span){ word.at + length, word.length - length };
	word.length = length;
	if (length == 0)
		return false;
	*ret_word = unquoted(word);
	return true;
}

bool conf_pair(struct span line, struct span *ret_key, struct span *ret_value)
{
	struct span key;
	size_t length = line.length;

	if (!span_cut(&line, '=', &key) || key.length == length)
		return false;
	key = trim(key);
	if (key.length == 0)
		return false;
	*ret_key = key;
	*ret_value = unquoted(trim(line));
	return true;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool conf_same(struct span a, const char *word)
{
	if (a.length != strlen(word))
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (lower(a.at[i]) != lower(word[i]))
			return false;
	return true;
}

bool conf_is_name(struct span name)
{
	if (name.length == 0 || name.length > 64)
		return false;
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];

		if (!((lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		      c == '.' || c == '-'))
			return false;
	}
	return true;
}

static void keep_why(struct conf_files *files, const struct error *err)
{
	if (!files->why)
		files->why = arena_string(files->arena, span_of(err->text));
}

bool conf_file(struct conf_files *files, const char *path, conf_reader *reader, void *context)
{
	struct error err = { 0 };
	struct span text = SPAN("");

	if (!host_peek(files->host, path, CONF_FILE_MAXIMUM, files->arena, &text, &err)) {
		if (err.code != ERROR_MISSING)
			keep_why(files, &err);
		return false;
	}
	files->count++;
	reader(context, path, text);
	return true;
}

void conf_folder(struct conf_files *files, const char *folder, const char *suffix,
		 conf_reader *reader, void *context)
{
	struct error err = { 0 };
	const char *const *names = NULL;
	size_t count = 0;

	if (!host_list(files->host, folder, files->arena, &names, &count, &err)) {
		if (err.code != ERROR_MISSING)
			keep_why(files, &err);
		return;
	}
	if (count > CONF_FILES_MAXIMUM) {
		(void)fail(&err, ERROR_LIMIT, "'%s' has more than %d files", folder,
			   CONF_FILES_MAXIMUM);
		keep_why(files, &err);
		count = CONF_FILES_MAXIMUM;
	}
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(names[i]), end = strlen(suffix);

		if (names[i][0] == '.' || names[i][length - 1] == '~' || length < end ||
		    strcmp(names[i] + length - end, suffix) != 0)
			continue;
		(void)conf_file(files, arena_format(files->arena, "%s/%s", folder, names[i]),
				reader, context);
	}
}
