"""The processors' library, made of the published wheel for a layer: under a name of our own, for Lambda's glibc, without debug symbols.

Only what translates is kept: the compiled library, its binding and the messages' types. The wheel's own client, which does HTTP, is not.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from local import shared_objects
from local.paths import ROOT

LAYER: Final = "processors"
# The wheel calls its package like a room of ours.
PACKAGE: Final = "processors_library"
# Stands in the package's place when the layer could not be made: the reason, in a sentence.
MISSING: Final = "MISSING.txt"
# Which processor the library was made for, in Lambda's words.
BUILT_FOR: Final = "BUILT_FOR.txt"
# Amazon Linux 2023, which python3.13 runs on.
_GLIBC: Final = (2, 34)
_SHARED_OBJECT: Final = "libconnector_service_ffi.so"
_KEPT: Final = ("__init__.py", "connector_service_ffi.py", "*_pb2.py", _SHARED_OBJECT)
_NOTICE: Final = """\
This package is made of hyperswitch-prism, https://github.com/juspay/hyperswitch-prism, under the Apache License, Version 2.0 (LICENSE).

It is changed: the package is called processors_library; only its generated part is kept; the shared object binds two symbols of a newer
glibc to their older names, needs that version no more, and has no symbols for debuggers.
"""


def sources() -> list[Path]:
    """What decides how the library is made, besides its pins."""
    return [Path(__file__), Path(shared_objects.__file__)]


def adapt(python: Path, architecture: str) -> None:
    """Change what was installed into a layer's `python` folder. Raises shared_objects.CannotBeChanged."""
    generated = python / "payments" / "generated"
    package = python / PACKAGE
    package.mkdir()
    for pattern in _KEPT:
        for file in generated.glob(pattern):
            file.rename(package / file.name)
    shutil.rmtree(python / "payments")
    shared_object = package / _SHARED_OBJECT
    content = shared_objects.for_older_glibc(shared_object.read_bytes(), _GLIBC)
    shared_object.write_bytes(shared_objects.without_symbols(content))
    (package / BUILT_FOR).write_text(architecture)
    (metadata,) = python.glob("hyperswitch_prism-*.dist-info")
    shutil.copy(ROOT / "LICENSE", metadata / "LICENSE")
    (metadata / "NOTICE").write_text(_NOTICE)


def leave_out(python: Path, reason: str) -> None:
    """A layer without the library, which says so to merchants; the build's log has the reason itself."""
    package = python / PACKAGE
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / MISSING).write_text("The processors' library could not be had when this version was built.")
    print(f"{LAYER}: {reason}", file=sys.stderr)


def missing(layer: Path) -> str | None:
    """Why a built layer is without the library; None when it has it."""
    said = layer / "python" / PACKAGE / MISSING
    return said.read_text() if said.is_file() else None
