/* The daemon of libmicrohttpd, its call-backs, and the end. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "evidence/random.h"
#include "host/system.h"
#include "web/feedback_cache.h"
#include "web/parts.h"

enum {
	CONNECTION_BYTES = 32 << 10, /* of the library, for head and answer's head */
	MS_PER_S = 1000,
	END_PATIENCE_MS = 5000,
	END_STEP_US = 10000,
	URL_SIZE = 128,
	MORE_OPTIONS = 8,
};

static void *begin(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct web *web = context;
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	const union MHD_ConnectionInfo *info =
		web->http.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct web_link *link = info ? info->socket_context : NULL;

	if (!exchange)
		memory_exhausted(sizeof(*exchange));
	exchange->web = web;
	exchange->connection = connection;
	exchange->raw_at = uri;
	exchange->raw = arena_string(&exchange->arena, span_of(uri ? uri : ""));
	exchange->began_ms = web_now_ms();
	exchange->method = "";
	exchange->request.address = link ? link->address : "?";
	exchange->request.content_type = SPAN("");
	atomic_fetch_add(&web->under_way, 1);
	return exchange;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are those of the library */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **own)
{
	struct exchange *exchange = *own;

	(void)context;
	(void)connection;
	(void)url;
	if (!exchange || exchange->is_answered)
		return MHD_NO;
	if (!exchange->seen) {
		exchange->seen = true;
		exchange->is_refused = !exchange_admit(exchange, method, version);
		/* What is answered at this call leaves a body that follows unread and ends the
		 * connection. */
		return exchange->is_refused && exchange->closes ? exchange_respond(exchange)
								: MHD_YES;
	}
	if (*upload_size > 0) {
		if (!exchange->is_refused)
			text_add_span(&exchange->body, (struct span){ upload, *upload_size });
		*upload_size = 0;
		return exchange->body.overflowed ? MHD_NO : MHD_YES;
	}
	if (!exchange->is_refused)
		exchange_handle(exchange);
	return exchange_respond(exchange);
}

static void mark_idle(struct web *web, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		web->http.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct web_link *link = info ? info->socket_context : NULL;

	if (!link)
		return;
	lock_take(&web->lock);
	link->since_ms = web_now_ms();
	lock_give(&web->lock);
}

static void complete(void *context, struct MHD_Connection *connection, void **own,
		     enum MHD_RequestTerminationCode how)
{
	struct web *web = context;
	struct exchange *exchange = *own;

	if (!exchange)
		return;
	if (how != MHD_REQUEST_TERMINATED_COMPLETED_OK && !exchange->answer.why)
		exchange->answer.why = "the connection ended before the answer was whole";
	if (exchange->status == 0)
		exchange->status = MHD_HTTP_BAD_REQUEST;
	log_exchange(exchange);
	mark_idle(web, connection);
	lock_take(&web->lock);
	web->bodies_bytes -= exchange->body_counted;
	lock_give(&web->lock);
	snapshot_drop(exchange->snapshot);
	text_release(&exchange->body);
	text_release(&exchange->answer.body);
	arena_release(&exchange->arena);
	free(exchange);
	*own = NULL;
	atomic_fetch_sub(&web->under_way, 1);
}

static void link_begin(struct web *web, struct MHD_Connection *connection, void **own)
{
	struct web_link *link = calloc(1, sizeof(*link));
	const union MHD_ConnectionInfo *info =
		web->http.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (!link)
		memory_exhausted(sizeof(*link));
	link->fd = info ? info->connect_fd : -1;
	info = web->http.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	host_address_text(info ? info->client_addr : NULL, link->address);
	link->since_ms = web_now_ms();
	lock_take(&web->lock);
	link->next = web->links;
	if (link->next)
		link->next->before = link;
	web->links = link;
	lock_give(&web->lock);
	*own = link;
}

static void link_end(struct web *web, void **own)
{
	struct web_link *link = *own;

	if (!link)
		return;
	lock_take(&web->lock);
	if (link->next)
		link->next->before = link->before;
	if (link->before)
		link->before->next = link->next;
	else
		web->links = link->next;
	lock_give(&web->lock);
	free(link);
	*own = NULL;
}

static void follow(void *context, struct MHD_Connection *connection, void **own,
		   enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		link_begin(context, connection, own);
	else
		link_end(context, own);
}

/* Hangs up on those whose request takes too long as a whole, however steadily it trickles. */
static void sweep(struct web *web)
{
	int64_t latest = web_now_ms() - (int64_t)web->how->limits.request_s * MS_PER_S;

	lock_take(&web->lock);
	for (struct web_link *link = web->links; link; link = link->next) {
		if (link->since_ms > latest)
			continue;
		host_hang_up(link->fd);
		link->since_ms = INT64_MAX;
	}
	lock_give(&web->lock);
}

