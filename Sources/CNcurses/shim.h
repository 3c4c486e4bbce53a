// What Swift cannot import of ncurses and of the C library: macros, variadic functions, mutable
// globals, and handlers that run inside a signal.

#ifndef COUNTERSIGN_CNCURSES_SHIM_H
#define COUNTERSIGN_CNCURSES_SHIM_H

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <ncurses.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// Declared here because their headers hide them without feature macros that would have to be set
// before the whole C library is imported (and <term.h> defines macros by the hundred).
extern int wcwidth(wchar_t);
extern int eventfd(unsigned, int);
extern int pipe2(int *, int);
extern int dup3(int, int, int);
extern int memfd_create(const char *, unsigned);
extern int setupterm(const char *, int, int *);
struct term;
extern struct term *set_curterm(struct term *);
extern int del_curterm(struct term *);
extern char **environ;

// MARK: - ncurses globals and macros

static inline WINDOW *tui_stdscr(void) { return stdscr; }
static inline WINDOW *tui_curscr(void) { return curscr; }
static inline int tui_colours(void) { return COLORS; }
static inline char **tui_environment(void) { return environ; }

enum tui_attribute {
  TUI_BOLD = 1,
  TUI_UNDERLINE = 2,
  TUI_REVERSE = 4,
  TUI_FAINT = 8,
};

// One cell to paint; scalar 0 is the right half of a wide glyph and is left out.
typedef struct {
  unsigned scalar, first_mark, second_mark, attributes;
  int pair;
} tui_cell;

// Paints one row from its first column. `buffer` has room for `count` characters. The pair goes
// through the last parameter of setcchar, which is the way to pairs above 255.
static inline int tui_paint_row(
    WINDOW *window, int row, const tui_cell *cells, int count, cchar_t *buffer) {
  int used = 0;
  for (int i = 0; i < count; i++) {
    if (!cells[i].scalar) continue;
    wchar_t text[4] = {(wchar_t)cells[i].scalar, (wchar_t)cells[i].first_mark,
                       (wchar_t)cells[i].second_mark, 0};
    attr_t attributes = 0;
    if (cells[i].attributes & TUI_BOLD) attributes |= WA_BOLD;
    if (cells[i].attributes & TUI_UNDERLINE) attributes |= WA_UNDERLINE;
    if (cells[i].attributes & TUI_REVERSE) attributes |= WA_REVERSE;
    if (cells[i].attributes & TUI_FAINT) attributes |= WA_DIM;
    int pair = cells[i].pair;
    if (setcchar(&buffer[used], text, attributes, 0, &pair) == ERR) return ERR;
    used++;
  }
  return mvwadd_wchnstr(window, row, 0, buffer, used);
}

