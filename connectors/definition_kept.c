/* What of a list is still there when an item's detail comes: the item and what its lookups found. */
#include "connectors/definition_parts.h"

/* The scalar under a node that has the pointer in it, or the node. */
static const struct yaml_node *find_text(const struct yaml_node *node, struct str text)
{
	if (node->kind == YAML_SCALAR) {
		return str_find(node->text, text) != SIZE_MAX ? node : NULL;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_node *found = find_text(
			node->kind == YAML_MAPPING ? node->pairs[i].value : node->items[i], text);
		if (found != NULL) {
			return found;
		}
	}
	return NULL;
}

static void check_pointer(struct defread *r, const struct yaml_node *node, const struct pointer *p)
{
	if (node == NULL || (p->from != POINTER_ROOT && p->from != POINTER_PARENT)) {
		return;
	}
	const struct yaml_node *at = find_text(node, p->text);
	defread_say(r, at != NULL ? at : node, D_POINTER,
		"the item and what lookups find are kept: take it from there, or write $detail for "
		"the detail's own",
		"%.*s is gone when the detail comes", STR_FMT(str_cut_utf8(p->text, 80)));
}

static void check_form(struct defread *r, const struct yaml_node *node, const struct form *form)
{
	for (size_t i = 0; form != NULL && i < form->n; i++) {
		if (form->blanks[i].is_pointer) {
			check_pointer(r, node, &form->blanks[i].pointer);
		}
	}
}

static void check_conditions(
	struct defread *r, const struct yaml_node *node, const struct conditions *all)
{
	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const struct condition *c = &all->v[i];
		check_pointer(r, node, &c->pointer);
		for (size_t k = 0; c->forms != NULL && k < c->values_n; k++) {
			check_form(r, node, c->forms[k]);
		}
	}
}

static void check_field(struct defread *r, const struct yaml_node *node, const struct field *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct alternative *a = &f->alternatives[i];
		for (size_t k = 0; k < a->pointers_n; k++) {
			check_pointer(r, node, &a->pointers[k]);
		}
		check_form(r, node, a->form);
		check_conditions(r, node, a->when);
	}
}

void check_def_kept(struct defread *r, const struct yaml_node *root)
{
	const struct definition *d = r->d;
	const struct yaml_node *map = yaml_get(root, "map"), *items = yaml_get(root, "items");
	if (!d->detail.present || d->detail.list_is_ids) { /* of ids the detail is the item */
		return;
	}
	for (size_t i = 0; i < d->map.n; i++) {
		const struct field *f = &d->map.fields[i];
		check_field(r, yaml_get(map, f->target->name), f);
	}
	check_conditions(r, yaml_get(items, "opt_out"), &d->items.opt_out);
	check_conditions(r, yaml_get(items, "skip_if"), &d->items.skip);
	check_conditions(r, yaml_get(items, "keep_if"), &d->items.keep);
}
