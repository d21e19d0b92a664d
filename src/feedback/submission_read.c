#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/yaml.h"
#include "feedback/submission.h"

const char *const proof_names[PROOF_COUNT] = {
	[PROOF_NONE] = "none",
	[PROOF_INVOICE] = "invoice",
	[PROOF_CODE] = "code",
	[PROOF_RUN] = "run",
};

struct reading {
	const char *file;
	const struct standard *standard;
	struct arena *arena;
	struct error *err;
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A field that a form leaves empty is not there. */
static const struct node *given(const struct node *map, const char *field)
{
	const struct node *node = node_find(map, field);

	return node && submission_is_blank(node) ? NULL : node;
}

bool submission_is_blank(const struct node *node)
{
	return node->kind == NODE_SCALAR && !node->quoted &&
	       (node->text.length == 0 || span_is(node->text, "null") || span_is(node->text, "~"));
}

static bool has_controls(struct span text, bool lines)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == 0x7f || (c < ' ' && !(lines && (c == '\n' || c == '\t' || c == '\r'))))
			return true;
	}
	return false;
}

/* Text of at most `maximum` bytes without control characters; one that may have lines is long. */
static bool take_text(const struct reading *from, const struct node *node, const char *field,
		      size_t maximum, const char **ret_text)
{
	if (node->kind != NODE_SCALAR || node->text.length == 0)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is a text; write one or leave it out", field);
	if (node->text.length > maximum)
		return node_fail(node, from->file, from->err, ERROR_LIMIT,
				 "'%s' has %zu bytes; at most %zu are taken", field,
				 node->text.length, maximum);
	if (has_controls(node->text, maximum > FEEDBACK_NAME_MAXIMUM))
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' holds control characters; leave them out", field);
	*ret_text = arena_string(from->arena, node->text);
	return true;
}

static bool take_optional(const struct reading *from, const struct node *map, const char *field,
			  size_t maximum, const char **ret_text)
{
	const struct node *node = given(map, field);

	return !node || take_text(from, node, field, maximum, ret_text);
}

static bool take_flag(const struct reading *from, const struct node *map, const char *field,
		      bool *ret_flag)
{
	const struct node *node = given(map, field);

	if (!node)
		return true;
	*ret_flag = span_is(node->text, "true") || span_is(node->text, "yes");
	if (node->kind == NODE_SCALAR &&
	    (*ret_flag || span_is(node->text, "false") || span_is(node->text, "no")))
		return true;
	return node_fail(node, from->file, from->err, ERROR_INVALID, "'%s' is true or false",
			 field);
}

static bool is_name(struct span text)
{
	if (text.length == 0 || text.length > FEEDBACK_NAME_MAXIMUM)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
			continue;
		if (i == 0 || (c != '-' && c != '.' && c != '+'))
			return false;
	}
	return true;
}

static bool take_subject(const struct reading *from, const struct node *map,
			 struct submission *into)
{
	static const struct node_field fields[] = {
		{ "provider", NODE_SCALAR, true },
		{ "product", NODE_SCALAR, false },
		{ "region", NODE_SCALAR, false },
		{ "gpu", NODE_SCALAR, false },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	for (unsigned i = 0; i < SUBJECT_UNIT_PARTS; i++) {
		const struct node *part = i == SUBJECT_PROVIDER
						  ? node_find(map, subject_part_names[i])
						  : given(map, subject_part_names[i]);

		if (!part)
			continue;
		if (!is_name(part->text))
			return node_fail(part, from->file, from->err, ERROR_INVALID,
					 "%s '%.*s' is not a name; use lower-case letters, digits "
					 "and '-' '.' '_' '+'",
					 subject_part_names[i], SPAN_ARGS(part->text));
		into->subject.parts[i] = arena_string(from->arena, part->text);
	}
	return true;
}

static bool take_proof(const struct reading *from, const struct node *map, struct submission *into)
{
	static const struct node_field fields[] = {
		{ "kind", NODE_SCALAR, true },
		{ "mark", NODE_SCALAR, false },
		{ "checked", NODE_SCALAR, false },
	};
	const struct node *kind;
	unsigned i = 0;

	if (!map)
		return true;
	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !take_optional(from, map, "mark", FEEDBACK_NAME_MAXIMUM, &into->proof_mark) ||
	    !take_flag(from, map, "checked", &into->is_proven))
		return false;
	kind = node_find(map, "kind");
	while (i < PROOF_COUNT && !span_is(kind->text, proof_names[i]))
		i++;
	if (i == PROOF_COUNT)
		return node_fail(kind, from->file, from->err, ERROR_INVALID,
				 "proof 'kind' is '%.*s'; it is none, invoice, code or run",
				 SPAN_ARGS(kind->text));
	into->proof = (enum proof)i;
	if (into->proof != PROOF_NONE && into->proof_mark[0] == '\0')
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "a proof of kind %s has a 'mark': what it is, as a hash",
				 proof_names[i]);
	if (into->proof == PROOF_NONE && (into->is_proven || into->proof_mark[0] != '\0'))
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "a proof of kind none has no 'mark' and was not 'checked'");
	return true;
}

