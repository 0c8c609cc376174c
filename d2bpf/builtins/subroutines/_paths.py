"""What d_path() and the path subroutines of the provider libraries share: the walk from a directory entry to the root."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const, Expr
from ...ir.values import Text
from ...syntax import ast

CHAIN = 8 * 64  # bytes: PATH_DEPTH of _dentry.bpf.h
MEMBERS = (
    ("struct dentry", "d_parent"),
    ("struct dentry", "d_name", "name"),
    ("struct mount", "mnt"),
    ("struct mount", "mnt_parent"),
    ("struct mount", "mnt_mountpoint"),
    ("struct mount", "mnt_ns"),
    ("struct vfsmount", "mnt_root"),
)


def walked(b: Any, call: ast.Call, function: str, *start: Expr) -> Text:
    """The path name that a helper makes from `start`."""
    for tag, *path in MEMBERS:
        b.kernel_offset(tag, *path)
    window, chain = b.window(), b.slot(CHAIN)
    b.do("_dentry", function, b.work, ops.Address(chain), ops.Address(window), *start)
    return b.text_in(call, window)  # type: ignore[no-any-return]


def file_path(b: Any, call: ast.Call) -> Text:
    """The path name of the struct path that is the argument of `call`, from the root of all mounted file systems."""
    path = b.pin(b.word(call.args[0]), "path")
    mount = b.to_word(b.kernel_member(path, "struct path", "mnt"))
    entry = b.to_word(b.kernel_member(path, "struct path", "dentry"))
    return walked(b, call, "file_path", b.pin(entry), b.pin(mount))


def entry_path(b: Any, call: ast.Call) -> Text:
    """The path name of a struct dentry, from the root of its file system."""
    return walked(b, call, "file_path", b.pin(b.word(call.args[0]), "entry"), Const(0))


def mount_path(b: Any, call: ast.Call) -> Text:
    """The path name of where a struct vfsmount is mounted."""
    return walked(b, call, "mount_path", b.pin(b.word(call.args[0]), "mount"))
