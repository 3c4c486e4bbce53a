#!/usr/bin/env python3
"""Checks the demo fixtures: the history, the answer's edit blocks, and what the demo promises.

usage: check.py [--write-head] [--keep DIRECTORY] [--verbose]

Builds the demo repository with git in a temporary directory, places every edit block of answer.md
by exact lines, and fails with one sentence per broken promise. It shares no code with the program,
so it can be the program's oracle. Needs Python 3.9 or later and git; nothing else.

--write-head   writes the id of the last commit to head.txt (after the history was changed)
--keep DIR     leaves three directories in DIR to look at: repository (the base), proposal (all
               placed edits) and approved (the placed edits without the planted flaws)
--verbose      prints the hunks of every file too
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).resolve().parents[3] / "Fixtures" / "demo"

# The one edit that must not be found: an older record_transfer that the history replaced.
UNPLACED = ("tools/store.py", b"    def record_transfer(self, source, target, cents):\n")
# What a careful reviewer must not approve: text on the new side that gives each flaw away.
FLAWS = {
    "tools/notify.py": b"ssl.CERT_NONE",
    "Sources/Ledger/DailyLimits.swift": b"guard remaining(",
    "web/api.ts": "\u202e".encode(),
}
MINIMUM_FILES = 5
MINIMUM_HUNKS = 10
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Commit:
    directory: Path
    author: str
    email: str
    date: str
    deletions: tuple
    executables: frozenset
    message: bytes


@dataclass(frozen=True)
class Block:
    path: str
    search: bytes
    replace: bytes


class Broken(Exception):
    """A promise of the fixtures does not hold; the message is one sentence."""


def read_commit(directory):
    """Reads commit.txt; see Fixtures/demo/README.md for the format."""
    head, separator, message = (directory / "commit.txt").read_bytes().partition(b"\n\n")
    if not separator or not message.endswith(b"\n"):
        raise Broken(f"{directory.name}/commit.txt lacks a header or a message")
    fields = {"author": [], "date": [], "delete": [], "executable": []}
    for line in head.decode().split("\n"):
        key, colon, value = line.partition(": ")
        if not colon or key not in fields:
            raise Broken(f"{directory.name}/commit.txt has an unknown header line: {line}")
        fields[key].append(value)
    author = re.fullmatch(r"([^<>]+) <([^<>]+)>", fields["author"][0])
    if author is None or not re.fullmatch(r"\d+ [+-]\d{4}", fields["date"][0]):
        raise Broken(f"{directory.name}/commit.txt has an unreadable author or date")
    return Commit(
        directory,
        author.group(1),
        author.group(2),
        fields["date"][0],
        tuple(fields["delete"]),
        frozenset(fields["executable"]),
        message,
    )


def git(repository, *arguments, environment=None, text=None):
    """Runs git without the user's or the system's configuration; returns its output as bytes."""
    full = {
        "PATH": os.environ["PATH"],
        "HOME": str(repository),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
        **(environment or {}),
    }
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], input=text, env=full, capture_output=True
    )
    if done.returncode not in (0, 1) or (done.returncode and arguments[0] != "diff"):
        raise Broken(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def build_history(repository):
    """Makes one commit per directory of history/ and returns the id of the last one."""
    git(repository.parent, "init", "--quiet", "--initial-branch=main", str(repository))
    for directory in sorted((DEMO / "history").iterdir()):
        commit = read_commit(directory)
        for path in commit.deletions:
            (repository / path).unlink()
        files = directory / "files"
        for source in sorted(path for path in files.rglob("*") if path.is_file()):
            name = source.relative_to(files).as_posix()
            target = repository / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(0o755 if name in commit.executables else 0o644)
        missing = [name for name in commit.executables if not (files / name).is_file()]
        if missing:
            raise Broken(f"{directory.name}: executable files that are not there: {missing}")
        git(repository, "add", "--all", "--force")
        identity = {}
        for role in ("AUTHOR", "COMMITTER"):
            identity[f"GIT_{role}_NAME"] = commit.author
            identity[f"GIT_{role}_EMAIL"] = commit.email
            identity[f"GIT_{role}_DATE"] = f"@{commit.date}"
        git(
            repository,
            *("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=verbatim", "-F", "-"),
            environment=identity,
            text=commit.message,
        )
    return git(repository, "rev-parse", "HEAD").decode().strip()


def read_blocks(answer):
    """The SEARCH/REPLACE blocks of the answer, in order; each has its path on the line before."""
    blocks, lines, index = [], answer.splitlines(keepends=True), 0
    while index < len(lines):
        if lines[index] != b"<<<<<<< SEARCH\n":
            if re.match(rb"[<=>]{5,}", lines[index]):
                raise Broken(f"answer.md line {index + 1}: a marker outside a block")
            index += 1
            continue
        path, start = lines[index - 1].rstrip(b"\n").decode(), index + 1
        divider = lines.index(b"=======\n", start)
        end = lines.index(b">>>>>>> REPLACE\n", divider)
        blocks.append(
            Block(path, b"".join(lines[start:divider]), b"".join(lines[divider + 1 : end]))
        )
        index = end + 1
    return blocks


def positions(content, search):
    """Line numbers where the lines of `search` stand in `content`, overlapping ones too."""
    lines, wanted = content.splitlines(keepends=True), search.splitlines(keepends=True)
    starts = range(len(lines) - len(wanted) + 1)
    return [start for start in starts if lines[start : start + len(wanted)] == wanted]


def apply_blocks(repository, blocks):
    """Places the blocks on the base by exact lines; returns the new content of every path."""
    edits, unplaced = {}, []
    for number, block in enumerate(blocks, 1):
        file = repository / block.path
        if not block.search:
            if file.exists():
                raise Broken(f"block {number} makes {block.path}, which exists")
            edits.setdefault(block.path, []).append((0, 0, block.replace))
            continue
        found = positions(file.read_bytes(), block.search)
        if not found and block.path == UNPLACED[0] and block.search.startswith(UNPLACED[1]):
            unplaced.append(number)
            continue
        if len(found) != 1:
            raise Broken(f"block {number} ({block.path}) matches {len(found)} times, not once")
        end = found[0] + len(block.search.splitlines())
        edits.setdefault(block.path, []).append((found[0], end, block.replace))
    if len(unplaced) != 1:
        raise Broken(f"{len(unplaced)} blocks cannot be placed; the demo needs exactly one")
    contents = {}
    for path, changes in edits.items():
        file = repository / path
        lines = file.read_bytes().splitlines(keepends=True) if file.exists() else []
        changes.sort()
        for (_, end, _), (start, _, _) in zip(changes, changes[1:]):
            if start < end:
                raise Broken(f"two blocks overlap in {path}")
        for start, end, replacement in reversed(changes):
            lines[start:end] = replacement.splitlines(keepends=True)
        contents[path] = b"".join(lines)
    return contents


def hunks(base, proposal, path):
    """The hunks of one path with three lines of context; each is a list of patch lines."""
    arguments = ("diff", "--no-index", "--no-color", "--no-ext-diff", "--histogram", "-U3")
    old = base / path if (base / path).exists() else Path("/dev/null")
    patch = git(proposal.parent, *arguments, "--", str(old), str(proposal / path))
    found = []
    for line in patch.splitlines(keepends=True):
        if line.startswith(b"@@"):
            found.append([])
        elif found:
            found[-1].append(line)
    return found


def change_groups(hunk):
    """How many runs of changed lines the hunk has."""
    changed = [line[:1] in b"+-" for line in hunk]
    return sum(now and not before for before, now in zip([False, *changed], changed))


def write_tree(base, target, contents):
    """Copies the base's files to `target` with `contents` in their places."""
    for name in git(base, "ls-files", "-z").decode().split("\0")[:-1]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(contents.get(name, (base / name).read_bytes()))
        (target / name).chmod((base / name).stat().st_mode & 0o777)
    for name in contents:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(contents[name])


