// RE2::Set over the lines of a file, for `make bench`; built only where libre2-dev is.
// re2_set literal|regex PATTERNS TEXT: "lines matched pairs ns-a-line build-seconds".
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

static double now_ns()
{
	timespec ts;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return static_cast<double>(ts.tv_sec) * 1e9 + static_cast<double>(ts.tv_nsec);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		return 2;
	}
	RE2::Options options;
	options.set_literal(std::string(argv[1]) == "literal");
	options.set_case_sensitive(options.literal());
	options.set_max_mem(int64_t{2} << 30);
	options.set_log_errors(false);
	RE2::Set set(options, RE2::UNANCHORED);
	std::ifstream patterns(argv[2]), text(argv[3]);
	std::string line;
	std::vector<std::string> lines;
	double began = now_ns();
	while (std::getline(patterns, line)) {
		if (set.Add(line, nullptr) < 0) {
			return 3;
		}
	}
	if (!set.Compile()) {
		return 3;
	}
	double built = now_ns();
	while (std::getline(text, line)) {
		lines.push_back(line);
	}
	size_t matched = 0, pairs = 0;
	double took = 0;
	for (int round = 0; round < 2; round++) { // the second is warm
		matched = pairs = 0;
		double start = now_ns();
		for (const std::string &one : lines) {
			std::vector<int> found;
			RE2::Set::ErrorInfo error{};
			if (set.Match(one, &found, &error)) {
				matched++;
				pairs += found.size();
			} else if (error.kind != RE2::Set::kNoError) {
				return 3;
			}
		}
		took = now_ns() - start;
	}
	std::cout << lines.size() << ' ' << matched << ' ' << pairs << ' '
		  << took / static_cast<double>(lines.size()) << ' ' << (built - began) / 1e9
		  << '\n';
	return 0;
}
