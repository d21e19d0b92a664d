#include <string.h>

#include "probe/setting.h"

/* The line that holds for every user: of several the last, as pam_limits takes them. */
struct limits {
	struct arena *arena;
	struct span line;
};

/* "*  soft  memlock  unlimited"; '-' is soft and hard at once. A line for one user or group does
 * not hold for all. */
static void read_limits(void *context, const char *path, struct span text)
{
	struct limits *limits = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE, limits->arena };
	struct span line, domain, type, item, value;

	(void)path;
	while (conf_next(&conf, &line))
		if (conf_word(&line, &domain) && conf_word(&line, &type) &&
		    conf_word(&line, &item) && conf_word(&line, &value) && span_is(domain, "*") &&
		    (span_is(type, "-") || span_is(type, "soft")) && span_is(item, "memlock") &&
		    value.length <= 40)
			limits->line = span_of(arena_format(limits->arena, "* %.*s memlock %.*s",
							    SPAN_ARGS(type), SPAN_ARGS(value)));
}

void settings_see_limits(const struct setting_look *look)
{
	struct limits limits = { look->arena, SPAN("") };
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting setting = { .name = "limits:memlock" };

	(void)conf_file(&files, "/etc/security/limits.conf", read_limits, &limits);
	conf_folder(&files, "/etc/security/limits.d", ".conf", read_limits, &limits);
	setting.value = limits.line;
	setting.is_set = limits.line.length > 0 && !files.why;
	setting_see(look, &setting, files.why);
}
