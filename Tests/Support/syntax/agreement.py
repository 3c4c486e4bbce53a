#!/usr/bin/env python3
"""Measures how far the colours of the Syntax target agree with Pygments on real files.

usage: agreement.py --probe SyntaxProbe [option...] DIRECTORY...

Development only; `make syntax-agreement` makes what it needs. Takes a sample of files from the
directories, asks SyntaxProbe and Pygments for the class of every byte, and compares them on the
bytes that are no blanks.

--language NAME    only this language; can be given several times
--sample NUMBER    another sample of files (default 0), to see whether a grammar fits only its own
--kilobytes NUMBER most bytes per language (default 400)
--confusions NUMBER the largest disagreements of each language, with examples
--worst NUMBER      the files of each language with the least agreement
--markdown         the table as it stands in the documentation

How classes are compared

Pygments has about eighty classes, we have eight kinds and plain. CLASSES gives for each class the
kind we expect and the kinds that are right as well. Where Pygments only says that a word is a word
(Name, Name.Variable, Text and their like) it makes no statement about types, functions and
constants: there our guess is not judged, as long as it is one of those or plain. Such bytes are left
out; the column "judged" says how much is left. A comment, string, number, keyword or directive in
such a place is a disagreement.

The column "strict" has none of this: it takes every class as exactly one kind, and a word that
Pygments leaves as a word as plain. It is lower wherever we colour more than Pygments does.

Bytes that Pygments calls errors are left out, and so are files where they are more than a
fiftieth: Pygments has lost its way there.
"""

import argparse
import bisect
import collections
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pygments
from pygments.lexers import get_lexer_by_name

KINDS = {
    " ": "plain", "c": "comment", "k": "keyword", "t": "type", "s": "string", "n": "number",
    "f": "function", "o": "constant", "p": "preprocessor",
}
# What a word may be where Pygments makes no statement about it.
WORD = " tfo"


@dataclass(frozen=True)
class Subject:
    """A language: our name, Pygments' lexer, and the file names to take."""

    name: str
    lexer: str
    pattern: str
    first: bool = True
    # What the probe calls the file where that is another name.
    probe: str = ""
    # Files with this in them are left out: Pygments is known to lose its way there.
    gap: str = ""


SUBJECTS = [
    Subject("swift", "swift", r"\.swift$"),
    Subject("c", "c", r"\.[ch]$"),
    Subject("cpp", "cpp", r"\.(cc|cpp|cxx|hpp|hh)$"),
    Subject("objectiveC", "objective-c", r"\.mm?$"),
    Subject("rust", "rust", r"\.rs$"),
    Subject("go", "go", r"\.go$"),
    Subject("zig", "zig", r"\.zig$"),
    Subject("java", "java", r"\.java$"),
    Subject("kotlin", "kotlin", r"\.kts?$"),
    Subject("scala", "scala", r"\.scala$"),
    Subject("csharp", "csharp", r"\.cs$"),
    Subject("javascript", "javascript", r"\.[mc]?js$"),
    Subject("typescript", "typescript", r"\.ts$"),
    Subject("jsx", "jsx", r"\.jsx$", probe="javascript"),
    Subject("tsx", "tsx", r"\.tsx$", probe="typescript"),
    Subject("python", "python", r"\.py$"),
    Subject("ruby", "ruby", r"\.(rb|rake|gemspec)$"),
    Subject("php", "php", r"\.php$"),
    # Heredocs are known to it with nothing but a semicolon after their mark, no quote operator may
    # have a `#` for its delimiter, and the end is marked by __END__ alone.
    Subject(
        "perl", "perl", r"\.(pl|pm)$",
        gap=r"<<~|<<\s*(['\"])\w+\1(?!;?\n)|<<[A-Z_]+(?!;?\n)|__DATA__|\b(s|m|qr|q|qw)#"),
    Subject("lua", "lua", r"\.lua$"),
    # Heredocs are known to it with no quote, or a single one, around their tag.
    Subject("shell", "bash", r"\.(sh|bash)$", gap=r'<<-?\s*"'),
    # MySQL's quotes are none to PostgreSQL.
    Subject("sql", "postgresql", r"\.sql$", gap="`"),
    Subject("html", "html", r"\.html?$", False),
    Subject("css", "css", r"\.css$", False),
    Subject("json", "json", r"\.json$", False),
    Subject("yaml", "yaml", r"\.ya?ml$", False),
    Subject("toml", "toml", r"\.toml$", False),
    Subject("xml", "xml", r"\.(xml|svg|csproj)$", False),
    # Comments, and code between two backticks, are no part of its Markdown.
    Subject("markdown", "markdown", r"\.md$", False, gap=r"<!--|(?<!`)``(?!`)"),
    Subject("dockerfile", "docker", r"(^|/)Dockerfile[^/]*$|(^|/)Containerfile[^/]*$", False),
    Subject("makefile", "make", r"(^|/)(GNUm|M|m)akefile$|\.mk$", False),
    Subject("cmake", "cmake", r"\.cmake$|(^|/)CMakeLists\.txt$", False),
    Subject("haskell", "haskell", r"\.hs$", False),
    Subject("ocaml", "ocaml", r"\.mli?$", False),
    Subject("elixir", "elixir", r"\.exs?$", False),
    Subject("r", "r", r"\.[rR]$", False),
    Subject("protobuf", "protobuf", r"\.proto$", False),
    Subject("diff", "diff", r"\.(diff|patch)$", False),
]

