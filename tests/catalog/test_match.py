"""The catalog: ids, providers and their places, rates, tracepoints, explanations."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf.catalog import files
from d2bpf.catalog.match import Catalog
from d2bpf.catalog.schema import Attachment, Native
from tests.catalog.kernel import RAW, SWITCH, Kernel, Memory, desc, matched

PROVIDER = """
[provider]
summary = "a test"
[stability]
provider = "Stable/Stable/Common"
module = "Private/Private/Unknown"
function = "Private/Private/Unknown"
name = "Evolving/Stable/ISA"
args = "Evolving/Evolving/ISA"
[[probe]]
name = "one"
[[probe.site]]
attach = "rawtp:sched_switch"
[[probe]]
name = "two"
[[probe.site]]
attach = "rawtp:no_such_event"
[[probe]]
name = "three"
never = "for no reason"
[[rename]]
from = ["uno", "un"]
to = ["one"]
os = "S"
[[gone]]
name = "four*"
os = "S"
why = "nobody counts so far"
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(Kernel())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "numbers.toml").write_text(PROVIDER)
    return tmp_path


# ---------------------------------------------------------------- ids


def test_first_ids(catalog: Catalog) -> None:
    texts = {probe.id: probe.text for probe in catalog.all()}
    assert [texts[id] for id in range(1, 5)] == ["dtrace:::BEGIN", "dtrace:::END", "dtrace:::ERROR", "profile:::profile-97"]
    assert texts[16] == "profile:::tick-5000"
    assert min(id for id in texts if id > 16) >= 100


def test_ids_ascend_and_lead_back(catalog: Catalog) -> None:
    probes = list(catalog.all())
    ids = [probe.id for probe in probes]
    assert ids == sorted(set(ids))
    for probe in probes[:: len(probes) // 50]:
        assert catalog.by_id(probe.id) == probe
        assert catalog.match(desc(str(probe.id))) == [probe]
    assert catalog.by_id(0) is None and catalog.by_id(17) is None and catalog.by_id(ids[-1] + 1) is None


def test_ids_do_not_depend_on_what_was_asked_before() -> None:
    (wakeup,) = Catalog(Kernel()).match(desc("sched:::wakeup"))
    other = Catalog(Kernel(), store=Memory())
    other.match(desc("syscall:::"))
    assert other.by_id(wakeup.id) == wakeup


def test_a_probe_that_cannot_be_had_keeps_its_id() -> None:
    with_it = {probe.text: probe.id for probe in Catalog(Kernel()).all()}
    without = {probe.text: probe.id for probe in Catalog(Kernel({"sched_switch": RAW["sched_switch"]})).all()}
    assert "sched:::wakeup" in with_it and "sched:::wakeup" not in without
    assert with_it["sched:::preempt"] == without["sched:::preempt"]


def test_probes_on_demand_have_ids_of_their_own() -> None:
    catalog = Catalog(Kernel())
    first, second = catalog.match(desc("tick-5s"))[0], catalog.match(desc("profile:::profile-99"))[0]
    assert (first.id, second.id) == (17, 18)
    assert catalog.match(desc("tick-5s")) == [first]
    listed = {probe.id for probe in catalog.all()}
    ids = [catalog.match(desc(f"tick-{n}s"))[0].id for n in range(6, 106)]
    assert len({*ids, 17, 18}) == 102 and not listed & set(ids)


# ---------------------------------------------------------------- reading as little as possible


def test_only_files_that_can_matter_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = files.read_table

    def spy(path: str, store: files.Store | None) -> files.Table:
        read.append(Path(path).stem)
        return real(path, store)

    monkeypatch.setattr(files, "read_table", spy)
    kernel = Kernel()
    for text, expected in {"BEGIN": ["dtrace"], "syscall:::entry": ["syscall"], "profile:::tick-1s": ["profile"]}.items():
        read.clear()
        Catalog(kernel).match(desc(text))
        assert read == expected
    assert kernel.asked_formats == [] and kernel.asked_args == []


def test_the_store_saves_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Memory()
    probes = Catalog(Kernel(), store=store).match(desc("sched:::on-cpu"))
    monkeypatch.setattr(files, "_parse", None)
    monkeypatch.setattr(files, "read", None)
    again = Catalog(Kernel(), store=store).match(desc("sched:::on-cpu"))
    assert again == probes and again[0].sites == probes[0].sites
    assert store.found == 2


def test_the_store_notices_a_change(folder: Path) -> None:
    store = Memory()
    catalog = Catalog(Kernel(), [str(folder)], store)
    assert matched(catalog, "numbers:::one") == ["numbers:::one"]
    (folder / "numbers.toml").write_text(PROVIDER.replace('"one"', '"first"'))
    catalog = Catalog(Kernel(), [str(folder)], store)
    assert matched(catalog, "numbers:::one") == []
    assert matched(catalog, "numbers:::first") == ["numbers:::first"]


# ---------------------------------------------------------------- descriptions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN", ["dtrace:::BEGIN"]),
        ("dtrace:::", ["dtrace:::BEGIN", "dtrace:::END", "dtrace:::ERROR"]),
        ("*:::E*", ["dtrace:::END", "dtrace:::ERROR"]),
        ("sched:::BEGIN", []),
        ("dtrace:x::BEGIN", []),
        ("sched:::on-cpu", ["sched:::on-cpu"]),
        ("on-cpu", ["sched:::on-cpu"]),
        ("sched:::o[nf]*-cpu", ["sched:::off-cpu", "sched:::on-cpu"]),
        ("sched:::cpucaps-sleep", []),
        ("sched::resume:on-cpu", ["sched:::on-cpu"]),
        ("proc::proc_exit:exit", ["proc:::exit"]),
        ("proc:genunix:proc_exit:exit", ["proc:::exit"]),
        ("io:genunix::start", ["io:::start"]),
        ("io::bdev_strategy:start", ["io:::start"]),
        ("io:nfs::start", []),
        ("io:nfs4:nfs4_bio:start", []),
        ("::bdev_strategy:start", []),
        ("io:::done", []),
        ("profile:::", [f"profile:::profile-{n}" for n in (97, 199, 499, 997, 1999, 4001, 4999)]
         + [f"profile:::tick-{n}" for n in (1, 10, 100, 500, 1000, 5000)]),
        ("profile:::tick-1*", ["profile:::tick-1", "profile:::tick-10", "profile:::tick-100", "profile:::tick-1000"]),
        ("tick-1sec", ["profile:::tick-1sec"]),
        ("profile:x::tick-1", []),
    ],
)  # fmt: skip
def test_descriptions(catalog: Catalog, text: str, expected: list[str]) -> None:
    assert matched(catalog, text) == expected


