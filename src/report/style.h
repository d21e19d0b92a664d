/* The style sheet of the site, from style.css by tools/embed. */
#pragma once

extern const char style_css[];
