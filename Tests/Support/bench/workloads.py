"""Makes the changes that are reviewed: one git repository each, the same every time.

HEAD is the side before, work tree and branch `after` are the side after. The first changed line of
the first file carries QZFIRST, the last one of the last file QZLAST.
"""

import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

FIRST, LAST = "QZFIRST", "QZLAST"
AFTER = "after"
SUMMARY = "workload.json"
# Changes with every change of what is made here, so that old repositories are made again.
VERSION = 1

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    **{"GIT_AUTHOR_NAME": "bench", "GIT_AUTHOR_EMAIL": "bench@example.com"},
    **{"GIT_COMMITTER_NAME": "bench", "GIT_COMMITTER_EMAIL": "bench@example.com"},
    **{"GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000"},
    **{"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C.UTF-8"},
}
SUFFIXES = (".c", ".h", ".sh", ".py", ".pl", ".swift", ".rs", ".go")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,}")
WORDS = (
    "count index buffer result state entry cursor offset length handler parser writer context "
    "option value"
).split()
# Wide, joined, combining and right-to-left text; %d is a number.
UNICODE_LINES = [
    'let 変数 = "日本語のテキスト行 %d";',
    "// 한국어 주석 %d: 사용자 인터페이스 변경",
    'print("👩‍👩‍👧‍👦 family 🇯🇵 flag 👍🏽 %d")',
    'var café = "e\u0301a\u0308o\u0302 combining %d"',
    "// עברית וערבית العربية %d right-to-left",
    '\tlet x\t= "tab\t%d"',
    'let emoji = "🚀🔥✨🎉❤️☀️⚠️ %d"',
    "// Zalgo: Z\u0351\u036b\u0343a\u0334\u0321l\u034e\u0358g\u0335o\u0352 %d",
    'let half = "ｶﾀｶﾅ全角ＡＢＣ１２３ %d"',
    "func ∑∏∫(α: Double, β: Double) -> Double { return α * β + %d }",
    'let thai = "ภาษาไทย การทดสอบ %d"',
    'let deva = "हिन्दी परीक्षण क्षत्रिय %d"',
    "plain ascii line number %d between the others",
]


class NotMade(Exception):
    """A workload could not be made; the message is one sentence."""


def git(directory, *arguments, **more):
    command = ["git", "-C", str(directory), *arguments]
    return subprocess.run(
        command, check=True, env=ENVIRONMENT, stdout=subprocess.PIPE, **more
    ).stdout


