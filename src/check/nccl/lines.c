#include <string.h>

#include "check/checkup.h"
#include "check/setting.h"
#include "check/tally.h"

/* What is the matter with a line, by the word of the probe. `unless_number`: a number is taken all
 * the same. */
static const struct {
	const char *word, *text, *action;
	enum verdict verdict;
	bool unless_number;
} faults[] = {
	{ "export", "'export' is taken for a part of the name: nothing is set",
	  "write NAME=VALUE, without export", VERDICT_FAIL, false },
	{ "blank-in-name", "the blank is a part of the name: nothing reads it",
	  "take the blanks around '=' out", VERDICT_FAIL, false },
	{ "quoted", "the quotes are a part of the value", "take the quotes out", VERDICT_FAIL,
	  false },
	{ "blank-around", "the blank beside the value is a part of it", "take the blank out",
	  VERDICT_FAIL, true },
	{ "comment-behind", "the comment behind the value is a part of it",
	  "put the comment on a line of its own, '#' first", VERDICT_FAIL, true },
	{ "carriage-return", "the line ends as on Windows, and so does the value",
	  "write the file with Unix line ends", VERDICT_FAIL, true },
	{ "cut", "longer than NCCL keeps (1023 bytes): the rest is lost", "shorten it",
	  VERDICT_FAIL, false },
	{ "foreign", "no name of NCCL's; it is set for the process all the same",
	  "mend the name, or take the line out", VERDICT_WARN, false },
	{ "commented", "'#' is a comment in the first column only: a strange name is set",
	  "put '#' first", VERDICT_WARN, false },
	{ "no-value", "no '=': the line is passed over", "write NAME=VALUE, or take it out",
	  VERDICT_WARN, false },
	{ "repeated", "set before: the first line counts, not this one", "take one of them out",
	  VERDICT_WARN, false },
};

enum {
	FAULTS = sizeof(faults) / sizeof(faults[0]),
};

/* True when the word is one of those that commas separate. */
static bool has(struct span words, const char *word)
{
	struct span one;

	while (span_cut(&words, ',', &one))
		if (span_is(one, word))
			return true;
	return false;
}

/* "nccl-line:12:/etc/nccl.conf" */
static const char *place_of(const char *device, struct arena *arena)
{
	struct span rest = span_of(device), kind, number;

	(void)span_cut(&rest, ':', &kind);
	(void)span_cut(&rest, ':', &number);
	return arena_format(arena, "%.*s:%.*s", SPAN_ARGS(rest), SPAN_ARGS(number));
}

static void judge_line(struct tally *tally, const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct span rest = span_of(record->text), words, name;
	enum verdict verdict = VERDICT_PASS;
	struct finding *finding;
	size_t first = FAULTS;
	SCOPED_TEXT(text);

	(void)span_cut(&rest, ' ', &words);
	(void)span_cut(&rest, ' ', &name);
	for (size_t i = 0; i < FAULTS; i++) {
		if (!has(words, faults[i].word))
			continue;
		first = first < FAULTS ? first : i;
		verdict = verdict_worse(verdict, faults[i].unless_number && has(words, "number")
							 ? VERDICT_WARN
							 : faults[i].verdict);
		text_format(&text, "%s%s", text.length > 0 ? "; " : "", faults[i].text);
	}
	if (first == FAULTS)
		return;
	/* Nearly a name of NCCL's: what was meant is not set. */
	if (has(words, "foreign") && span_starts(rest, "near:"))
		verdict = VERDICT_FAIL;
	finding = findings_add(tally->found, verdict, device, "%s: %.*s: %s%s%.*s",
			       place_of(device, tally->found->arena), SPAN_ARGS(name),
			       text_string(&text), span_starts(rest, "near:") ? "; is meant: " : "",
			       rest.length > 5 ? (int)rest.length - 5 : 0,
			       rest.length > 5 ? rest.at + 5 : "");
	finding->action = faults[first].action;
	finding->bar = "how NCCL reads its files: nothing is trimmed";
	finding_rests_on(finding, record);
}

/* NCCL_CONF_FILE takes the place of ~/.nccl.conf even where it names nothing that is there. */
static void judge_absent(struct tally *tally, const struct record *file)
{
	static const char setting[] = "setting:env:NCCL_CONF_FILE", prefix[] = "nccl-file:";
	const char *device = file->subject.parts[SUBJECT_DEVICE];
	const char *path = setting_value(tally->machine, setting);
	struct finding *finding;

	if (!path || !device || strncmp(device, prefix, sizeof(prefix) - 1) != 0 ||
	    strcmp(device + sizeof(prefix) - 1, path) != 0)
		return;
	finding = findings_add(tally->found, VERDICT_FAIL, device,
			       "NCCL_CONF_FILE names %.200s, which is not there: NCCL then reads "
			       "neither it nor ~/.nccl.conf",
			       path);
	finding->action = "put the file there, or take NCCL_CONF_FILE out";
	finding->bar = "how NCCL looks for its files";
	finding_rests_on(finding, machine_find(tally->machine, NODE_SETTING, setting));
	finding_rests_on(finding, file);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0, files = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_NCCL_FILE, &at))) {
		if (one->says != SAYS_STATE)
			findings_add_unknown(found, seen->machine, NODE_NCCL_FILE,
					     one->subject.parts[SUBJECT_DEVICE]);
		else
			tally_well(&tally, one);
		files += one->says == SAYS_STATE && strcmp(one->text, "read") == 0;
		if (one->says == SAYS_STATE && strcmp(one->text, "absent") == 0)
			judge_absent(&tally, one);
	}
	at = 0;
	while ((one = machine_next(seen->machine, NODE_NCCL_LINE, &at)))
		if (one->says == SAYS_STATE && one->subject.parts[SUBJECT_DEVICE])
			judge_line(&tally, one);
	if (files > 0)
		tally_pass(&tally, "each line of %zu file%s does what it says", files,
			   plural(files));
	else
		tally_pass(&tally, "NCCL finds no file of settings");
}

CHECK(nccl_lines) = {
	.title = "Each line of NCCL's files does what it seems to",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.judge = judge,
};
