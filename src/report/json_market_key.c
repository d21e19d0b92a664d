#include "report/json_market_key.h"

void json_pairs_key(struct json_writer *writer, const struct key *key,
		    const struct catalogue *catalogue)
{
	SCOPED_TEXT(text);

	key_format(key, catalogue, &text);
	json_pair_string(writer, "key", text_string(&text));
	json_pair_string(writer, "gpu", catalogue->gpus[key->gpu].name);
	json_key(writer, "memory_gb");
	if (key->memory_gb > 0)
		json_put_integer(writer, key->memory_gb);
	else
		json_put_null(writer);
	json_pair_string(writer, "form", form_names[key->form]);
	json_pair_string(writer, "rental", rental_names[key->rental]);
	json_key(writer, "term_months");
	if (key->term_months > 0)
		json_put_integer(writer, key->term_months);
	else
		json_put_null(writer);
	json_pair_string(writer, "tier", key_tier_name(key));
	json_pair_bool(writer, "composite", key->tier == KEY_ALL_TIERS);
}
