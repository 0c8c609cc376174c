"""The formats of lint's reports, exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from d2bpf.codes import known
from d2bpf.lint.engine import judge_text
from d2bpf.lint.finding import AS_IS, CANNOT, Finding, Report
from d2bpf.lint.reports import FORMATS
from d2bpf.lint.rule import rules
from tests.lint.support import machine

SCRIPT = """\
syscall::exece:entry { @ = count(); }
BEGIN { trace(nobody); } // 100%
"""


def report() -> Report:
    return judge_text("dir/a b.d", SCRIPT, machine())


def test_text() -> None:
    assert FORMATS["text"]([report()]).splitlines() == [
        "dir/a b.d:1:1: warning L102 [renamed-probe]: exece is execve on Linux",
        "    syscall::exece:entry { @ = count(); }",
        "    ^^^^^^^^^^^^^^^^^^^^",
        "  why: The probe has another name on Linux. d2bpf knows the old name and takes the Linux one for it, but the",
        "    two are not the same thing in every case: arguments may stand in other places, a value may be missing, and",
        "    probefunc shows the Linux name, which a predicate that compares it with the old name never finds.",
        "  instead: write execve; d2bpf takes exece for it",
        "  fidelity: approximate; from Solaris, FreeBSD, macOS",
        "  fix (--fix=unsafe): exece becomes execve",
        "dir/a b.d:2:26: error L602 [line-comment]: D has no // comments",
        "    BEGIN { trace(nobody); } // 100%",
        "                             ^^^^^^^",
        "  why: D knows the comments of C90 only: /* ... */. Slashes end predicates and divide; what follows two of",
        "    them is no comment.",
        "  instead: write /* ... */",
        "  fix (--fix): make it /* */",
        "dir/a b.d: cannot (1 error, 1 warning)",
    ]


def test_text_of_several_ends_in_a_table() -> None:
    fine = Report("fine.d", 1)
    none = Report("none.py", 0)
    assert FORMATS["text"]([fine, none, Report("bad.d", 1, [finding()])]).splitlines() == [
        "fine.d: runs as is",
        "none.py: no D program",
        "bad.d:1:1: error L101 [probe-without-counterpart]: m",
        "bad.d: cannot (1 error)",
        "",
        "SCRIPT  VERDICT                 ERRORS  WARNINGS  NOTES",
        "fine.d  runs as is                   0         0      0",
        "bad.d   cannot                       1         0      0",
        "",
        "2 scripts: 1 run as is, 0 run with another meaning, 1 cannot run",
    ]


def finding(**changes: Any) -> Finding:
    plain = Finding("L101", "probe-without-counterpart", "error", "m", "bad.d", verdict=CANNOT)
    return replace(plain, **changes)


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = FORMATS["text"]([Report("x.d", 1, [finding(message="a\x1b[2J", excerpt="b\x1b", column=1, end_column=2)])])
    assert "\x1b" not in text


def test_json() -> None:
    document = json.loads(FORMATS["json"]([report()]))
    (script,) = document["scripts"]
    assert (script["path"], script["verdict"], script["programs"]) == ("dir/a b.d", "cannot", 1)
    first, second = script["findings"]
    assert {key: first[key] for key in ("code", "rule", "severity", "line", "column", "end_line", "end_column")} == {
        "code": "L102",
        "rule": "renamed-probe",
        "severity": "warning",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 21,
    }
    assert first["origin"] == ["Solaris", "FreeBSD", "macOS"]
    assert first["fidelity"] == "approximate"
    assert first["why"].startswith("The probe has another name on Linux.")
    edits = [{"start": 0, "end": 20, "text": "syscall::execve:entry"}]
    assert first["fix"] == {"title": "exece becomes execve", "safe": False, "edits": edits}
    assert second["fix"]["safe"] is True


def test_json_of_a_file_without_programs() -> None:
    (script,) = json.loads(FORMATS["json"]([Report("x.py", 0)]))["scripts"]
    assert script == {"path": "x.py", "verdict": None, "programs": 0, "findings": []}


def test_github() -> None:
    assert FORMATS["github"]([report()]).splitlines() == [
        "::warning file=dir/a b.d,line=1,endLine=1,col=1,endColumn=21,title=L102 renamed-probe::"
        "exece is execve on Linux%0Awrite execve; d2bpf takes exece for it",
        "::error file=dir/a b.d,line=2,endLine=2,col=26,endColumn=33,title=L602 line-comment::"
        "D has no // comments%0Awrite /* ... */",
    ]
    escaped = FORMATS["github"]([Report("a,b:c.d", 1, [finding(message="100%\r", path="a,b:c.d")])])
    assert escaped.startswith("::error file=a%2Cb%3Ac.d,") and escaped.endswith("::100%25%0D\n")


# ---------------------------------------------------------------- SARIF

# What the published schema of SARIF 2.1.0 says of the objects we make: required members, all allowed members that we use, and
# their types. The whole output has also been held against that schema itself.
STR, INT, OBJ, ARR = str, int, dict, list
OBJECTS: dict[str, tuple[set[str], dict[str, type]]] = {
    "log": ({"version", "runs"}, {"$schema": STR, "version": STR, "runs": ARR}),
    "run": ({"tool"}, {"tool": OBJ, "columnKind": STR, "artifacts": ARR, "results": ARR}),
    "driver": ({"name"}, {"name": STR, "semanticVersion": STR, "rules": ARR}),
    "rule": (
        {"id"},
        {"id": STR, "name": STR, "shortDescription": OBJ, "fullDescription": OBJ, "help": OBJ, "defaultConfiguration": OBJ},
    ),
    "artifact": (set(), {"location": OBJ, "properties": OBJ}),
    "result": (
        {"message"},
        {"ruleId": STR, "ruleIndex": INT, "level": STR, "message": OBJ, "locations": ARR, "properties": OBJ, "fixes": ARR},
    ),
    "region": (set(), {"startLine": INT, "startColumn": INT, "endLine": INT, "endColumn": INT, "snippet": OBJ}),
    "fix": ({"artifactChanges"}, {"description": OBJ, "artifactChanges": ARR}),
    "change": ({"artifactLocation", "replacements"}, {"artifactLocation": OBJ, "replacements": ARR}),
    "replacement": ({"deletedRegion"}, {"deletedRegion": OBJ, "insertedContent": OBJ}),
}


def check(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    required, members = OBJECTS[kind]
    assert required <= set(value) <= set(members), kind
    assert all(type(value[name]) is members[name] for name in value), kind
    return value


def test_sarif() -> None:
    log = check("log", json.loads(FORMATS["sarif"]([report(), Report("fine.d", 1)])))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    check("run", run)
    described = [check("rule", rule) for rule in check("driver", run["tool"]["driver"])["rules"]]
    assert {rule.code for rule in rules().values()} <= {rule["id"] for rule in described}
    assert [check("artifact", one)["location"]["uri"] for one in run["artifacts"]] == ["dir/a%20b.d", "fine.d"]
    assert [one["properties"]["verdict"] for one in run["artifacts"]] == [CANNOT, AS_IS]
    for result in run["results"]:
        check("result", result)
        assert described[result["ruleIndex"]]["id"] == result["ruleId"] and known(result["ruleId"])
        assert result["level"] in ("none", "note", "warning", "error")
        region = check("region", result["locations"][0]["physicalLocation"]["region"])
        assert all(region[name] >= 1 for name in region if name != "snippet")
        for fix in result.get("fixes", ()):
            for change in check("fix", fix)["artifactChanges"]:
                for replacement in check("change", change)["replacements"]:
                    check("replacement", replacement)
                    assert set(replacement["deletedRegion"]) == {"charOffset", "charLength"}


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_that_are_no_utf8_can_be_written(name: str) -> None:
    text = b"BEGIN { x\xff; }\n".decode("utf-8", "surrogateescape")
    FORMATS[name]([judge_text("x.d", text, machine())]).encode("utf-8", "surrogateescape")
