"""The command d2bpf (or dtrace, by a link): the only place that prints errors and decides exit statuses.

A start that finds its plan in the cache runs without the compiler: this module and command.py import nothing of it.
"""

from __future__ import annotations

import os
import sys

from .command import USAGE, Command, UsageError, parse
from .options import API_VERSION
from .runtime.errors import Failure
from .runtime.stdio import complain, discard_output, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .compiler import Request
    from .diagnostics import Sink
    from .ir.plan import Plan
    from .runtime.cache import Store
    from .target.facts import Target

COMPILE_LIMIT = 300.0  # seconds for D to BPF C
ERRORS_SHOWN = 20
PRODUCT = "d2bpf"


class Stop(Exception):
    """The command is over: its message, if any, goes to stderr as dtrace's; `status` becomes the exit status."""

    def __init__(self, message: str = "", status: int = 1) -> None:
        super().__init__(message)
        self.message, self.status = message, status

    def tell(self) -> None:
        if self.message:
            complain(self.message)


def entry() -> None:
    """The installed command."""
    from .runtime.stdio import leave, prepare

    prepare()
    leave(main(sys.argv[1:]))


def main(argv: list[str]) -> int:
    """Run the command line `argv`; returns the exit status."""
    try:
        if argv[:1] in (["lint"], ["target"]):
            return lint(argv[1:]) if argv[0] == "lint" else record_target()
        return run(parse(argv, dict(os.environ)), argv)
    except UsageError as wrong:
        if wrong.message:
            complain(wrong.message)
        if wrong.usage:
            text = USAGE.format(os.path.basename(sys.argv[0]))
            say(text) if wrong.status else put(text)
        return wrong.status
    except Stop as stop:
        stop.tell()
        return stop.status
    except Failure as failure:
        complain(str(failure))
        return 1
    except BrokenPipeError:
        discard_output()
        return 0
    except Exception as bug:  # noqa: BLE001  told in one line, traceback on request
        return internal_error(bug)


def internal_error(bug: Exception) -> int:
    """A mistake of ours, told in one line; DTRACE_DEBUG asks for the rest."""
    if os.environ.get("DTRACE_DEBUG"):
        import traceback

        traceback.print_exc()
    complain(f"internal error: {type(bug).__name__}: {bug}; please report it (DTRACE_DEBUG=1 shows where it happened)")
    return 1


