"""What Countersign holds itself to, and whether a run met it.

A gate is a goal whose figure does not depend on how busy the machine is: bytes, memory, and ratios
to what was measured in the same run. Only gates decide the exit status.
"""

from dataclasses import dataclass

FIRST_FRAME = {"huge": 1.4}
FIRST_FRAME_ELSE = 2.0
MEMORY = {"small": 30, "medium": 40, "large": 90, "huge": 200, "minified": 120, "unicode": 40}
# Key: the most milliseconds of the median from key to stable frame.
LATENCY = {"page": 3, "line": 1.5, "hunk": 1.5, "file": 1.5, "approve": 1.5, "reject": 1.5}
BYTES = {"page": 18_000, "line": 300, "no effect": 50}
SAME_SCREEN_BYTES = 1000
# Beside more changed rows than these a key has scrolled.
SAME_SCREEN_ROWS = 8
LIKE_MEDIUM = ("large", "huge", "unicode")
RATIO_TO_MEDIUM = 1.25
RATIO_KEYS = ("line", "page", "hunk")


@dataclass(frozen=True)
class Goal:
    workload: str
    what: str
    figure: float
    most: float
    unit: str = ""
    is_gate: bool = False

    @property
    def is_met(self):
        return self.figure is not None and self.figure <= self.most


def of(results):
    """The goals that `results` (workload: program: figures) allow to judge, in order."""
    goals = []
    for workload, measured in results.items():
        ours = measured.get("countersign")
        if ours:
            goals += first_frame(workload, measured, ours)
            goals += keys(workload, ours)
            goals += ends(workload, measured, ours)
            goals += costs(workload, measured, ours)
    return goals + list(between_workloads(results))


def first_frame(workload, measured, ours):
    floors = measured["floors"]
    most = FIRST_FRAME.get(workload, FIRST_FRAME_ELSE)
    if "first" not in ours:
        yield Goal(workload, "first frame, times L1", None, most, "", True)
        return
    yield Goal(workload, "first frame, times L1", ours["first"] / floors["L1"], most, "", True)
    delta = measured.get("delta", {}).get("first")
    if delta:
        yield Goal(workload, "first frame, at most delta's", ours["first"], delta, "ms")


def keys(workload, ours):
    steps = ours.get("steps", {})
    for name, most in LATENCY.items():
        if steps.get(name, {}).get("milliseconds"):
            yield Goal(workload, f"{name}: key to frame, median", steps[name]["p50"], most, "ms")
    for name in LATENCY:
        if steps.get(name, {}).get("milliseconds"):
            yield Goal(workload, f"{name}: key to frame, 95 %", steps[name]["p95"], 8, "ms")
            yield Goal(workload, f"{name}: longest", max(steps[name]["milliseconds"]), 16, "ms")
            yield Goal(workload, f"{name}: processor time a key", steps[name]["cpu"], 3, "ms")
    for name, most in BYTES.items():
        if name in steps:
            yield Goal(workload, f"{name}: bytes a key", steps[name]["bytes50"], most, "B", True)
    still = steps.get("hunk", {}).get("still")
    if still:
        yield Goal(
            workload, "hunk on the same screen: bytes", still, SAME_SCREEN_BYTES, "B", True
        )


def ends(workload, measured, ours):
    jumps, held = ours.get("jumps", {}), ours.get("held", {}).get("held")
    if "end cold" in jumps:
        ratio = jumps["end cold"]["milliseconds"] / measured["floors"]["L1"]
        yield Goal(workload, "jump to the end, cold, times L1", ratio, 2.5, "", True)
    if "end warm" in jumps:
        yield Goal(workload, "jump to the end, warm", jumps["end warm"]["milliseconds"], 5, "ms")
    if held:
        yield Goal(workload, "300 held keys", held["milliseconds"], 20, "ms")
        page = ours["steps"].get("page", {}).get("bytes50")
        if page:
            yield Goal(workload, "300 held keys, in pages of bytes", held["bytes"] / page, 3)
        yield Goal(workload, "300 held keys, lost", held["lost"], 0, "", True)


def costs(workload, measured, ours):
    if workload in MEMORY and "memory" in ours:
        yield Goal(workload, "peak memory", ours["memory"], MEMORY[workload], "MiB", True)
    if workload == "medium" and "cpu first" in ours:
        yield Goal(workload, "processor time to the first frame", ours["cpu first"], 60, "ms")
    if "cpu settled" in ours:
        ratio = (ours["cpu settled"] - ours["cpu first"]) / measured["floors"]["git cpu"]
        yield Goal(workload, "background work, times git diff's", ratio, 1.5, "", True)
        yield Goal(workload, "idle, a second", ours["idle"], 1, "ms", True)
    yield Goal(workload, "failures", len(ours.get("failures", [])), 0, "", True)


def between_workloads(results):
    ours = {name: measured.get("countersign", {}) for name, measured in results.items()}
    if "first" in ours.get("small", {}) and "first" in ours.get("large", {}):
        above = {name: ours[name]["first"] - results[name]["floors"]["L1"] for name in ours}
        yield Goal("large", "first frame above L1", above["large"], above["small"] + 5, "ms")
    for name in LIKE_MEDIUM:
        for key in RATIO_KEYS:
            figures = [ours.get(one, {}).get("steps", {}).get(key, {}) for one in (name, "medium")]
            if all(figure.get("cpu") for figure in figures):
                ratio = figures[0]["cpu"] / figures[1]["cpu"]
                yield Goal(
                    name, f"{key}: processor time, times medium's", ratio, RATIO_TO_MEDIUM, "", True
                )


def report(goals):
    """Prints every goal; returns the gates that were missed."""
    for goal in sorted(goals, key=lambda goal: goal.is_met):
        figure = "none" if goal.figure is None else f"{goal.figure:,.2f}"
        print(
            f"{'met   ' if goal.is_met else 'MISSED'} {'gate' if goal.is_gate else 'goal'} "
            f"{goal.workload:9}{goal.what:46}{figure:>12} of {goal.most:,.2f} {goal.unit}".rstrip()
        )
    return [goal for goal in goals if goal.is_gate and not goal.is_met]
