#include "base/json.h"
#include "report/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include "test/scene.h"
#include <cmocka.h>

static const struct node *read(struct arena *arena, const struct checkup_report *report)
{
	const struct node *root = NULL;
	struct error err = { 0 };
	SCOPED_TEXT(text);

	checkup_write_json(report, &text);
	if (!json_read(text_span(&text), "out", 1, arena, &root, &err))
		fail_msg("%s", err.text);
	return root;
}

static void expect(const struct node *map, const char *key, const char *value)
{
	const struct node *node = node_find(map, key);

	if (!value) {
		assert_null(node);
		return;
	}
	if (!node)
		fail_msg("there is no '%s'", key);
	assert_true(span_is(node->text, value));
}

static void texts_come_back_as_they_were(void **state)
{
	static const char text[] = "<a> & \"b\" 'c' \\ \n\t\x01 größer";
	static const struct said said[] = {
		{ .check = "a-a",
		  .required = true,
		  .verdict = VERDICT_UNKNOWN,
		  .about = "mount:/ho\"me",
		  .text = text,
		  .action = "say \"please\"",
		  .attested = true },
		{ .check = "a-b", .verdict = VERDICT_PASS, .text = "well" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	const struct node *root, *line, *finding;

	(void)state;
	outcome_make(&outcome, said);
	const struct checkup_report report = { .checkup = &outcome.checkup,
					       .provider = "someone",
					       .time = 1764115200 };
	root = read(&outcome.arena, &report);
	expect(root, "schema", "assay/checkup/v1");
	expect(root, "node", "node7");
	expect(root, "provider", "someone");
	expect(root, "time", "2025-11-26T00:00:00Z");
	expect(root, "profile", "full");
	expect(root, "gate", "unknown");
	expect(root, "model", NULL);
	expect(node_find(root, "check_count"), "unknown", "1");
	expect(node_find(root, "check_count"), "pass", "1");
	line = &node_find(root, "checks")->items[0];
	expect(line, "name", "a-a");
	expect(line, "required", "true");
	assert_int_equal(node_find(line, "cmax")->count, 2);
	finding = &node_find(line, "findings")->items[0];
	expect(finding, "about", "mount:/ho\"me");
	expect(finding, "label", "/ho\"me");
	expect(finding, "text", text);
	expect(finding, "action", "say \"please\"");
	expect(finding, "attested", "true");
	expect(finding, "observed", NULL);
	finding = &node_find(&node_find(root, "checks")->items[1], "findings")->items[0];
	expect(finding, "about", NULL);
	expect(finding, "attested", NULL);
}

/* Of a real check: its findings name the records that they rest on. */
static void a_finding_shows_its_evidence(void **state)
{
	static const char *const only[] = { "gpu-count", NULL };
	SCOPED_SCENE(scene);
	struct checkup checkup;
	const struct node *root, *finding, *evidence;

	(void)state;
	scene_make(&scene, scene_h100,
		   "gpu.count.driver vendor:nvidia 8\ngpu.count.library library:nvml 7\n", NULL);
	scene.input.machine = scene.input.machines;
	checkup_run(&scene.input, PROFILE_FULL, only, &scene.arena, &checkup);
	const struct checkup_report report = { .checkup = &checkup,
					       .handbook = scene.input.handbook,
					       .time = 1764115200 };
	root = read(&scene.arena, &report);
	expect(root, "model", "H100-SXM");
	assert_true(span_starts(node_find(root, "handbook")->text, "sha256:"));
	finding = &node_find(&node_find(root, "checks")->items[0], "findings")->items[0];
	expect(finding, "observed", "2025-11-26");
	evidence = node_find(finding, "evidence");
	assert_true(evidence->count > 0 && evidence->count <= 4);
	for (uint32_t i = 0; i < evidence->count; i++) {
		assert_non_null(node_find(&evidence->items[i], "id"));
		assert_true(span_starts(node_find(&evidence->items[i], "what")->text, "node."));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_come_back_as_they_were),
		cmocka_unit_test(a_finding_shows_its_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
