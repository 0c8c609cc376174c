"""D programs in shell and Perl scripts, found without running anything.

A reader of just enough of the shell: it cuts a script into simple commands and their words, with quotes, here-texts,
command and process substitutions, and puts in variables as the script assigns them: of several assignments the first that
states its value plainly, which is where scripts set their defaults. What only a run would tell is UNKNOWN, a plausible
number. Every character of a word knows where in the script it stands, so a mistake in a program has its place in the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

UNKNOWN = "1"
_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_HERE_TEXT = re.compile(r"<<(-?)\s*([\"']?)(\w+)\2[^\n]*\n")
_NAMES = ("dtrace", "d2bpf")
# Words before a command: the shell's own, and commands that run another.
_RESERVED = frozenset("if then elif else do while until { ! exec time return sudo pfexec nohup".split())
_PERL_HERE_TEXT = re.compile(r"<<([\"']?)(\w+)\1[^\n]*\n(.*?\n)\2\n", re.DOTALL)
_PERL_ASSIGNMENT = re.compile(r"^\s*(?:my\s+)?\$(\w+)\s*=\s*(?:\"([^\"\\]*)\"|'([^']*)'|(\d+))\s*;", re.MULTILINE)
_PERL_VARIABLE = re.compile(r"\\(.)|\$((?:\w+::)*\w+)")


@dataclass
class Text:
    """Text of which each character knows its offset in the script: `origin` is as long as `text`. `plain` is False where something
    only a run would tell went into it."""

    text: str = ""
    origin: list[int] = field(default_factory=list)
    plain: bool = True

    def add(self, text: str, at: Sequence[int]) -> None:
        self.text += text
        self.origin.extend(at)

    def cut(self, start: int, end: int | None = None) -> Text:
        return Text(self.text[start:end], self.origin[start:end], self.plain)


@dataclass
class Word(Text):
    """A word after expansion. `program` is the text that a process substitution <(...) delivers."""

    program: Text | None = None


Variables = dict[str, Word]


@dataclass
class SimpleCommand:
    """One command: its words, and its here-text if it has one."""

    words: list[Word] = field(default_factory=list)
    here_text: Text | None = None


@dataclass
class Invocation:
    """One call of dtrace. `words` are its words but the first; `files` are the texts of what stands for a file in them: the
    here-text under "/dev/stdin", process substitutions under the name that stands in `words`. `at` is the call's offset in the
    script."""

    words: list[Word]
    files: dict[str, Text]
    at: int

    @property
    def arguments(self) -> list[str]:
        return [word.text for word in self.words]


def invocations(text: str) -> list[Invocation]:
    """The calls of dtrace in a script, each program once, in the order of the text."""
    whole = Text(text, list(range(len(text))))
    perl = re.match(r"#!\S*perl", text) is not None
    found: list[Invocation] = []
    for piece in perl_here_texts(whole) if perl else [whole]:
        for call in _calls(piece):
            if not any(_programs(call) == _programs(other) for other in found):
                found.append(call)
    return found


def _programs(call: Invocation) -> tuple[object, ...]:
    """What makes two calls the same: their programs."""
    texts = [word for before, word in pairwise(call.arguments) if before.endswith("n")]
    return (*texts, *(file.text for file in call.files.values()))


def perl_here_texts(script: Text) -> list[Text]:
    """The here-texts of a Perl script, with the variables put in to which it assigns a constant or a string."""
    variables: dict[str, str] = {}

    def put_in(match: re.Match[str]) -> str:
        return str(match[1] or variables.get(match[2], UNKNOWN))

    for m in _PERL_ASSIGNMENT.finditer(script.text):
        variables.setdefault(m[1], m[3] or m[4] or _PERL_VARIABLE.sub(put_in, m[2] or ""))
    found = []
    for m in _PERL_HERE_TEXT.finditer(script.text):
        inside = script.cut(*m.span(3))
        if m[1] != "'":
            made, last = Text(), 0
            for variable in _PERL_VARIABLE.finditer(inside.text):
                value = put_in(variable)
                made.add(inside.text[last : variable.start()], inside.origin[last : variable.start()])
                made.add(value, [inside.origin[variable.start()]] * len(value))
                last = variable.end()
            made.add(inside.text[last:], inside.origin[last:])
            inside = made
        found.append(inside)
    return found


def _calls(text: Text, variables: Variables | None = None) -> Iterator[Invocation]:
    reader = _Reader(text, {} if variables is None else variables)
    for command in reader.commands():
        if command.words and command.words[0].text.rpartition("/")[2] in _NAMES:
            yield _invocation(command)
    for inner in reader.substitutions:
        yield from _calls(inner, reader.variables)


def _invocation(command: SimpleCommand) -> Invocation:
    words: list[Word] = []
    files: dict[str, Text] = {}
    for word in command.words[1:]:
        if word.program is not None:
            name = f"/dev/fd/{len(files)}"
            files[name] = word.program
            word = Word(name, word.origin[:1] * len(name), word.plain)
        words.append(word)
    if command.here_text is not None:
        files["/dev/stdin"] = command.here_text
    first = command.words[0]
    return Invocation(words, files, first.origin[0] if first.origin else 0)


class _Reader:
    """Reads a script from front to back; `variables` are the assignments met so far, `substitutions` the texts of `...`
    and $(...)."""

    def __init__(self, script: Text, variables: Variables) -> None:
        self.script, self.text, self.at = script, script.text, 0
        self.variables = variables
        self.substitutions: list[Text] = []
        self._here: list[tuple[SimpleCommand, str, bool, bool]] = []  # command, end mark, tabs go, expand

    def commands(self) -> Iterator[SimpleCommand]:
        command = SimpleCommand()
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "\n":
                self.at += 1
                self._take_here_texts()
                yield from self._ended(command)
                command = SimpleCommand()
            elif self.text.startswith("((", self.at):
                end = self.text.find("))", self.at)
                self.at = len(self.text) if end < 0 else end + 2
            elif char in ";&|()":
                self.at += 1
                yield from self._ended(command)
                command = SimpleCommand()
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
            elif char in " \t":
                self.at += 1
            elif char == "#":
                self._skip_line()
            elif char in "<>" and not self.text.startswith("<(", self.at):
                self._redirection(command)
            else:
                command.words.append(self._word())
        yield from self._ended(command)

    def _ended(self, command: SimpleCommand) -> Iterator[SimpleCommand]:
        """The command, if it is one, without reserved words and assignments before it."""
        words = command.words
        while words and (words[0].text in _RESERVED or self._assigns(words[0])):
            words.pop(0)
        if words:
            yield command

    def _assigns(self, word: Word) -> bool:
        match = _ASSIGNMENT.match(word.text)
        if match is None:
            return False
        known = self.variables.get(match[1])
        if known is None or (word.plain and not known.plain):
            value = word.cut(match.end())
            self.variables[match[1]] = Word(value.text, value.origin, word.plain)
        return True

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _redirection(self, command: SimpleCommand) -> None:
        match = _HERE_TEXT.match(self.text, self.at)
        if match is None:
            self.at += 1
            while self.at < len(self.text) and self.text[self.at] in "<>& \t":
                self.at += 1
            self._word()
            return
        self._here.append((command, match[3], bool(match[1]), not match[2]))
        self.at = self.text.index(match[3], self.at) + len(match[3]) + len(match[2])

    def _take_here_texts(self) -> None:
        for command, mark, tabs, expand in self._here:
            inside = Text()
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                start, self.at = self.at, min(len(self.text), end + 1)
                while tabs and self.text[start : start + 1] == "\t":
                    start += 1
                if self.text[start:end] == mark:
                    break
                line = self.script.cut(start, self.at)
                inside.add(line.text, line.origin)
                if not line.text.endswith("\n"):
                    inside.add("\n", [line.origin[-1] if line.origin else 0])
            command.here_text = self._expanded(inside) if expand else inside
        self._here.clear()

    # ---- words ----

    def _take(self, word: Word, start: int, end: int) -> None:
        """Add the script's own characters to a word."""
        word.add(self.text[start:end], self.script.origin[start:end])

    def _put(self, word: Word, text: str, at: int) -> None:
        """Add text that stands for something at one place of the script."""
        word.add(text, [self.script.origin[at]] * len(text))

    def _word(self) -> Word:
        word = Word()
        while self.at < len(self.text) and self.text[self.at] not in " \t\n;&|)":
            char = self.text[self.at]
            if self.text.startswith("<(", self.at):
                at = self.at
                word.program = self._printed(self._bracketed(self.at + 1))
                word.origin = word.origin or [self.script.origin[at]]
            elif char in "<>(":
                self.at += char == "("
                break
            elif char == "'":
                end = self.text.find("'", self.at + 1)
                end = len(self.text) if end < 0 else end
                self._take(word, self.at + 1, end)
                self.at = end + 1
            elif char == '"':
                self.at += 1
                self._quoted(word)
            else:
                self._piece(word, quoted=False)
        return word

    def _quoted(self, word: Word) -> None:
        while self.at < len(self.text) and self.text[self.at] != '"':
            self._piece(word, quoted=True)
        self.at += 1

    def _piece(self, word: Word, quoted: bool) -> None:
        """One character, escape, variable or substitution, outside of single quotes."""
        char = self.text[self.at]
        if char == "\\":
            following = self.text[self.at + 1 : self.at + 2]
            if following != "\n":
                if quoted and following not in '$`"\\':
                    self._take(word, self.at, self.at + 1)
                self._take(word, self.at + 1, self.at + 2)
            self.at += 2
        elif char == "$":
            self._variable(word)
        elif char == "`":
            end = self.text.find("`", self.at + 1)
            end = len(self.text) if end < 0 else end
            self._substitute(word, self.script.cut(self.at + 1, end), self.at)
            self.at = end + 1
        else:
            self._take(word, self.at, self.at + 1)
            self.at += 1

    def _variable(self, word: Word) -> None:
        start = self.at
        if self.text.startswith("$(", self.at):
            self._substitute(word, self._bracketed(self.at + 1), start)
            return
        braced = self.text.startswith("${", self.at)
        match = _NAME.match(self.text, self.at + 1 + braced)
        if braced:
            end = self.text.find("}", self.at)
            self.at = len(self.text) if end < 0 else end + 1
        elif match:
            self.at = match.end()
        else:
            self.at += 2  # $1, $?, $*
        value = self.variables.get(match[0]) if match else None
        if value is None:
            self._put(word, UNKNOWN, start)
        else:
            word.add(value.text, value.origin)
        word.plain = word.plain and value is not None and value.plain

    def _substitute(self, word: Word, inside: Text, at: int) -> None:
        self.substitutions.append(inside)
        self._put(word, UNKNOWN, at)
        word.plain = False

    def _bracketed(self, at: int) -> Text:
        """The text between the parenthesis at `at` and its own closing one; goes on behind it."""
        reader = _Reader(self.script, self.variables)
        reader.at = at + 1
        while reader.at < len(self.text) and self.text[reader.at] != ")":
            if self.text[reader.at] in " \t\n;&|<>":
                reader.at += 1
            elif self.text[reader.at] == "(":
                reader._bracketed(reader.at)
            else:
                reader._word()
        self.at = reader.at + 1
        return self.script.cut(at + 1, reader.at)

    def _printed(self, inside: Text) -> Text:
        """What a substituted command prints, for one that prints its last word."""
        commands = list(_Reader(inside, self.variables).commands())
        return commands[-1].words[-1] if commands and commands[-1].words else Text()

    def _expanded(self, inside: Text) -> Text:
        """A here-text whose mark is not quoted."""
        reader = _Reader(inside, self.variables)
        word = Word()
        while reader.at < len(inside.text):
            reader._piece(word, quoted=True)
        return word
