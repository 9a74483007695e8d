/* harkd: see daemon.h for what it does. */
#include "monitor/base/log.h"

int main(void)
{
	log_init(LOG_LEVEL_INFO);
	log_error("harkd: nothing to do yet");
	return 2;
}