static bool take_time(const struct reading *from, const struct node *map, struct submission *into)
{
	const struct node *time = given(map, "time"), *hours = given(map, "gpu_hours");

	if (time && (time->kind != NODE_SCALAR || !time_parse(time->text, &into->time)))
		return node_fail(time, from->file, from->err, ERROR_INVALID,
				 "'time' is not a moment; write YYYY-MM-DDTHH:MM:SSZ");
	if (hours && (hours->kind != NODE_SCALAR || !span_to_i64(hours->text, &into->gpu_hours) ||
		      into->gpu_hours < 0))
		return node_fail(hours, from->file, from->err, ERROR_INVALID,
				 "'gpu_hours' is a whole number of 0 or more");
	return true;
}

/* ---- answers ---- */

static bool fail_answer(const struct reading *from, const struct criterion *criterion,
			const struct node *node)
{
	SCOPED_TEXT(known);

	for (uint32_t i = 0; i < criterion->answer_count; i++)
		text_format(&known, "%s%s", i ? ", " : "", criterion->answers[i].name);
	if (criterion->unit)
		text_format(&known, "a number in %s", criterion->unit);
	return node_fail(node, from->file, from->err, ERROR_INVALID,
			 "%s: '%.*s' is not an answer; it is %s%s", criterion->id,
			 node->text.length > 60 ? 60 : (int)node->text.length, node->text.at,
			 criterion->unit ? "" : "one of ", text_string(&known));
}

/* An answer's name, or a number where the criterion is a measure. */
static bool take_said(const struct reading *from, const struct criterion *criterion,
		      const struct node *node, struct given_answer *into)
{
	if (node->kind != NODE_SCALAR)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "%s: an answer is a word or a number", criterion->id);
	if (criterion->unit) {
		into->says = SAYS_VALUE;
		return (span_to_double(node->text, &into->value) &&
			!(into->value < 0 && criterion->points[0].at >= 0)) ||
		       fail_answer(from, criterion, node);
	}
	into->says = SAYS_ANSWER;
	for (uint32_t i = 0; i < criterion->answer_count; i++) {
		if (span_is(node->text, criterion->answers[i].name)) {
			into->text = criterion->answers[i].name;
			return true;
		}
	}
	return fail_answer(from, criterion, node);
}

static bool take_not_applicable(const struct reading *from, const struct criterion *criterion,
				const struct node *node, struct given_answer *into)
{
	if (!criterion->not_applicable)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "%s concerns every customer; answer it or leave it out",
				 criterion->id);
	into->says = SAYS_NOT_APPLICABLE;
	return take_text(from, node, "not_applicable", FEEDBACK_REMARK_MAXIMUM, &into->text);
}

/* A map with what is said, by one of three fields, and a remark. */
static bool take_long(const struct reading *from, const struct criterion *criterion,
		      const struct node *map, struct given_answer *into)
{
	static const struct node_field fields[] = {
		{ "answer", NODE_SCALAR, false },
		{ "value", NODE_SCALAR, false },
		{ "not_applicable", NODE_SCALAR, false },
		{ "remark", NODE_SCALAR, false },
	};
	const struct node *answer, *value, *not_applicable;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !take_optional(from, map, "remark", FEEDBACK_REMARK_MAXIMUM, &into->remark))
		return false;
	answer = given(map, "answer");
	value = given(map, "value");
	not_applicable = given(map, "not_applicable");
	if ((answer != NULL) + (value != NULL) + (not_applicable != NULL) != 1 ||
	    (criterion->unit ? answer : value))
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "%s: give '%s'%s, and nothing else beside a 'remark'",
				 criterion->id, criterion->unit ? "value" : "answer",
				 criterion->not_applicable ? " or 'not_applicable'" : "");
	if (not_applicable)
		return take_not_applicable(from, criterion, not_applicable, into);
	return take_said(from, criterion, answer ? answer : value, into);
}

static bool take_answer(const struct reading *from, const struct node *key, const struct node *node,
			struct given_answer *into)
{
	int32_t index = standard_find_criterion(from->standard, key->text);
	const struct criterion *criterion;