def put(text: str, path: str = "") -> None:
    """Write a result as a whole to standard output, or to the end of the -o file. Raises Stop; BrokenPipeError if nobody reads."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        with open(path, "ab") if path else open(1, "wb", closefd=False) as out:
            out.write(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        doing = f"open output file '{path}'" if path else "write output"
        raise Stop(f"failed to {doing}: {error.strerror}") from None


def run(command: Command, argv: list[str]) -> int:
    if command.mode == "version":
        from . import __version__

        put(f"dtrace: {PRODUCT} {__version__} (D {API_VERSION[0]}.{API_VERSION[1]})\n")
        return 0
    if command.mode in ("header", "object"):
        raise Stop(f"-{'h' if command.mode == 'header' else 'G'} is not supported: Linux programs carry SystemTap probes instead")
    if command.mode == "list":
        return list_probes(command)
    if command.emit and not command.programs and command.operands:
        command.programs.append(("s", command.operands.pop(0)))  # d2bpf --emit script.d
    if not command.programs:
        if not argv:
            raise UsageError("")
        raise Stop("no probes specified")
    if command.mode in ("emit", "compile"):
        return translate(command)
    if command.target != "host":
        raise Stop("--target is for --emit and -e: tracing is for the running kernel")
    return trace(command)


# ---------------------------------------------------------------- compiling


def read_programs(command: Command) -> list[tuple[str, str, bytes]]:
    """(flag letter, its text, D source) of every program. Raises Stop for a file that cannot be read."""
    found = []
    for letter, text in command.programs:
        if letter != "s":
            found.append((letter, text, os.fsencode(text)))
            continue
        try:
            with open(text, "rb") as file:
                found.append((letter, text, file.read()))
        except OSError as error:
            raise Stop(f"failed to open {text}: {error.strerror}") from None
    return found


def own_ids() -> dict[str, int]:
    """The macro variables $pid and so on: those of the process that will trace."""
    ids = {"pid": os.getpid(), "ppid": os.getppid(), "pgid": os.getpgrp(), "sid": os.getsid(0)}
    return ids | {"uid": os.getuid(), "euid": os.geteuid(), "gid": os.getgid(), "egid": os.getegid()}


def request_for(
    command: Command, programs: list[tuple[str, str, bytes]], target_pid: int | None, ids: dict[str, int]
) -> Request:
    from .compiler import Request
    from .source import SourceFile, decode_source
    from .syntax import MacroEnv
    from .syntax.cpp import CppSettings

    script = next((text for letter, text, _ in programs if letter == "s"), "dtrace")
    macros = MacroEnv(args=tuple(command.operands), ids=ids, target=target_pid or 0, script=script)
    options = command.options
    machine = os.uname().machine
    cpp = CppSettings(options["cpppath"], options["cppargs"], command.conformance, options["cpphdrs"], API_VERSION, machine)
    sources = [(letter, text, SourceFile(text, decode_source(data), is_file=letter == "s")) for letter, text, data in programs]
    return Request(sources, options, macros, cpp, command.provider_paths)


def report(sink: Sink, request: Request, errtags: bool) -> None:
    """Print every error with dtrace's first line, and the notes below it."""
    from .diagnostics import render

    if not sink.items:
        return
    names = {id(source.text): (letter, text) for letter, text, source in request.programs}
    by_name = {source.name: (letter, text) for letter, text, source in request.programs}
    first = (request.programs[0][0], request.programs[0][1])
    for diagnostic in sink.items[:ERRORS_SHOWN]:
        letter, text = first
        sources = [diagnostic.span.source if diagnostic.span else None, diagnostic.program]
        for source in filter(None, reversed(sources)):
            letter, text = names.get(id(source.text)) or by_name.get(source.name) or (letter, text)
        head = f"failed to compile script {text}" if letter == "s" else f"invalid probe specifier {text}"
        say(render(diagnostic, head, errtags) + "\n")
    if len(sink.items) > ERRORS_SHOWN:
        say(f"... and {len(sink.items) - ERRORS_SHOWN} more\n")


def compile_plan(command: Command, programs: list[tuple[str, str, bytes]], target_pid: int | None, store: Store) -> Plan:
    """The plan of the command's programs, from the cache if the same was compiled before. Raises Stop after reporting errors."""
    import marshal

    from .runtime.cache import key_digest

    key = key_digest(b"plan", *plan_key(command, programs))
    kept = None if command.options["verbose"] else store.get("plan", key)
    if kept is not None:
        return marshal.loads(kept)  # type: ignore[no-any-return]
    from .runtime.compile import run_in_child

    ids = own_ids()

    def work() -> bytes:
        try:
            request = request_for(command, programs, target_pid, ids)
            result = compile_request(request, command, store)
        except Stop as stop:
            stop.tell()
            return marshal.dumps(None)
        except Exception as bug:  # noqa: BLE001  as above
            internal_error(bug)
            return marshal.dumps(None)
        passing = request.options["cpp"] or request.options["verbose"] or request.macros.ids_used or result.saw_processes
        return marshal.dumps((dict(result.plan), not passing))

    # In a child, because the compiler's 20 MB are not to stay while tracing.
    result = marshal.loads(run_in_child(work, COMPILE_LIMIT, own_errors=True))
    if result is None:
        raise Stop()
    plan, lasting = result
    if lasting:
        store.put("plan", key, marshal.dumps(plan))
    return plan  # type: ignore[no-any-return]


