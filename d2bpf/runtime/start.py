"""Runs a plan: what the command d2bpf and every emitted program have in common."""

from __future__ import annotations

import os
import sys

from .errors import Failure
from .processes import Aborted, create, grab
from .stdio import Messages, complain, discard_output, leave, prepare, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .cache import Store
    from .processes import Target


def make_targets(wanted: Sequence[tuple[str, str]], options: Mapping[str, Any]) -> list[Target]:
    """The processes of -c (started, and stopped at their entry) and -p, in the order given: `wanted` holds ("c", command)
    and ("p", number). Raises Failure; then no process is left behind."""
    made: list[Target] = []
    try:
        for flag, text in wanted:
            if flag == "c":
                made.append(create(text, target_environment(options), options["evaltime"]))
            elif text.isdigit():
                made.append(grab(int(text)))
            else:
                raise Failure(f"invalid pid: {text}")
    except BaseException:
        close_targets(made)
        raise
    return made


def target_environment(options: Mapping[str, Any]) -> dict[str, str]:
    """The environment of -c processes: ours, changed by the setenv and unsetenv options."""
    environment = dict(os.environ)
    for pair in options["setenv"]:
        name, _, value = pair.partition("=")
        environment[name] = value
    for name in options["unsetenv"]:
        environment.pop(name, None)
    return environment


def close_targets(targets: Sequence[Target]) -> None:
    for target in targets:
        target.close()


def run(
    plan: Mapping[str, Any], targets: Sequence[Target] = (), output: str = "", store: Store | None = None, verbose: int = 0
) -> int:
    """Trace until the end and return the exit status. Data go to standard output, or are appended to the file `output`. `verbose`
    1 also reports stability and what the verifier counted, 2 the bytecode too. Raises Failure for what prevents the start."""
    if not plan["clauses"] and not plan["options"]["zdefs"]:
        raise Failure("no probes matched")
    if plan["destructive"] and not plan["options"]["destructive"]:
        raise Failure("could not enable tracing: Destructive actions not allowed")
    if plan["options"]["grabanon"]:
        raise Failure("could not enable tracing: No anonymous tracing state")
    from .consumer import Consumer
    from .session import Session

    try:
        out = open(output, "ab") if output else sys.stdout.buffer  # noqa: SIM115  closed with the process
    except OSError as error:
        raise Failure(f"failed to open output file '{output}': {error.strerror}") from None

    def consumer(session: Session) -> Consumer:
        symbols = Symbols()
        if shows_user_addresses(plan):  # at the end, when aggregations are printed, the targets will be gone
            for target in targets:
                symbols.user.remember(target.pid)
        made = Consumer(plan, out, Messages(), symbols, targets[0].pid if targets else None)
        made.read_aggregation, made.delete_aggregation = session.read_aggregation, session.delete_aggregation
        if verbose:
            from .report import report

            start = made.start

            def start_and_report() -> None:
                start()
                out.write(report(plan, session, verbose > 1).encode())

            made.start = start_and_report  # type: ignore[method-assign]
        return made

    try:
        return Session(plan, consumer, targets=targets, store=store).run()
    except (Aborted, BrokenPipeError):
        discard_output()
        return 0
    except Failure:
        discard_output()  # what could not be written is not tried again
        raise


def shows_user_addresses(plan: Mapping[str, Any]) -> bool:
    """Whether any datum of a record or key is an address of a process, to be printed by its symbol."""
    data = [record["fields"] for record in plan["records"]] + [entry["keys"] for entry in plan["aggregations"]]
    return any(field["kind"] in ("ustack", "usym") for fields in data for field in fields)


class Symbols:
    """The resolvers of addresses, made when the first address is printed."""

    def __init__(self) -> None:
        self._kernel: Any = None
        self._user: Any = None

    @property
    def kernel(self) -> Any:
        if self._kernel is None:
            from ..symbols.kernel import KernelSymbols

            self._kernel = KernelSymbols()
        return self._kernel

    @property
    def user(self) -> Any:
        if self._user is None:
            from ..symbols.user import UserSymbols

            self._user = UserSymbols()
        return self._user


