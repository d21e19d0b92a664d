#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/options.h"

enum {
	COLUMNS_DEFAULT = 120,
	COLUMNS_MINIMUM = 60,
	COLUMNS_MAXIMUM = 400,
};

static unsigned columns_of_output(void)
{
	const char *given = getenv("COLUMNS");
	struct winsize size = { 0 };
	uint64_t columns = COLUMNS_DEFAULT;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		columns = size.ws_col;
	else if (!given || !span_to_u64(span_of(given), &columns))
		columns = COLUMNS_DEFAULT;
	if (columns < COLUMNS_MINIMUM)
		return COLUMNS_MINIMUM;
	return columns > COLUMNS_MAXIMUM ? COLUMNS_MAXIMUM : (unsigned)columns;
}

static bool wants_color(enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && no_color[0] != '\0') && terminal &&
	       strcmp(terminal, "dumb") != 0;
}

struct report_style options_style(const struct options *options)
{
	bool color = options->format == FORMAT_TABLE && wants_color(options->color);

	return (struct report_style){
		.color = color && (!options->output || options->color == COLOR_ALWAYS),
		.columns = columns_of_output(),
	};
}
