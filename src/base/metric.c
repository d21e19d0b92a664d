#include "base/metric.h"

void metric_head(struct text *into, const char *name, const char *help, bool counter)
{
	text_format(into, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
		    counter ? "counter" : "gauge");
}

void metric_label(struct text *into, const char *name, const char *value)
{
	text_format(into, "%s=\"", name);
	for (const char *c = value; *c; c++) {
		if (*c == '\\' || *c == '"')
			text_add_char(into, '\\');
		if (*c == '\n')
			text_add(into, "\\n");
		else
			text_add_char(into, *c);
	}
	text_add(into, "\"");
}
