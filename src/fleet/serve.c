#define _GNU_SOURCE /* memmem */

#include "fleet/parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	REQUEST_MAXIMUM = 4096,
	CLIENTS_MAXIMUM = 16,
	CLIENT_PATIENCE_MS = 5000,
	BACKLOG = 16,
};

struct client {
	struct server *server;
	uv_tcp_t stream;
	uv_timer_t patience;
	uv_write_t write;
	char request[REQUEST_MAXIMUM];
	size_t length;
	struct text answer;
	unsigned open; /* handles that are not closed yet */
	bool answered;
};

struct server {
	struct agent *agent;
	uv_tcp_t listener;
	struct client *clients[CLIENTS_MAXIMUM]; /* that are served; NULL where there is room */
};

static void on_client_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	if (--client->open > 0)
		return;
	text_release(&client->answer);
	free(client);
}

static void close_client(struct client *client)
{
	for (unsigned i = 0; i < CLIENTS_MAXIMUM; i++)
		if (client->server->clients[i] == client)
			client->server->clients[i] = NULL;
	if (!uv_is_closing((uv_handle_t *)&client->stream))
		uv_close((uv_handle_t *)&client->stream, on_client_closed);
	if (!uv_is_closing((uv_handle_t *)&client->patience))
		uv_close((uv_handle_t *)&client->patience, on_client_closed);
}

static void on_patience_lost(uv_timer_t *timer)
{
	close_client(timer->data);
}

static void on_written(uv_write_t *write, int status)
{
	(void)status;
	close_client(write->data);
}

static void answer(struct client *client, const char *status, const char *type,
		   const struct text *body)
{
	uv_buf_t buffer;

	text_format(&client->answer,
		    "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
		    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
		    status, type, body->length);
	text_add_span(&client->answer, text_span(body));
	client->answered = true;
	(void)uv_read_stop((uv_stream_t *)&client->stream);
	buffer = uv_buf_init(client->answer.at, (unsigned)client->answer.length);
	client->write.data = client;
	if (uv_write(&client->write, (uv_stream_t *)&client->stream, &buffer, 1, on_written) != 0)
		close_client(client);
}

static void answer_path(struct client *client, struct span path)
{
	struct agent *agent = client->server->agent;
	SCOPED_TEXT(body);

	agent->counts.requests++;
	if (span_is(path, "/metrics")) {
		agent_metrics(agent, &body);
		answer(client, "200 OK", "text/plain; version=0.0.4; charset=utf-8", &body);
	} else if (span_is(path, "/findings")) {
		agent_findings(agent, &body);
		answer(client, "200 OK", "application/json", &body);
	} else if (span_is(path, "/healthz")) {
		bool is_current = agent_is_current(agent);

		text_add(&body, is_current ? "ok\n" : "no full look has ended lately\n");
		answer(client, is_current ? "200 OK" : "503 Service Unavailable",
		       "text/plain; charset=utf-8", &body);
	} else {
		text_add(&body, "there are /metrics, /findings and /healthz\n");
		answer(client, "404 Not Found", "text/plain; charset=utf-8", &body);
	}
}

/* Acts on a request whose head is whole: only GET is known, and nothing behind the path matters. */
static void take_request(struct client *client)
{
	struct span head = { client->request, client->length }, method, path;
	SCOPED_TEXT(body);

	if (span_cut(&head, ' ', &method) && span_is(method, "GET") &&
	    span_cut(&head, ' ', &path) && span_starts(head, "HTTP/1.")) {
		answer_path(client, path);
		return;
	}
	text_add(&body, "only GET is understood\n");
	answer(client, "400 Bad Request", "text/plain; charset=utf-8", &body);
}

static bool is_whole(const struct client *client)
{
	return memmem(client->request, client->length, "\r\n\r\n", 4) ||
	       memmem(client->request, client->length, "\n\n", 2);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct client *client = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(client->request + client->length,
			      (unsigned)(REQUEST_MAXIMUM - client->length));
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct client *client = stream->data;
	SCOPED_TEXT(body);

	(void)buffer;
	if (client->answered)
		return;
	if (length < 0 && client->length < REQUEST_MAXIMUM) {
		close_client(client);
		return;
	}
	client->length += length > 0 ? (size_t)length : 0;
	if (is_whole(client)) {
		take_request(client);
	} else if (client->length == REQUEST_MAXIMUM) {
		text_format(&body, "a request has at most %d bytes\n", REQUEST_MAXIMUM);
		answer(client, "431 Request Header Fields Too Large", "text/plain", &body);
	}
}

/* False when as many are served as there may be. */
static bool take_place(struct server *server, struct client *client)
{
	for (unsigned i = 0; i < CLIENTS_MAXIMUM; i++)
		if (!server->clients[i]) {
			server->clients[i] = client;
			return true;
		}
	return false;
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct server *server = listener->data;
	struct client *client;

	if (status != 0)
		return;
	client = calloc(1, sizeof(*client));
	if (!client)
		memory_exhausted(sizeof(*client));
	client->server = server;
	client->open = 2;
	client->stream.data = client->patience.data = client;
	(void)uv_tcp_init(&server->agent->loop, &client->stream);
	(void)uv_timer_init(&server->agent->loop, &client->patience);
	if (uv_accept(listener, (uv_stream_t *)&client->stream) != 0 ||
	    !take_place(server, client)) {
		close_client(client);
		return;
	}
	(void)uv_timer_start(&client->patience, on_patience_lost, CLIENT_PATIENCE_MS, 0);
	(void)uv_read_start((uv_stream_t *)&client->stream, on_room, on_read);
}

static bool bind_address(struct server *server, const char *address, unsigned port,
			 struct error *err)
{
	struct sockaddr_storage place = { 0 };
	int code = uv_ip4_addr(address, (int)port, (struct sockaddr_in *)&place);

	if (code != 0)
		code = uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)&place);
	if (code == 0)
		code = uv_tcp_bind(&server->listener, (const struct sockaddr *)&place, 0);
	if (code == 0)
		code = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
	if (code == 0)
		return true;
	return fail(err, ERROR_IO, "serving on %s port %u: %s", address, port, uv_strerror(code));
}

static unsigned port_of(const struct server *server)
{
	struct sockaddr_storage place = { 0 };
	int size = sizeof(place);
	const uint8_t *bytes =
		(const uint8_t *)&place + 2; /* the port of both families, big-endian */

	if (uv_tcp_getsockname(&server->listener, (struct sockaddr *)&place, &size) != 0)
		return 0;
	return 256u * bytes[0] + bytes[1];
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

struct server *server_start(struct agent *agent, const char *address, unsigned port,
			    struct error *err)
{
	struct server *server = calloc(1, sizeof(*server));

	if (!server)
		memory_exhausted(sizeof(*server));
	server->agent = agent;
	(void)uv_tcp_init(&agent->loop, &server->listener);
	server->listener.data = server;
	if (bind_address(server, address, port, err)) {
		if (!is_loopback(address))
			agent_say(agent, 4,
				  "%s is not a loopback address: who reaches it reads all findings",
				  address);
		agent_say(agent, 6, "serving http://%s:%u/metrics", address, port_of(server));
		return server;
	}
	server_stop(server);
	(void)uv_run(&agent->loop, UV_RUN_NOWAIT);
	free(server);
	return NULL;
}

void server_stop(struct server *server)
{
	for (unsigned i = 0; server && i < CLIENTS_MAXIMUM; i++)
		if (server->clients[i])
			close_client(server->clients[i]);
	if (server && !uv_is_closing((uv_handle_t *)&server->listener))
		uv_close((uv_handle_t *)&server->listener, NULL);
}