def test_rows_for_other_systems(folder: Path) -> None:
    catalog = Catalog(Kernel(), [str(folder)])
    assert matched(catalog, "numbers:::uno") == ["numbers:::one"]
    assert matched(catalog, "numbers:::*") == ["numbers:::one"]
    assert matched(catalog, "numbers:x::one") == []


def test_a_probe_that_never_fires_is_neither_listed_nor_matched(folder: Path) -> None:
    catalog = Catalog(Kernel(), [str(folder)])
    (one,) = (probe for probe in catalog.all() if probe.provider == "numbers")
    assert one.name == "one"
    assert matched(catalog, "numbers:::three") == []
    assert catalog.match(desc(str(one.id + 2))) == []
    assert catalog.explain(desc("numbers:::three")) == "numbers:::three never fires: for no reason"


# ---------------------------------------------------------------- sites


def test_the_first_site_whose_needs_hold_is_taken() -> None:
    (new,) = Catalog(Kernel()).match(desc("sched:::sleep"))
    (old,) = Catalog(Kernel({"sched_switch": SWITCH})).match(desc("sched:::sleep"))
    assert new.sites[0].when == "!preempt && prev_state != 0 && (prev_state & 0x8c) == 0"
    assert old.sites[0].when == "!preempt && __task_state[prev] != 0 && (__task_state[prev] & 0x8c) == 0"


def test_several_attach_points(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("sched:::enqueue"))
    attached = [site.attachment for site in probe.sites]
    assert attached == [Attachment("rawtp", (event,)) for event in ("sched_wakeup", "sched_wakeup_new", "sched_switch")]
    assert len({tuple((a.type, a.native) for a in site.args) for site in probe.sites}) == 1
    assert probe.fidelity.level == "approximate"


def test_the_thread_of_on_cpu_is_the_next_one(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("sched:::on-cpu"))
    assert probe.sites[0].task == "next"
    assert probe.sites[0].natives[2] == Native("next", "struct task_struct *", ("arg", 2))


def test_optional_points_are_left_out_where_they_are_missing() -> None:
    def calls(kernel: Kernel) -> list[object]:
        (probe,) = Catalog(kernel).match(desc("proc:::lwp-start"))
        return [site.attachment.words[0] for site in probe.sites]

    assert calls(Kernel()) == [56, 435, 57, 58]
    assert calls(Kernel(calls=["clone", "clone3"])) == [56, 435]
    assert Catalog(Kernel(calls=["clone"])).match(desc("proc:::lwp-start")) == []


def test_sources_of_a_system_calls_return(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("proc:::signal-clear"))
    assert [(n.name, n.source) for n in probe.sites[0].natives] == [
        ("ret", ("ret",)),
        ("set", ("arg", 0)),
        ("info", ("arg", 1)),
    ]


def test_perf_sites(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("sched:::tick"))
    assert probe.sites[0].attachment == Attachment("perf", ("cpu-clock", 10_000_000, 0, "all"))


# ---------------------------------------------------------------- rates


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("profile-997", "perf", ("cpu-clock", 1003009, 0, "all")),
        ("profile-10ms", "perf", ("cpu-clock", 10_000_000, 0, "all")),
        ("profile-1sec", "perf", ("cpu-clock", 10**9, 0, "all")),
        ("profile-200us", "perf", ("cpu-clock", 200_000, 0, "all")),
        ("profile-5000hz", "perf", ("cpu-clock", 200_000, 0, "all")),
        ("tick-1", "timer", (10**9,)),
        ("tick-10hz", "timer", (10**8,)),
        ("tick-2ms", "timer", (2_000_000,)),
        ("tick-1ms", "perf", ("cpu-clock", 1_000_000, 0, "one")),
        ("tick-10m", "timer", (600 * 10**9,)),
        ("tick-1day", "timer", (86400 * 10**9,)),
        ("tick-1S", "timer", (10**9,)),
    ],
)
def test_rates(catalog: Catalog, name: str, kind: str, words: tuple[object, ...]) -> None:
    (probe,) = catalog.match(desc(name))
    assert probe.sites[0].attachment == Attachment(kind, words)
    assert probe.name == name


@pytest.mark.parametrize("name", ["tick-199us", "profile-5001", "tick-0", "tick-", "tick-1x", "tick-s", "tick-1.5s", "tock-1s"])
def test_no_rates(catalog: Catalog, name: str) -> None:
    assert catalog.match(desc(f"profile:::{name}")) == []


def test_program_counters(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("profile-97"))
    assert [n.source for n in probe.sites[0].natives] == [("pc", "kernel"), ("pc", "user")]
    assert probe.sites[0].argn == ()


# ---------------------------------------------------------------- tracepoints


def test_sdt(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("sdt:sched::sched_switch"))
    site = probe.sites[0]
    assert probe.text == "sdt:sched::sched_switch"
    assert site.attachment == Attachment("tracepoint", ("sched", "sched_switch"))
    assert [(n.name, n.type, n.source) for n in site.natives] == [
        ("comm", "char [16]", ("field", 8, 16, False)),
        ("pid", "pid_t", ("field", 24, 4, True)),
        ("name", "string", ("loc", 28)),
        ("cpus", "uint32_t", ("field", 32, 4, False)),
    ]
    assert [(a.type, a.expr) for a in site.args][:2] == [("char [16]", "comm"), ("pid_t", "pid")]


def test_rawtp(catalog: Catalog) -> None:
    (probe,) = catalog.match(desc("rawtp:sched::sched_waking"))
    assert probe.sites[0].attachment == Attachment("rawtp", ("sched_waking",))
    assert [(a.type, a.expr) for a in probe.sites[0].args] == [("struct task_struct *", "p")]
    assert matched(catalog, "rawtp:block::") == ["rawtp:block::block_bio_queue", "rawtp:block::block_io_start"]
    assert matched(catalog, "rawtp::f:sched_waking") == []


