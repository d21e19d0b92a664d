#include "base/json.h"
#include "cli/quotes.h"
#include "host/writer.h"
#include "market/book_write.h"
#include "report/market.h"

enum {
	PIECE_BYTES = 1 << 16, /* written at once */
};

/* Where rows go while files are read; a writer that is not open is not wanted. */
struct outlet {
	const struct book *book;
	struct file_writer quotes, refused;
	struct text quotes_text, refused_text;
};

static bool flush(struct file_writer *writer, struct text *text, size_t least, struct error *err)
{
	if (text->length < least)
		return true;
	if (!file_writer_add(writer, text_span(text), err))
		return false;
	text_clear(text);
	return true;
}

static bool keep(void *context, const struct names *names, const struct quote *quote,
		 struct error *err)
{
	struct outlet *outlet = context;

	quote_write(&outlet->quotes_text, outlet->book->catalogue, names, quote);
	return flush(&outlet->quotes, &outlet->quotes_text, PIECE_BYTES, err);
}

/* Others' bytes, as they may stand in a file of text. */
static void put_cell(struct text *into, struct span cell)
{
	SCOPED_TEXT(shown);

	for (size_t i = 0; i < cell.length && i < NAME_LENGTH_MAXIMUM; i++) {
		unsigned char c = (unsigned char)cell.at[i];

		text_add_char(&shown, (char)(c >= 0x20 && c < 0x7f ? c : '?'));
	}
	text_add_char(into, ',');
	csv_put(into, text_span(&shown));
}

static bool refuse(void *context, enum refusal why, const char *file, uint64_t line,
		   const struct draft *draft, struct error *err)
{
	struct outlet *outlet = context;
	struct text *into = &outlet->refused_text;

	text_add(into, refusal_names[why]);
	put_cell(into, span_of(file));
	text_format(into, ",%llu", (unsigned long long)line);
	put_cell(into, draft->provider);
	put_cell(into, draft->product);
	put_cell(into, draft->region);
	put_cell(into, draft->gpu);
	put_cell(into, draft->price);
	text_add_char(into, '\n');
	return flush(&outlet->refused, into, PIECE_BYTES, err);
}

static bool outlet_open(struct outlet *outlet, const struct session *session, struct book *book,
			struct error *err)
{
	const struct options *options = session->options;

	outlet->book = book;
	if (options->to &&
	    !file_writer_open(&outlet->quotes, session->host, options->to, false, err))
		return false;
	if (options->refused &&
	    !file_writer_open(&outlet->refused, session->host, options->refused, false, err))
		return false;
	quotes_write_header(&outlet->quotes_text);
	text_add(&outlet->refused_text, "reason,file,line,provider,product,region,gpu,price\n");
	book->streaming = true;
	book->sink = (struct book_sink){
		.keep = options->to ? keep : NULL,
		.refuse = options->refused ? refuse : NULL,
		.context = outlet,
	};
	return true;
}

/* Nothing kept leaves the file of quotes as it was. */
static bool outlet_finish(struct outlet *outlet, struct error *err)
{
	if (outlet->quotes.is_open && outlet->book->kept > 0 &&
	    (!flush(&outlet->quotes, &outlet->quotes_text, 0, err) ||
	     !file_writer_finish(&outlet->quotes, err)))
		return false;
	return !outlet->refused.is_open ||
	       (flush(&outlet->refused, &outlet->refused_text, 0, err) &&
		file_writer_finish(&outlet->refused, err));
}

static void outlet_release(struct outlet *outlet)
{
	file_writer_release(&outlet->quotes);
	file_writer_release(&outlet->refused);
	text_release(&outlet->quotes_text);
	text_release(&outlet->refused_text);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct outlet outlet __attribute__((cleanup(outlet_release))) = { 0 };
	SCOPED_MARKET(market);
	struct book *book = &market.book;

	if (!load_catalogue(session, &market.catalogue, &market.exchange, err) ||
	    !outlet_open(&outlet, session, book, err))
		return STATUS_ERROR;
	book->catalogue = &market.catalogue;
	book->exchange = &market.exchange;
	book->now = end_of_today(session);
	if (!load_quotes(session, options->arguments, options->argument_count, book, err) ||
	    !outlet_finish(&outlet, err))
		return STATUS_ERROR;
	import_write(book, book->kept > 0 ? options->to : NULL, options->format, &style,
		     session->output);
	return book->kept > 0 ? STATUS_GOOD : STATUS_FAILS;
}

const struct command command_market_import = {
	.name = "market import",
	.arguments = "FILE...",
	.summary = "read prices of any source into quotes, and say what was refused and why",
	.text = "Reads price lists, files or whole folders, plain or compressed with gzip, - for "
		"standard input, and makes a quote of each row or refuses it with a reason. "
		"Nothing is dropped in silence: all reasons are counted and shown with examples. "
		"--to writes the quotes as CSV that every command of the market reads, --refused "
		"lists what was refused. The exit status is 1 when no row became a quote.",
	.options = TAKES_QUOTES | TAKES_IMPORT | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