# A class is looked up with its parents, the most particular first. The first letter is the kind we
# expect, all letters are right; "-" says that nothing is judged, "~" that the place is a word's, and
# what comes after it that this is right too.
CLASSES = {
    "Comment": "c",
    "Comment.Preproc": "p",
    # The name after #include: a string to us, part of the directive to Pygments.
    "Comment.PreprocFile": "sp",
    "Keyword": "k",
    # true, nil, this: Pygments' lexers draw the line between the two in different places.
    "Keyword.Constant": "ok",
    "Keyword.Pseudo": "ok",
    "Keyword.Type": "t",
    "Operator": " ",
    "Operator.Word": "k",
    "Punctuation": " ",
    "Name": "~",
    # Names of the standard library: that they are known is compared, not as what.
    "Name.Builtin": "ftokp",
    "Name.Builtin.Pseudo": "oktp",
    "Name.Class": "t",
    "Name.Exception": "t",
    # A capitalised function is a constructor or a conversion to us, hence a type.
    "Name.Function": "ft",
    "Name.Constant": "o",
    "Name.Decorator": "p",
    "Name.Entity": "o",
    "Name.Tag": "k",
    "Name.Attribute": "t",
    "Literal": "~",
    "Literal.Date": "n",
    "Literal.String": "s",
    # Code inside a string, or the marks around it.
    "Literal.String.Interpol": "-",
    "Literal.String.Symbol": "os",
    "Literal.Number": "n",
    "Text": "~",
    "Generic.Heading": "k",
    "Generic.Subheading": "k",
    "Generic.Inserted": "s",
    "Generic.Deleted": "o",
    "Generic": " ",
    "Error": "-",
}

# What comes after a directive is code to us, and no class of its own to Pygments.
DIRECTIVES = dict.fromkeys(["c", "cpp", "objectiveC", "csharp", "swift"], r"^[ \t]*#[ \t]*\w+")
DIRECTIVES["makefile"] = r"^[ \t]*-?\w+"
# Languages where what comes after a dot is an attribute to Pygments.
DOTTED = {"java", "kotlin", "php"}
# Languages whose keys are tags to Pygments and types to us.
KEYED = {"json", "yaml", "toml"}
STYLED = {"css", "html"}
# Keywords without a letter: the brackets of a section, bullets, and the shell's brackets around
# code, which belong to the string where they stand in one.
MARKS = {"toml": "k", "markdown": "k", "shell": "-", "makefile": "-"}
# The types that TypeScript itself names.
TYPES = "any bigint boolean never number object string symbol unknown void".split()

