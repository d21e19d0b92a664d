#include "base/json.h"
#include "cli/identity.h"
#include "host/system.h"
#include "web/tls.h"

enum {
	SERVER_FILE_MAXIMUM = 16 << 10,
};

static const char *part(const struct session *session, const char *folder, const char *name)
{
	return arena_format(session->arena, "%s/%s", folder, name);
}

bool identity_read(const struct session *session, const char *folder, struct uplink *uplink,
		   struct error *err)
{
	static const struct node_field fields[] = { { "schema", NODE_SCALAR, true },
						    { "url", NODE_SCALAR, true },
						    { "pin", NODE_SCALAR, true } };
	const char *path = part(session, folder, "server.json");
	const struct node *root;
	struct span text;

	if (!host_read(session->host, path, SERVER_FILE_MAXIMUM, session->arena, &text, err) ||
	    !json_read(text, path, 1, session->arena, &root, err) ||
	    !node_expect(root, path, fields, sizeof(fields) / sizeof(fields[0]), err))
		return fail_while(err, "'%s' is no identity; `assay enrol` makes one", folder);
	if (!uplink->url)
		uplink->url = arena_string(session->arena, node_find(root, "url")->text);
	if (!uplink->pin)
		uplink->pin = arena_string(session->arena, node_find(root, "pin")->text);
	uplink->certificate = part(session, folder, "certificate.pem");
	uplink->key = part(session, folder, "key.pem");
	return true;
}

static bool write_server(const struct session *session, const struct uplink *uplink,
			 const char *folder, struct error *err)
{
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text, .indent = 2 };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/identity/v1");
	json_pair_string(&writer, "url", uplink->url);
	json_pair_string(&writer, "pin", uplink->pin);
	json_close_object(&writer);
	text_add_char(&text, '\n');
	return host_write_private(session->host, part(session, folder, "server.json"),
				  text_span(&text), err);
}

static bool enrol(const struct session *session, const char *name, struct span *ret_answer,
		  struct error *err)
{
	const struct options *options = session->options;
	const struct tls_wish wish = { .name = name, .now = host_unix_time(session->host) };
	struct uplink uplink = { .url = options->arguments[0], .pin = options->pin };
	struct tls_identity identity;
	SCOPED_TEXT(body);
	struct json_writer writer = { .into = &body };

	if (!uplink_check(&uplink, err) || !tls_open_folder(session->host, options->identity, &wish,
							    session->arena, &identity, err))
		return false;
	uplink.certificate = part(session, options->identity, "certificate.pem");
	uplink.key = part(session, options->identity, "key.pem");
	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/enrolment/v1");
	json_pair_string(&writer, "code", options->code);
	json_pair_string(&writer, "name", name);
	json_close_object(&writer);
	return uplink_post(&uplink, "/api/v1/agents", text_span(&body), session->arena, ret_answer,
			   err) &&
	       write_server(session, &uplink, options->identity, err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	const char *name = host_name(session->host, session->arena);
	struct span answer;

	if (!options->code || !options->pin || !options->identity) {
		(void)fail(err, ERROR_MISSING,
			   "give --code and --pin, as the server's keeper says, and --identity, "
			   "the folder for this agent's key");
		return STATUS_ERROR;
	}
	if (options->node)
		name = options->node;
	if (!enrol(session, name, &answer, err))
		return STATUS_ERROR;
	text_add_span(session->output, answer);
	return STATUS_GOOD;
}

const struct command command_enrol = {
	.name = "enrol",
	.arguments = "URL",
	.summary = "make this machine known to a server",
	.text = "Makes a key for this machine and shows it to the server together with a code that "
		"holds once. From then on `assay push --identity` is known by its certificate, and "
		"knows the server by its pin.",
	.options = TAKES_ENROL,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
