#!/usr/bin/env python3
"""Measures what a person feels of Countersign, beside other programs, and judges the goals.

usage: bench.py --binary PROGRAM --directory DIRECTORY [--only small,medium] [--runs N] [--ours]

Makes changes of several sizes, opens each with every program on a pty of 200 columns and 60 rows,
types, and waits for frames. Programs and floors take turns, so that all see the same machine; wall
times are still only to be compared within one run. The exit status is 1 when a gate is missed, a
goal whose figure does not depend on how busy the machine is.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

import driven  # noqa: E402  (neighbours, and they must not leave bytecode here)
import floors  # noqa: E402
import goals  # noqa: E402
import programs  # noqa: E402
import workloads  # noqa: E402

NAMES = ("small", "medium", "large", "huge", "minified", "unicode", "real")
ROOT = Path(__file__).resolve().parents[3]
SETTLE_LIMIT = 60
SILENT_KEYS = 5


# One run of one program


def run(program, repository, home):
    """Opens the program, carries out its steps; returns the figures."""
    if program.prepare:
        program.prepare(repository)
    result = {"steps": {}, "jumps": {}, "held": {}, "failures": []}
    running = driven.Driven(program.command, repository, programs.environment(home, program))
    try:
        first = running.appears(workloads.FIRST, running.start, driven.FIRST_LIMIT)
        result["cpu first"] = running.cpu() * 1000
        result["first"] = first * 1000
        if not any(isinstance(step, programs.Jump) for step in program.steps[:1]):
            running.quiet(driven.SETTLED, driven.FIRST_LIMIT, time.monotonic())
        result["bytes first"] = running.byte_count
        for step in program.steps:
            perform(step, running, result)
            if running.has_ended:
                raise driven.Failed(f"The program ended in step {step}.")
    except driven.Failed as failure:
        result["failures"].append(str(failure))
    finally:
        result["memory"] = running.peak_mebibytes()
        running.close(program.quit.encode())
    return result


def perform(step, running, result):
    if isinstance(step, programs.Keys):
        result["steps"][step.name] = pressed(step, running)
    elif isinstance(step, programs.Send):
        settle(running, step.keys)
    elif isinstance(step, programs.Jump):
        before = running.byte_count
        again = step.keys.encode() if step.again else b""
        moment = running.type(step.keys.encode())
        taken = running.appears(step.text, moment, driven.JUMP_LIMIT, again)
        running.quiet(driven.SETTLED, driven.KEY_LIMIT, moment)
        bytes_sent = running.byte_count - before
        result["jumps"][step.name] = {"milliseconds": max(0, taken) * 1000, "bytes": bytes_sent}
    elif isinstance(step, programs.Held):
        result["held"][step.name] = held(step, running)
    elif isinstance(step, programs.Settle):
        result["cpu settled"], result["idle"] = settled(running)


def pressed(step, running):
    """Presses a key again and again; one figure a key, and the processor time of all."""
    latencies, sizes, rows, silent = [], [], [], 0
    text, cpu = running.terminal.text(), running.cpu()
    count = 0
    for count in range(1, step.count + 1):
        before = running.byte_count
        moment = running.type(step.keys.encode())
        if not running.until(lambda: running.byte_count > before, moment + driven.SILENT):
            sizes.append(0)
            silent += 1
            if silent == SILENT_KEYS:
                break
            continue
        running.quiet(driven.QUIET, driven.KEY_LIMIT, moment)
        latencies.append((running.last_byte - moment) * 1000)
        sizes.append(running.byte_count - before)
        after = running.terminal.text()
        rows.append(sum(old != new for old, new in zip(text, after)))
        text = after
    cpu = (running.cpu() - cpu) * 1000 / count
    return {"milliseconds": latencies, "bytes": sizes, "rows": rows, "cpu": cpu}


def held(step, running):
    """Types all at once; then again in small pieces from the same place, to see if one is lost."""
    before = running.byte_count
    moment = running.type(step.keys.encode() * step.count)
    # The first frame may be long in coming: that is what is measured.
    running.until(lambda: running.byte_count > before, moment + driven.KEY_LIMIT)
    running.quiet(driven.SETTLED, driven.FIRST_LIMIT, moment)
    taken = max(0, running.last_byte - moment) * 1000
    result = {"milliseconds": taken, "bytes": running.byte_count - before, "lost": 0}
    if step.home:
        settle(running, step.redraw)
        text = running.terminal.text()
        settle(running, step.home)
        for _ in range(step.count // 30):
            settle(running, step.keys * 30)
        settle(running, step.redraw)
        result["lost"] = int(text != running.terminal.text())
    return result


def settle(running, keys):
    """Types and waits until the program has drawn what comes of it, however long that takes."""
    before = running.byte_count
    moment = running.type(keys.encode())
    running.until(lambda: running.byte_count > before, moment + driven.SILENT * 2)
    running.quiet(driven.SETTLED, driven.KEY_LIMIT, moment)


def settled(running):
    """Milliseconds of processor time until nothing works any more, and of a second after that."""
    deadline = time.monotonic() + SETTLE_LIMIT
    before, now = -1.0, running.cpu()
    while now - before > 0.001 and time.monotonic() < deadline:
        running.quiet(driven.SETTLED, driven.SETTLED * 2, time.monotonic())
        before, now = now, running.cpu()
    running.until(lambda: False, time.monotonic() + 1)
    return now * 1000, (running.cpu() - now) * 1000


# All runs


def median_of(runs, *path):
    """The median of what stands at `path` in the runs that have it, or None."""
    values = []
    for value in runs:
        for key in path:
            value = value.get(key) if value else None
        if value is not None:
            values.append(value)
    return statistics.median(values) if values else None


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else None


def merged(runs):
    """One set of figures of several runs: medians, and percentiles over all keys."""
    result = {"failures": sorted({failure for one in runs for failure in one["failures"]})}
    for key in ("first", "cpu first", "cpu settled", "idle", "memory", "bytes first"):
        if (value := median_of(runs, key)) is not None:
            result[key] = value
    for kind in ("jumps", "held"):
        names = {name: None for one in runs for name in one[kind]}
        keys = ("milliseconds", "bytes", "lost")
        result[kind] = {
            name: {key: median_of(runs, kind, name, key) for key in keys} for name in names
        }
    result["steps"] = {}
    for name in {name: None for one in runs for name in one["steps"]}:
        steps = [one["steps"][name] for one in runs if name in one["steps"]]
        latencies = [value for step in steps for value in step["milliseconds"]]
        # A key at the end of things sends nothing; it is no sign of thrift.
        sizes = [value for step in steps for value in step["bytes"] if value] or [0]
        still = [
            size
            for step in steps
            for size, rows in zip(filter(None, step["bytes"]), step["rows"])
            if rows <= goals.SAME_SCREEN_ROWS
        ]
        result["steps"][name] = {
            **{"milliseconds": latencies, "bytes50": percentile(sizes, 0.5)},
            **{"p50": percentile(latencies, 0.5), "p95": percentile(latencies, 0.95)},
            **{"cpu": median_of(steps, "cpu"), "still": percentile(still, 0.5)},
        }
    return result


def merged_floors(runs):
    """The medians of what every run of the floors gave."""
    return {key: statistics.median(one[key] for one in runs) for key in runs[0]}


def measure_all(options, made, scratch):
    """Measures every workload `options.runs` times; returns workload: program: figures."""
    home = scratch / "home"
    home.mkdir()
    floor = floors.Floors(scratch)
    ours = programs.countersign(options.binary.resolve(), options.opening)
    others, missing = ([], []) if options.ours else programs.peers(options.opening, scratch)
    if missing:
        print(f"Not installed, so left out: {', '.join(missing)}.")
    results = {}
    for name, directory in made.items():
        measured = {program.name: [] for program in (ours, *others)}
        limits = []
        for turn in range(options.runs):
            limits.append(floor.measure(directory, options.opening, home))
            for program in (ours, *others):
                print(f"\r{name}: run {turn + 1}, {program.name} \x1b[K", end="", file=sys.stderr)
                measured[program.name].append(run(program, directory, home))
        print("\r\x1b[K", end="", file=sys.stderr)
        results[name] = {"floors": merged_floors(limits)}
        results[name] |= {program: merged(runs) for program, runs in measured.items()}
        report(name, directory, results[name])
    return results


# The report


def shown(value, digits=1):
    return "-" if value is None else f"{value:,.{digits}f}"


def report(name, directory, measured):
    holds = json.loads((directory / ".git" / workloads.SUMMARY).read_text())
    limits = measured["floors"]
    print(
        f"\n{name}: {holds['files']:,} files, {holds['hunks']:,} hunks, {holds['added']:,} lines"
        f" added, {holds['removed']:,} removed; L1 {limits['L1']:.1f} ms, Lall"
        f" {limits['Lall']:.1f} ms, painter {limits['painter']:.1f} ms, git diff"
        f" {limits['git cpu']:.0f} ms of processor time"
    )
    heads = "first ms|x L1|CPU ms|end cold|x Lall|end warm|held ms|held B|MiB|settled|idle"
    print("".join(["  program     ", *(f"{head:>10}" for head in heads.split("|"))]))
    figures = {program: value for program, value in measured.items() if program != "floors"}
    for program, value in figures.items():
        first, jumps, burst = value.get("first"), value["jumps"], value["held"].get("held", {})
        cold = jumps.get("end cold", {}).get("milliseconds")
        row = [
            *(first, first and first / limits["L1"], value.get("cpu first"), cold),
            *(cold and cold / limits["Lall"], jumps.get("end warm", {}).get("milliseconds")),
            *(burst.get("milliseconds"), burst.get("bytes"), value.get("memory")),
            *(value.get("cpu settled"), value.get("idle")),
        ]
        print("".join([f"  {program:12}", *(f"{shown(figure):>10}" for figure in row)]))
        for failure in value["failures"]:
            print(f"  {program:12}  failed: {failure}")
    print("  key to stable frame: p50 ms / p95 ms / bytes / CPU ms a key")
    names = dict.fromkeys(step for value in figures.values() for step in value["steps"])
    print("".join(["  program     ", *(f"{step:>27}" for step in names)]))
    for program, value in figures.items():
        cells = []
        for step in names:
            figure = value["steps"].get(step)
            cells.append(
                f"{shown(figure['p50'])} / {shown(figure['p95'])} / {shown(figure['bytes50'], 0)}"
                f" / {shown(figure['cpu'], 2)}"
                if figure
                else "-"
            )
        print("".join([f"  {program:12}", *(f"{cell:>27}" for cell in cells)]), flush=True)


def make_workloads(options):
    """The directories of the workloads that can be made, by name."""
    made, pools = {}, []
    directories = [ROOT / "Sources", ROOT / "Tests"]
    if options.source:
        unpacked = options.directory / "sources"
        if not unpacked.exists():
            workloads.archive_of(options.source, options.tag, unpacked)
        directories = [unpacked]

    def pool():
        if not pools:
            pools.append(workloads.sources(directories))
        return pools[0]

    wanted = options.only.split(",") if options.only else NAMES
    for name in wanted:
        if name not in NAMES:
            raise workloads.NotMade(f"There is no workload {name}, only {', '.join(NAMES)}.")
        directory = options.directory / name
        try:
            workloads.make(name, directory, pool, options.source, options.range)
        except workloads.NotMade as reason:
            print(reason)
            continue
        made[name] = directory
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", type=Path, required=True, help="a release build")
    parser.add_argument("--directory", type=Path, required=True, help="where workloads are kept")
    parser.add_argument("--source", type=Path, help="a clone of a git history, for real changes")
    parser.add_argument("--tag", default="603.0.1", help="whose files of it to take")
    parser.add_argument("--range", default="600.0.1..603.0.1", help="what of it to review")
    parser.add_argument("--opening", choices=programs.OPENINGS, default="range")
    parser.add_argument("--only", default="", help="workloads, with commas between them")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ours", action="store_true", help="leave the other programs out")
    options = parser.parse_args()
    if options.source:
        options.source = options.source.resolve()
    options.directory = options.directory.resolve()
    options.directory.mkdir(parents=True, exist_ok=True)
    made = make_workloads(options)
    gc.disable()
    with tempfile.TemporaryDirectory() as scratch:
        results = measure_all(options, made, Path(scratch))
    (options.directory / "results.json").write_text(json.dumps(results, indent=1))
    print()
    missed = goals.report(goals.of(results))
    print(f"{len(missed)} gates missed." if missed else "Every gate is met.")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (workloads.NotMade, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(2)
