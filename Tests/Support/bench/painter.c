// The floor of a full-screen program: paints a frame that is ready, and again for every key.
//
// usage: painter FRAME (a file with the bytes of a frame); q ends it.

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static void write_all(const char *bytes, long count) {
  while (count > 0) {
    long written = write(1, bytes, count);
    if (written < 0) return;
    bytes += written;
    count -= written;
  }
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  long count = ftell(file);
  rewind(file);
  char *frame = malloc(count);
  if (!frame || fread(frame, 1, count, file) != (size_t)count) return 1;
  struct termios before, raw;
  tcgetattr(0, &before);
  raw = before;
  cfmakeraw(&raw);
  tcsetattr(0, 0, &raw);
  write_all("\033[2J", 4);
  write_all(frame, count);
  char key;
  while (read(0, &key, 1) == 1 && key != 'q') {
    write_all("\033[H", 3);
    write_all(frame, count);
  }
  tcsetattr(0, 0, &before);
  return 0;
}