def approve(path, patch_lines, base_content):
    """The base content with the change groups of `patch_lines` that hold no flaw."""
    flaw = FLAWS[path]
    old, result, hunk_at = base_content.splitlines(keepends=True), [], 0
    for hunk in patch_lines:
        groups, lines = [], []
        for line in hunk:
            kind = line[:1]
            if kind == b" ":
                groups.append(([line[1:]], [line[1:]], False))
            elif groups and groups[-1][2]:
                groups[-1][0 if kind == b"-" else 1].append(line[1:])
            else:
                groups.append(([line[1:]], [], True) if kind == b"-" else ([], [line[1:]], True))
        before = [line for group in groups for line in group[0]]
        start = next(
            at for at in range(hunk_at, len(old) + 1) if old[at : at + len(before)] == before
        )
        for removed, added, _ in groups:
            lines += removed if flaw in b"".join(added) else added
        result += old[hunk_at:start] + lines
        hunk_at = start + len(before)
    return b"".join(result + old[hunk_at:])


def check_promises(base, proposal, contents, answer):
    """Fails unless the proposal holds everything the demo is meant to show."""
    per_file = {path: hunks(base, proposal, path) for path in contents}
    count = sum(len(found) for found in per_file.values())
    if len(contents) < MINIMUM_FILES or count < MINIMUM_HUNKS:
        raise Broken(f"{count} hunks in {len(contents)} files are too few for the demo")
    if not any(not (base / path).exists() for path in contents):
        raise Broken("the answer makes no new file")
    for path, flaw in FLAWS.items():
        if flaw in (base / path).read_bytes() or contents[path].count(flaw) != 1:
            raise Broken(f"the planted flaw of {path} is not there exactly once")
    bundled = [
        hunk
        for hunk in per_file["Sources/Ledger/DailyLimits.swift"]
        if change_groups(hunk) == 2 and FLAWS["Sources/Ledger/DailyLimits.swift"] in b"".join(hunk)
    ]
    if len(bundled) != 1:
        raise Broken("no hunk of DailyLimits.swift bundles the flaw with a harmless change group")
    tricked = [line for line in answer.decode().split("\n") if BIDI.search(line)]
    if len(tricked) != 1:
        raise Broken(f"{len(tricked)} lines of the answer carry bidi controls, not one")
    return per_file, count


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write-head", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        place = options.keep or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        place = place.resolve()
        base, proposal = place / "repository", place / "proposal"
        head = build_history(base)
        if options.write_head:
            (DEMO / "head.txt").write_text(head + "\n")
        expected = (DEMO / "head.txt").read_text().strip()
        if head != expected:
            raise Broken(f"the history makes {head}, but head.txt says {expected}")
        answer = (DEMO / "answer.md").read_bytes()
        blocks = read_blocks(answer)
        contents = apply_blocks(base, blocks)
        write_tree(base, proposal, contents)
        per_file, count = check_promises(base, proposal, contents, answer)
        if options.keep:
            good = {
                path: approve(path, per_file[path], (base / path).read_bytes())
                if path in FLAWS
                else content
                for path, content in contents.items()
            }
            write_tree(base, place / "approved", good)
        commits = git(base, "rev-list", "--count", "HEAD").decode().strip()
        files = len(git(base, "ls-files", "-z").split(b"\0")) - 1
        print(
            f"demo: {commits} commits, {files} files, head {head[:12]}; {len(blocks)} edit blocks,"
            f" one unplaced; {count} hunks in {len(contents)} files; {len(answer)} bytes"
        )
        for path, found in sorted(per_file.items()) if options.verbose else ():
            groups = " ".join(str(change_groups(hunk)) for hunk in found)
            print(f"  {path}: {len(found)} hunks, change groups {groups}")


if __name__ == "__main__":
    try:
        main()
    except (Broken, OSError) as error:
        print(f"demo fixtures: {error}", file=sys.stderr)
        sys.exit(1)