def kernel(name: str) -> Target:
    """The kernel to translate for: the running one ("host"), the stored one ("common"), or that of a file of `d2bpf target`."""
    from .target.common import common_target
    from .target.host import host_target
    from .target.stored import TargetError, from_json

    if name == "host":
        return host_target()
    try:
        if name == "common":
            return common_target()
        with open(name, encoding="utf-8") as file:
            return from_json(file.read())
    except (OSError, UnicodeDecodeError, TargetError) as error:
        raise Stop(f"failed to read target {name}: {getattr(error, 'strerror', None) or error}") from None


def attempt(request: Request, store: Any = None, target: Target | None = None) -> tuple[Any, Sink]:
    """The Compilation for the running kernel or another, and a sink with its errors."""
    from .catalog.files import ProviderError
    from .compiler import compile_programs
    from .diagnostics import Sink
    from .target.host import host_target

    sink = Sink()
    try:
        return compile_programs(request, target or host_target(), sink, store), sink
    except ProviderError as error:
        raise Stop(f"failed to load libraries: {error}") from None


def compile_request(request: Request, command: Command, store: Any = None) -> Any:
    """Compile; errors are printed and end the command. Returns the Compilation, whose plan is there."""
    result, sink = attempt(request, store)
    return finished(result, sink, request, command)


def finished(result: Any, sink: Sink, request: Request, command: Command) -> Any:
    """The Compilation again; its errors are printed and end the command."""
    if sink.errors or result.plan is None:
        report(sink, request, command.options["errtags"])
        raise Stop()
    if command.options["verbose"]:
        from .ir.ops import Program
        from .ir.pprint import pprint_program

        say(pprint_program(result.ir or Program()))
    return result


def plan_key(command: Command, programs: list[tuple[str, str, bytes]]) -> list[str | bytes | int]:
    """All that a plan depends on: the source, what was given with it, this kernel, and our own code. A plan that depends on
    more (process ids, included files) is not kept."""
    from .runtime.cache import kernel_identity

    parts: list[str | bytes | int] = [*kernel_identity(), own_code()]
    for letter, text, data in programs:
        parts += [letter, text, data]
    parts += ["operands", *command.operands, repr(sorted(command.options.items(), key=lambda row: row[0]))]
    for folder in [*command.provider_paths, *command.options["libdir"]]:
        parts += [folder, newest(folder)]
    return parts


def own_code() -> int:
    """Changes whenever a file of ours does. An installed package changes as a whole; in a checkout it is the newest modification
    time below the package and its provider files."""
    here = os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(os.path.join(here, "_data")):
        return os.stat(here).st_mtime_ns
    beside = os.path.join(os.path.dirname(here), "providers")
    return max(newest(here), newest(beside))


def newest(folder: str) -> int:
    """The newest modification time (ns) of the files and folders below `folder`; 0 if there is none."""
    latest = 0
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return 0
    for entry in entries:
        if entry.name.startswith("__pycache__"):
            continue
        try:
            latest = max(latest, entry.stat().st_mtime_ns)
        except OSError:  # it has gone meanwhile, or is a link to nothing
            continue
        if entry.is_dir():
            latest = max(latest, newest(entry.path))
    return latest


# ---------------------------------------------------------------- modes


def trace(command: Command) -> int:
    """Compile, enable, trace, print: dtrace's main job."""
    if os.geteuid():
        raise Stop("run as root for tracing and listing probes")
    from .runtime import start
    from .runtime.cache import Store, directory
    from .runtime.start import close_targets, make_targets

    store = Store(directory())
    programs = read_programs(command)
    targets = make_targets(command.targets, command.options)
    try:
        plan = compile_plan(command, programs, targets[0].pid if targets else None, store)
        return start.run(plan, targets, command.output, store, command.verbose)
    except BaseException:
        close_targets(targets)
        raise


