"""C++ names as people write them.

The demangler of libstdc++ does the work, the one that c++filt and perf print with. libbcc is linked with that library,
so it is wherever a translated program can run, and the same names come out there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LIBRARY = "libstdc++.so.6"
_LONG = 1023  # characters of a name; longer ones that library declines, for fear of recursion
_LLVM = "libbcc.so.0"  # is linked with LLVM, whose demangler takes them; its name there, until LLVM 16 and since
_OF_TEXT, _OF_VIEW = "_ZN4llvm15itaniumDemangleEPKcPcPmPi", "_ZN4llvm15itaniumDemangleESt17basic_string_viewIcSt11char_traitsIcEEb"
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
        if plain is None and len(name) > _LONG:
            plain = _long(name.encode())
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


def _long(name: bytes) -> bytes | None:
    """A long name by LLVM's demangler; None where there is none."""
    import ctypes

    try:
        library = ctypes.CDLL(_LLVM)
    except OSError:
        return None
    arguments: tuple[Any, ...] = (ctypes.c_char_p(name), None, None, None)
    if hasattr(library, _OF_TEXT):
        call = getattr(library, _OF_TEXT)
    elif hasattr(library, _OF_VIEW):  # a view is passed as its two members
        call, arguments = getattr(library, _OF_VIEW), (ctypes.c_size_t(len(name)), ctypes.c_char_p(name), ctypes.c_bool(True))
    else:
        return None
    call.restype = ctypes.c_void_p
    return _taker()(call(*arguments))


def _taker() -> Callable[[int | None], bytes | None]:
    """What gives the text at an address that malloc(3) gave, and frees it."""
    import ctypes

    free = ctypes.CDLL(None).free
    free.argtypes, free.restype = [ctypes.c_void_p], None
    string_at = ctypes.string_at

    def take(text: int | None) -> bytes | None:
        if not text:
            return None
        try:
            return string_at(text)
        finally:
            free(text)

    return take


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
    take = _taker()

    def run(name: bytes) -> bytes | None:
        return take(call(name, None, None, ctypes.byref(ctypes.c_int())))

    return run
