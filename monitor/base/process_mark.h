/* Finds what a program left running by a variable of its environment, which its children inherit: neither a session of
 * their own nor a second fork hides them. Linux, through /proc; of other users' processes nothing is seen, and who
 * empties the environment is not found. Any thread. */
#ifndef HARK_BASE_PROCESS_MARK_H
#define HARK_BASE_PROCESS_MARK_H

/* Kills (SIGKILL) all whose environment has `mark`, "NAME=value", but us. */
void process_mark_kill(const char *mark);

#endif