# Where a language's lexer uses a class in its own way.
LOCAL = {
    # Attributes have no class of their own here; `@` and `#` are punctuation to Pygments.
    ("swift", "Name"): "~p",
    ("swift", "Punctuation"): " p",
    # A list of functions and properties of an old standard library.
    ("swift", "Name.Builtin.Pseudo"): "~",
    # Documentation comments.
    ("rust", "Literal.String.Doc"): "c",
    ("zig", "Literal.String.Doc"): "c",
    ("php", "Literal.String.Doc"): "c",
    ("perl", "Literal.String.Doc"): "c",
    # The text after __END__.
    ("perl", "Comment.Preproc"): "c",
    # An attribute is one thing to us, its strings included.
    ("rust", "Literal.String"): "sp",
    # Every word after a colon, paths and keywords too.
    ("rust", "Name.Class"): "~kt",
    ("rust", "Name.Function.Magic"): "fk",
    # Lifetimes, and the variables of macros.
    ("rust", "Name.Attribute"): "o",
    ("rust", "Operator"): " o",
    ("rust", "Comment.Preproc"): "~p",
    ("go", "Keyword.Type"): "tk",
    # These have no classes for the words true, null and void.
    ("csharp", "Keyword"): "kot",
    ("sql", "Keyword"): "ko",
    ("php", "Keyword"): "ko",
    # An attribute with all that is in it.
    ("csharp", "Name.Attribute"): "p",
    # The part before a dot, whatever it is.
    ("lua", "Name.Class"): "~t",
    ("lua", "Name.Variable"): "~k",
    # Cases of an enumeration, too.
    ("php", "Name.Constant"): "ot",
    ("cpp", "Name.Constant"): "ot",
    ("objectiveC", "Name.Constant"): "ot",
    # Components are types to us.
    ("jsx", "Name.Tag"): "kt",
    ("tsx", "Name.Tag"): "kt",
    # Every capitalised name.
    ("ruby", "Name.Constant"): "to",
    # A backslash outside of quotes.
    ("shell", "Literal.String.Escape"): "~s",
    # Mappings, sequences and scalars.
    ("yaml", "Name.Constant"): "s",
    ("yaml", "Name.Variable"): "~n",
    ("yaml", "Name.Namespace"): "p",
    ("yaml", "Literal.Scalar.Plain"): "~no",
    ("yaml", "Literal.String"): "st",
    # A section with its brackets.
    ("toml", "Keyword"): "k",
    # In markup text is text.
    ("markdown", "Text"): " ",
    ("html", "Text"): " ",
    ("xml", "Text"): " ",
    # The target of a link, the text of one.
    ("markdown", "Name.Attribute"): "s",
    ("markdown", "Name.Tag"): "~",
    # Bullets, and the line that opens a fence.
    ("markdown", "Keyword"): "k",
    ("markdown", "Literal.String.Backtick"): "sp",
    ("xml", "Comment.Preproc"): "ps",
    # Pragmas are comments to Pygments.
    ("haskell", "Comment.Multiline"): "cp",
    # Constructors are types to us.
    ("ocaml", "Name.Builtin.Pseudo"): "~k",
    # The name of an image, and what else has no quotes; the backslash before the end of a line.
    ("dockerfile", "Literal.String"): "~sn",
    ("dockerfile", "Literal.String.Escape"): "~s",
    ("makefile", "Comment.Preproc"): "kp",
    ("makefile", "Literal.String.Escape"): "~s",
    # Words without quotes, among them the operators of conditions and the names of options.
    ("cmake", "Literal.String"): "~sk",
    # Variables in them have no class there.
    ("cmake", "Literal.String.Double"): "so",
    ("dockerfile", "Literal.String.Double"): "so",
    ("dockerfile", "Literal.String.Single"): "s",
    # Of a whole reference.
    ("cmake", "Operator"): " o",
    ("cmake", "Name.Builtin"): "fk",
    # A vendor's prefix; the name after it is the property.
    ("css", "Keyword.Pseudo"): "t",
    ("html", "Keyword.Pseudo"): "t",
    # The marks of a patch: its files and its places.
    ("diff", "Generic.Heading"): "pk",
    ("diff", "Generic.Subheading"): "fk ",
    ("diff", "Generic.Inserted"): "sk",
    ("diff", "Generic.Deleted"): "ok",
    # The brackets of a tag, too.
    ("xml", "Name.Tag"): "k ",
    ("xml", "Name.Attribute"): "t ",
    ("protobuf", "Name.Attribute"): "~",
    ("elixir", "Literal.String.Symbol"): "osk",
}


