#include "monitor/cli/cli.h"

#include "monitor/fetch/fetch.h"

int main(int argc, char **argv)
{
	fetch_locale();
	return cli_main(argc, argv);
}
