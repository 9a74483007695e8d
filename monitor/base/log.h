/* One line an event on stderr, with a syslog level prefix ("<4>") when journald reads it
 * (JOURNAL_STREAM is set), else with the time. Any thread; a line is never cut by another one. */
#ifndef HARK_BASE_LOG_H
#define HARK_BASE_LOG_H

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Lines above `max` are dropped. Call before the first thread starts. */
void log_init(enum log_level max);
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* From here to log_release() lines of this thread wait for each other, a few kilobytes of them: what
 * reads them need not wake for every one. Only around what is done at once. */
void log_hold(void);
void log_release(void);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
