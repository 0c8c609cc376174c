"""The catalog: every probe of one kernel, found by description or by id.

Ids. 1 to 3 are BEGIN, END and ERROR, then come the listed probes of profile; ids below 100 that are left serve probes
made on demand, such as tick-5s. From 100 on the providers follow: those whose probes are rows of their files, by
name, then syscall, rawtp, sdt, fbt and rawfbt, whose number depends on the kernel. A row keeps its id where the kernel cannot have
the probe. So the ids of a machine do not change from run to run, and the id of one probe costs no look at providers
behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from . import files
from .glob import literal, matches
from .load import Provider
from .schema import Probe
from .usdt import StaticProbes, is_possible

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts

PID = "pid"  # the one whose providers are pid1, pid2 ...
PROCESSES = "usdt"  # the provider file whose probes have providers named by programs
ON_DEMAND_END = 100  # the first id of the first provider in order
_FIXED = {"dtrace": 1, "profile": 4}  # first ids of the providers that come before
_LAST = ("syscall", "rawtp", "sdt", "fbt", "rawfbt")  # providers of which the kernel, not the file, says how many probes they have
_RESERVED = ("BEGIN", "END", "ERROR")  # names that only the dtrace provider may have


# Providers that have other names than their files': whether a provider field, the first argument, may cover one.
_MAY_COVER: dict[str, Callable[[str, str], bool]] = {
    PROCESSES: lambda pattern, _: is_possible(pattern),
    PID: lambda pattern, _: is_pid(pattern),
}


def is_pid(pattern: str) -> bool:
    """Whether a provider field can mean functions of processes: pid with a number, or a pattern of such."""
    name = literal(pattern)
    if name is None:
        return pattern.startswith(PID)
    return name.startswith(PID) and not name[len(PID) :].strip("0123456789")


class Catalog:
    def __init__(self, facts: Facts, provider_paths: Sequence[str] = (), store: files.Store | None = None) -> None:
        """`provider_paths` are folders of further providers, searched before our own; `store` keeps what was
        parsed. Raises ProviderError, here and from all methods, when a provider file is unusable."""
        self.facts = facts
        self.options: Mapping[str, Any] = {}  # of the program whose descriptions are matched
        self._store = store
        self._files = files.find(".toml", provider_paths)
        self._order = _in_order(self._files)
        self._providers: dict[str, Provider] = {}
        self._demanded: list[int] = []

    # ------------------------------------------------------------ look-up

    def match(self, desc: ProbeDesc, program_literals: frozenset[str] = frozenset()) -> list[Probe]:
        """The probes a description covers, in order of ids; [] when there is none that can fire (explain() says why).
        Those that never do are among them where their sites spare the compiler an exception (syscall:::return).

        `program_literals` are the function fields of all descriptions of the same program, as written: a system
        call that the program names elsewhere is not also presented under an older name."""
        if desc.id is not None:
            probe = self.by_id(desc.id)
            return [probe] if probe is not None and probe.can_fire else []
        found: list[Probe] = []
        for name in self.candidates(desc):
            found += (probe for probe in self.provider(name).match(desc, program_literals) if probe.sites)
        return found if any(probe.can_fire for probe in found) else []

    def listed(self, desc: ProbeDesc) -> list[Probe]:
        """The probes a description covers as -l shows them: of those that every process can have, one for each that has."""
        return [each for probe in self.match(desc) if probe.can_fire for each in self._of_processes(probe)]

    def _of_processes(self, probe: Probe) -> list[Probe]:
        return self.processes().of_processes(probe) if probe.per_process else [probe]

    def stability(self, provider: str) -> dict[str, str]:
        """The attributes of a provider's names: those of "provider", "module", "function", "name" and "args"."""
        file = provider if provider in self._files else PID if is_pid(provider) else PROCESSES
        return self.provider(file).stability

    def by_id(self, id: int) -> Probe | None:
        for name in self._order:
            provider = self.provider(name)
            if provider.first <= id < provider.first + provider.count():
                return provider.probe(id - provider.first)
        return None

    def all(self) -> Iterator[Probe]:
        """Every probe that can fire, in order of ids."""
        for name in self._order:
            yield from (probe for probe in self.provider(name).all() if probe.can_fire)

    def covered(self, desc: ProbeDesc, program_literals: frozenset[str]) -> str | None:
        """Why a description that matches nothing here is no mistake all the same: what it stands for on Linux is
        covered by another description of the program, or does not happen. One sentence, or None."""
        for name in self.candidates(desc):
            reason = self.provider(name).covered(desc, program_literals)
            if reason:
                return reason
        return None

    def unseen(self, desc: ProbeDesc) -> str | None:
        """Why a description that matches nothing is left out of the program, which is told: what this kernel says nothing of, and
        programs that ask for it lose little without. One sentence, or None."""
        return next(filter(None, (self.provider(name).unseen(desc) for name in self.candidates(desc))), None)

    def explain(self, desc: ProbeDesc) -> str | None:
        """Why a description matches nothing, and the nearest thing that would; None if nothing helpful is known."""
        from .explain import explain

        return explain(self, desc)

    # ------------------------------------------------------------ providers

    def names(self) -> list[str]:
        """The providers there are, in order of their ids; not those that processes bring along."""
        return [name for name in self._order if name != PROCESSES]

    def processes(self) -> StaticProbes:
        """The providers that processes bring along."""
        provider = self.provider(PROCESSES)
        assert isinstance(provider, StaticProbes), f"{PROCESSES}.toml has another hook"
        return provider

    @property
    def saw_processes(self) -> bool:
        """Whether some answer depends on the processes that there are now."""
        return PROCESSES in self._providers or PID in self._providers

    def provider(self, name: str) -> Provider:
        """A provider by name, its file read now if it was not yet."""
        if name not in self._providers:
            self._providers[name] = self._load(name)
        return self._providers[name]

    def candidates(self, desc: ProbeDesc) -> list[str]:
        """The providers that can have probes of a description, going by as little as possible."""
        if literal(desc.name) in _RESERVED:
            return [name for name in self._order if name == "dtrace" and matches(desc.provider, name)]
        return [name for name in self._order if _MAY_COVER.get(name, matches)(desc.provider, name)]

    def _load(self, name: str) -> Provider:
        table = files.read_table(self._files[name], self._store)
        hook = table["provider"].get("hook", "")
        first = partial(self._first, name)
        if hook == "rates":
            from .rates import Rates

            return Rates(name, table, self.facts, first, self._new_id)
        if hook == "counters":
            from .counters import Counters

            return Counters(name, table, self.facts, first, self._new_id)
        if hook == "syscalls":
            from .syscalls import SystemCalls

            return SystemCalls(name, table, self.facts, first)
        if hook == "tracepoints":
            from .tracepoints import Tracepoints

            return Tracepoints(name, table, self.facts, first)
        if hook == "raw_tracepoints":
            from .tracepoints import RawTracepoints

            return RawTracepoints(name, table, self.facts, first)
        if hook == "usdt":
            return StaticProbes(name, table, self.facts, first, self._new_id, frozenset(self.names()), lambda: self.options)
        if hook == "user_functions":
            from .user_functions import UserFunctions

            return UserFunctions(name, table, self.facts, first, self._new_id, self._store, self._is_raw)
        if hook in ("kernel_functions", "raw_kernel_functions"):
            from .kernel_functions import KernelFunctions, RawKernelFunctions

            return (KernelFunctions if hook == "kernel_functions" else RawKernelFunctions)(name, table, self.facts, first)
        return Provider(name, table, self.facts, first)

    def _is_raw(self) -> bool:
        """Whether names of functions are to be shown as they are in symbol tables."""
        return bool(self.options.get("nodemangle"))

    def _first(self, name: str) -> int:
        """The id of a provider's first probe."""
        if name in _FIXED:
            return _FIXED[name]
        first = ON_DEMAND_END
        for before in self._order:
            if before == name:
                break
            if before not in _FIXED:
                first += self._count(before)
        return first

    def _count(self, name: str) -> int:
        """How many ids a provider takes."""
        return self.provider(name).count() if name in _LAST else self._rows[name]

    @cached_property
    def _rows(self) -> dict[str, int]:
        """How many rows of probes each file has."""
        return files.count_rows(self._files, self._store)

    def _new_id(self) -> int:
        """An id for a probe made on demand: below the listed ones, and when these run out, above."""
        profile = self.provider("profile")
        id = profile.first + profile.count() + len(self._demanded)
        if id >= ON_DEMAND_END:
            last = self.provider(self._order[-1])
            id += last.first + last.count() - ON_DEMAND_END
        self._demanded.append(id)
        return id


def _in_order(names: dict[str, str]) -> list[str]:
    middle = [name for name in names if name not in (*_FIXED, *_LAST)]
    return [name for name in (*_FIXED, *middle, *_LAST) if name in names]
