/*
 * The one place where text becomes HTML. Whatever a page says goes through html_add or
 * html_text, so that no excerpt, name or address can become markup, close a quote or turn the
 * direction of what follows.
 */
#pragma once

#include "base/text.h"

/* Text as the content of an element or of a quoted attribute: & < > " ' are escaped. Control
 * characters but tab and newline, characters that order text from right to left, and what HTML
 * calls a noncharacter become U+FFFD, and so does each byte that is not UTF-8. */
void html_text(struct text *into, struct span content);

/* Markup with values: `format` is the page's own markup, and what %s gives is escaped as
 * html_text does (NULL gives nothing). Besides, %d %u %zu %.Nf and %%; a decimal has a point
 * whatever the locale. Anything else is a broken assumption. */
void html_add(struct text *into, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True when `url` may stand in a link: http or https, printable ASCII without blanks. */
bool html_is_web_address(const char *url);
