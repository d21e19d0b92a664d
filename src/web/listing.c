#include "web/listing.h"

#include <stdint.h>

#include "web/target.h"

bool listing_open(struct listing *listing, const struct web_request *request,
		  struct web_answer *answer, const char *schema, const char *key)
{
	struct error err = { 0 };

	*listing = (struct listing){ .request = request,
				     .answer = answer,
				     .writer = { .into = &answer->body } };
	if (!web_number(request, "after", (struct web_range){ 0, 0, INT64_MAX }, &listing->after,
			&err) ||
	    !web_number(request, "limit", (struct web_range){ LISTING_DEFAULT, 1, LISTING_MAXIMUM },
			&listing->limit, &err)) {
		err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return false;
	}
	json_open_object(&listing->writer);
	json_pair_string(&listing->writer, "schema", schema);
	json_key(&listing->writer, key);
	json_open_array(&listing->writer);
	return true;
}

bool listing_add(struct listing *listing, int64_t place, struct span document)
{
	if (listing->given == listing->limit) {
		listing->more = true;
		return false;
	}
	json_put_document(&listing->writer, document);
	listing->given++;
	listing->last = place;
	return true;
}

bool listing_add_stored(struct listing *listing, struct web *web, struct store_query *query,
			void (*write)(struct text *into, const struct store_found *found),
			struct error *err)
{
	struct store *store = web_store_take(web, SQL_READ, err);
	struct store_cursor *cursor = NULL;
	struct store_found found;
	SCOPED_TEXT(document);
	bool more = true, good;

	if (!store)
		return false;
	query->after = listing->after;
	query->limit = (size_t)listing->limit + 1;
	good = store_find(store, query, &cursor, err);
	while (good && more) {
		good = store_next(cursor, &found, &more, err);
		if (!good || !more)
			break;
		text_clear(&document);
		if (write)
			write(&document, &found);
		more = listing_add(listing, found.place,
				   write ? text_span(&document) : found.entry.line);
	}
	store_cursor_close(cursor);
	web_store_end(web, SQL_READ, store, err);
	return good;
}

static const char *next_of(const struct listing *listing, const char *const (*fields)[2])
{
	SCOPED_TEXT(url);

	text_format(&url, "%s?after=%lld&limit=%lld", listing->request->path,
		    (long long)listing->last, (long long)listing->limit);
	for (; fields && (*fields)[0]; fields++) {
		if (!(*fields)[1])
			continue;
		text_format(&url, "&%s=", (*fields)[0]);
		text_add_percent(&url, span_of((*fields)[1]));
	}
	return arena_string(listing->request->arena, text_span(&url));
}

void listing_close(struct listing *listing, const char *const (*fields)[2])
{
	struct json_writer *writer = &listing->writer;

	json_close_array(writer);
	json_pair_integer(writer, "count", listing->given);
	if (listing->more)
		listing->answer->next = next_of(listing, fields);
	json_pair_string(writer, "next", listing->answer->next);
	json_close_object(writer);
	text_add_char(writer->into, '\n');
}
