"""One program on a pty of its own: typed at, watched, measured, ended.

Bytes are stamped when they are read, never when they are interpreted: reading goes first. Processor
time is that of the whole process tree, from the kernel's clock of each process.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from terminal import Terminal

ROWS, COLUMNS = 60, 200
# A burst of bytes has ended when nothing came for so long: longer than a frame.
QUIET = 0.045
SETTLED = 0.15
SILENT = 0.25
KEY_LIMIT = 5
FIRST_LIMIT = 60
JUMP_LIMIT = 30
# How often a key is pressed that leads only to the end of what has been read so far.
AGAIN = 0.02
END_LIMIT = 0.5
SLICE = 2048
# What a flood leaves of the bytes before: more than can still be on the screen.
FLOOD, KEPT = 20_000, 400
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """The program did not do what was waited for; the message is one sentence."""


def cpu_clock(pid):
    """The kernel's clock of all threads of a process, alive and ended (clock_getcpuclockid)."""
    return (~pid << 3) | 2


class Driven:
    """A running program; `close` ends it."""

    def __init__(self, command, directory, environment):
        self.terminal = Terminal(ROWS, COLUMNS, self.answer)
        self.pending = []
        self.byte_count = 0
        self.last_byte = None
        self.has_ended = False
        self.members = set()
        self.peaks = {}
        self.sampled = 0
        # When a text that is waited for came onto the screen.
        self.wanted, self.seen = None, None
        self.start = time.monotonic()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(directory)
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(127)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)
        os.set_blocking(self.descriptor, False)

    # Typing and reading

    def answer(self, text):
        try:
            os.write(self.descriptor, text.encode())
        except OSError:
            pass

    def type(self, keys):
        """Types; returns when the first byte was written."""
        moment = time.monotonic()
        while keys and not self.has_ended and time.monotonic() < moment + KEY_LIMIT:
            try:
                keys = keys[os.write(self.descriptor, keys) :]
            except BlockingIOError:
                select.select([self.descriptor], [self.descriptor], [], 0.01)
                self.read()
            except OSError:
                self.has_ended = True
        return moment

    def read(self):
        while True:
            try:
                data = os.read(self.descriptor, 65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.has_ended = True
                return
            moment = self.last_byte = time.monotonic()
            self.byte_count += len(data)
            for start in range(0, len(data), SLICE):
                self.pending.append((moment, data[start : start + SLICE]))

    def interpret(self):
        if len(self.pending) > FLOOD:
            self.pending = self.pending[-KEPT:]
        moment, data = self.pending.pop(0)
        self.terminal.dirty.clear()
        self.terminal.feed(data)
        if self.wanted and not self.seen and self.terminal.shows(self.wanted, self.terminal.dirty):
            self.seen = moment

    def until(self, condition, deadline):
        """Reads and interprets until the condition holds; false when the deadline came first."""
        while True:
            self.read()
            if self.pending:
                self.interpret()
            if condition():
                return True
            now = time.monotonic()
            if now >= deadline or self.has_ended and not self.pending:
                return condition()
            if not self.pending:
                select.select([self.descriptor], [], [], min(0.005, max(0, deadline - now)))
                if now - self.sampled > 0.2:
                    self.sample()

    def quiet(self, seconds, limit, since):
        """Waits until nothing came for `seconds`; false when that did not come about."""

        def is_quiet():
            last = max(self.last_byte or 0, since)
            return not self.pending and time.monotonic() - last >= seconds

        return self.until(is_quiet, time.monotonic() + limit)

    def appears(self, text, since, limit, again=b""):
        """Seconds from `since` to the arrival of the bytes that put `text` on the screen.

        Types `again` now and then until it is there.

        - Raises: Failed when it does not come.
        """
        self.wanted, self.seen = text, None
        before = self.byte_count

        def is_there():
            if not self.seen and not self.pending and self.byte_count > before:
                self.seen = self.last_byte if self.terminal.shows(text) else None
            return self.seen

        try:
            while again and not self.has_ended and time.monotonic() < since + limit:
                if self.until(is_there, time.monotonic() + AGAIN):
                    break
                self.type(again)
            if not self.until(is_there, since + limit):
                why = "the program has ended" if self.has_ended else f"not within {limit} s"
                raise Failed(f"{text} was not seen: {why}.")
            return self.seen - since
        finally:
            self.wanted = None

    # What it costs

    def processes(self):
        """The processes of the session, and those that they started, by number: their status."""
        alive = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                        alive[int(name)] = file.read().rsplit(")", 1)[1].split()
                except (OSError, IndexError):
                    continue
        # Field 3 is the session, field 1 the parent.
        self.members |= {pid for pid, status in alive.items() if int(status[3]) == self.pid}
        while True:
            more = {pid for pid, status in alive.items() if int(status[1]) in self.members}
            if more <= self.members:
                break
            self.members |= more
        self.members &= set(alive)
        return {pid: alive[pid] for pid in self.members}

    def sample(self):
        """Notes the peak of memory of every process."""
        self.sampled = time.monotonic()
        for pid in self.processes():
            try:
                with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
                    peak = re.search(r"VmHWM:\s+(\d+)", file.read())
            except OSError:
                continue
            if peak:
                self.peaks[pid] = int(peak.group(1))

    def peak_mebibytes(self):
        self.sample()
        return sum(self.peaks.values()) / 1024

    def cpu(self):
        """Seconds of processor time of the tree; of ended children in ticks of 10 ms."""
        total = 0.0
        for pid, status in self.processes().items():
            try:
                total += time.clock_gettime_ns(cpu_clock(pid)) / 1e9
            except OSError:
                pass
            total += (int(status[13]) + int(status[14])) * TICK
        return total

    # The end

    def close(self, keys):
        """Quits by keys, then by signals to the processes that it started and no others."""
        if not self.has_ended:
            self.type(keys)
            self.until(lambda: self.has_ended, time.monotonic() + 1)
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + END_LIMIT
            for pid in self.processes():
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
            while self.processes() and time.monotonic() < deadline:
                try:
                    self.read()
                    os.waitpid(self.pid, os.WNOHANG)
                except OSError:
                    pass
                time.sleep(0.01)
        os.close(self.descriptor)
        try:
            os.waitpid(self.pid, os.WNOHANG)
        except OSError:
            pass