# The parts of a style sheet, in the order property, class, pseudo-class, unit.
STYLES = {
    # Rules with an @, too.
    "Keyword": "tk",
    "Name.Class": "o",
    "Name.Namespace": "o",
    "Name.Decorator": "f",
    "Keyword.Type": "n",
    # !important
    "Comment.Preproc": "kp",
    # Of a class, an identifier, a pseudo-class.
    "Punctuation": " of",
}


def expectation(language, token, value):
    """The letters for a Pygments token; see CLASSES."""
    name = str(token).removeprefix("Token.")
    # A lambda, or an operator that is defined.
    if name == "Name.Function" and not re.search(r"\w", value):
        return " f"
    # Every word after a colon, if it is the value of a property.
    if language in ("typescript", "tsx") and name == "Keyword.Type" and value not in TYPES:
        return "~k"
    # A type, and the name of every second column; reserved it is not.
    if language == "sql" and value.lower() == "name":
        return "~k"
    # A fence with all behind it.
    if language == "markdown" and name == "Literal.String.Backtick" and "\n" in value:
        return "-"
    if language in DOTTED and name == "Name.Attribute":
        return "~k"
    if language in KEYED and name == "Name.Tag":
        return "t"
    if language in STYLED and name in STYLES:
        return STYLES[name]
    # Arrows and such that a lexer files under its keywords.
    if re.fullmatch(r"[\W_]+", value):
        if name.startswith("Keyword"):
            return MARKS.get(language, " ") if name == "Keyword" else " "
        if name.startswith("Operator") and (language, name) not in LOCAL:
            return " "
    while name:
        if (language, name) in LOCAL:
            return LOCAL[language, name]
        if name in CLASSES:
            return CLASSES[name]
        name = name.rpartition(".")[0]
    # What belongs to another lexer, such as the page around PHP.
    return "-"


@dataclass
class Result:
    files: int = 0
    skipped: int = 0
    size: int = 0
    judged: int = 0
    agreed: int = 0
    strict: int = 0
    visible: int = 0
    # (expected, ours) -> bytes, judged ones only.
    pairs: collections.Counter = field(default_factory=collections.Counter)
    confusions: collections.Counter = field(default_factory=collections.Counter)
    examples: dict = field(default_factory=dict)
    # (agreement, file)
    by_file: list = field(default_factory=list)
    told_otherwise: list = field(default_factory=list)


def sample(subject, files, number, kilobytes):
    """Files of the subject, a few of each top directory in turn, in an order of their own."""
    ranked = collections.defaultdict(list)
    for root, path in files:
        if re.search(subject.pattern, path) and ".min." not in path:
            order = hashlib.sha1(f"{number}:{path}".encode()).hexdigest()
            ranked[root, path.split("/", 1)[0]].append((order, root, path))
    queue = sorted(
        (place, *entry) for entries in ranked.values() for place, entry in enumerate(sorted(entries))
    )
    left = kilobytes * 1000
    seen = set()
    for _, _, root, path in queue:
        full = os.path.join(root, path)
        try:
            size = os.path.getsize(full)
            if not 200 <= size <= 80_000 or size > left or os.path.islink(full):
                continue
            data = Path(full).read_bytes()
            text = data.decode()
        except (OSError, UnicodeDecodeError):
            continue
        digest = hashlib.sha1(data).digest()
        # Generated text says little about a grammar, and much of the same.
        if subject.gap and re.search(subject.gap, text):
            continue
        if digest in seen or "\r" in text or max(map(len, text.split("\n"))) > 1000:
            continue
        seen.add(digest)
        left -= size
        yield full, text
        if left < 300:
            return


