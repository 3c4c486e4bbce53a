// A terminal emulator (libvterm) and pseudo terminals for tests: bit fields, callbacks and calls
// that Swift does not see.

#ifndef COUNTERSIGN_CVTERM_SHIM_H
#define COUNTERSIGN_CVTERM_SHIM_H

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vterm.h>

extern int posix_openpt(int);
extern int grantpt(int);
extern int unlockpt(int);
extern int ptsname_r(int, char *, size_t);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern long syscall(long, ...);

// What the program asked of the terminal beyond cells.
typedef struct {
  int is_cursor_visible;
  int is_alternate_screen;
  int mouse;
  int bells;
} cvterm_state;

static int cvterm_set_property(VTermProp property, VTermValue *value, void *user) {
  cvterm_state *state = (cvterm_state *)user;
  switch (property) {
    case VTERM_PROP_CURSORVISIBLE: state->is_cursor_visible = value->boolean; break;
    case VTERM_PROP_ALTSCREEN: state->is_alternate_screen = value->boolean; break;
    case VTERM_PROP_MOUSE: state->mouse = value->number; break;
    default: break;
  }
  return 1;
}

static int cvterm_bell(void *user) {
  ((cvterm_state *)user)->bells++;
  return 1;
}

static inline void cvterm_watch(VTermScreen *screen, cvterm_state *state) {
  static const VTermScreenCallbacks callbacks = {
      .settermprop = cvterm_set_property,
      .bell = cvterm_bell,
  };
  state->is_cursor_visible = 1;
  vterm_screen_set_callbacks(screen, &callbacks, state);
  vterm_screen_enable_altscreen(screen, 1);
}

// One cell: colours are -1 for the terminal's own, 0 to 255 for the palette, or 1 << 24 | RGB.
typedef struct {
  unsigned chars[VTERM_MAX_CHARS_PER_CELL];
  int width, foreground, background;
  int is_bold, underline, is_reverse;
} cvterm_cell;

static inline int cvterm_colour(const VTermColor *colour) {
  if (colour->type & VTERM_COLOR_DEFAULT_MASK) return -1;
  if (VTERM_COLOR_IS_INDEXED(colour)) return colour->indexed.idx;
  return 1 << 24 | colour->rgb.red << 16 | colour->rgb.green << 8 | colour->rgb.blue;
}

static inline cvterm_cell cvterm_get_cell(VTermScreen *screen, int row, int column) {
  cvterm_cell result = {0};
  VTermScreenCell cell;
  VTermPos position = {row, column};
  if (!vterm_screen_get_cell(screen, position, &cell)) return result;
  for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
    result.chars[i] = cell.chars[i];
  }
  result.width = cell.width;
  result.foreground = cvterm_colour(&cell.fg);
  result.background = cvterm_colour(&cell.bg);
  result.is_bold = cell.attrs.bold;
  result.underline = cell.attrs.underline;
  result.is_reverse = cell.attrs.reverse;
  return result;
}

static inline void cvterm_cursor(VTerm *terminal, int *row, int *column) {
  VTermPos position;
  vterm_state_get_cursorpos(vterm_obtain_state(terminal), &position);
  *row = position.row;
  *column = position.col;
}

static inline int cvterm_set_window_size(int fd, int rows, int columns) {
  struct winsize size = {0};
  size.ws_row = (unsigned short)rows;
  size.ws_col = (unsigned short)columns;
  return ioctl(fd, TIOCSWINSZ, &size);
}

// A descriptor that becomes readable when the process ends.
static inline int cvterm_open_process(int process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}

#endif
