"""What the tests read out of the documentation: commands with what they print, D programs, headings, links.

Commands stand in fences marked `console`: lines that begin with a prompt ("# " of root, "$ " of others) and go on until
their quotes are closed; what follows, up to the next prompt, is what they print. Scripts stand in fences marked `d` and name
themselves in a comment in their first or second line: `/* name.d: ... */`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.modules import ROOT

USER_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [*USER_PAGES, *sorted(ROOT.glob("*/README.md")), ROOT / "CHANGELOG.md"]
MANUAL = ROOT / "docs" / "d2bpf.8"

_PROMPTS = ("# ", "$ ")
_NAME = re.compile(r"/\*\s*([\w.-]+\.d)\b")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Fence:
    """A fenced block: where its text begins, the word after the marks, its lines."""

    line: int
    kind: str
    lines: list[str]


@dataclass
class Shown:
    """A shell command of a page, and the lines below it."""

    page: Path
    line: int
    command: str
    output: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def fences(page: Path) -> Iterator[Fence]:
    opened: tuple[int, str] | None = None
    lines: list[str] = []
    for number, text in enumerate(page.read_text().splitlines(), 1):
        if not text.startswith("```"):
            lines.append(text)
        elif opened is None:
            opened, lines = (number + 1, text[3:].strip()), []
        else:
            yield Fence(*opened, lines)
            opened = None
    assert opened is None, f"{page}:{opened}: a fence is not closed"


def commands(page: Path) -> list[Shown]:
    """All commands of the page's consoles, in order."""
    found = list[Shown]()
    for fence in fences(page):
        if fence.kind != "console":
            continue
        assert fence.lines[0].startswith(_PROMPTS), f"{page}:{fence.line}: no prompt"
        unfinished = False
        for number, text in enumerate(fence.lines, fence.line):
            if unfinished:
                found[-1].command += "\n" + text
            elif text.startswith(_PROMPTS):
                found.append(Shown(page, number, text[2:]))
            else:
                found[-1].output.append(text)
                continue
            unfinished = not _complete(found[-1].command)
    return found


def _complete(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def scripts(page: Path) -> dict[str, str]:
    """The page's D scripts by name."""
    found = dict[str, str]()
    for fence in fences(page):
        if fence.kind == "d":
            name = next((match[1] for text in fence.lines[:2] if (match := _NAME.match(text))), None)
            assert name, f"{page}:{fence.line}: a script without a name"
            found[name] = "\n".join(fence.lines) + "\n"
    return found


def invocations(command: str) -> Iterator[list[str]]:
    """The arguments of each d2bpf that a shell command runs, by its name or by that of a script."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    simple: list[list[str]] = [[]]
    for word in lexer:
        if word and set(word) <= set("();<>|&"):
            simple.append([])
        else:
            simple[-1].append(word)
    for words in simple:
        first = next((i for i, word in enumerate(words) if word != "time"), None)
        if first is None:
            continue
        program, arguments = words[first], words[first + 1 :]
        if program.rpartition("/")[2] in ("d2bpf", "dtrace"):
            yield arguments
        elif program.startswith("./") and program.endswith(".d"):
            yield ["-s", program, *arguments]


def manual_commands() -> list[Shown]:
    """The examples of the manual page."""
    lines = MANUAL.read_text().splitlines()
    return [Shown(MANUAL, i, text[7:].replace("\\e", "\\")) for i, text in enumerate(lines, 1) if text.startswith(".Dl # ")]


def links(page: Path) -> Iterator[tuple[int, str]]:
    """(line, target) of each link outside of fences that stays in the repository."""
    inside = False
    for number, text in enumerate(page.read_text().splitlines(), 1):
        inside ^= text.startswith("```")
        if not inside:
            yield from ((number, target) for target in _LINK.findall(text) if "://" not in target)


def anchors(page: Path) -> set[str]:
    """The names that a page's headings can be linked by."""
    headings = (text for text in page.read_text().splitlines() if re.match(r"#+ ", text))
    return {re.sub(r"[^\w\- ]", "", text.lstrip("# ").lower()).strip().replace(" ", "-") for text in headings}


def section(page: Path, heading: str) -> str:
    """The text below a heading of the second level, up to the next; "" if there is none."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page.read_text(), re.M | re.S)
    return found[1] if found else ""