def marks(probe, language, paths):
    """What SyntaxProbe says about the files: (language told, letters) each."""
    asked = "".join(f"{language} {path}\n" for path in paths)
    output = subprocess.run([probe], input=asked.encode(), stdout=subprocess.PIPE, check=True).stdout
    place = 0
    for _ in paths:
        end = output.index(b"\n", place)
        _, told, count = output[place:end].decode().split()
        place = end + 1 + int(count)
        # A file of no language we know is plain all over.
        yield told, output[end + 1 : place].decode("ascii")


def measure(subject, files, options):
    result = Result()
    chosen = list(sample(subject, files, options.sample, options.kilobytes))
    ours = subject.probe or subject.name
    lexer = get_lexer_by_name(subject.lexer)
    for (path, text), (told, letters) in zip(
        chosen, marks(options.probe, ours, [path for path, _ in chosen])
    ):
        if told != ours:
            result.told_otherwise.append(path)
        before = result.judged, result.agreed
        compare(subject, lexer, path, text, letters or " " * len(text.encode()), result)
        if result.judged > before[0]:
            rate = share(result.agreed - before[1], result.judged - before[0])
            result.by_file.append((rate, path))
    return result


def placed(tokens, text):
    """The tokens where they stand; inside a function's body a lexer may count from its start."""
    result = []
    end = 0
    for index, token, value in tokens:
        if text.startswith(value, end):
            index = end
        elif not text.startswith(value, index):
            continue
        end = index + len(value)
        result.append((index, token, value))
    return result


def compare(subject, lexer, path, text, letters, result):
    tokens = placed(lexer.get_tokens_unprocessed(text), text)
    errors = sum(len(value) for _, token, value in tokens if str(token).endswith("Error"))
    if errors * 50 > len(text):
        result.skipped += 1
        return
    result.files += 1
    # Where each character begins, in bytes.
    if text.isascii():
        start_of = None
    else:
        start_of = [0]
        for character in text:
            start_of.append(start_of[-1] + len(character.encode()))
    result.size += len(letters)
    directives = []
    if subject.name in DIRECTIVES:
        directives = [m.span() for m in re.finditer(DIRECTIVES[subject.name], text, re.M)]
    for index, token, value in tokens:
        wanted = expectation(subject.name, token, value)
        if wanted == "-":
            continue
        name = str(token).removeprefix("Token.")
        place = start_of[index] if start_of else index
        for offset, character in enumerate(value):
            count = 1 if start_of is None else len(character.encode())
            our = letters[place]
            place += count
            if character.isspace():
                continue
            now = wanted
            # What a macro stands for is code to us, and no class of its own to Pygments.
            if name == "Comment.Preproc" and subject.name in DIRECTIVES:
                spot = bisect.bisect_right(directives, (index + offset, 1 << 60)) - 1
                if spot < 0 or index + offset >= directives[spot][1]:
                    continue
            result.visible += count
            result.strict += count * (our == (" " if now[0] == "~" else now[0]))
            if now[0] == "~":
                if our in WORD or our in now:
                    continue
                now = " "
            result.judged += count
            right = our in now
            result.agreed += count * right
            result.pairs[now[0], now[0] if right else our] += count
            if not right:
                key = (name, now[0], our)
                result.confusions[key] += count
                line = text.count("\n", 0, index + offset) + 1 if len(
                    result.examples.get(key, ())) < 400 else 0
                if line:
                    example = (value.strip()[:40], path, line)
                    spots = result.examples.setdefault(key, [])
                    if not spots or spots[-1] != example:
                        spots.append(example)


