"""A terminal's screen as text: what a program that draws on a pty has drawn so far.

Keeps the characters of every cell, not their colours, and answers what programs ask a terminal.
"""

import codecs
import re
import unicodedata

try:
    from wcwidth import wcwidth
except ImportError:

    def wcwidth(character):
        if unicodedata.combining(character) or character in "\u200d\ufe0f\ufe0e":
            return 0
        return 2 if unicodedata.east_asian_width(character) in "WF" else 1


TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[(?P<private>[<=>?]*)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b(?P<kind>[\]PX^_])(?P<string>(?:[^\x1b\x07]|\x1b(?!\\))*)(?:\x07|\x1b\\)"
    r"|\x1b[ -/]+(?P<charset>[0-~])"
    r"|\x1b(?P<escape>[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])",
    re.DOTALL,
)
# A sequence that has not ended after so many characters never will.
LONGEST_SEQUENCE = 2_000_000
ALTERNATE_SCREENS = (47, 1047, 1049)
KNOWN_MODES = (7, 25, 1004, 2004, 2026)


class Terminal:
    """The screen of `rows` times `columns`; `reply` is called with what a terminal would answer."""

    def __init__(self, rows, columns, reply):
        self.rows, self.columns, self.reply = rows, columns, reply
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.waiting = ""
        self.main_screen = None
        # Rows that changed since the owner cleared this.
        self.dirty = set()
        self.reset()

    def reset(self):
        self.grid = [self.blanks() for _ in range(self.rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, self.rows - 1
        self.wraps_next = self.inserts = False
        self.wraps = True
        self.saved = (0, 0)
        self.last = " "

    def blanks(self):
        return [" "] * self.columns

    def text(self):
        """The rows as strings."""
        return ["".join(row) for row in self.grid]

    def shows(self, text, rows=None):
        """Whether `text` stands in one row, of those given or of all."""
        rows = range(self.rows) if rows is None else rows
        return any(text in "".join(self.grid[row]) for row in rows)

    def feed(self, data):
        text = self.waiting + self.decoder.decode(data)
        self.waiting = ""
        position = 0
        while position < len(text):
            token = TOKEN.match(text, position)
            if not token:
                if text[position] == "\x1b" and len(text) - position < LONGEST_SEQUENCE:
                    self.waiting = text[position:]
                    return
                position += 1
                continue
            position = token.end()
            if token["text"] is not None:
                self.put(token["text"])
            elif token["final"] is not None:
                self.sequence(*token.group("private", "numbers", "between", "final"))
            elif token["control"] is not None:
                self.control(token["control"])
            elif token["kind"] is not None:
                self.string(token["kind"], token["string"])
            elif token["escape"] is not None:
                self.escape(token["escape"])

    # Text

    def put(self, text):
        if not text.isascii() or self.inserts:
            for character in text:
                self.put_one(character, wcwidth(character))
            return
        position = 0
        while position < len(text):
            self.wrap_if_due()
            count = min(len(text) - position, self.columns - self.x)
            self.grid[self.y][self.x : self.x + count] = text[position : position + count]
            self.dirty.add(self.y)
            position += count
            self.advance(count)
            if self.wraps_next and not self.wraps:
                break
        self.last = text[-1]

    def put_one(self, character, width):
        if width <= 0:
            column = self.x if self.wraps_next else max(0, self.x - 1)
            self.grid[self.y][column] += character
            self.dirty.add(self.y)
            return
        if self.x + width > self.columns:
            self.wraps_next = True
        self.wrap_if_due()
        row = self.grid[self.y]
        if self.inserts:
            row[self.x : self.x] = [" "] * width
            del row[self.columns :]
        row[self.x] = character
        if width == 2 and self.x + 1 < self.columns:
            row[self.x + 1] = ""
        self.dirty.add(self.y)
        self.last = character
        self.advance(width)

    def advance(self, count):
        self.x += count
        if self.x >= self.columns:
            self.x = self.columns - 1
            self.wraps_next = True

    def wrap_if_due(self):
        if self.wraps_next and self.wraps:
            self.x = 0
            self.line_feed()
        self.wraps_next = False

    def line_feed(self):
        if self.y == self.bottom:
            self.scroll(1)
        elif self.y < self.rows - 1:
            self.y += 1

    def scroll(self, count, top=None):
        """Scrolls the region, or what of it is below `top`, up (negative: down)."""
        top, bottom = self.top if top is None else top, self.bottom
        height = bottom - top + 1
        new = [self.blanks() for _ in range(min(abs(count), height))]
        if count > 0:
            del self.grid[top : top + len(new)]
            self.grid[bottom + 1 - len(new) : bottom + 1 - len(new)] = new
        elif count < 0:
            del self.grid[bottom + 1 - len(new) : bottom + 1]
            self.grid[top:top] = new
        self.dirty.update(range(top, bottom + 1))

    # Controls

    def control(self, character):
        if character in "\n\x0b\x0c":
            self.line_feed()
        elif character == "\r":
            self.x = 0
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character == "\t":
            self.x = min(self.columns - 1, (self.x // 8 + 1) * 8)
        else:
            return
        self.wraps_next = False

    def escape(self, character):
        if character == "7":
            self.saved = (self.x, self.y)
        elif character == "8":
            self.x, self.y = self.saved
            self.wraps_next = False
        elif character in "DE":
            self.x = 0 if character == "E" else self.x
            self.line_feed()
        elif character == "M":
            if self.y == self.top:
                self.scroll(-1)
            else:
                self.y = max(0, self.y - 1)
        elif character == "c":
            self.reset()
            self.dirty.update(range(self.rows))
        elif character == "Z":
            self.reply("\x1b[?62;22c")

    def string(self, kind, body):
        if kind == "]" and body in ("10;?", "11;?", "12;?"):
            colour = "0000/0000/0000" if body[:2] == "11" else "d0d0/d0d0/d0d0"
            self.reply(f"\x1b]{body[:2]};rgb:{colour}\x1b\\")
        elif kind == "]" and body.startswith("4;") and body.endswith(";?"):
            self.reply(f"\x1b]{body[:-2]};rgb:8080/8080/8080\x1b\\")
        elif kind == "P" and body[:2] in ("+q", "$q"):
            self.reply(f"\x1bP0{body[0]}r\x1b\\")

    def sequence(self, private, numbers, between, final):
        values = [int(value.split(":")[0] or 0) for value in numbers.split(";")]
        if between:
            if between == "$" and final == "p" and private == "?":
                state = 2 if values[0] in KNOWN_MODES else 0
                self.reply(f"\x1b[?{values[0]};{state}$y")
            elif between == "!" and final == "p":
                self.top, self.bottom = 0, self.rows - 1
                self.inserts, self.wraps = False, True
        elif private:
            self.private_sequence(private, values, numbers, final)
        elif final != "m":
            self.plain_sequence(values, final)

    def private_sequence(self, private, values, numbers, final):
        if private == "?" and final in "hl":
            for mode in values:
                self.set_private_mode(mode, final == "h")
        elif private == "?" and final == "n" and values[0] == 6:
            self.reply(f"\x1b[?{self.y + 1};{self.x + 1}R")
        elif private == "?" and final == "n" and values[0] == 996:
            self.reply("\x1b[?997;1n")
        elif private == "?" and final in "JK":
            self.sequence("", numbers, "", final)
        elif private == ">" and final == "c":
            self.reply("\x1b[>0;95;0c")
        elif private == ">" and final == "q":
            self.reply("\x1bP>|bench(1)\x1b\\")

    def set_private_mode(self, mode, is_on):
        if mode == 7:
            self.wraps = is_on
        if mode not in ALTERNATE_SCREENS:
            return
        if is_on and self.main_screen is None:
            self.main_screen = (self.grid, self.x, self.y)
            self.grid = [self.blanks() for _ in range(self.rows)]
        elif not is_on and self.main_screen is not None:
            self.grid, self.x, self.y = self.main_screen
            self.main_screen = None
        self.top, self.bottom = 0, self.rows - 1
        self.dirty.update(range(self.rows))

    def plain_sequence(self, values, final):
        count = values[0] or 1
        second = values[1] if len(values) > 1 else 0
        if final in "ABCDEFGHfd`aeSTXPKJLM@r":
            self.wraps_next = False
        if final in "ABCDEFGHfd`ae":
            self.move(final, count, second)
        elif final in "XPKJLM@":
            self.edit(final, values[0], count)
        elif final in "ST":
            self.scroll(count if final == "S" else -count)
        elif final == "r":
            top, bottom = count - 1, (second or self.rows) - 1
            if top < bottom < self.rows:
                self.top, self.bottom, self.x, self.y = top, bottom, 0, 0
        elif final == "b":
            self.put(self.last * count)
        elif final == "c":
            self.reply("\x1b[?62;22c")
        elif final == "n" and values[0] == 6:
            self.reply(f"\x1b[{self.y + 1};{self.x + 1}R")
        elif final == "n" and values[0] == 5:
            self.reply("\x1b[0n")
        elif final == "s":
            self.saved = (self.x, self.y)
        elif final == "u":
            self.x, self.y = self.saved
        elif final == "t" and values[0] == 18:
            self.reply(f"\x1b[8;{self.rows};{self.columns}t")
        elif final in "hl" and values[0] == 4:
            self.inserts = final == "h"

    def move(self, final, count, second):
        last_row, last_column = self.rows - 1, self.columns - 1
        if final in "Hf":
            self.y, self.x = min(self.rows, count) - 1, min(self.columns, second or 1) - 1
        elif final in "AF":
            self.y = max(self.top if self.y >= self.top else 0, self.y - count)
        elif final in "BeE":
            self.y = min(self.bottom if self.y <= self.bottom else last_row, self.y + count)
        elif final in "Ca":
            self.x = min(last_column, self.x + count)
        elif final == "D":
            self.x = max(0, self.x - count)
        elif final in "G`":
            self.x = min(self.columns, count) - 1
        elif final == "d":
            self.y = min(self.rows, count) - 1
        if final in "EF":
            self.x = 0

    def edit(self, final, value, count):
        row = self.grid[self.y]
        if final in "LM":
            if self.top <= self.y <= self.bottom:
                self.scroll(count if final == "M" else -count, self.y)
                self.x = 0
            return
        rest = self.columns - self.x
        if final == "K":
            start = self.x if value == 0 else 0
            end = self.x + 1 if value == 1 else self.columns
            row[start:end] = [" "] * (end - start)
        elif final == "J":
            if value == 0:
                row[self.x :] = [" "] * rest
            first = self.y + 1 if value == 0 else 0
            for index in range(first, self.y if value == 1 else self.rows):
                self.grid[index] = self.blanks()
                self.dirty.add(index)
        elif final == "X":
            row[self.x : self.x + min(count, rest)] = [" "] * min(count, rest)
        elif final == "P":
            del row[self.x : self.x + min(count, rest)]
            row += [" "] * min(count, rest)
        elif final == "@":
            row[self.x : self.x] = [" "] * count
            del row[self.columns :]
        self.dirty.add(self.y)