def write(directory, name, lines):
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def begin(directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    git(directory, "init", "-q", "-b", "main")
    configure(directory)


def configure(directory):
    settings = {"gc.auto": "0", "core.autocrlf": "false"}
    for key, value in {**settings, "user.name": "bench", "user.email": "b@example.com"}.items():
        git(directory, "config", key, value)


def commit_before(directory):
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", "before")


def commit_after(directory):
    """Makes branch `after` of the work tree; the index is left as HEAD has it."""
    git(directory, "add", "-A")
    tree = git(directory, "write-tree").decode().strip()
    commit = git(directory, "commit-tree", tree, "-p", "HEAD", "-m", "after").decode().strip()
    git(directory, "branch", "-f", AFTER, commit)
    git(directory, "reset", "-q", "--mixed", "HEAD")
    git(directory, "add", "-N", ".")
    git(directory, "status", "--short")


# Changes


def edited(rng, line):
    """The line with one identifier renamed: what a word-level diff has to find."""
    found = list(IDENTIFIER.finditer(line))
    if not found:
        return f"{line} /* {rng.choice(WORDS)} */"
    match = rng.choice(found)
    return f"{line[: match.start()]}{rng.choice(WORDS)}_{line[match.start() :]}"


def changed(rng, lines, hunks, is_first=False, is_last=False, size=1.0):
    """The lines with `hunks` separate changes, at least twelve unchanged lines between two."""
    gap = max(len(lines) // hunks, 14)
    result, position = [], 0
    for hunk in range(hunks):
        start = hunk * gap + rng.randrange(1, max(2, gap - 13))
        start = max(min(start, len(lines) - 1), position)
        result += lines[position:start]
        position = start
        kind = rng.random()
        count = min(max(1, int(rng.choice((1, 1, 2, 3, 4)) * size)), max(1, gap - 13))
        marks_first = is_first and hunk == 0
        if marks_first:
            result.append(f"{FIRST}_marker = 1;")
        if kind < 0.6:
            for _ in range(min(count, len(lines) - position)):
                result.append(edited(rng, lines[position]))
                position += 1
        elif kind < 0.85:
            for _ in range(count * 2):
                result.append(edited(rng, lines[rng.randrange(len(lines))]))
        else:
            position = min(len(lines), position + count)
            if not marks_first:
                result.append(edited(rng, f"removed_block(replacement_{rng.randrange(999)});"))
        if is_last and hunk == hunks - 1:
            result.append(f"{LAST}_marker = 1;")
    return result + lines[position:]


def hunk_counts(files, hunks):
    """How many hunks each file gets: even shares, but at most one in sixteen lines."""
    share, rest = divmod(hunks, len(files))
    counts = [share + (index < rest) for index in range(len(files))]
    room = [max(1, len(lines) // 16) for _, lines in files]
    over = sum(max(0, count - most) for count, most in zip(counts, room))
    counts = [min(count, most) for count, most in zip(counts, room)]
    while over and any(count < most for count, most in zip(counts, room)):
        for index, most in enumerate(room):
            if over and counts[index] < most:
                counts[index] += 1
                over -= 1
    return counts


# Sources


def archive_of(repository, tag, target):
    """Unpacks the files of a commit of `repository`."""
    target.mkdir(parents=True)
    with subprocess.Popen(
        ["git", "-C", str(repository), "archive", tag], stdout=subprocess.PIPE, env=ENVIRONMENT
    ) as archive:
        subprocess.run(["tar", "-x", "-C", str(target)], stdin=archive.stdout, check=True)
    if archive.returncode != 0:
        shutil.rmtree(target)
        raise NotMade(f"BENCH_SOURCE has no commit {tag}; set BENCH_TAG to one that it has.")


def sources(directories, shortest=160):
    """(name, lines) of the source files in the directories, sorted."""
    result = []
    for directory in directories:
        for path in sorted(Path(directory).rglob("*")):
            if path.suffix not in SUFFIXES or path.is_symlink() or not path.is_file():
                continue
            if not 1500 < path.stat().st_size < 400_000:
                continue
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            lines = text.replace("\r", "").replace("\f", "").split("\n")
            if len(lines) >= shortest and max(map(len, lines)) < 400:
                result.append((path.name, lines))
    if not result:
        raise NotMade("There are no source files to make workloads of.")
    return result


# Workloads


def many_files(directory, pool, file_count, hunks, seed, size=1.0):
    rng = random.Random(seed)
    begin(directory)
    files = []
    while len(files) < file_count:
        shuffled = pool[:]
        rng.shuffle(shuffled)
        files += shuffled[: file_count - len(files)]
    counts = hunk_counts(files, hunks)
    after = {}
    for index, (name, lines) in enumerate(files):
        is_first, is_last = index == 0, index == file_count - 1
        path = f"m{index * 40 // file_count:02d}/{index:04d}_{name}"
        if is_first or is_last:
            word = "aaa" if is_first else "zzz"
            path = f"{word}/{word}{Path(name).suffix}"
        write(directory, path, lines)
        after[path] = changed(rng, lines, counts[index], is_first, is_last, size)
    commit_before(directory)
    for path, lines in after.items():
        write(directory, path, lines)


def one_long_file(directory, pool, line_count=500_000, hunks=5000, seed=4):
    rng = random.Random(seed)
    begin(directory)
    swift = [entry for entry in pool if entry[0].endswith(".swift")] or pool
    lines = []
    turn = 0
    while len(lines) < line_count:
        name, more = swift[turn % len(swift)]
        lines += [f"/* {name} {turn} */", *more]
        turn += 1
    del lines[line_count:]
    write(directory, "aaa/huge.swift", lines)
    commit_before(directory)
    write(directory, "aaa/huge.swift", changed(rng, lines, hunks, True, True))


def one_long_line(directory, byte_count=5_000_000, seed=5):
    rng = random.Random(seed)
    begin(directory)
    parts, total = [], 0
    while total < byte_count:
        parts.append(
            f"function {rng.choice('abcdefgh')}{rng.randrange(10**6)}({rng.choice('xyz')})"
            f'{{var e={rng.randrange(9999)},t="{rng.choice(WORDS)}";return e>{rng.randrange(99)}'
            f"?{rng.choice('fgh')}(t,e):[e,t,{{k:{rng.randrange(10**6)}}}]}}"
        )
        total += len(parts[-1]) + 1
    plain = ["let a = 1;"] * 40
    write(directory, "aaa/app.min.js", ['"use strict";' + ";".join(parts)])
    write(directory, "zzz/zzz.js", plain)
    commit_before(directory)
    parts[len(parts) // 2] = "function changed(q){return q}"
    write(directory, "aaa/app.min.js", [f'"{FIRST}";{";".join(parts)};last=1'])
    write(directory, "zzz/zzz.js", plain[:20] + [f"{LAST}_marker = 1;"] + plain[20:])


def unicode_files(directory, file_count=60, hunks=600, seed=6):
    rng = random.Random(seed)
    begin(directory)
    files = []
    for index in range(file_count):
        path = f"m/ファイル{index:02d}_é.swift"
        if index in (0, file_count - 1):
            path = "aaa/aaa.swift" if index == 0 else "zzz/zzz.swift"
        lines = []
        for number in range(200):
            line = rng.choice(UNICODE_LINES) % rng.randrange(10**5)
            lines.append(line + ("  " + rng.choice(UNICODE_LINES) % number) * (rng.random() < 0.4))
        files.append((path, lines))
        write(directory, path, lines)
    commit_before(directory)
    for index, (path, lines) in enumerate(files):
        write(directory, path, changed_unicode(index, lines, hunks // file_count, seed, file_count))


def changed_unicode(index, lines, hunks, seed, file_count):
    rng = random.Random(seed * 1000 + index)
    result, position = [], 0
    for hunk in range(hunks):
        start = hunk * (len(lines) // hunks) + rng.randrange(1, 5)
        result += lines[position:start]
        position = start
        if index == hunk == 0:
            result.append(f"{FIRST}_marker = 1;")
        for _ in range(rng.choice((1, 1, 2))):
            line = lines[position]
            column = rng.randrange(max(1, len(line) - 3))
            word = rng.choice(("変更", "🎨", "é", "x"))
            result.append(line[:column] + word + line[column + 1 :])
            position += 1
        if index == file_count - 1 and hunk == hunks - 1:
            result.append(f"{LAST}_marker = 1;")
    return result + lines[position:]


def real_history(directory, source, history):
    """What changed between two commits of a history of people's work."""
    old, new = history.split("..")
    shutil.rmtree(directory, ignore_errors=True)
    command = ["git", "clone", "-q", "-s", "-n", str(source), str(directory)]
    subprocess.run(command, check=True, env=ENVIRONMENT)
    configure(directory)
    try:
        git(directory, "checkout", "-q", "-f", "-B", "main", old, stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        shutil.rmtree(directory)
        raise NotMade(f"BENCH_SOURCE has no commit {old}; set BENCH_RANGE to a range of its own.")
    # Two files of ours before and behind all others, for the marks.
    plain = ["one = 1"] * 40
    for name in ("!first.txt", "~last.txt"):
        write(directory, name, plain)
    git(directory, "add", "-A")
    tree = git(directory, "write-tree").decode().strip()
    before = git(directory, "commit-tree", tree, "-m", "before").decode().strip()
    git(directory, "reset", "-q", "--soft", before)
    git(directory, "read-tree", "-m", "-u", "HEAD", new)
    git(directory, "reset", "-q", "--mixed", before)
    for name, mark in (("!first.txt", FIRST), ("~last.txt", LAST)):
        write(directory, name, plain[:20] + [f"{mark}_marker = 1;"] + plain[20:])


def counts(directory):
    """Files, hunks and lines, as git counts them."""
    diff = git(directory, "diff", "--no-color", "--no-ext-diff", "--no-renames", "HEAD", AFTER)
    return {
        "files": len(re.findall(rb"^diff --git ", diff, re.M)),
        "hunks": len(re.findall(rb"^@@ ", diff, re.M)),
        "added": len(re.findall(rb"^\+(?!\+\+ )", diff, re.M)),
        "removed": len(re.findall(rb"^-(?!-- )", diff, re.M)),
        "diff_bytes": len(diff),
    }


def make(name, directory, pool, source, history):
    """Makes the workload `name` in `directory` unless it is there; returns what it holds.

    - Raises: NotMade; the message says what is missing.
    """
    summary = directory / ".git" / SUMMARY
    wanted = {"version": VERSION, "source": f"{source or ''} {history if name == 'real' else ''}"}
    if summary.exists():
        made = json.loads(summary.read_text())
        if {key: made.get(key) for key in wanted} == wanted:
            return made
    if name == "small":
        many_files(directory, pool(), 5, 20, 1)
    elif name == "medium":
        many_files(directory, pool(), 300, 3000, 2)
    elif name == "large":
        many_files(directory, pool(), 2000, 14_000, 3, 2.6)
    elif name == "huge":
        one_long_file(directory, pool())
    elif name == "minified":
        one_long_line(directory)
    elif name == "unicode":
        unicode_files(directory)
    elif name == "real":
        if not source:
            raise NotMade("The workload real needs a clone of a git history: set BENCH_SOURCE.")
        real_history(directory, source, history)
    commit_after(directory)
    made = {**wanted, **counts(directory)}
    summary.write_text(json.dumps(made))
    return made