def share(part, whole):
    return 100 * part / whole if whole else None


def shown(value):
    return "" if value is None else f"{value:.1f}"


def rates(result, kind):
    """Precision and recall of a kind, in percent."""
    both = result.pairs[kind, kind]
    ours = sum(count for (_, our), count in result.pairs.items() if our == kind)
    theirs = sum(count for (wanted, _), count in result.pairs.items() if wanted == kind)
    return share(both, ours), share(both, theirs)


HEADINGS = [
    "language", "files", "kB", "judged", "agreement", "comments", "strings", "keywords", "strict",
]


def row(subject, result):
    cells = [subject.name, str(result.files), str(result.size // 1000)]
    cells.append(shown(share(result.judged, result.visible)))
    cells.append(shown(share(result.agreed, result.judged)))
    for kind in "csk":
        precision, recall = rates(result, kind)
        cells.append(" / ".join(filter(None, (shown(precision), shown(recall)))))
    cells.append(shown(share(result.strict, result.visible)))
    return cells


def print_table(rows, is_markdown):
    widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))]
    for number, line in enumerate(rows):
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ]
        print("| " + " | ".join(cells) + " |" if is_markdown else "  ".join(cells))
        if number == 0 and is_markdown:
            bars = ["-" * width for width in widths]
            print("| " + " | ".join(bars[:1] + [bar[1:] + ":" for bar in bars[1:]]) + " |")


def print_confusions(subject, result, count):
    for key, bytes_ in result.confusions.most_common(count):
        name, wanted, our = key
        print(
            f"{subject.name}: {share(bytes_, result.judged):.2f} % {name}: {KINDS[our]}"
            f" instead of {KINDS[wanted]}"
        )
        spots = result.examples.get(key, [])
        common = collections.Counter(value for value, _, _ in spots).most_common(8)
        print("    " + "  ".join(f"{value!r}" for value, _ in common))
        for _, path, line in spots[:: max(1, len(spots) // 3)][:3]:
            print(f"    {path}:{line}")


def regular_files(directories):
    for directory in directories:
        for parent, names, files in os.walk(directory):
            names[:] = sorted(name for name in names if name not in (".git", "node_modules"))
            for name in sorted(files):
                yield directory, os.path.relpath(os.path.join(parent, name), directory)


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--probe", required=True)
    parser.add_argument("--language", action="append")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--kilobytes", type=int, default=400)
    parser.add_argument("--confusions", type=int, default=0)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("directories", nargs="+")
    if "--help" in sys.argv:
        print(__doc__)
        return
    options = parser.parse_args()
    subjects = [s for s in SUBJECTS if not options.language or s.name in options.language]
    files = list(regular_files(options.directories))
    with ProcessPoolExecutor(max_workers=2) as pool:
        work = [pool.submit(measure, subject, files, options) for subject in subjects]
        results = [entry.result() for entry in work]
    if not options.markdown:
        print(f"Pygments {pygments.__version__}; comments, strings, keywords: precision / recall")
    print_table(
        [HEADINGS] + [row(*pair) for pair in zip(subjects, results)], options.markdown)
    for subject, result in zip(subjects, results):
        if options.confusions:
            print_confusions(subject, result, options.confusions)
        for rate, path in sorted(result.by_file)[: options.worst]:
            print(f"{subject.name}: {rate:.1f} {path}")
        if options.markdown:
            continue
        if result.skipped:
            print(f"{subject.name}: {result.skipped} files that Pygments cannot read")
        for path in result.told_otherwise[:5]:
            print(f"{subject.name}: told to be something else: {path}")
        if subject.first and (result.files < 5 or result.size < 20_000):
            print(f"{subject.name}: too few files to say anything")


if __name__ == "__main__":
    main()
