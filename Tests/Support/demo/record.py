#!/usr/bin/env python3
"""Records the demo's answer as a real llama.cpp server streams it.

usage: record.py [--output FILE] [--context TOKENS]

Runs llama.cpp's HTTP server on a unix socket with a very small model of random weights, sends it
the instruction and the files it concerns, and writes what comes back, byte for byte and with its
times, as a transcript (Sources/ModelClient/Transcript/Transcript.swift has the format). A grammar
admits answer.md and nothing else: the words are ours, the stream and its timing the server's.

Run it with the Python of `make test-prerequisites`: .venv/bin/python.
"""

import argparse
import base64
import datetime
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

import check  # noqa: E402  (a neighbour, and it must not leave bytecode here)

LLAMA = Path(__file__).resolve().parents[1] / "llama"
MODEL = "tiny-random.gguf"
NOTE = "llama.cpp with a model of random weights, under a grammar that admits this answer only"
LARGEST_TRANSCRIPT = 3_000_000
START_SECONDS = 60
SILENCE_SECONDS = 120
# About as often as a screen is drawn. Reading every token by itself would make a larger transcript,
# and its replay, which waits between pieces, slower than the answer was.
READ_SECONDS = 0.04


class NotRecorded(Exception):
    """The recording failed; the message is one sentence."""


def grammar(answer):
    """A GBNF grammar of which `answer` is the only sentence: one rule per line of the answer."""

    def literal(line):
        escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}

        def symbol(character):
            if character in escapes:
                return escapes[character]
            code = ord(character)
            return character if 0x20 <= code < 0x7F else f"\\U{code:08x}"

        return '"' + "".join(map(symbol, line)) + '"'

    lines = answer.splitlines(keepends=True)
    rules = [f"l{number} ::= {literal(line)}" for number, line in enumerate(lines)]
    root = " ".join(f"l{number}" for number in range(len(lines)))
    return "\n".join([f"root ::= {root}", *rules, ""])


def prompt(repository, answer, instruction):
    """The files that the answer edits, sorted by path, and the task last."""
    names = {block.path for block in check.read_blocks(answer.encode()) if block.search}
    files = [f"{name}\n````\n{(repository / name).read_text()}````\n" for name in sorted(names)]
    return "\n".join([*files, instruction])


class Server:
    """llama.cpp's HTTP server in a process of its own; a context manager that ends it."""

    def __init__(self, directory, context):
        self.socket = str(directory / "llama.sock")
        arguments = ["--context", str(context)]
        # One layer and one thread: threads that wait for each other are slower at this size.
        subprocess.run(
            [
                *(sys.executable, str(LLAMA / "make_tiny_gguf.py"), MODEL, *arguments),
                *("--hidden", "32", "--layers", "1"),
            ],
            cwd=directory,
            check=True,
        )
        # The model's name is in every event of the stream, so it must hold no path of this machine.
        self.log = open(directory / "server.log", "w+b")
        self.process = subprocess.Popen(
            [
                *(sys.executable, str(LLAMA / "llama_server.py"), MODEL, *arguments),
                *("--socket", self.socket, "--threads", "1", "--until-stdin-closes"),
            ],
            cwd=directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
        )

    def __enter__(self):
        readable, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        if not readable or not self.process.stdout.readline():
            self.__exit__()
            self.log.seek(0)
            said = self.log.read().decode(errors="replace").strip()
            raise NotRecorded(f"llama.cpp did not start: {said}")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Dechunker:
    """Undoes chunked transfer encoding, whatever the pieces."""

    def __init__(self):
        self.waiting = b""
        self.is_finished = False

    def body(self, received):
        """The bytes of the body that are known once `received` has arrived too."""
        self.waiting += received
        body = b""
        while not self.is_finished:
            size, separator, rest = self.waiting.partition(b"\r\n")
            if not separator:
                break
            length = int(size.split(b";")[0], 16)
            if len(rest) < length + 2:
                break
            body += rest[:length]
            self.waiting = rest[length + 2 :]
            self.is_finished = length == 0
        return body


