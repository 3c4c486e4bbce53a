#!/usr/bin/env python3
"""Breaks each invariant of the commit in turn, and says which test notices.

usage: mutations.py [--only I7,I9] [--directory DIRECTORY] [--jobs N] [--limit SECONDS]

mutations.toml says what is broken, where, and which tests are to fail. The last commit of this
checkout is cloned, so what is not committed plays no part; only the list is read from here. First
the tests of every mutation run on the clone as it is, and have to pass. Then each mutation is put
in, built, tested and taken out again, and gets one row:

  I7  killed by <the first test that failed>   <what was broken>
  I7  SURVIVED                                 no test failed: one is missing, or nothing depends
                                               on what was changed
  I7  does not compile                         proves nothing; write it differently

A crash, and a test that takes too long, kill a mutation too; the row says so. The exit status is 1
when a mutation survived or does not compile, and 2 when there was nothing to judge by: a test that
fails without any mutation, a filter without tests, a text that is not there exactly once.

On two cores the first build takes five minutes and a mutation five to thirty seconds, so all of
them take a quarter of an hour. --directory keeps clone and build for the next time.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LIST = Path(__file__).with_name("mutations.toml")
# Seconds; the first build fetches packages and compiles everything.
BUILD_LIMIT = 3600
# Names that are sentences come in quotes, others with their parentheses.
FAILED = re.compile(r'Test (?:"(.+?)"|(\w+\(.*?\))) recorded an issue')
RAN = re.compile(r"Test run with [1-9]\d* test")


@dataclass(frozen=True)
class Mutation:
    invariant: str
    file: str
    text: str
    replacement: str
    filter: str
    broken: str

    def applied_to(self, source):
        count = source.count(self.text)
        if count != 1:
            refuse(f"{self.invariant}: {self.file} has this {count} times, not once:\n{self.text}")
        return source.replace(self.text, self.replacement)


def refuse(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(2)


def family(pid):
    """A process and all below it, whatever group or session they are in."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(int(entry.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def run(command, directory, limit):
    """Runs a command; returns its status, None after `limit` seconds, and what it printed."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            # What SwiftPM started outlives it, so each is ended by itself.
            for member in family(process.pid) if process.returncode is None else []:
                try:
                    os.kill(member, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.wait()
        output.seek(0)
        return status, output.read().decode(errors="replace")


def clone(directory):
    """The last commit of this checkout, below `directory`; a build that is there stays."""
    checkout = directory / "checkout"
    if not checkout.exists():
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
    for command in ["fetch", ROOT, "HEAD"], ["reset", "--hard", "FETCH_HEAD"]:
        subprocess.run(["git", "-C", checkout, command[0], "--quiet", *command[1:]], check=True)
    return checkout


@dataclass(frozen=True)
class Trial:
    checkout: Path
    jobs: int
    limit: int

    def build(self):
        """Whether it builds, and what the compiler said."""
        command = ["swift", "build", "--build-tests", "-j", str(self.jobs)]
        status, output = run(command, self.checkout, BUILD_LIMIT)
        return status == 0 and "Build complete" in output, output

    def test(self, tests):
        """What failed of the tests with such names, None when they pass, and what they printed."""
        command = ["swift", "test", "--skip-build", "--disable-xctest", "--filter", tests]
        status, output = run(command, self.checkout, self.limit)
        failed = FAILED.search(output)
        if failed:
            return failed[1] or failed[2], output
        if status != 0:
            return f"taking more than {self.limit} s" if status is None else "a crash", output
        if not RAN.search(output):
            refuse(f"There is no test whose name matches {tests}.")
        return None, output

    def outcome(self, mutation):
        path = self.checkout / mutation.file
        source = path.read_text()
        path.write_text(mutation.applied_to(source))
        try:
            builds, output = self.build()
            if not builds:
                errors = [line for line in output.splitlines() if "error: " in line]
                print(*errors[:3], sep="\n", file=sys.stderr)
                return "does not compile"
            killer, _ = self.test(mutation.filter)
            return f"killed by {killer}" if killer else "SURVIVED"
        finally:
            path.write_text(source)


def judge(mutations, trial):
    """Prints a row for each; returns the exit status."""
    for mutation in mutations:
        mutation.applied_to((trial.checkout / mutation.file).read_text())
    builds, output = trial.build()
    if not builds:
        refuse(f"It does not build without any mutation:\n{output[-4000:]}")
    for tests in dict.fromkeys(mutation.filter for mutation in mutations):
        failed, output = trial.test(tests)
        if failed:
            refuse(f"Without any mutation there fails {failed}:\n{output[-4000:]}")
    killed = 0
    for mutation in mutations:
        start = time.monotonic()
        outcome = trial.outcome(mutation)
        killed += outcome.startswith("killed")
        took = round(time.monotonic() - start)
        print(f"{mutation.invariant:<7} {outcome}   {mutation.broken} ({took} s)", flush=True)
    print(f"{killed} of {len(mutations)} mutations were killed.")
    return 0 if killed == len(mutations) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", help="invariants, with commas")
    parser.add_argument("--directory", type=Path, help="where the clone is kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="for building")
    parser.add_argument("--limit", type=int, default=300, help="seconds for one mutation's tests")
    options = parser.parse_args()
    mutations = [Mutation(**entry) for entry in tomllib.loads(LIST.read_text())["mutation"]]
    if options.only:
        wanted = set(options.only.split(","))
        unknown = wanted - {mutation.invariant for mutation in mutations}
        if unknown:
            refuse(f"There is no mutation of {', '.join(sorted(unknown))}.")
        mutations = [mutation for mutation in mutations if mutation.invariant in wanted]
    with tempfile.TemporaryDirectory(prefix="countersign-mutations-") as temporary:
        directory = (options.directory or Path(temporary)).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        return judge(mutations, Trial(clone(directory), options.jobs, options.limit))


if __name__ == "__main__":
    sys.exit(main())
