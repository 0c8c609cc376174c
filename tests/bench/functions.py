"""Finding functions in a program of very many, and attaching to them: the whole run, the program's included."""

from __future__ import annotations

from functools import partial

from tests.bench import tools
from tests.bench.measure import Contender, Series, paired
from tests.harness import many

COUNT = 100_000
WARM, COLD, BPFTRACE = "d2bpf", "d2bpf, first run (no cache)", "bpftrace"
REFERENCES = {"x bpftrace": BPFTRACE}
ONE = "space3::Class40Handler::handle_00040"
# title -> function field, and what bpftrace can say instead
TASKS = {
    "one, by its C++ name (bpftrace: by its mangled name)": (ONE, many.mangled(40)),
    f"{many.CALLED:,}, by a pattern": ("*handle_00*", "*handle_00*"),
}


def run(place: tools.Place, rounds: int) -> dict[str, list[Series]]:
    """Series of milliseconds by title."""
    program = many.build(place.folder, COUNT)
    environment = {**place.environment, "BPFTRACE_MAX_PROBES": str(many.CALLED)}
    found = {}
    for title, (function, mangled) in TASKS.items():
        argv = tools.d2bpf("-qn", f"pid$target:a.out:{function}:entry {{ @ = count(); }}", "-c", str(program))
        other = tools.bpftrace(f"uprobe:{program}:{mangled} {{ @ = count(); }}", "-c", str(program))

        contenders = [
            Contender(WARM, partial(tools.whole_run, argv, place.environment)),
            Contender(COLD, partial(_cold, place, argv)),
        ]
        theirs = Contender(BPFTRACE, partial(tools.whole_run, other, environment))
        if "*" in function:
            series = paired(contenders, rounds)
            (slow,) = paired([theirs], 1, warm_up=False)
            slow.values *= rounds  # it takes minutes: one run stands for all rounds
            found[title] = [*series, slow]
        else:
            found[title] = paired([*contenders, theirs], rounds)
    return found


def _cold(place: tools.Place, argv: list[str]) -> float:
    with place.cold() as environment:
        return tools.whole_run(argv, environment)