def exchange(path, request):
    """Sends the request and yields (milliseconds, kind, bytes) for head and pieces of the body."""
    body = json.dumps(request).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SILENCE_SECONDS)
        connection.connect(path)
        start = time.monotonic()
        connection.sendall(head.encode() + body)
        received, chunks = b"", None
        while chunks is None or not chunks.is_finished:
            time.sleep(READ_SECONDS)
            piece = connection.recv(65536)
            milliseconds = int((time.monotonic() - start) * 1000)
            if not piece:
                raise NotRecorded("the server closed the connection inside its answer")
            if chunks is None:
                received += piece
                status, separator, piece = received.partition(b"\r\n\r\n")
                if not separator:
                    continue
                if b"\r\ntransfer-encoding: chunked" not in status.lower():
                    raise NotRecorded(f"the server did not stream: {received.decode()}")
                yield milliseconds, "head", status + separator
                chunks = Dechunker()
            content = chunks.body(piece)
            if content:
                yield milliseconds, "body", content


def transcript(arrivals, date):
    """The lines of the transcript, and the whole body."""
    lines = [
        {
            **{"countersign_transcript": 1, "server": "llamaServer", "model": MODEL},
            **{"date": date, "note": NOTE},
        }
    ]
    body, last = b"", 0
    for last, kind, content in arrivals:
        if kind == "head":
            lines.append({"t": last, "head": content.decode("ascii")})
            continue
        body += content
        # A piece may end inside a character; JSON text cannot hold that half.
        try:
            lines.append({"t": last, "text": content.decode()})
        except UnicodeDecodeError:
            lines.append({"t": last, "base64": base64.b64encode(content).decode()})
    lines.append({"t": last, "end": "whole"})
    # ASCII only: the bidi controls of the answer stay readable here.
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), body


def require_answer(body, answer):
    """Fails unless the stream is whole and says exactly `answer`."""
    text, reasons, progress = "", [], 0
    events = [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]
    if not events or events[-1] != "[DONE]":
        raise NotRecorded(f"the stream does not end with [DONE]: {events[-1:]}")
    for event in map(json.loads, events[:-1]):
        if "error" in event:
            raise NotRecorded(f"the server reported: {event['error']}")
        progress += "prompt_progress" in event
        for choice in event["choices"]:
            text += choice["delta"].get("content") or ""
            reasons += [choice["finish_reason"]] if choice["finish_reason"] else []
    if text != answer:
        raise NotRecorded("the stream does not say what answer.md says")
    if reasons != ["stop"] or not progress:
        raise NotRecorded(f"finish reasons {reasons}, {progress} reports of progress")
    return len(events)


def record(output, context):
    answer = (check.DEMO / "answer.md").read_bytes().decode()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        repository = directory / "repository"
        check.build_history(repository)
        instruction = (check.DEMO / "instruction.txt").read_text()
        request = {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": "Answer with SEARCH/REPLACE blocks."},
                {"role": "user", "content": prompt(repository, answer, instruction)},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,
            "temperature": 0,
            "grammar": grammar(answer),
        }
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        with Server(directory, context) as server:
            text, body = transcript(exchange(server.socket, request), today)
    events = require_answer(body, answer)
    if len(text) > LARGEST_TRANSCRIPT:
        raise NotRecorded(f"the transcript has {len(text)} bytes, over {LARGEST_TRANSCRIPT}")
    unfinished = output.with_name(output.name + ".new")
    unfinished.write_text(text, encoding="ascii")
    os.replace(unfinished, output)
    seconds = json.loads(text.splitlines()[-1])["t"] / 1000
    print(f"recorded {events} events in {seconds:.1f} s, {len(text)} bytes: {output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--output", type=Path, default=check.DEMO / "answer.transcript.jsonl")
    parser.add_argument("--context", type=int, default=32768, help="tokens of the model's context")
    options = parser.parse_args()
    check.main([])
    record(options.output, options.context)


if __name__ == "__main__":
    try:
        main()
    except (NotRecorded, check.Broken, OSError, subprocess.CalledProcessError) as error:
        print(f"demo recording: {error}", file=sys.stderr)
        sys.exit(1)
