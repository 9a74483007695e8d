/* Amounts of money, whose currency is an ISO 4217 code. Pure. */
#ifndef HARK_MODEL_MONEY_H
#define HARK_MODEL_MONEY_H

#include "monitor/base/str.h"

/* Three capitals, as EUR. */
bool money_currency(struct str code);

#endif
