#include "probe/setting.h"

#include <string.h>

#include "probe/probe.h"

/* At most SETTING_VALUE_MAXIMUM bytes, without a piece of a character at the end. */
static struct span bounded(struct span value)
{
	if (value.length <= SETTING_VALUE_MAXIMUM)
		return value;
	value.length = SETTING_VALUE_MAXIMUM;
	while (value.length > 0 && ((unsigned char)value.at[value.length] & 0xc0) == 0x80)
		value.length--;
	return value;
}

/* A NUL ends no value: it is shown as what it is, a byte that is none of a text. */
static const char *text_of(struct span value, struct arena *arena)
{
	char *text = arena_take(arena, value.length + 1);
	bool blank = true;

	for (size_t i = 0; i < value.length; i++) {
		text[i] = value.at[i] != '\0' ? value.at[i] : '?';
		blank = blank && strchr(" \t\r\n", text[i]);
	}
	return blank ? "empty" : text;
}

void setting_see(const struct setting_look *look, const struct setting *setting, const char *why)
{
	const char *device = arena_format(look->arena, "setting:%s", setting->name);

	if (setting->is_set)
		(void)saw_state(look->sightings, NODE_SETTING, device,
				text_of(bounded(setting->value), look->arena));
	else if (why)
		(void)saw_unknown(look->sightings, NODE_SETTING, device, "%s", why);
	else
		(void)saw_state(look->sightings, NODE_SETTING, device, "unset");
}

static struct setting *find(struct setting_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

const struct setting *setting_find(const struct setting_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

static struct setting *add(struct setting_list *list, const char *name)
{
	struct setting *setting = find(list, name);

	if (setting)
		return setting;
	if (list->count == SETTINGS_MAXIMUM) {
		list->overflowed = true;
		return NULL;
	}
	setting = &list->items[list->count++];
	*setting = (struct setting){ .name = name };
	return setting;
}

void setting_expect(struct setting_list *list, const char *where, const char *name)
{
	(void)add(list, arena_format(list->arena, "%s:%s", where, name));
}

void setting_put(struct setting_list *list, const char *where, struct span name, struct span value)
{
	struct setting *setting;

	if (!conf_is_name(name))
		return;
	setting = add(list, arena_format(list->arena, "%s:%.*s", where, SPAN_ARGS(name)));
	if (setting) {
		setting->value = value;
		setting->is_set = true;
	}
}

void setting_put_expected(struct setting_list *list, const char *where, struct span name,
			  struct span value)
{
	size_t prefix = strlen(where) + 1;

	for (size_t i = 0; i < list->count; i++)
		if (strncmp(list->items[i].name, where, prefix - 1) == 0 &&
		    conf_same(name, list->items[i].name + prefix)) {
			list->items[i].value = value;
			list->items[i].is_set = true;
		}
}

void setting_list_see(const struct setting_look *look, const struct setting_list *list,
		      const char *why)
{
	for (size_t i = 0; i < list->count; i++) {
		struct setting setting = list->items[i];

		/* A file that could not be read may set it otherwise. */
		setting.is_set = setting.is_set && !why;
		setting_see(look, &setting, why);
	}
	if (list->overflowed)
		(void)saw_unknown(look->sightings, NODE_SETTING, NULL,
				  "of one place more than %d settings are not looked at",
				  SETTINGS_MAXIMUM);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	const struct setting_look look = { request->host, sightings, &scratch };

	if (!(request->shares & PROBE_FULL))
		return;
	settings_see_files(&look);
	settings_see_kernel(&look);
	settings_see_modprobe(&look);
	settings_see_containers(&look);
	settings_see_jobs(&look);
	settings_see_login(&look);
	settings_see_limits(&look);
	settings_see_environment(&look);
	settings_see_attested(&look);
}

const struct probe probe_setting = {
	.name = "setting",
	.title = "settings of the system",
	.shares = PROBE_FULL,
	.look = look,
};
