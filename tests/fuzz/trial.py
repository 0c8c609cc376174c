"""Compiles one text after the other as a command would: syntax, analysis, lowering and the plan, for the machine's own kernel."""

from __future__ import annotations

from d2bpf.codes import known
from d2bpf.compiler import Compilation, Request, compile_programs
from d2bpf.diagnostics import Sink, render
from d2bpf.options import defaults
from d2bpf.runtime.attach import multi_handlers
from d2bpf.runtime.cache import Store, directory
from d2bpf.runtime.compile import compile_c
from d2bpf.runtime.defines import defines, typed_tracepoints
from d2bpf.runtime.load import load
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv
from d2bpf.target.host import host_target


class Trial:
    def __init__(self) -> None:
        self.target, self.store = host_target(), Store(directory())
        self.compilation = Compilation()

    def compile(self, text: str) -> list[str]:
        """The codes of a program's mistakes; `compilation` is what came of it."""
        sink = Sink()
        options = defaults() | {"argref": True}
        request = Request([("s", "x.d", SourceFile("x.d", text))], options, MacroEnv(args=("7", "a b"), target=1))
        self.compilation = compile_programs(request, self.target, sink, self.store)
        for item in sink.items:
            assert known(item.code)
            assert render(item, "failed to compile script x.d", errtags=True).startswith("dtrace: failed")
        assert sink.errors or self.compilation.plan is not None
        return [item.code for item in sink.errors]

    def load(self) -> None:
        """Load what compile() made into the kernel, and let go of it. Raises Failure."""
        plan = self.compilation.plan
        assert plan is not None
        typed = typed_tracepoints(plan)
        compiled = compile_c(plan["c"], defines(plan, typed), self.store)
        load(compiled, plan["handlers"], plan["options"], multi_handlers(plan["attach"]), typed, plan["sizes"]).close()