# ---- emitted programs ----

USAGE = "usage: {} [-qw] [-c command] [-p pid] [-o file] [-x option[=value]]\n"


# The options that -x may still change then; all others are in the translation.
OPEN_OPTIONS = frozenset(
    "aggrate aggsortkey aggsortkeypos aggsortpos aggsortrev bufresize bufsize cleanrate destructive droptags evaltime nodemangle "
    "noresolve quiet quietresize rawbytes setenv stackindent statusrate switchrate unsetenv".split()
)


def main(plan: dict[str, Any]) -> None:
    """An emitted program: flags from the command line, then the plan."""
    prepare()
    try:
        status = _emitted(plan, sys.argv[1:])
    except Failure as failure:
        complain(str(failure))
        status = 1
    leave(status)


def check_files(plan: Mapping[str, Any]) -> None:
    """Raise Failure unless the programs and libraries that are probed are those that the plan was made for: in others the same
    places are other instructions."""
    for where in plan["attach"]:
        if "file" not in where:
            continue
        from ..symbols.identity import identity

        if identity(where["path"]) != where["file"]:
            raise Failure(f"{where['path']} is not the file that this program was made for: translate it again")


STAND_IN = 999_999_999  # more than any process id: what $target is in a program that has none yet


def retarget(plan: dict[str, Any], pid: int) -> None:
    """Have a plan that was made for one process as $target serve another. Raises Failure if there is none and it needs one."""
    before, old = plan["target"], str(plan["target"])
    longer = tuple(str(where["pid"]) for where in plan["attach"] if len(str(where.get("pid", ""))) > len(old))
    for where in plan["attach"]:
        if where.get("pid") == before:
            if not pid:
                raise Failure("this program traces its target: give a process with -c or -p")
            where["pid"] = pid

    def renamed(provider: str) -> str:
        ours = provider.endswith(old) and not provider.endswith(longer)
        return f"{provider.removesuffix(old)}{pid}" if ours else provider

    for probe in plan["probes"]:
        probe[1] = renamed(probe[1])
    names = plan["tables"].get("probe_names", {"entries": {}})["entries"]
    for index in [index for index in names if int(index) % 4 == 0]:  # the providers' names
        names[index] = renamed(names[index])
    plan["target"] = pid


def _emitted(plan: dict[str, Any], words: list[str]) -> int:
    import getopt

    from ..options import COMMAND, defaults, set_option

    plan["options"] = {**defaults(), **plan["options"]}

    try:
        flags, rest = getopt.gnu_getopt(words, "qwc:p:o:x:")
    except getopt.GetoptError as error:
        say(f"{error.msg}\n{USAGE.format(sys.argv[0])}")
        return 2
    if rest:
        say(f"this program takes no arguments\n{USAGE.format(sys.argv[0])}")
        return 2
    output, wanted = "", []
    for flag, text in flags:
        option, _, value = text.partition("=")
        if flag in ("-c", "-p"):
            wanted.append((flag[1], text))
        elif flag == "-o":
            output = text
        elif flag in ("-q", "-w"):
            set_option(plan["options"], {"-q": "quiet", "-w": "destructive"}[flag], None, COMMAND)
        elif flag == "-x":
            problem = set_option(plan["options"], option, value if "=" in text else None, COMMAND)
            if not problem and option not in OPEN_OPTIONS:
                problem = "it was fixed when the program was translated"
            if problem:
                raise Failure(f"failed to set -x {option}: {problem}")
    if os.geteuid():
        raise Failure("run as root for tracing and listing probes")
    if plan["enumerators"] or any("layout" in action for record in plan["records"] for action in record["actions"]):
        from .layouts import check_layouts

        check_layouts(plan)
    targets = make_targets(wanted, plan["options"])
    try:
        check_files(plan)
        if plan.get("target"):
            retarget(plan, targets[0].pid if targets else 0)
        return run(plan, targets, output)
    except BaseException:
        close_targets(targets)
        raise