/* The library's own words, of which the answers that it gives by itself are worth a line. */
static void hear(void *context, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void hear(void *context, const char *format, va_list args)
{
	char said[256];

	(void)vsnprintf(said, sizeof(said), format, args);
	said[strcspn(said, "\n")] = '\0';
	log_event(context, "connection", "said", said, NULL);
}

/* Paths and fields are decoded by web/target.h alone. */
static size_t leave(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* The library's options take texts as pointers to what could be changed. */
static struct MHD_OptionItem text_option(enum MHD_OPTION option, const char *text)
{
	return (struct MHD_OptionItem){ option, 0, (void *)(uintptr_t)text };
}

/* The trust that is given makes the library ask clients for a certificate; whether one is good is
 * looked up by its fingerprint, so nobody has to vouch for it. */
static unsigned add_tls(const struct web_settings *how,
			struct MHD_OptionItem more[static MORE_OPTIONS], unsigned count)
{
	more[count++] = text_option(MHD_OPTION_HTTPS_MEM_KEY, how->key);
	more[count++] = text_option(MHD_OPTION_HTTPS_MEM_CERT, how->certificate);
	more[count++] = text_option(MHD_OPTION_HTTPS_MEM_TRUST, how->certificate);
	more[count++] = text_option(MHD_OPTION_HTTPS_PRIORITIES,
				    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2");
	return count;
}

static bool start(struct web *web, int fd)
{
	const struct web_settings *how = web->how;
	unsigned threads = how->threads < 2 ? 1 : how->threads;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem more[MORE_OPTIONS] = { 0 };
	unsigned count = 0;

	if (threads > THREADS_SERVING_MAXIMUM)
		threads = THREADS_SERVING_MAXIMUM;
	if (threads > 1)
		more[count++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE,
							 (intptr_t)threads, NULL };
	if (how->certificate) {
		flags |= MHD_USE_TLS;
		count = add_tls(how, more, count);
	}
	more[count] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	web->daemon = web->http.start_daemon(
		flags, 0, NULL, NULL, handle, web, MHD_OPTION_EXTERNAL_LOGGER, hear, web,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, begin, web,
		MHD_OPTION_NOTIFY_COMPLETED, complete, web, MHD_OPTION_NOTIFY_CONNECTION, follow,
		web, MHD_OPTION_UNESCAPE_CALLBACK, leave, web, MHD_OPTION_CONNECTION_LIMIT,
		how->limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		how->limits.connections_each, MHD_OPTION_CONNECTION_TIMEOUT, how->limits.idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
#if MHD_VERSION >= 0x00097701
		MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#endif
		MHD_OPTION_ARRAY, more, MHD_OPTION_END);
	return web->daemon != NULL;
}

/* Waits for a signal that ends it, and looks after slow requests and the store meanwhile. */
static int wait_for_end(struct web *web, const sigset_t *signals)
{
	const struct timespec second = { .tv_sec = 1 };

	for (;;) {
		int signal = sigtimedwait(signals, NULL, &second);

		if (signal > 0)
			return signal;
		sweep(web);
		if (renew_is_due(web) || uses_are_due(web))
			bell_ring(&web->renew);
	}
}

static void stop(struct web *web)
{
	int64_t until = web_now_ms() + END_PATIENCE_MS;
	int fd = web->http.quiesce_daemon(web->daemon);

	while (atomic_load(&web->under_way) > 0 && web_now_ms() < until)
		(void)usleep(END_STEP_US);
	web->http.stop_daemon(web->daemon);
	if (fd >= 0)
		(void)close(fd);
}

static void tell(const struct web_settings *how, unsigned port)
{
	bool six = strchr(how->address, ':') != NULL;
	char url[URL_SIZE];

	(void)snprintf(url, sizeof(url), "%s://%s%s%s:%u/", how->certificate ? "https" : "http",
		       six ? "[" : "", how->address, six ? "]" : "", port);
	if (how->ready)
		how->ready(how->context, url);
}

static bool run(struct web *web, struct error *err)
{
	struct thread renewing = { 0 };
	unsigned port = 0;
	sigset_t signals;
	int fd = -1, signal;

	/* Before any thread is there, so that all of them leave these to this one. */
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	if (!renew_first(web, err) ||
	    !host_listen(web->how->address, web->how->port, &fd, &port, err))
		return false;
	if (!thread_start(&renewing, renew_work, web))
		return fail(err, ERROR_IO, "the system gives no thread");
	if (!start(web, fd)) {
		(void)close(fd);
		(void)fail(err, ERROR_IO, "the server does not start; see its lines above");
	} else {
		tell(web->how, port);
		signal = wait_for_end(web, &signals);
		log_event(web, "end", "signal", signal == SIGINT ? "SIGINT" : "SIGTERM", NULL);
		stop(web);
	}
	atomic_store(&web->is_ending, true);
	bell_ring(&web->renew);
	thread_join(&renewing);
	return web->daemon != NULL;
}

bool web_serve(const struct web_settings *how, struct error *err)
{
	struct web web = {
		.how = how,
		.lock = LOCK_READY,
		.writing = LOCK_READY,
		.logging = LOCK_READY,
		.renew = BELL_READY,
		.buckets = calloc(1, sizeof(*web.buckets)),
	};
	bool good;

	if (!web.buckets)
		memory_exhausted(sizeof(*web.buckets));
	web.told = told_cache_new();
	random_secret(&web.buckets->salt, sizeof(web.buckets->salt));
	random_secret(web.form_key, sizeof(web.form_key));
	if (!how->certificate && !host_is_loopback(how->address)) {
		told_cache_free(web.told);
		free(web.buckets);
		return fail(err, ERROR_INVALID,
			    "'%s' is reached by others, and without TLS they could read along; "
			    "give --tls-make DIR, or --tls-certificate and --tls-key",
			    how->address);
	}
	good = microhttpd_find(&web.http, err) &&
	       (!how->certificate || gnutls_find(&web.tls, err)) && run(&web, err);
	snapshot_drop(web.snapshot);
	evidence_set_release(&web.evidence);
	while (web.reader_count > 0)
		store_close(web.readers[--web.reader_count]);
	store_close(web.writer);
	told_cache_free(web.told);
	free(web.buckets);
	return good;
}
