#include "monitor/api/page.h"

void page_answer(struct call *c, int status, const char *title, struct str html)
{
	buf_clear(&c->out);
	buf_printf(&c->out,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\">"
		"<title>%s</title></head>\n<body><main><h1>%s</h1>\n",
		title, title);
	buf_add_str(&c->out, html);
	buf_add_c(&c->out, "</main></body></html>\n");
	call_answer_as(c, status, "text/html; charset=utf-8");
}
