"""C++ names as people write them.

The demangler of libstdc++ does the work, the one that c++filt and perf print with. libbcc is linked with that library,
so it is wherever a translated program can run, and the same names come out there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = "libstdc++.so.6"
_RUST = (
    *(("$LT$", "<"), ("$GT$", ">"), ("$LP$", "("), ("$RP$", ")"), ("$C$", ","), ("$RF$", "&"), ("$BP$", "*")),
    *(("$u20$", " "), ("$u27$", "'"), ("$u5b$", "["), ("$u5d$", "]"), ("$u7b$", "{"), ("$u7d$", "}"), ("..", "::")),
)

_demangle: list[Callable[[bytes], bytes | None]] = []
_known: dict[str, str] = {}


def is_mangled(name: str) -> bool:
    """Whether it may be a mangled name: of C++, or of Rust in its older form."""
    return name[:2] == "_Z"


def demangle(name: str) -> str:
    """`std::vector<int>::clear()` for `_ZNSt6vectorIiE5clearEv`; any name that is not a mangled one as it is."""
    if not is_mangled(name):
        return name
    if name not in _known:
        if not _demangle:
            _demangle.append(_load())
        plain = _demangle[0](name.encode())
        _known[name] = _without_hash(plain.decode("utf-8", "replace")) if plain else name
    return _known[name]


def _without_hash(plain: str) -> str:
    """A name of Rust as it is written there. It is mangled as if it were one of C++, with a hash as its last part, and with what
    is not a letter spelt out."""
    head, separator, last = plain.rpartition("::h")
    if not separator or len(last) != 16 or last.strip("0123456789abcdef"):
        return plain
    for spelt, sign in _RUST:
        head = head.replace(spelt, sign)
    return "::".join(part[1:] if part.startswith("_<") else part for part in head.split("::"))


def _load() -> Callable[[bytes], bytes | None]:
    """__cxa_demangle of the C++ ABI; without that library nothing is demangled."""
    import ctypes

    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        return lambda name: None
    call = library.__cxa_demangle
    call.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
    call.restype = ctypes.c_void_p
    free = ctypes.CDLL(None).free
    free.argtypes, free.restype = [ctypes.c_void_p], None

    def run(name: bytes) -> bytes | None:
        text = call(name, None, None, ctypes.byref(ctypes.c_int()))
        if not text:
            return None
        try:
            return ctypes.string_at(text)
        finally:
            free(text)

    return run
