"""The processors' library: loaded on first use, or the reason why it cannot be loaded here. Everything else works without it.

It comes with a layer of its own (or with the tests' path) and is made for one processor and for glibc; it translates and does no HTTP.
"""

import importlib
import importlib.util
import os
import re
import sys
import threading
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Final

PACKAGE: Final = "processors_library"
# What the layer's builder leaves: why there is no library, and what it was made for.
_MISSING, _BUILT_FOR = "MISSING.txt", "BUILT_FOR.txt"
_OLDEST_GLIBC: Final = (2, 34)
_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Library:
    """The library's modules. `ffi`: the functions `*_req_transformer` and `*_res_transformer`. The others: messages' types (protobuf)."""

    ffi: ModuleType
    config: ModuleType
    payment: ModuleType
    methods: ModuleType
    events: ModuleType


@dataclass(frozen=True, slots=True)
class Missing:
    """reason: why it cannot be loaded here, in a sentence."""

    reason: str


_loaded: Library | Missing | None = None


def load() -> Library | Missing:
    """The library; the first call takes about half a second. What could not be loaded once is not tried again in this process."""
    global _loaded  # noqa: PLW0603 - one library, one process
    with _LOCK:
        if _loaded is None:
            reason = _absence()
            _loaded = _import() if reason is None else Missing(reason)
        return _loaded


def absence() -> str | None:
    """Why it cannot be loaded here; None when it was loaded, or when nothing speaks against it. Loads nothing."""
    match _loaded:
        case Missing(reason):
            return reason
        case Library():
            return None
        case None:
            return _absence()


def _import() -> Library | Missing:
    names = ("connector_service_ffi", "sdk_config_pb2", "payment_pb2", "payment_methods_pb2", "events_pb2")
    try:
        return Library(*(importlib.import_module(f"{PACKAGE}.{name}") for name in names))
    # The loader of shared objects raises OSError, a name that is not in one AttributeError, a binding of another version RuntimeError.
    except (ImportError, OSError, AttributeError, RuntimeError) as error:
        return Missing(f"The processors' library cannot be loaded: {error}")


def _absence() -> str | None:
    if not sys.platform.startswith("linux"):
        return f"The processors' library is made for Linux, and this is {sys.platform}."
    glibc = _glibc()
    if glibc is None or glibc < _OLDEST_GLIBC:
        return "The processors' library needs glibc 2.34 or newer."
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None:
        return "The layer with the processors' library is not here."
    said = _note(spec, _MISSING)
    if said is not None:
        return said
    made_for = _note(spec, _BUILT_FOR)
    machine = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    return (
        None if made_for == machine else f"The processors' library is made for {made_for or 'no known processor'}, and this is {machine}."
    )


def _note(spec: ModuleSpec, name: str) -> str | None:
    """A text that the layer's builder left in the package."""
    for folder in spec.submodule_search_locations or ():
        file = Path(folder, name)
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return None


def _glibc() -> tuple[int, ...] | None:
    """The version of this process's glibc; None with another C library."""
    try:
        said = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return None
    found = re.fullmatch(r"glibc (\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else None
