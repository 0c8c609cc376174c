"""What lint says: findings with their places, fixes as edits, and the verdict over a script."""

from __future__ import annotations

from dataclasses import dataclass, field

AS_IS, DIFFERS, CANNOT = "runs as is", "runs, meaning differs", "cannot"
VERDICTS = (AS_IS, DIFFERS, CANNOT)  # from good to bad
SEVERITIES = ("note", "warning", "error")


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters [start, end) of a file become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file that belong together. `safe`: the program means the same afterwards, or meant nothing before."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in a file. `start` and `end` are offsets in it; lines and columns count from 1. `why` says what is the matter
    beyond the message, `instead` what to use on Linux; `fidelity` is "", "exact", "approximate" or "absent"; `origin` names the
    systems that the script was written for, as far as the finding tells. `verdict` is the best verdict that a script with this
    finding can have. `excerpt` is the line it begins on."""

    code: str
    rule: str
    severity: str
    message: str
    path: str
    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    excerpt: str = ""
    why: str = ""
    instead: str = ""
    fidelity: str = ""
    origin: tuple[str, ...] = ()
    verdict: str = AS_IS
    fix: Fix | None = None


@dataclass(slots=True)
class Report:
    """What is said of one script. `programs` is the number of D programs in it."""

    path: str
    programs: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        return max((finding.verdict for finding in self.findings), key=VERDICTS.index, default=AS_IS)

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)
