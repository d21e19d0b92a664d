#include <string.h>

#include "base/json.h"
#include "report/html.h"
#include "web/feedback.h"

enum {
	FAULTS_MAXIMUM = 2 * FEEDBACK_ANSWERS_MAXIMUM,
	REMARK_ROWS = 2,
};

static const char not_applicable[] = "not_applicable";

void form_open(const struct standard *standard, const char *provider, bool all,
	       const struct web_request *request, struct form *ret_form)
{
	uint32_t *criteria;

	*ret_form = (struct form){ .request = request, .provider = provider, .all = all };
	questionnaire_of(standard, all ? QUESTIONS_ALL : QUESTIONS_CUSTOMERS, request->arena,
			 &criteria, &ret_form->criterion_count);
	ret_form->criteria = criteria;
	ret_form->faults = ARENA_ARRAY(request->arena, struct form_fault, FAULTS_MAXIMUM);
}

void form_fault(struct form *form, const char *field, const char *text)
{
	if (form->fault_count < FAULTS_MAXIMUM)
		form->faults[form->fault_count++] =
			(struct form_fault){ .field = field, .text = text };
}

/* What was sent in the field; "" when nothing was. */
static const char *sent(const struct form *form, const char *name)
{
	const char *value = NULL;

	if (form->request->method != WEB_POST || !web_field(form->request, name, &value, NULL))
		return "";
	return value ? value : "";
}

static const char *name_of(const struct form *form, const char *head,
			   const struct criterion *criterion)
{
	return arena_format(form->request->arena, "%s.%s", head, criterion->id);
}

/* ---- reading ---- */

static void begin(struct json_writer *json, const struct form *form)
{
	json_open_object(json);
	json_pair_string(json, "schema", "assay/feedback/v1");
	json_key(json, "subject");
	json_open_object(json);
	json_pair_string(json, "provider", form->provider);
}

/* One field of the subject, or of the rest. */
static void put(struct json_writer *json, const struct form *form, const char *name)
{
	const char *value = sent(form, name);

	if (value[0] != '\0')
		json_pair_string(json, name, value);
}

/* The answer as the schema wants it; false when there is none. */
static bool put_answer(struct json_writer *json, const struct form *form,
		       const struct criterion *criterion)
{
	const char *answer = sent(form, name_of(form, "a", criterion));
	const char *remark = sent(form, name_of(form, "r", criterion));
	bool silent = strcmp(answer, not_applicable) == 0 ||
		      strcmp(sent(form, name_of(form, "n", criterion)), "yes") == 0;

	if (answer[0] == '\0' && remark[0] == '\0' && !silent)
		return false;
	json_key(json, criterion->id);
	json_open_object(json);
	if (silent)
		json_pair_string(json, not_applicable,
				 criterion->not_applicable ? criterion->not_applicable : answer);
	else if (answer[0] != '\0')
		json_pair_string(json, criterion->unit ? "value" : "answer", answer);
	if (remark[0] != '\0')
		json_pair_string(json, "remark", remark);
	json_close_object(json);
	return true;
}

/* The last part of an error, which names the field rather than the place in what was sent. */
static const char *fault_of(const struct form *form, const struct error *err, const char *field)
{
	const char *at = strstr(err->text, field);
	const char *rest = strstr(err->text, "column ");

	if (at)
		return arena_string(form->request->arena, span_of(at));
	rest = rest ? strstr(rest, ": ") : NULL;
	return arena_string(form->request->arena, span_of(rest ? rest + 2 : err->text));
}

/* Reads a submission of which only one part was sent, and gives its fault to that part. */
static void try_part(struct form *form, const struct standard *standard,
		     const struct text *document, const char *field, const char *said)
{
	struct submission one;
	struct error err = { 0 };

	if (!submission_read(text_span(document), "form", standard, form->request->arena, &one,
			     &err))
		form_fault(form, field, fault_of(form, &err, said));
}

static uint32_t check_answers(struct form *form, const struct standard *standard)
{
	uint32_t given = 0;

	for (uint32_t i = 0; i < form->criterion_count; i++) {
		const struct criterion *criterion = &standard->criteria[form->criteria[i]];
		SCOPED_TEXT(document);
		struct json_writer json = { .into = &document };

		begin(&json, form);
		json_close_object(&json);
		json_key(&json, "answers");
		json_open_object(&json);
		if (!put_answer(&json, form, criterion))
			continue;
		given++;
		json_close_object(&json);
		json_close_object(&json);
		try_part(form, standard, &document, name_of(form, "a", criterion), criterion->id);
	}
	return given;
}

/* Each field with some answer beside it, which alone cannot be what is wrong. */
static void check_fields(struct form *form, const struct standard *standard)
{
	static const char *const names[] = { "product",   "region", "gpu",     "tenant",
					     "gpu_hours", "remark", "employer" };
	const struct criterion *criterion;

	if (form->criterion_count == 0)
		return;
	criterion = &standard->criteria[form->criteria[0]];
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED_TEXT(document);
		struct json_writer json = { .into = &document };

		if (sent(form, names[i])[0] == '\0')
			continue;
		begin(&json, form);
		if (i < 3)
			put(&json, form, names[i]);
		json_close_object(&json);
		if (i >= 3)
			put(&json, form, names[i]);
		json_key(&json, "answers");
		json_open_object(&json);
		json_pair_string(&json, criterion->id,
				 criterion->unit ? "0" : criterion->answers[0].name);
		json_close_object(&json);
		json_close_object(&json);
		try_part(form, standard, &document, names[i], names[i]);
	}
}

