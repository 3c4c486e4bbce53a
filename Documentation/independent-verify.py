#!/usr/bin/env python3
"""Checks Countersign's proofs without Countersign: git's plumbing, SHA-256 and JSON, nothing of ours.

    independent-verify.py <commit> | <a>..<b>        in a repository with refs/notes/countersign

For every commit that names a record: the note is that record, byte for byte; parent and trees are those
that were approved; every changed path, mode and line is in exactly one approval; nothing else changed.
Signatures are left to `ssh-keygen -Y verify` (see proof.md). Ends with 0 when all commits hold, with 1
when one does not, else with 2 when one names no record.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys

# What is looked at is what is there, not what somebody says stands in its place.
os.environ["GIT_NO_REPLACE_OBJECTS"] = "1"

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
TRAILER = re.compile(rb"^Countersign-Record: (\S+)/(\d+) sha256:([0-9a-f]{64})$", re.MULTILINE)


class Broken(Exception):
    """The commit does not hold; the message says why."""


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE).stdout


def require(holds, why):
    if not holds:
        raise Broken(why)


def note_of(commit):
    found = subprocess.run(
        ["git", "notes", "--ref=countersign", "show", commit], capture_output=True, check=False
    )
    require(found.returncode == 0, "it names a record, and there is no note")
    return found.stdout


def record_of(commit, message):
    paragraphs = re.split(rb"\n\s*\n", message.strip(b"\n"))
    named = TRAILER.findall(paragraphs[-1])
    outside = len(TRAILER.findall(message)) != len(named)
    require(not outside, "its record stands outside the last paragraph: the message was changed")
    if not named:
        return None
    require(len(named) == 1, "it names more than one record")
    lines = [line for line in note_of(commit).split(b"\n") if line.startswith(b"{")]
    require(len(lines) == 1, "the note does not have one record")
    digest = hashlib.sha256(lines[0]).hexdigest().encode()
    require(digest == named[0][2], "the note is not the record that the commit names")
    record = json.loads(lines[0])
    require(record["kind"] == "approval", "the record is no approval")
    require(record["seq"] == int(named[0][1]), "the record has another place in its ledger")
    require(record["body"]["session"].encode() == named[0][0], "the record is of another session")
    return record["body"]


def path_of(value):
    """A path: text, or where it is no text, its bytes in base64."""
    return value.encode() if isinstance(value, str) else base64.b64decode(value["b64"])


def files_of(tree):
    """Everything in a tree, submodules included: path to (mode, object)."""
    result = {}
    for line in git("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")[:-1]:
        head, path = line.split(b"\t", 1)
        mode, _, name = head.decode().split()
        result[path] = (int(mode, 8), name)
    return result


def changes(old, new):
    """What differs between two trees: path to the states before and after, as (mode, object) or None."""
    before, after = files_of(old), files_of(new)
    paths = set(before) | set(after)
    pairs = {path: (before.get(path), after.get(path)) for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def recorded(value):
    return None if value is None else (int(value["mode"], 8), value["blob"])


def lines_of(content_state):
    if content_state is None:
        return []
    return re.findall(rb"[^\n]*\n|[^\n]+", git("cat-file", "blob", content_state[1]))


def check_lines(name, before, after, units):
    """The lines in no approval are the same before and after, in order; no line is in two."""
    removed, inserted = [], []
    for unit in units:
        for start, count in unit["lines"]["removed"]:
            removed += range(start, start + count)
        for start, count, _, _ in unit["lines"]["inserted"]:
            inserted += range(start, start + count)
    require(len(set(removed)) == len(removed), f"a line of {name} is removed by two approvals")
    require(len(set(inserted)) == len(inserted), f"a line of {name} is added by two approvals")
    old, new = lines_of(before), lines_of(after)
    require(all(0 <= line < len(old) for line in removed), f"{name} has no such line to remove")
    require(all(0 <= line < len(new) for line in inserted), f"{name} has no such line to add")
    removed, inserted = set(removed), set(inserted)
    kept = [line for number, line in enumerate(old) if number not in removed]
    stayed = [line for number, line in enumerate(new) if number not in inserted]
    # A last line without a line end gets one when a line follows it.
    require(len(kept) == len(stayed), f"{name} has changes that no approval has")
    bare = old[-1] if old and not old[-1].endswith(b"\n") else None
    same = all(
        one == other or one == bare and other in (one + b"\n", one + b"\r\n") and other != new[-1]
        for one, other in zip(kept, stayed)
    )
    require(same, f"{name} has changes that no approval has")


def check_path(path, before, after, decisions):
    name = path.decode(errors="backslashreplace")
    for decision in decisions:
        file = decision["file"]
        require(decision["verdict"] == "approved", f"a record about {name} is no approval")
        require(
            (recorded(file["old"]), recorded(file["new"])) == (before, after),
            f"an approval of {name} is of another version",
        )
    units = [decision["unit"] for decision in decisions]
    if "whole" in units:
        require(units == ["whole"], f"{name} is approved as a whole and in parts")
        return
    is_mode = before and after and before[0] != after[0]
    require(units.count("mode") == int(bool(is_mode)), f"the mode of {name} is not approved once")
    if before and after and before[1] == after[1]:
        require(units == ["mode"], f"an approval of {name} changes nothing")
        return
    check_lines(name, before, after, [unit for unit in units if unit != "mode"])


def check(commit):
    """Returns what holds, in a sentence; None for a commit that names no record."""
    _, _, message = git("cat-file", "commit", commit).partition(b"\n\n")
    body = record_of(commit, message)
    if body is None:
        return None
    parents = git("rev-list", "--parents", "--max-count=1", commit).decode().split()[1:]
    tree = git("rev-parse", commit + "^{tree}").decode().strip()
    base = body["base"]
    require(parents == [base["commit"]] if base["commit"] else not parents, "it has another parent")
    require(tree == body["tree"], "it has another tree than was approved")
    base_tree = git("rev-parse", parents[0] + "^{tree}").decode().strip() if parents else EMPTY_TREE
    require(base_tree == base["tree"], "the base has another tree than the record says")
    changed = changes(base["tree"], tree)
    by_path = {}
    for decision in body["decisions"]:
        by_path.setdefault(path_of(decision["file"]["path"]), []).append(decision)
    for path in set(changed) | set(by_path):
        name = path.decode(errors="backslashreplace")
        require(path in by_path, f"{name} changed, and no approval says so")
        require(path in changed, f"{name} was approved, and did not change")
        check_path(path, *changed[path], by_path[path])
    return f"{len(body['decisions'])} approvals in {len(changed)} files"


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    listing = ["rev-list", "--reverse", arguments[0]]
    if ".." not in arguments[0]:
        listing.insert(1, "--max-count=1")
    is_broken = is_silent = False
    try:
        commits = git(*listing).decode().split()
    except subprocess.CalledProcessError:
        sys.exit(f"{arguments[0]} names no commit here")
    for commit in commits:
        try:
            holds = check(commit)
            is_silent = is_silent or holds is None
            print(commit[:8], holds or "names no record")
        except Broken as broken:
            is_broken = True
            print(commit[:8], "DOES NOT HOLD:", broken)
    sys.exit(1 if is_broken else 2 if is_silent else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
