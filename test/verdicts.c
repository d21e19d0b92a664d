#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool holds(const char *text, const char *part)
{
	return text && strstr(text, part);
}

static bool says(const struct scene *scene, enum verdict verdict, const char *part)
{
	for (size_t i = 0; i < scene->found.count; i++) {
		const struct finding *one = &scene->found.items[i];

		if (one->verdict == verdict &&
		    (holds(one->text, part) || holds(one->bar, part) || holds(one->action, part)))
			return true;
	}
	return false;
}

void verdicts_hold(const char *check, const char *base, const struct verdict_case *cases,
		   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_SCENE(scene);
		enum verdict verdict;

		scene_make(&scene, base, cases[i].lines, NULL);
		verdict = scene_worst(&scene, check);
		if (verdict != cases[i].verdict)
			fail_msg("%s, %s: %s, not %s: %s", check, cases[i].name,
				 verdict_names[verdict], verdict_names[cases[i].verdict],
				 scene.found.items[0].text);
		if (cases[i].says && !says(&scene, verdict, cases[i].says))
			fail_msg("%s, %s: nothing says '%s': %s", check, cases[i].name,
				 cases[i].says, scene.found.items[0].text);
	}
}

void verdicts_follow(const char *check, const char *text, const char *well,
		     const struct verdict_line *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_SCENE(scene);
		enum verdict verdict;

		scene_make(&scene, text, well, cases[i].lines, NULL);
		verdict = scene_worst(&scene, check);
		if (verdict != cases[i].verdict)
			fail_msg("%s on '%s': %s, %s expected: %s", check, cases[i].lines,
				 verdict_names[verdict], verdict_names[cases[i].verdict],
				 scene.found.items[0].text);
	}
}
