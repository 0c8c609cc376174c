"""The pages of docs/lint/, one a rule, made from the rules. `python -m d2bpf.lint.pages FOLDER` writes them."""

from __future__ import annotations

import sys
from pathlib import Path

from ..codes import table
from .rule import Rule, rules

_FIXES = {"": "none", "safe": "safe: `lint --fix` applies it", "unsafe": "to be looked at: `lint --fix=unsafe` applies it"}


def pages() -> dict[str, str]:
    """File name -> text, of all pages and of their index."""
    found = {f"{name}.md": page(name, rule) for name, rule in rules().items()}
    return {"README.md": index(), **found}


def page(name: str, rule: Rule) -> str:
    parts = [
        f"# {rule.code} {name}\n",
        f"{_sentence(table()[rule.code])}\n",
        f"Severity: {rule.severity}. A script that has it: {rule.verdict}. Fix: {_FIXES[rule.fixable]}.\n",
        "## What is the matter\n",
        rule.why.strip() + "\n",
        "```d\n" + _shown(rule.bad) + "```\n",
        "## What to do\n",
        rule.instead.strip() + "\n",
    ]
    if rule.good:
        parts.append("```d\n" + _shown(rule.good) + "```\n")
    parts.append(f"Where it is meant so: `/* d2bpf: ignore {rule.code} */` on the line or the one before.\n")
    return "\n".join(parts)


def index() -> str:
    rows = [f"| [{rule.code}]({name}.md) | {name} | {rule.severity} | {rule.fixable} |\n" for name, rule in rules().items()]
    head = "# The rules of lint\n\n[lint.md](../lint.md) says how to use them.\n\n"
    return head + "| code | rule | severity | fix |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _shown(program: str) -> str:
    return program.replace("\r", "").rstrip("\n") + "\n"


def write(folder: Path) -> None:
    """Write the pages, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
