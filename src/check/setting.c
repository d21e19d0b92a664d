#include "check/setting.h"

#include <string.h>

const char *setting_value(const struct machine *machine, const char *device)
{
	const char *value = machine_state(machine, NODE_SETTING, device);

	return value && strcmp(value, "unset") != 0 ? value : NULL;
}

bool setting_number(const struct machine *machine, const char *device, uint64_t *ret_number)
{
	const char *value = setting_value(machine, device);

	return value && span_to_u64(span_trim(span_of(value)), ret_number);
}

const struct record *setting_next(const struct machine *machine, const char *prefix, size_t *at)
{
	const struct record *one;

	while ((one = machine_next(machine, NODE_SETTING, at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || strncmp(device, prefix, strlen(prefix)) != 0)
			continue;
		if (one->says != SAYS_STATE || strcmp(one->text, "unset") != 0)
			return one;
	}
	return NULL;
}

bool setting_has_word(const char *value, const char *word)
{
	static const char separators[] = " \t,:;";
	const char *at = value;

	while (at && *at) {
		size_t length = strcspn(at, separators);

		if (span_is((struct span){ at, length }, word))
			return true;
		at += length;
		at += strspn(at, separators);
	}
	return false;
}

static bool read_octal(struct span text, unsigned *ret_number)
{
	unsigned number = 0;

	if (text.length == 0 || text.length > 5)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '7')
			return false;
		number = 8 * number + (unsigned)(text.at[i] - '0');
	}
	*ret_number = number;
	return true;
}

bool file_mode_read(const char *state, struct file_mode *ret_mode)
{
	struct span rest = span_of(state), permission, owner;
	struct file_mode mode;

	if (!span_cut(&rest, ' ', &mode.kind) || mode.kind.length == 0 ||
	    !span_cut(&rest, ' ', &permission) || !span_cut(&rest, ' ', &owner) ||
	    rest.length > 0 || !read_octal(permission, &mode.permission) ||
	    !span_to_u64(owner, &mode.owner))
		return false;
	*ret_mode = mode;
	return true;
}

struct finding *elsewhere_add(const struct machine *machine, const struct elsewhere *elsewhere,
			      struct findings *found)
{
	const char *statement =
		elsewhere->attest ? setting_value(machine, elsewhere->attest) : NULL;
	struct finding *finding;

	if (statement)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "%s; stated and not measured: \"%.120s\"", elsewhere->text,
				       statement);
	else
		finding = findings_add(found, VERDICT_UNKNOWN, NULL, "%s", elsewhere->text);
	finding->attested = statement != NULL;
	finding->action = elsewhere->action;
	finding->observed = machine->observed;
	if (statement)
		finding_rests_on(finding, machine_find(machine, NODE_SETTING, elsewhere->attest));
	return finding;
}