static void put_proof(struct json_writer *json, struct form *form)
{
	const char *kind = sent(form, "proof"), *mark = sent(form, "mark");

	if (kind[0] == '\0' || strcmp(kind, proof_names[PROOF_NONE]) == 0) {
		if (mark[0] != '\0')
			form_fault(form, "mark", "say what kind of proof this is, or leave it out");
		return;
	}
	if (mark[0] == '\0')
		form_fault(form, "mark", "a proof needs its hash, code or mark");
	json_key(json, "proof");
	json_open_object(json);
	json_pair_string(json, "kind", kind);
	if (mark[0] != '\0')
		json_pair_string(json, "mark", mark);
	json_close_object(json);
}

static void write_whole(struct form *form, const struct standard *standard, struct text *into)
{
	struct json_writer json = { .into = into };

	begin(&json, form);
	put(&json, form, "product");
	put(&json, form, "region");
	put(&json, form, "gpu");
	json_close_object(&json);
	put(&json, form, "tenant");
	put(&json, form, "employer");
	put(&json, form, "competes");
	put(&json, form, "paid_for");
	put(&json, form, "gpu_hours");
	put(&json, form, "remark");
	put_proof(&json, form);
	json_key(&json, "answers");
	json_open_object(&json);
	for (uint32_t i = 0; i < form->criterion_count; i++)
		(void)put_answer(&json, form, &standard->criteria[form->criteria[i]]);
	json_close_object(&json);
	json_close_object(&json);
}

bool form_read(struct form *form, const struct standard *standard,
	       struct submission *ret_submission)
{
	SCOPED_TEXT(document);
	struct error err = { 0 };

	check_fields(form, standard);
	if (check_answers(form, standard) == 0)
		form_fault(form, "questions", "no question is answered; answer one at least");
	write_whole(form, standard, &document);
	if (form->fault_count > 0)
		return false;
	if (submission_read(text_span(&document), "form", standard, form->request->arena,
			    ret_submission, &err))
		return true;
	form_fault(form, "questions", fault_of(form, &err, "form: "));
	return false;
}

/* ---- writing ---- */

static const char *fault_at(const struct form *form, const char *field)
{
	for (uint32_t i = 0; i < form->fault_count; i++)
		if (strcmp(form->faults[i].field, field) == 0)
			return form->faults[i].text;
	return NULL;
}

static void write_fault(const struct form *form, const char *field, struct text *into)
{
	const char *text = fault_at(form, field);

	if (text)
		html_add(into, "<p class=\"fault\" id=\"%s-fault\"><strong>%s</strong></p>\n",
			 field, text);
}

/* What an element says of its fault. */
static void write_state(const struct form *form, const char *field, struct text *into)
{
	if (fault_at(form, field))
		html_add(into, " aria-invalid=\"true\" aria-describedby=\"%s-fault\"", field);
}

static void write_input(const struct form *form, const char *field, const char *label,
			struct text *into)
{
	html_add(into, "<p><label for=\"%s\">%s</label>\n", field, label);
	html_add(into, "<input type=\"text\" id=\"%s\" name=\"%s\" maxlength=\"%d\" value=\"%s\"",
		 field, field, FEEDBACK_NAME_MAXIMUM, sent(form, field));
	write_state(form, field, into);
	html_add(into, "></p>\n");
	write_fault(form, field, into);
}

static void write_area(const struct form *form, const char *field, const char *label,
		       struct text *into)
{
	html_add(into,
		 "<p><label for=\"%s\">%s</label>\n<textarea id=\"%s\" name=\"%s\" rows=\"%d\" "
		 "maxlength=\"%d\"",
		 field, label, field, field, REMARK_ROWS, FEEDBACK_REMARK_MAXIMUM);
	write_state(form, field, into);
	/* A first line end would be taken for markup. */
	html_add(into, ">\n%s</textarea></p>\n", sent(form, field));
}

struct choice {
	const char *group, *value, *label, *means;
};

static void write_choice(const struct form *form, const struct choice *choice, struct text *into)
{
	html_add(into,
		 "<p class=\"choice\"><label><input type=\"radio\" name=\"%s\" value=\"%s\"%s> "
		 "<span><strong>%s</strong>",
		 choice->group, choice->value,
		 strcmp(sent(form, choice->group), choice->value) == 0 ? " checked" : "",
		 choice->label);
	if (choice->means)
		html_add(into, ": %s", choice->means);
	html_add(into, "</span></label></p>\n");
}

