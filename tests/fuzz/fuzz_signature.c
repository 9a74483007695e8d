#include "tests/fuzz/fuzz.h"

#include "monitor/api/signature.h"

#include <assert.h>

#define NOW_MS INT64_C(1800000000000)

/* Lines of the input are a push's headers, id, timestamp and signature, and the rest its body: nobody who
 * lacks the key gets through. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str secret = STR("a key the fuzzer does not use");
	struct str rest = str_n((const char *)data, size);
	struct signature_message m = {0};
	str_split(&rest, '\n', &m.id);
	str_split(&rest, '\n', &m.timestamp);
	str_split(&rest, '\n', &m.signature);
	m.body = rest;
	assert(signature_webhook(&m, secret, NOW_MS) != SIGNATURE_GOOD);
	assert(signature_webhook(&m, m.id, NOW_MS) <= SIGNATURE_NO_KEY);
	assert(signature_hub(m.signature, m.body, secret, true) != SIGNATURE_GOOD);
	assert(signature_hub(m.signature, m.body, secret, false) != SIGNATURE_GOOD);
	return 0;
}
