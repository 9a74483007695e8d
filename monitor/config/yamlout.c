#include "monitor/config/yamlout.h"

#include "monitor/base/jsonout.h"

#include <ctype.h>

/* Stays what it is without quotes, in a flow mapping too. Rather a quote too many than one too few. */
static bool is_plain(struct str text)
{
	if (text.n == 0 || !isalnum((unsigned char)text.p[0])) {
		return false;
	}
	for (size_t i = 0; i < text.n; i++) {
		if (!isalnum((unsigned char)text.p[i]) && strchr("-_./+@", text.p[i]) == NULL) {
			return false;
		}
	}
	return true;
}

void yamlout_text(struct buf *out, struct str text)
{
	struct jsonout j;
	if (is_plain(text)) {
		buf_add_str(out, text);
		return;
	}
	jsonout_init(&j, out); /* a JSON string is a double-quoted YAML scalar */
	jsonout_str(&j, text.p != NULL ? text : STR(""));
}

void yamlout_node(struct buf *out, const struct yaml_node *node)
{
	switch (node->kind) {
	case YAML_SCALAR:
		yamlout_text(out, node->text);
		return;
	case YAML_SEQUENCE:
		buf_add_c(out, "[");
		for (size_t i = 0; i < node->n; i++) {
			buf_add_c(out, i > 0 ? ", " : "");
			yamlout_node(out, node->items[i]);
		}
		buf_add_c(out, "]");
		return;
	case YAML_MAPPING:
		buf_add_c(out, "{ ");
		for (size_t i = 0; i < node->n; i++) {
			buf_add_c(out, i > 0 ? ", " : "");
			yamlout_text(out, node->pairs[i].key->text);
			buf_add_c(out, ": ");
			yamlout_node(out, node->pairs[i].value);
		}
		buf_add_c(out, " }");
		return;
	}
}
