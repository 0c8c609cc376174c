"""Kernels of Debian releases: fetched by apt from the archive that this machine uses already, unpacked, never installed."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "vm"
RELEASES = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie"}  # kernel series -> the release that has it
METAPACKAGE = "linux-image-amd64"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
UNUSED = ("drivers/gpu", "drivers/media", "drivers/infiniband", "sound")  # modules of devices that the machine has not


class KernelError(Exception):
    """A kernel cannot be had; the text says why."""


@dataclass(frozen=True)
class Kernel:
    """An unpacked kernel: its image, its folder of modules, its release as `uname -r` says it."""

    image: Path
    modules: Path
    release: str


def kernel(series: str) -> Kernel:
    """The kernel of a series such as "6.1", fetched at first use, or of a folder with an unpacked package. KernelError."""
    if "/" in series:
        return _unpacked(Path(series))
    if series not in RELEASES:
        raise KernelError(f"there is no kernel {series}: one of {', '.join(RELEASES)}, or a folder with an unpacked package")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = FOLDER / f"linux-{series}"
        if not folder.exists():
            print(f"vm: fetching Linux {series}", flush=True)
            _fetch(series, folder)
        return _unpacked(folder)


def _unpacked(folder: Path) -> Kernel:
    images = list(folder.glob("boot/vmlinuz-*"))
    if len(images) != 1:
        raise KernelError(f"{folder} has {len(images)} kernels")
    release = images[0].name.removeprefix("vmlinuz-")
    found = [path for path in (folder / "lib/modules" / release, folder / "usr/lib/modules" / release) if path.is_dir()]
    if not found:
        raise KernelError(f"{folder} has no modules for {release}")
    return Kernel(images[0].resolve(), found[0].resolve(), release)


def _fetch(series: str, folder: Path) -> None:
    """Unpack the package that the metapackage of the series' release stands for."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as text:
        temporary = Path(text)
        apt = _Apt(temporary, RELEASES[series])
        names = re.findall(
            rf"^\s+Depends: (linux-image-{re.escape(series)}\.\S+)", apt.run("apt-cache", "depends", METAPACKAGE), re.M
        )
        if not names:
            raise KernelError(f"{METAPACKAGE} of Debian {RELEASES[series]} is no Linux {series}")
        apt.run("apt-get", "download", names[0])
        unpacked = temporary / "unpacked"
        for package in temporary.glob("*.deb"):
            _run(["dpkg-deb", "-x", str(package), str(unpacked)])
        modules = _unpacked(unpacked).modules
        for part in UNUSED:
            shutil.rmtree(modules / "kernel" / part, ignore_errors=True)
        unpacked.rename(folder)


class _Apt:
    """apt with package lists of its own for one release, so that those of the machine stay as they are."""

    def __init__(self, folder: Path, release: str) -> None:
        self._folder = folder
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "debian.sources").write_text(
            f"Types: deb\nURIs: {_archive()}\nSuites: {release}\nComponents: main\nArchitectures: amd64\nSigned-By: {KEYRING}\n"
        )
        settings = {
            "Dir::Etc::SourceList": folder / "debian.sources",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache::PkgCache": "",
            "Dir::Cache::SrcPkgCache": "",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
        }
        self._options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        self.run("apt-get", "-q", "update")

    def run(self, tool: str, *words: str) -> str:
        return _run([tool, *self._options, *words], cwd=self._folder)


def _archive() -> str:
    """The Debian archive that this machine's apt is set up for."""
    sites = _run(["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]).split()
    found = [site for site in sites if re.search(r"/debian/?$", site)]
    if not found:
        raise KernelError("apt knows no archive of Debian here: give a folder with an unpacked kernel package")
    return found[0]


def _run(argv: list[str], cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(argv, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise KernelError(f"there is no {argv[0]} here") from None
    if done.returncode:
        raise KernelError(f"{' '.join(argv)}:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout
