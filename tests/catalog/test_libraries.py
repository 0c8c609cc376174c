"""Provider libraries: what the scan finds, pieces by name, what files depend on."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf.catalog import files
from d2bpf.catalog.libraries import Item, Libraries, scan
from d2bpf.syntax import ast
from tests.catalog.kernel import Kernel, Memory

LIBRARY = """/*
 * A library; it has comments; with braces {.
 */
#pragma D depends_on library errno

typedef struct box {
	int b_width;	/* in ; mm */
	string b_name;
} box_t, *box_p;

typedef int width_t;

enum colour { RED = 1, GREEN, };

struct opaque;

inline string brace[int i] =
	i == 0 ? "{;" : i == '}' ? "\\"};" : "";

translator box_t < struct opaque *o > {
	b_width = 1;
	b_name = "a";
};

inline box_t *curbox = xlate <box_t *> ((struct opaque *)NULL);
"""


def texts(source: str) -> list[tuple[str, Item]]:
    return [(source[item.start : item.end].split("\n")[0], item) for item in scan(source).items]


def test_scan() -> None:
    found = texts(LIBRARY)
    assert [(line, sorted(item.names), item.makes, item.is_typedef) for line, item in found] == [
        ("typedef struct box {", ["box_p", "box_t", "struct box"], "", True),
        ("typedef int width_t;", ["width_t"], "", True),
        ("enum colour { RED = 1, GREEN, };", ["GREEN", "RED", "enum colour"], "", False),
        ("struct opaque;", ["struct opaque"], "", False),
        ("inline string brace[int i] =", ["brace"], "", False),
        ("translator box_t < struct opaque *o > {", [], "box_t", False),
        ("inline box_t *curbox = xlate <box_t *> ((struct opaque *)NULL);", ["curbox"], "", False),
    ]
    assert scan(LIBRARY).depends == [["library", "errno"]]


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("typedef struct task_struct kthread_t;", ["kthread_t"]),
        ("typedef struct { int a; } anonymous_t;", ["anonymous_t"]),
        ("typedef int (*function_t)(int);", ["function_t"]),
        ("typedef char text_t[16];", ["text_t"]),
        ("enum { A, B = 2 };", ["A", "B"]),
        ("struct s { int a; };", ["struct s"]),
        ("extern int x;", []),
    ],
)
def test_names_declared(item: str, names: list[str]) -> None:
    assert [found.names for _, found in texts(item)] == [names]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "box.d").write_text(LIBRARY)
    (tmp_path / "other.d").write_text('translator box_t < int n > {\n\tb_width = n;\n\tb_name = "n";\n};\n')
    return tmp_path


def test_a_type_comes_with_its_translators(folder: Path) -> None:
    libraries = Libraries(Kernel(), [str(folder)])
    piece = libraries.defining("box_t")
    assert piece is not None and libraries.defining("struct box") is not None
    program = libraries.program(piece)
    assert [type(item) for item in program.items] == [ast.Declaration, ast.Translator, ast.Translator]
    assert [item.src.span.text for item in program.items if isinstance(item, ast.Translator)] == ["struct opaque *o", "int n"]


def test_an_inline_comes_alone_and_knows_its_line(folder: Path) -> None:
    libraries = Libraries(Kernel(), [str(folder)])
    piece = libraries.defining("curbox")
    assert piece is not None
    (item,) = libraries.program(piece).items
    assert isinstance(item, ast.Inline) and item.name == "curbox"
    assert item.span.source.where(item.span.start)[:2] == (str(folder / "box.d"), 25)
    assert len(libraries.program("box").items) == 7
    assert libraries.defining("no_such_name") is None


def test_what_kernels_have_decides() -> None:
    new = Libraries(Kernel())
    old = Libraries(Kernel(members=["struct task_struct.state"]))
    assert "t->__state" in new.text(new.defining("__task_state") or "").text
    assert "t->state" in old.text(old.defining("__task_state") or "").text
    assert "t->thread_info.cpu" in old.text(old.defining("__task_cpu") or "").text
    assert new.defining("R_RAX") is not None
    assert old.defining("R_RAX") is None


def test_a_library_that_needs_another_is_absent_without_it(folder: Path) -> None:
    (folder / "box.d").write_text(LIBRARY.replace("library errno", "library nosuch"))
    assert Libraries(Kernel(), [str(folder)]).defining("curbox") is None
    (folder / "box.d").write_text(LIBRARY.replace("library errno", "provider sched"))
    assert Libraries(Kernel(), [str(folder)]).defining("curbox") is not None


def test_an_own_file_hides_ours(folder: Path) -> None:
    (folder / "errno.d").write_text("inline int EPERM = 77;\n")
    libraries = Libraries(Kernel(), [str(folder)])
    expected = f'# 1 "{folder / "errno.d"}"\ninline int EPERM = 77;\n'
    assert libraries.text(libraries.defining("EPERM") or "").text == expected
    assert libraries.defining("ENOENT") is None


def test_mistakes_are_told_with_their_place(folder: Path) -> None:
    (folder / "bad.d").write_text("/* one\n two */\ninline int x = ;\n")
    libraries = Libraries(Kernel(), [str(folder)])
    with pytest.raises(files.ProviderError, match=r"bad\.d:3: "):
        libraries.program(libraries.defining("x") or "")


def test_the_store_saves_the_scan(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Memory()
    piece = Libraries(Kernel(), [str(folder)], store).defining("box_t")
    monkeypatch.setattr(files, "read", None)
    assert Libraries(Kernel(), [str(folder)], store).defining("box_t") == piece
    assert store.found == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENOENT", 2), ("EAGAIN", 11), ("SIGKILL", 9), ("SIGUSR1", 10), ("CLD_DUMPED", 3), ("B_WRITE", 0x100), ("AF_INET6", 10)],
)
def test_constants(name: str, value: int) -> None:
    libraries = Libraries(Kernel())
    (item,) = libraries.program(libraries.defining(name) or "").items
    assert isinstance(item, ast.Inline) and isinstance(item.value, ast.IntLit)
    assert item.value.value == value