def translate(command: Command) -> int:
    """-e and --emit: compile, print the translation asked for, trace nothing."""
    programs = read_programs(command)
    ids = own_ids() if command.mode == "compile" else {}
    request = request_for(command, programs, None, ids)
    target = kernel(command.target)
    result, sink = attempt(request, None, target)
    if result.saw_processes and command.targets:
        result, sink = with_targets(command, programs, ids, target)
    finished(result, sink, request, command)
    if command.mode == "compile":
        if command.verbose:
            from .listing import dependencies

            put(dependencies(request, result.plan, result.trees, target))
        return 0
    if command.emit == "bpftrace":
        text = bpftrace(command, programs, request, result, target)
    else:
        from .backends.emit import emit
        from .runtime.start import STAND_IN, retarget

        if result.plan["target"]:
            retarget(result.plan, STAND_IN)
        mark_files(result.plan)
        text = emit(command.emit, result.plan, result.ir, result.trees, programs)
    put(text, command.output)
    return 0


def bpftrace(command: Command, programs: list[tuple[str, str, bytes]], request: Request, result: Any, target: Target) -> str:
    """The program in bpftrace's language; what cannot be said in it is printed and ends the command."""
    from .backends.bpftrace.script import script
    from .backends.emit import title
    from .diagnostics import Sink

    sink = Sink()
    text = script(result.checked, target, title(programs), [letter for letter, _ in command.targets], sink)
    if sink.errors:
        report(sink, request, command.options["errtags"])
        raise Stop()
    return text


def mark_files(plan: Plan) -> None:
    """Note which builds of programs and libraries a translation is for."""
    for where in plan["attach"]:
        if where["kind"] == "uprobe":
            from .symbols.identity import identity

            where["file"] = identity(where["path"])


def with_targets(
    command: Command, programs: list[tuple[str, str, bytes]], ids: dict[str, int], target: Target
) -> tuple[Any, Sink]:
    """A translation that depends on what the -c and -p processes have mapped: -c commands are started, but not let run."""
    from .runtime.start import close_targets, make_targets

    targets = make_targets(command.targets, command.options)
    try:
        result, sink = attempt(request_for(command, programs, targets[0].pid, ids), None, target)
    finally:
        close_targets(targets)
    if result.plan is not None:
        result.plan["target"] = targets[0].pid
    return result, sink


def list_probes(command: Command) -> int:
    """-l: the probes of this machine, or those that the given programs match."""
    if os.geteuid():
        raise Stop("run as root for tracing and listing probes")
    from .catalog.files import ProviderError
    from .diagnostics import Sink
    from .listing import list_probes as listed
    from .runtime.cache import Store, directory
    from .runtime.start import close_targets, make_targets
    from .target.host import host_target

    sink = Sink()
    programs = read_programs(command)
    targets = make_targets(command.targets, command.options)
    try:
        request = request_for(command, programs, targets[0].pid if targets else None, own_ids())
        text = listed(request, host_target(), command.verbose > 0, complain, sink, Store(directory()))
    except ProviderError as error:
        raise Stop(f"failed to load libraries: {error}") from None
    finally:
        close_targets(targets)
    report(sink, request, command.options["errtags"])
    if sink.errors:
        return 1
    put(text, command.output)
    return 0


def lint(argv: list[str]) -> int:
    """`d2bpf lint`: which scripts run here, which mean something else, and what to do."""
    from .catalog.files import ProviderError
    from .lint.command import LintError, run
    from .runtime.cache import Store, directory
    from .target.host import host_target

    try:
        result = run(argv, Store(directory()), host_target)
    except (LintError, ProviderError) as error:
        raise Stop(str(error), status=2) from None
    put(result.text)
    return result.status


def record_target() -> int:
    """`d2bpf target`: what is known of the running kernel, for --target elsewhere."""
    from .target.host import host_target
    from .target.stored import to_json

    put(to_json(host_target()))
    return 0