	if (index < 0)
		return node_fail(key, from->file, from->err, ERROR_MISSING,
				 "unknown question '%.*s'; the nearest is '%s'",
				 key->text.length > 60 ? 60 : (int)key->text.length, key->text.at,
				 standard_nearest(from->standard, key->text)->id);
	criterion = &from->standard->criteria[index];
	if (!customers_may_answer(criterion))
		return node_fail(key, from->file, from->err, ERROR_INVALID,
				 "'%s' is not settled by what customers say; leave it out",
				 criterion->id);
	into->criterion = (uint32_t)index;
	return node->kind == NODE_MAP ? take_long(from, criterion, node, into)
				      : take_said(from, criterion, node, into);
}

static bool take_answers(const struct reading *from, const struct node *map,
			 struct submission *into)
{
	struct given_answer *answers;
	uint32_t count = 0;

	if (map->count > FEEDBACK_ANSWERS_MAXIMUM)
		return node_fail(map, from->file, from->err, ERROR_LIMIT,
				 "%u questions; at most %d are taken", map->count,
				 FEEDBACK_ANSWERS_MAXIMUM);
	answers = ARENA_ARRAY(from->arena, struct given_answer, map->count);
	for (uint32_t i = 0; i < map->count; i++) {
		if (submission_is_blank(&map->items[i]))
			continue;
		if (!take_answer(from, &map->keys[i], &map->items[i], &answers[count]))
			return false;
		count++;
	}
	if (count == 0)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "'answers' answers no question; answer one at least");
	submission_sort(from->standard, answers, count);
	into->answers = answers;
	into->answer_count = count;
	return true;
}

static bool take(const struct reading *from, const struct node *root, struct submission *into)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },     { "id", NODE_SCALAR, false },
		{ "subject", NODE_MAP, true },       { "tenant", NODE_SCALAR, false },
		{ "proof", NODE_ANY, false },        { "origin", NODE_SCALAR, false },
		{ "employer", NODE_SCALAR, false },  { "competes", NODE_SCALAR, false },
		{ "paid_for", NODE_SCALAR, false },  { "time", NODE_SCALAR, false },
		{ "gpu_hours", NODE_SCALAR, false }, { "answers", NODE_MAP, true },
		{ "remark", NODE_SCALAR, false },
	};
	const struct node *schema = node_find(root, "schema");

	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, FEEDBACK_SCHEMA))
		return node_fail(
			schema, from->file, from->err, ERROR_UNSUPPORTED,
			"schema '%.*s' is not known here; this version reads " FEEDBACK_SCHEMA,
			SPAN_ARGS(schema->text));
	return node_expect(root, from->file, fields, LENGTH(fields), from->err) &&
	       take_optional(from, root, "id", FEEDBACK_NAME_MAXIMUM, &into->id) &&
	       take_subject(from, node_find(root, "subject"), into) &&
	       take_optional(from, root, "tenant", FEEDBACK_NAME_MAXIMUM, &into->tenant) &&
	       take_proof(from, given(root, "proof"), into) &&
	       take_optional(from, root, "origin", FEEDBACK_NAME_MAXIMUM, &into->origin) &&
	       take_optional(from, root, "employer", FEEDBACK_NAME_MAXIMUM, &into->employer) &&
	       take_flag(from, root, "competes", &into->competes) &&
	       take_flag(from, root, "paid_for", &into->paid_for) && take_time(from, root, into) &&
	       take_optional(from, root, "remark", FEEDBACK_REMARK_MAXIMUM, &into->remark) &&
	       take_answers(from, node_find(root, "answers"), into);
}

bool submission_read(struct span text, const char *file, const struct standard *standard,
		     struct arena *arena, struct submission *ret_submission, struct error *err)
{
	SCOPED_ARENA(scratch);
	const struct reading from = {
		.file = file, .standard = standard, .arena = arena, .err = err
	};
	struct submission read = { .id = "", .tenant = "", .proof_mark = "", .origin = "" };
	struct span start = text;
	const struct node *root;

	if (text.length > FEEDBACK_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %zu bytes; a submission has at most %d", file,
			    text.length, FEEDBACK_BYTES_MAXIMUM);
	while (start.length > 0 && strchr(" \t\r\n", start.at[0]) && start.at[0] != '\0') {
		start.at++;
		start.length--;
	}
	if (start.length > 0 && start.at[0] == '{' ? !json_read(text, file, 1, &scratch, &root, err)
						   : !yaml_read(text, file, &scratch, &root, err))
		return false;
	if (!take(&from, root, &read))
		return false;
	*ret_submission = read;
	return true;
}
