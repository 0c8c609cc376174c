"""The kernel header tree that BCC compiles against: ten small files of our own instead of the distribution's headers.

They are all that BCC's own force-included text asks for. The text we compile names no kernel structure (offsets come
from BTF), except the register frame. `BCC_KERNEL_SOURCE` points BCC to the tree; its `kconfig.h` is what BCC looks for.
"""

from __future__ import annotations

import os

_TYPES = """\
#ifndef D2_TYPES_H
#define D2_TYPES_H
typedef signed char __s8; typedef unsigned char __u8;
typedef short __s16; typedef unsigned short __u16;
typedef int __s32; typedef unsigned int __u32;
typedef long long __s64; typedef unsigned long long __u64;
typedef __s8 s8; typedef __u8 u8; typedef __s16 s16; typedef __u16 u16;
typedef __s32 s32; typedef __u32 u32; typedef __s64 s64; typedef __u64 u64;
typedef __s8 int8_t; typedef __u8 uint8_t; typedef __s16 int16_t; typedef __u16 uint16_t;
typedef __s32 int32_t; typedef __u32 uint32_t; typedef __s64 int64_t; typedef __u64 uint64_t;
typedef __u16 __le16; typedef __u16 __be16; typedef __u32 __le32; typedef __u32 __be32;
typedef __u64 __le64; typedef __u64 __be64; typedef __u16 __sum16; typedef __u32 __wsum;
typedef unsigned long size_t; typedef long ssize_t; typedef unsigned long uintptr_t;
typedef _Bool bool; typedef int pid_t;
enum { false, true };
#define NULL ((void *)0)
#define __always_inline inline __attribute__((__always_inline__))
#define __aligned_u64 __u64 __attribute__((aligned(8)))
#endif
"""

# struct pt_regs with the kernel's member names, and the type that BPF programs on perf events see.
_REGISTERS = {
    "x86_64": """\
struct pt_regs {
  unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
  unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
typedef struct pt_regs bpf_user_pt_regs_t;
""",
    "aarch64": """\
struct user_pt_regs { __u64 regs[31], sp, pc, pstate; };
struct pt_regs {
  union { struct user_pt_regs user_regs; struct { __u64 regs[31], sp, pc, pstate; }; };
  __u64 orig_x0; int syscallno; int pad;
};
typedef struct user_pt_regs bpf_user_pt_regs_t;
""",
}


def _version(release: str) -> int:
    """LINUX_VERSION_CODE of a release such as `6.1.0-18-amd64`."""
    numbers = []
    for part in release.split(".")[:3]:
        digits = part[: next((i for i, c in enumerate(part) if not c.isdigit()), len(part))]
        numbers.append(int(digits or 0))
    major, minor, patch = (numbers + [0, 0, 0])[:3]
    return (major << 16) + (minor << 8) + min(patch, 255)


def files(release: str, machine: str, page_size: int) -> dict[str, str]:
    """The tree as {path: text} for a kernel release, machine name (as uname gives them) and page size."""
    guard = "#ifndef {0}\n#define {0}\n{1}#endif\n".format
    registers = "#include <linux/types.h>\n" + _REGISTERS[machine]
    perf_data = "struct bpf_perf_event_data { bpf_user_pt_regs_t regs; __u64 sample_period; __u64 addr; };\n"
    return {
        "include/linux/kconfig.h": "#define CONFIG_BPF_SYSCALL 1\n#define CONFIG_ARCH_HAS_SYSCALL_WRAPPER 1\n",
        "include/linux/types.h": _TYPES,
        "include/linux/bpf_common.h": "#include <linux/types.h>\n",
        "include/linux/version.h": f"#define LINUX_VERSION_CODE {_version(release)}\n"
        "#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))\n",
        "include/linux/log2.h": "#define roundup_pow_of_two(n) "
        "((n) <= 1 ? 1 : (1UL << (64 - __builtin_clzll((n) - 1))))\n",
        "include/asm/page.h": f"#define PAGE_SIZE {page_size}UL\n",
        "include/uapi/linux/bpf.h": "",
        "include/uapi/linux/if_packet.h": "",
        "include/uapi/linux/ptrace.h": guard("D2_PTRACE_H", registers),
        "include/uapi/linux/bpf_perf_event.h": guard("D2_PERF_EVENT_H", "#include <uapi/linux/ptrace.h>\n" + perf_data),
    }


def host_files() -> dict[str, str]:
    """The tree for this machine."""
    host = os.uname()
    return files(host.release, host.machine, os.sysconf("SC_PAGE_SIZE"))


def write_tree(root: str, tree: dict[str, str]) -> None:
    """Write the tree below `root`, which must be a directory only we can write."""
    for path in {os.path.dirname(name) for name in tree}:
        os.makedirs(os.path.join(root, path), mode=0o700, exist_ok=True)
    for name, text in tree.items():
        with open(os.path.join(root, name), "w") as file:
            file.write(text)
