"""The kernel that programs are judged by where no other is asked for: a distribution's, with all that tracing can use.

common.json.gz is what stored.to_json() says of Debian 13's kernel (6.12, x86-64) with the modules of ext4, xfs, NFS and SCSI
disks loaded. Kernels of other distributions differ little: kprobes, BTF and the tracepoints are there."""

from __future__ import annotations

import gzip
import os

from .facts import Target
from .stored import from_json

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "common.json.gz")


def common_target() -> Target:
    """The common kernel. TargetError or OSError if the installation is damaged."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        return from_json(file.read())
