"""Programs that nobody would write, the same for the same seed: tokens at random, scripts with mistakes, and clauses of
well-formed expressions whose types fit by chance only."""

from __future__ import annotations

import re
from random import Random

from d2bpf.builtins import registry
from d2bpf.syntax.tokens import KEYWORDS, PUNCTUATORS
from tests.modules import ROOT

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|#.*|[A-Za-z_$@`][\w$`]*|[0-9]\w*|\s+|->|\+\+|--|<<=?|>>=?|[-+*/%&|^=!<>]=|.', re.DOTALL
)
_SCRIPT = re.compile(r"^--- script\n(.*?)(?=^(?:---|===) )", re.MULTILINE | re.DOTALL)

BUILT_INS = sorted(name for kind in registry.KINDS for name in registry.names(kind) if not name.startswith("__"))
SUBROUTINES = sorted(name for name in registry.names("subroutines") if not name.startswith("__"))
WORDS = r"""
x y foo_t self->x this->x self->a[1] m[pid,"k"] @ @a @a[pid] a`b `jiffies $1 $$1 $9 $target $ 0 1 -1 09 0x1f 1.5 (int)
99999999999999999999 'a' '' "a" "%d" "%s %x" "\n" "\0" /* */ // \ # BEGIN END ERROR tick-1s profile-97 syscall::read:entry
(char*) 4294967296
syscall:::entry proc:::exec sched::: io:::start pid$1::: sdt:::* nosuch::: curpsinfo->pr_psargs curthread->pid
args[0] args[1]->pr_pid
args[0]->b_flags fds[0].fi_name `max_pfn NULL EPERM task_struct int8_t uint64_t uintptr_t (string) (struct task_struct *)
sizeof(int) offsetof(struct timespec64,tv_nsec) printf("%d",x) trace(x) @a=count() @q=quantize(x) @l=lquantize(x,0,9)
""".split()
LINES = [
    *(
        "\n",
        "\n#pragma D option quiet\n",
        "\n#pragma D option strsize=64\n",
        '\n# 3 "y.h"\n',
        "\n#line\n",
        "\n#pragma D\n",
        "\n#!\n",
    ),
    *("\n#pragma D attributes Stable/Stable/Common x\n", "\n#pragma D depends_on provider nosuch\n"),
]
TOKENS = [*PUNCTUATORS, *KEYWORDS, *BUILT_INS, *WORDS, *LINES, "é", "\udcff", "\0"]


def seeds() -> list[str]:
    """The scripts of dscripts/ and those of the behaviour tests' cases."""
    found = [path.read_text() for path in sorted((ROOT / "dscripts").glob("*.d"))]
    for path in sorted((ROOT / "tests/behaviour").rglob("*.case")):
        found += _SCRIPT.findall(path.read_text())
    return found


LEAVES = [
    *"""0 1 -1 63 64 0x80000000 99999999999 'a' "text" "" NULL EPERM x y s t st p q self->x self->s this->x this->s v[1] a[2]
    m[1,"k"] arg0 arg1 args[0] args[1] curpsinfo->pr_psargs curlwpsinfo->pr_state fds[1].fi_pathname st.b st.in.c st.name p->next
    curthread curthread->comm curthread->mm->total_vm RED `jiffies_64 stack() ustack() @a count() probename""".split(),
    *(name for name in BUILT_INS if name in registry.names("variables")),
]
UNARY = """-{} !{} ~{} +{} *{} &{} ++{} {}++ --{} {}-- (int){} (uint8_t){} (char*){}
(string){} (void*){} (int64_t){} sizeof({}) stringof({}) ({})
{}->comm {}.b {}->next {}[0] TWICE[{}] v[{}] self->v[{}] a[{}]
(struct point*){} xlate<psinfo_t*>({})->pr_fname *(int*){}""".split()
BINARY = "+ - * / % & | ^ << >> < <= > >= == != && || ^^ , = += -= *= /= %= &= |= ^= <<= >>=".split()
DECLARATIONS = """struct point { int b; int y:3; struct point *next; char name[8]; struct { short c[2]; } in; };
int x; string s; struct point st; struct point *p; int a[4]; int v[int]; int m[int, string]; self string s; this string s;
enum color { RED };
inline int TWICE[int i] = i * 2;
"""
PROBES = [
    *("BEGIN", "END", "ERROR", "tick-1s", "profile-97", "syscall:::", "syscall::read:entry", "syscall::read:return"),
    *("proc:::exec-success", "proc:::signal-send", "sched:::on-cpu", "io:::start", "syscall::openat:entry, tick-2s"),
]
FORMATS = ("%d", "%s", "%x %c", "%Y", "%a", "%k", "%*d", "%p%%", "%.3S", "%@d")