def test_formats_of_other_tracepoints_are_not_read() -> None:
    kernel = Kernel()
    Catalog(kernel).match(desc("sdt:sched::sched_switch"))
    assert kernel.asked_formats == ["sched_switch"]


# ---------------------------------------------------------------- explanations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("syscal::read:entry", "there is no provider syscal; did you mean syscall?"),
        ("syscall::reed:entry", "syscall has no reed; did you mean read, readv, pread?"),
        ("syscall::read:enter", "syscall::read has no probe enter; did you mean entry?"),
        ("syscall::door*:entry", "Linux has no doors"),
        ("syscall::door_call:", "Linux has no doors"),
        ("sched:::oncpu", "sched has no probe oncpu; did you mean on-cpu"),
        ("profile:::tick-1x", "'1x' is no rate"),
        ("profile:::tick-1us", "tick-1us is too fast: the shortest interval is 200 us"),
        ("io:nfs::start", "io reports disks here"),
        ("io:::done", "this kernel does not have what io:::done needs: tracepoint block_rq_complete, tracepoint"),
        ("proc:::signal-send", "this kernel does not have what proc:::signal-send needs: tracepoint signal_generate"),
    ],
)  # fmt: skip
def test_explanations(catalog: Catalog, text: str, expected: str) -> None:
    assert catalog.match(desc(text)) == []
    assert (catalog.explain(desc(text)) or "").startswith(expected)


KPROBES = "functions of the kernel are traced by kprobes, which this kernel was built without (CONFIG_KPROBES); nearest here: "


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("fbt::vfs_read:entry", "syscall::read:entry"),
        ("fbt:zfs:zfs_write:return", "syscall::write:return"),
        ("fbt::submit_bio:entry", "io:::start"),
        ("fbt::fop_[rw]*:entry", "syscall::read:entry, syscall::write:entry, syscall::getdents*:entry"),
        ("fbt::tcp_v4_connect:entry", "syscall::connect:entry"),  # the made-up kernel has no inet_sock_set_state
        ("fbt:::", "rawtp:::"),
        ("fbt::no_such_function:entry", "rawtp:::"),
        ("rawfbt::vfs_read:entry", "syscall::read:entry"),
        ("vfs::vop_write:entry", "syscall::write:entry"),
    ],
)
def test_the_nearest_to_a_function(catalog: Catalog, text: str, nearest: str) -> None:
    assert catalog.match(desc(text)) == []
    assert catalog.explain(desc(text)) == KPROBES + nearest


def test_tracepoints_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kernel, "tracepoints", lambda kernel: ())
    said = Catalog(Kernel()).explain(desc("sdt:sched::sched_switch"))
    assert said == "the kernel's tracepoints cannot be read: that takes root, and tracefs"


def test_nothing_is_made_up(catalog: Catalog) -> None:
    assert catalog.explain(desc("zzzzzz")) is None
    assert catalog.explain(desc("999999")) is None


def test_explanations_of_a_provider_of_ones_own(folder: Path) -> None:
    catalog = Catalog(Kernel(), [str(folder)])
    assert catalog.explain(desc("numbers:::four")) == "nobody counts so far"
    expected = "this kernel does not have what numbers:::two needs: tracepoint no_such_event"
    assert catalog.explain(desc("numbers:::two")) == expected


# ---------------------------------------------------------------- bad files


def test_a_broken_file_says_where(folder: Path) -> None:
    (folder / "numbers.toml").write_text("x = [")
    with pytest.raises(files.ProviderError, match=r"numbers\.toml"):
        Catalog(Kernel(), [str(folder)]).match(desc("numbers:::one"))
    (folder / "numbers.toml").write_text(PROVIDER.replace("attach", "atach"))
    with pytest.raises(files.ProviderError, match=r"numbers\.toml: probe one: site has no key atach"):
        Catalog(Kernel(), [str(folder)]).match(desc("numbers:::one"))


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(files.ProviderError, match="failed to read providers in"):
        Catalog(Kernel(), [str(tmp_path / "none")])
