"""-C (options-cli.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf.diagnostics import Sink
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, parse
from d2bpf.syntax.cpp import CppSettings, predefined, preprocess

needs_cpp = pytest.mark.needs("command:cpp")


def run(text: str, settings: CppSettings | None = None, name: str = "x.d") -> tuple[SourceFile | None, list[str]]:
    sink = Sink()
    found = preprocess(SourceFile(name, text), settings or CppSettings(), sink)
    return found, [f"{item.code} {item.message}" for item in sink.items]


def words(source: SourceFile | None) -> str:
    assert source is not None
    return " ".join(" ".join(line for line in source.text.splitlines() if line[:1] != "#").split())


@needs_cpp
def test_macros_and_conditions() -> None:
    text = "#!/usr/sbin/dtrace -Cs\n#define N 3\n#ifdef __linux\nBEGIN { exit(N); } // gone\n#else\nno\n#endif\n"
    assert words(run(text)[0]) == "BEGIN { exit(3); }"


@needs_cpp
def test_lines_keep_their_numbers() -> None:
    source, _ = run("#!/usr/sbin/dtrace -Cs\n#define N 3\n\nBEGIN { x = ; }\n")
    assert source is not None
    sink = Sink()
    parse(source, ParseEnv(), sink)
    (error,) = sink.items
    assert error.span is not None
    assert source.where(error.span.start)[:2] == ("x.d", 4)


@needs_cpp
def test_include_is_sought_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "limits.h").write_text("#define LIMIT 7\nint broken\n;\nBEGIN { = }\n")
    source, _ = run('#include "limits.h"\nEND { exit(LIMIT); }\n', name=str(tmp_path / "x.d"))
    assert words(source).endswith("END { exit(7); }")
    sink = Sink()
    assert source is not None
    parse(source, ParseEnv(), sink)
    (error,) = sink.items
    assert error.span is not None
    assert source.where(error.span.start)[:2] == (str(tmp_path / "limits.h"), 4)


@needs_cpp
def test_definitions_in_their_order() -> None:
    settings = CppSettings(definitions=("-DX=1", "-UX", "-DX=2"))
    assert words(run("BEGIN { exit(X); }", settings)[0]) == "BEGIN { exit(2); }"


@needs_cpp
def test_plain_names_are_not_predefined() -> None:
    assert words(run("BEGIN { linux = unix; }")[0]) == "BEGIN { linux = unix; }"
    text = "__SUNW_D __SUNW_D_64 __SUNW_D_VERSION __amd64 __unix __SVR4 __Linux"
    assert words(run(text, CppSettings(api_version=(1, 2, 3)))[0]) == "1 1 0x01002003 1 1 1 1"
    assert words(run("#ifndef __GNUC__\nyes\n#endif\n")[0]) == "yes"


@needs_cpp
def test_command_line_text() -> None:
    sink = Sink()
    text = SourceFile("BEGIN\n{ exit(N); }", "BEGIN\n{ exit(N); }", is_file=False)
    source = preprocess(text, CppSettings(definitions=("-DN=4",)), sink)
    assert words(source) == "BEGIN { exit(4); }"
    assert source is not None
    assert not source.is_file


@needs_cpp
def test_name_with_quotes() -> None:
    source, _ = run("BEGIN { = }\n", name='a "b" \\c.d')
    assert source is not None
    sink = Sink()
    parse(source, ParseEnv(), sink)
    assert [item.span.line for item in sink.items if item.span] == [1]
    assert source.where(len(source.text) - 1)[0] == 'a "b" \\c.d'


@needs_cpp
def test_traditional() -> None:
    assert words(run("#define s(x) 'x'\ns(a)\n", CppSettings(conformance="s"))[0]) == "'a'"


@needs_cpp
def test_failure(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("#error no\n") == (None, ["X_CPP Preprocessor failed to process input program"])
    assert "x.d:1:2: error: #error no" in capfd.readouterr().err


@needs_cpp
def test_headers_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "ours.h").write_text("\n")
    text = "#include <ours.h>\n#include <sys/byteorder.h>\n#include <inet/none.h>\n # include <sys/no_such.h>\n"
    sink = Sink()
    assert preprocess(SourceFile("x.d", text), CppSettings(definitions=(f"-I{tmp_path}",)), sink) is None
    named = "there is no inet/none.h, sys/no_such.h here"
    assert [item.help.partition(":")[0] for item in sink.items] == [named]


@needs_cpp
def test_headers_are_named_on_standard_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.h").write_text("\n")
    run('#include "a.h"\n', CppSettings(headers=True), str(tmp_path / "x.d"))
    assert f". {tmp_path}/a.h" in capfd.readouterr().err


def test_missing_cpp() -> None:
    sink = Sink()
    assert preprocess(SourceFile("x.d", ""), CppSettings(command="no-such-cpp"), sink) is None
    (item,) = sink.items
    assert (item.code, item.message) == ("X_CPP", "Preprocessor not found")
    assert item.help == "no-such-cpp could not be run; on Debian it is in the package cpp (apt install cpp)"


def test_machine_names() -> None:
    assert "-D__amd64" in predefined(CppSettings())
    assert "-D__aarch64" in predefined(CppSettings(machine="aarch64"))