def _kind(token: str) -> str:
    """What a token could be exchanged for without spoiling the syntax."""
    if not token[:1].strip('"'):
        return "string"
    if token[0].isalpha() or token[0] == "_":
        return "name"
    return token[0] if token[0] in "#@$`(){}[];/ \t\n" else "number" if token[0].isdigit() else "operator"


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.seeds = [_TOKEN.findall(text) for text in seeds()]
        self.alike: dict[str, list[str]] = {}
        for token in sorted({token for tokens in self.seeds for token in tokens}):
            self.alike.setdefault(_kind(token), []).append(token)

    def soup(self) -> str:
        """Tokens at random, alone or as a clause's body."""
        r = self.random
        text = r.choice(("", " ", " ")).join(r.choice(TOKENS) for _ in range(r.randrange(30)))
        return text if r.random() < 0.5 else f"{r.choice(PROBES)} {{ {text} }}"

    def mutant(self) -> str:
        """A script with some of its tokens gone, doubled, taken from another one, or exchanged for others of their kind."""
        r = self.random
        tokens = list(r.choice(self.seeds))
        for _ in range(r.choice((1, 1, 2, 3, 6))):
            at = r.randrange(len(tokens) + 1)
            if at < len(tokens) and r.random() < 0.7:
                tokens[at] = r.choice(self.alike[_kind(tokens[at])])
                continue
            gone = r.choice((0, 1, 1, 1, 2, 8))
            other = r.choice(self.seeds)
            start = r.randrange(len(other) + 1)
            some = other[start : start + r.randint(1, 12)]
            new = r.choice(([], [], [r.choice(TOKENS)], [r.choice(tokens or [""])], tokens[at : at + gone] * 2, some))
            tokens[at : at + gone] = new
        return "".join(tokens)

    def clause(self) -> str:
        """Declarations and a few clauses of expressions that parse."""
        r = self.random
        text = DECLARATIONS
        for _ in range(r.randint(1, 3)):
            predicate = f"/{self.expr(r.randrange(3))}/" if r.random() < 0.3 else ""
            body = "; ".join(self.statement() for _ in range(r.randint(1, 4)))
            text += f"{r.choice(PROBES)}\n{predicate}\n{{ {body}; }}\n"
        return text

    def clauses(self, statements: list[str]) -> str:
        """Declarations and a few clauses of some of these statements."""
        r = self.random
        bodies = ["; ".join(r.choice(statements) for _ in range(r.randint(1, 5))) for _ in range(r.randint(1, 3))]
        return DECLARATIONS + "".join(f"{r.choice(PROBES)} {{ {body}; }}\n" for body in bodies)

    def statement(self) -> str:
        r = self.random
        kind = r.random()
        if kind < 0.35:
            return (
                f"{r.choice(('x', 'n', 's', 'self->n', 'this->n', 'w[pid]', 'st', 'p', 'this->s'))} = {self.expr(r.randrange(4))}"
            )
        if kind < 0.5:
            return f"trace({self.expr(r.randrange(4))})"
        if kind < 0.65:
            return f'printf("{r.choice(FORMATS)}", {self.expr(2)}, {self.expr(1)})'
        if kind < 0.8:
            value = self.expr(2)
            function = r.choice(("count()", f"sum({value})", f"quantize({value})", f"lquantize({value}, 0, 100, 10)"))
            return f"@{r.choice('abc')}[{self.expr(1)}, {self.expr(1)}] = {function}"
        if kind < 0.85:
            return f"if ({self.expr(1)}) {{ {self.statement()}; }} else {{ {self.statement()}; }}"
        return self.expr(r.randint(1, 4))

    def expr(self, depth: int) -> str:
        r = self.random
        if depth <= 0:
            return r.choice(LEAVES)
        kind = r.random()
        if kind < 0.3:
            return r.choice(UNARY).format(self.expr(depth - 1))
        if kind < 0.65:
            return f"({self.expr(r.randrange(depth))} {r.choice(BINARY)} {self.expr(depth - 1)})"
        if kind < 0.72:
            return f"({self.expr(depth - 1)} ? {self.expr(r.randrange(depth))} : {self.expr(r.randrange(depth))})"
        arguments = ", ".join(self.expr(r.randrange(depth)) for _ in range(r.choice((0, 1, 1, 1, 2, 2, 3))))
        return f"{r.choice(SUBROUTINES if r.random() < 0.8 else BUILT_INS)}({arguments})"

    def program(self) -> str:
        return self.random.choice((self.soup, self.mutant, self.mutant, self.clause))()
