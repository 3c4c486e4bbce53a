"""What no program can be faster than: git and libgit2 making the diff, and painting one frame."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import driven
import programs
import workloads

HERE = Path(__file__).resolve().parent


class Floors:
    """Small C programs, compiled once; the floors of a workload are measured with every run."""

    def __init__(self, scratch):
        self.painter = self.compiled("painter", scratch)
        self.first_patch = self.compiled("first_patch", scratch, "-lgit2")
        self.frame = scratch / "frame"
        rows = range(2, driven.ROWS + 1)
        text = "let colour = Style(.plain, on: .removed)  // "
        line = "".join(f"\x1b[38;5;{100 + part}m{text}" for part in range(4))
        self.frame.write_text(
            f"\x1b[H{workloads.FIRST}" + "".join(f"\x1b[{row};1H{line}\x1b[m" for row in rows)
        )

    def compiled(self, name, scratch, *libraries):
        """The compiled program, or None with a sentence when it cannot be compiled."""
        compiler = shutil.which("cc") or shutil.which("clang")
        program = scratch / name
        command = [compiler, "-O2", "-o", program, HERE / f"{name}.c", *libraries]
        if compiler and subprocess.run(command, check=False).returncode == 0:
            return program
        print(f"The floor {name} is left out: it could not be compiled.")
        return None

    def measure(self, repository, opening, home):
        """Milliseconds of L1 (a first piece of the diff, painted) and of Lall (all of it)."""
        sides = programs.OPENINGS[opening]["diff"]
        first, whole, cpu = timed_diff(["git", "diff", *sides], repository)
        result = {"git first": first, "git all": whole, "git cpu": cpu}
        pieces = [first]
        if self.first_patch:
            start = time.monotonic()
            subprocess.run([self.first_patch, repository, *sides], check=True)
            result["libgit2 first"] = (time.monotonic() - start) * 1000
            pieces.append(result["libgit2 first"])
        result["painter"] = self.painted(repository, home) if self.painter else 0
        result["L1"] = min(pieces) + result["painter"]
        result["Lall"] = whole + result["painter"]
        return result

    def painted(self, repository, home):
        program = programs.Program("painter", [str(self.painter), str(self.frame)], [], "q")
        run = driven.Driven(program.command, repository, programs.environment(home, program))
        try:
            return run.appears(workloads.FIRST, run.start, driven.FIRST_LIMIT) * 1000
        finally:
            run.close(b"q")


def timed_diff(command, repository):
    """Milliseconds to the first bytes and to the end, and of processor time."""
    start = time.monotonic()
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE) as process:
        descriptor = process.stdout.fileno()
        os.read(descriptor, 65536)
        first = time.monotonic() - start
        while os.read(descriptor, 65536):
            pass
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    whole = time.monotonic() - start
    return first * 1000, whole * 1000, (usage.ru_utime + usage.ru_stime) * 1000
