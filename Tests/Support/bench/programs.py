"""Countersign and the programs it is measured against: how each is opened, and its keys."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import workloads

# How the two sides are given: `range` as two commits, `worktree` as changes of the work tree. The
# one place that knows how a review is opened.
OPENINGS = {
    "range": {"review": ["review", f"HEAD..{workloads.AFTER}"], "diff": ["HEAD", workloads.AFTER]},
    "worktree": {"review": ["review", "--worktree"], "diff": []},
}

ESCAPE, CONTROL_L = "\x1b", "\x0c"
PAGE_DOWN, SHIFT_TAB = f"{ESCAPE}[6~", f"{ESCAPE}[Z"
HOME, END = f"{ESCAPE}OH", f"{ESCAPE}OF"
# More than the steps before can have gone on.
MOST_FILES = 60
LAZYGIT_CONFIGURATION = """\
disableStartupPopups: true
update: {method: never}
git: {autoFetch: false, autoRefresh: false}
gui: {showFileTree: false, showRandomTip: false, nerdFontsVersion: ''}
"""


@dataclass(frozen=True)
class Keys:
    """`count` presses of one key, each after the frame of the one before."""

    name: str
    keys: str
    count: int = 30


@dataclass(frozen=True)
class Send:
    """Keys that are not measured."""

    keys: str


@dataclass(frozen=True)
class Jump:
    """Keys until `text` is on the screen."""

    name: str
    keys: str
    text: str
    # Pressed again and again: it leads to the end of what the program has read by then.
    again: bool = False


@dataclass(frozen=True)
class Held:
    """`count` keys at once, as from a key held down.

    `home` leads back to where they began, and `redraw` paints the whole screen again, which makes
    two screens comparable whatever our terminal thinks of the width of a letter.
    """

    name: str
    keys: str
    home: str = ""
    redraw: str = ""
    count: int = 300


@dataclass(frozen=True)
class Settle:
    """Waits until nothing works any more, then measures what it costs to wait."""


@dataclass
class Program:
    name: str
    command: list
    steps: list
    quit: str
    environment: dict = field(default_factory=dict)
    # Runs with the repository before every start.
    prepare: object = None

    @property
    def is_ours(self):
        return self.name == "countersign"


def forget_sessions(repository):
    """Every run begins without sessions: their number is not what is measured."""
    common = repository / ".git"
    shutil.rmtree(common / "countersign", ignore_errors=True)
    shutil.rmtree(common / "refs" / "countersign", ignore_errors=True)


def countersign(binary, opening):
    first, last = workloads.FIRST, workloads.LAST
    return Program(
        "countersign",
        [str(binary), *OPENINGS[opening]["review"]],
        [
            # The previous undecided hunk before the first is the last of the last file.
            Jump("end cold", SHIFT_TAB, last),
            Settle(),
            Jump("start warm", "\t", first),
            Jump("end warm", SHIFT_TAB, last),
            Send("\t"),
            Keys("line", "j"),
            Keys("page", PAGE_DOWN),
            Keys("hunk", "]"),
            Keys("file", "}", 20),
            # Back to the first hunk: others may have findings, which are acknowledged first.
            Send("{" * MOST_FILES),
            Keys("approve", " ", 20),
            Send(ESCAPE),
            Keys("reject", "x", 20),
            Send(ESCAPE),
            Keys("no effect", "Z", 10),
            Send("g"),
            Held("held", "j", "g", CONTROL_L),
        ],
        "qq",
        prepare=forget_sessions,
    )


def peers(opening, scratch):
    """Those of the peers that are installed, and the names of those that are not."""
    diff = " ".join(["git diff", *OPENINGS[opening]["diff"]])
    last = workloads.LAST
    line_keys = Keys("line", "j"), Keys("page", " ")
    configuration = Path(scratch) / "lazygit"
    configuration.mkdir(exist_ok=True)
    (configuration / "config.yml").write_text(LAZYGIT_CONFIGURATION)
    coloured = diff.replace("git diff", "git diff --color=always")
    # Without wrapping: delta 0.18 panics on some lines that it wraps.
    delta = "delta --side-by-side --navigate --paging=always --width=200 --wrap-max-lines=0"
    programs = [
        Program(
            "tig",
            ["sh", "-c", f"{diff} | tig"],
            [Jump("end cold", END, last, True), Send(HOME), *line_keys, Keys("hunk", "@")]
            + [Send(HOME), Held("held", "j")],
            "Q",
        ),
        Program(
            "less",
            ["sh", "-c", f"{coloured} | less -R"],
            [Jump("end cold", "G", last, True), Send("g/^@@\r"), *line_keys, Keys("hunk", "n")]
            + [Send("g"), Held("held", "j")],
            "q",
        ),
        Program(
            "delta",
            ["sh", "-c", f"{coloured} | {delta}"],
            [Jump("end cold", "G", last, True), Send("g"), *line_keys, Keys("hunk", "n")]
            + [Send("g"), Held("held", "j")],
            "q",
            {"LESS": "-R"},
        ),
        Program(
            "lazygit",
            ["lazygit", "--use-config-dir", str(configuration)],
            [Keys("line", "J"), Keys("page", PAGE_DOWN), Keys("file", "j", 20), Held("held", "J")],
            "q",
        ),
        Program(
            "git add -p",
            ["git", "add", "-p"],
            [Keys("hunk", "n\n", 10)],
            "q\n",
        ),
    ]
    present = [program for program in programs if shutil.which(program.name.split()[0])]
    return present, [program.name for program in programs if program not in present]


def environment(home, program):
    """What a program sees: a terminal of many colours, and nobody's settings."""
    dropped = ("TMUX", "NO_COLOR", "CI", "LINES", "COLUMNS", "PAGER", "LESS", "COUNTERSIGN_DEEP")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {
        **{key: value for key, value in kept.items() if not key.startswith(("GIT_", "XDG_"))},
        **{"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
        **{"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"},
        **{"GIT_OPTIONAL_LOCKS": "0"},
        **program.environment,
    }