static void write_answers(const struct form *form, const struct criterion *criterion,
			  const char *field, struct text *into)
{
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		write_choice(form,
			     &(struct choice){ field, criterion->answers[i].name,
					       criterion->answers[i].name,
					       criterion->answers[i].means },
			     into);
	if (criterion->unit) {
		html_add(into,
			 "<p><label>A number in %s\n<input type=\"text\" inputmode=\"decimal\" "
			 "name=\"%s\" value=\"%s\"></label></p>\n",
			 criterion->unit, field, sent(form, field));
		if (criterion->not_applicable)
			html_add(
				into,
				"<p class=\"choice\"><label><input type=\"checkbox\" name=\"n.%s\" "
				"value=\"yes\"%s> <span><strong>does not concern us</strong>: "
				"%s</span></label></p>\n",
				criterion->id,
				sent(form, name_of(form, "n", criterion))[0] ? " checked" : "",
				criterion->not_applicable);
		return;
	}
	if (criterion->not_applicable)
		write_choice(form,
			     &(struct choice){ field, not_applicable, "does not concern us",
					       criterion->not_applicable },
			     into);
	/* A radio that was chosen can be taken back without a script. */
	write_choice(form, &(struct choice){ field, "", "no answer", NULL }, into);
}

static void write_question(const struct form *form, const struct criterion *criterion,
			   struct text *into)
{
	const char *field = name_of(form, "a", criterion);

	html_add(into, "<fieldset id=\"%s\"", field);
	write_state(form, field, into);
	html_add(into, ">\n<legend>%s</legend>\n", criterion->question);
	write_fault(form, field, into);
	write_answers(form, criterion, field, into);
	write_area(form, name_of(form, "r", criterion), "In your own words", into);
	html_add(into, "</fieldset>\n");
}

static void write_summary(const struct form *form, struct text *into)
{
	if (form->fault_count == 0)
		return;
	html_add(into,
		 "<div class=\"faults\" role=\"alert\">\n<h3 id=\"faults\">Not sent yet: %u "
		 "thing%s to correct</h3>\n<ul>\n",
		 form->fault_count, form->fault_count == 1 ? "" : "s");
	for (uint32_t i = 0; i < form->fault_count; i++)
		html_add(into, "<li><a href=\"#%s\">%s</a></li>\n", form->faults[i].field,
			 form->faults[i].text);
	html_add(into, "</ul>\n</div>\n");
}

static void write_proof(const struct form *form, struct text *into)
{
	static const struct choice choices[] = {
		{ "proof", "", "none", "your word alone, which weighs least" },
		{ "proof", "invoice", "invoice",
		  "give its SHA-256 below, as sha256sum invoice.pdf prints it; only a keyed hash "
		  "is "
		  "kept. Weighs more once a moderator was shown it" },
		{ "proof", "code", "code", "give the one that your provider gave you for this" },
		{ "proof", "run", "signed run",
		  "give the mark that POST /api/v1/feedback/runs answered. Weighs most once a "
		  "moderator was shown the cluster" },
	};

	html_add(into, "<fieldset id=\"proof\">\n<legend>Proof that you rent there</legend>\n");
	for (unsigned i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		write_choice(form, &choices[i], into);
	write_input(form, "mark", "Hash, code or mark", into);
	write_input(form, "tenant",
		    "Without a proof: what tells you from other customers (only a hash is kept)",
		    into);
	write_input(form, "gpu_hours", "GPU hours rented, about", into);
	html_add(into, "</fieldset>\n");
}

static void write_check(const struct form *form, const char *field, const char *label,
			struct text *into)
{
	html_add(into,
		 "<p class=\"choice\"><label><input type=\"checkbox\" name=\"%s\" value=\"yes\"%s> "
		 "<span>%s</span></label></p>\n",
		 field, strcmp(sent(form, field), "yes") == 0 ? " checked" : "", label);
}

static void write_ties(const struct form *form, struct text *into)
{
	html_add(into, "<fieldset id=\"ties\">\n<legend>Ties</legend>\n");
	write_input(form, "employer", "If you work for a provider: which", into);
	write_check(form, "competes", "I work for a competitor", into);
	write_check(form, "paid_for", "I get something for answering", into);
	html_add(into, "</fieldset>\n<fieldset id=\"subject\">\n<legend>What you rent, where you "
		       "want to say</legend>\n");
	write_input(form, "product", "Product", into);
	write_input(form, "region", "Region", into);
	write_input(form, "gpu", "GPU, as h100", into);
	html_add(into, "</fieldset>\n");
}

void form_write(const struct form *form, const struct standard *standard, struct text *into)
{
	write_summary(form, into);
	html_add(into, "<form method=\"post\" action=\"/feedback/%s%s\" class=\"ask\">\n",
		 form->provider, form->all ? "?all=yes" : "");
	html_add(into, "<input type=\"hidden\" name=\"form\" value=\"%s\">\n", form->seal);
	html_add(into, "<div id=\"questions\">\n");
	for (uint32_t i = 0; i < form->criterion_count; i++)
		write_question(form, &standard->criteria[form->criteria[i]], into);
	html_add(into, "</div>\n");
	write_area(form, "remark", "On the whole, in your own words", into);
	write_fault(form, "remark", into);
	write_proof(form, into);
	write_ties(form, into);
	html_add(into, "<p><button type=\"submit\">Send</button></p>\n</form>\n");
}
