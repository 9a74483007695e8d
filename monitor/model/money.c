#include "monitor/model/money.h"

bool money_currency(struct str code)
{
	bool good = code.n == 3;
	for (size_t i = 0; i < code.n; i++) {
		good = good && code.p[i] >= 'A' && code.p[i] <= 'Z';
	}
	return good;
}