// Selects a UTF-8 character type for the process; returns 0 when the system has none.
static inline int tui_select_utf8(void) {
  setlocale(LC_ALL, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
  return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

// Whether the terminal database has an entry: 1 yes, 0 no, -1 there is no database, 2 yes, but a
// terminal that cannot place its cursor or clear its screen.
static inline int tui_probe_terminal(const char *name, int fd) {
  int status = 0;
  struct term *before = set_curterm(NULL);
  if (setupterm(name, fd, &status) == OK) {
    const char *place = tigetstr("cup"), *clear = tigetstr("clear");
    int is_rich = place && place != (char *)-1 && clear && clear != (char *)-1;
    struct term *probed = set_curterm(before);
    del_curterm(probed);
    return is_rich ? 1 : 2;
  }
  set_curterm(before);
  return status > 0 ? 0 : status;
}

static inline int tui_window_size(int fd, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

// MARK: - Signals
//
// Swift emits what it uses of a header into every object file that uses it, also after inlining a
// Swift function from one file into another. The state must exist once: it belongs to a function
// that is weak, so that the linker keeps one of the copies and every caller goes through it.

#define TUI_RESTORE_CAPACITY 1024
#define TUI_LOG_TAIL 2048

// What the handlers need. (Swift does not emit a header's variables at file level at all.)
typedef struct {
  volatile sig_atomic_t screen_is_up, signal_pipe, terminal, saved_stderr;
  struct termios saved_modes;
  size_t restore_length;
  char restore_text[TUI_RESTORE_CAPACITY];
  struct sigaction previous[NSIG];
  long alternate_stack[64 * 1024 / sizeof(long)];
} tui_guard_state;

__attribute__((weak, noinline)) tui_guard_state *tui_guard(void) {
  static tui_guard_state state = {
      .signal_pipe = -1,
      .terminal = -1,
      .saved_stderr = -1,
  };
  return &state;
}

// Notes a signal for the loop: one byte in the pipe.
static void tui_note_signal(int signal) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal;
  if (tui_guard()->signal_pipe >= 0) {
    // A pipe that is full has woken the loop already.
    ssize_t written = write(tui_guard()->signal_pipe, &byte, 1);
    (void)written;
  }
  errno = saved;
}

// Writes what was logged last to the standard error of old. Async-signal-safe.
static void tui_copy_log_tail(int log, int target) {
  char tail[TUI_LOG_TAIL];
  off_t end = lseek(log, 0, SEEK_END);
  off_t start = end > TUI_LOG_TAIL ? end - TUI_LOG_TAIL : 0;
  if (end <= 0 || lseek(log, start, SEEK_SET) < 0) return;
  ssize_t count = read(log, tail, sizeof tail);
  for (ssize_t i = 0; i < count; i++) {
    unsigned char byte = (unsigned char)tail[i];
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte >= 0x7F) tail[i] = '?';
  }
  if (count > 0) {
    ssize_t written = write(target, tail, (size_t)count);
    (void)written;
  }
}

// Leaves the screen if it is up: text, modes, standard error. Async-signal-safe.
static void tui_leave_screen(int copies_log) {
  tui_guard_state *guard = tui_guard();
  if (!guard->screen_is_up) return;
  guard->screen_is_up = 0;
  ssize_t written = write(guard->terminal, guard->restore_text, guard->restore_length);
  (void)written;
  tcsetattr(guard->terminal, TCSANOW, &guard->saved_modes);
  if (guard->saved_stderr < 0) return;
  if (copies_log) tui_copy_log_tail(2, guard->saved_stderr);
  dup2(guard->saved_stderr, 2);
}

// Restores the terminal as far as a signal handler can, then lets the signal take its course.
static void tui_fatal_signal(int signal, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  tui_leave_screen(1);
  sigaction(signal, &tui_guard()->previous[signal], NULL);
  errno = saved;
  // A fault happens again when its instruction does; a signal that was sent has to be sent again.
  if (info == NULL || info->si_code <= 0) raise(signal);
}

// Restores the terminal when the program exits without closing its screen.
static void tui_at_exit(void) { tui_leave_screen(1); }

static inline int tui_restore_at_exit(void) { return atexit(tui_at_exit); }

// Keeps what the fatal handler needs: modes of the terminal as they are now.
static inline int tui_guard_terminal(int terminal, int pipe_end) {
  tui_guard()->terminal = terminal;
  tui_guard()->signal_pipe = pipe_end;
  return tcgetattr(terminal, &tui_guard()->saved_modes);
}

static inline void tui_guard_text(const char *text, size_t length) {
  tui_guard()->restore_length = length < TUI_RESTORE_CAPACITY ? length : TUI_RESTORE_CAPACITY;
  memcpy(tui_guard()->restore_text, text, tui_guard()->restore_length);
}

static inline void tui_guard_screen(int is_up, int saved_stderr) {
  tui_guard()->saved_stderr = saved_stderr;
  tui_guard()->screen_is_up = is_up;
}

static inline int tui_restore_modes(int terminal) {
  return tcsetattr(terminal, TCSADRAIN, &tui_guard()->saved_modes);
}

// Has the signal noted in the pipe, and keeps the handler of before.
static inline int tui_watch_signal(int signal) {
  struct sigaction action = {0};
  action.sa_handler = tui_note_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, &tui_guard()->previous[signal]);
}

static inline int tui_watch_fatal_signal(int signal) {
  struct sigaction action = {0};
  action.sa_sigaction = tui_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, &tui_guard()->previous[signal]);
}

static inline int tui_unwatch_signal(int signal) {
  return sigaction(signal, &tui_guard()->previous[signal], NULL);
}

// Gives the signal its default action or has it ignored, for the time a child has the terminal;
// tui_rewatch_signal notes it again without forgetting the handler of before.
static inline int tui_default_signal(int number) {
  struct sigaction action = {0};
  action.sa_handler = SIG_DFL;
  return sigaction(number, &action, NULL);
}

static inline int tui_ignore_signal(int number) {
  struct sigaction action = {0};
  action.sa_handler = SIG_IGN;
  return sigaction(number, &action, NULL);
}

static inline int tui_rewatch_signal(int number) {
  struct sigaction action = {0};
  action.sa_handler = tui_note_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, NULL);
}

static inline int tui_refatal_signal(int number) {
  struct sigaction action = {0};
  action.sa_sigaction = tui_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, NULL);
}

// Gives the calling thread a stack for signal handlers, unless it has one: a stack overflow leaves
// no room on its own.
static inline void tui_provide_signal_stack(void) {
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && !(current.ss_flags & SS_DISABLE)) return;
  stack_t stack = {0};
  stack.ss_sp = tui_guard()->alternate_stack;
  stack.ss_size = sizeof tui_guard()->alternate_stack;
  sigaltstack(&stack, NULL);
}

#endif
