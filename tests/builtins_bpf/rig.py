"""Runs the C helpers of subroutines on single inputs: one small BPF program per function, fed through a map.

A program finds its string arguments in windows, as the compiler hands them over: `w1` and `w2` with their lengths `n1` and `n2`,
numbers `x` and `y`, more windows `w3` and `w4`, and `work`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from d2bpf.runtime import bpf
from d2bpf.runtime.cache import Store
from d2bpf.runtime.compile import compile_c
from d2bpf.runtime.load import load

SUBROUTINES = Path(__file__).parents[2] / "d2bpf/builtins/subroutines"

MAPS = """
#include <uapi/linux/ptrace.h>
#define STRSIZE {strsize}
#define STRMASK {mask}
#define WINDOW {window}
struct input {{ char a[WINDOW]; char b[WINDOW]; s64 x; s64 y; }};
struct output {{ s64 value; char text[WINDOW]; }};
struct scratch {{ u64 work[16], w1[WINDOW / 8], w2[WINDOW / 8], w3[WINDOW / 8], w4[WINDOW / 8], set[4], state; }};
BPF_TABLE("array", u32, struct input, inputs, 1);
BPF_TABLE("array", u32, struct output, outputs, 1);
BPF_TABLE("percpu_array", u32, struct scratch, scratch, 1);
"""

FUNCTION = """
int {name}(struct bpf_raw_tracepoint_args *ctx)
{{
	u32 zero = 0;
	struct input *in = inputs.lookup(&zero);
	struct output *out = outputs.lookup(&zero);
	struct scratch *s = scratch.lookup(&zero);
	if (!in || !out || !s)
		return 0;
	u64 work = (u64)s->work, w1 = (u64)s->w1, w2 = (u64)s->w2, w3 = (u64)s->w3, w4 = (u64)s->w4, text = 0;
	u64 n1 = bpf_probe_read_kernel_str(s->w1, STRSIZE + 1, in->a) - 1;
	u64 n2 = bpf_probe_read_kernel_str(s->w2, STRSIZE + 1, in->b) - 1;
	s64 x = in->x, y = in->y, value = 0;
	{body}
	out->value = value;
	out->text[0] = 0;
	bpf_probe_read_kernel_str(out->text, STRSIZE + 1, (void *)text);
	return 0;
}}
"""


def header(name: str) -> str:
    """A .bpf.h file with all its sections."""
    rows = (SUBROUTINES / f"{name}.bpf.h").read_text().splitlines()
    return "\n".join(row for row in rows if not row.startswith("///"))


class Rig:
    """`functions`: {name: C statements that set `value`, or `text` to an address}. Calls give (value, text)."""

    def __init__(self, functions: Mapping[str, str], headers: Sequence[str], strsize: int) -> None:
        mask = (1 << (strsize - 1).bit_length()) - 1
        self.window = 2 * (mask + 1) + 8
        text = MAPS.format(strsize=strsize, mask=mask, window=self.window)
        text += "\n".join(map(header, headers))
        text += "".join(FUNCTION.format(name=name, body=body) for name, body in functions.items())
        handlers = [{"name": name, "type": "raw_tracepoint"} for name in functions]
        self.loaded = load(compile_c(text, {}, Store(None)), handlers, {"bufsize": 4096})
        self.strsize = strsize

    def close(self) -> None:
        self.loaded.close()

    def instructions(self, name: str) -> int:
        """How many instructions the verifier processed."""
        return int(bpf.prog_info(self.loaded.programs[name].fd)["verified_insns"])

    def __call__(self, name: str, a: bytes = b"", b: bytes = b"", x: int = 0, y: int = 0) -> tuple[int, bytes]:
        arguments = (
            a.ljust(self.window, b"\0") + b.ljust(self.window, b"\0") + struct.pack("=QQ", x & (1 << 64) - 1, y & (1 << 64) - 1)
        )
        bpf.map_update(self.loaded.maps["inputs"].fd, bytes(4), arguments)
        bpf.test_run(self.loaded.programs[name].fd)
        result = bpf.map_lookup(self.loaded.maps["outputs"].fd, bytes(4), 8 + self.window)
        assert result is not None
        return struct.unpack_from("=q", result)[0], result[8:].partition(b"\0")[0]
