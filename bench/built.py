"""Runs a bench on the built package: our code and its libraries as they are deployed, and nothing that only the development has.

awscrt and pyOpenSSL, which botocore and urllib3 use where they find them, are in the development's environment and in no function.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
BUILT: Final = ROOT / ".aws-sam" / "build"
_ONLY_IN_DEVELOPMENT: Final = ("awscrt", "OpenSSL")
# The built folders first; what tests and benches need beside them last.
_CODE: Final = """
import importlib, sys
sys.path[:0] = {first}
sys.path += {last}
sys.modules.update(dict.fromkeys({blocked}))
bench = importlib.import_module({module!r})
bench.main()
"""


def run(module: str) -> None:
    """Call a bench's `main()` in a process of its own. Ends with a message when nothing is built, or what is built is not what is here."""
    first = [str(BUILT / "PaymentsFunction"), str(BUILT / "CommonLayer" / "python")]
    if not all(map(Path.is_dir, map(Path, first))):
        raise SystemExit("This measures the built package: make build")
    last = [str(ROOT), next(path for path in sys.path if path.endswith("site-packages"))]
    code = _CODE.format(first=first, last=last, blocked=_ONLY_IN_DEVELOPMENT, module=module)
    raise SystemExit(subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, check=False).returncode)


def demand() -> None:
    """Raises AssertionError where our code or botocore comes from anywhere else."""
    import botocore

    import paycorex
    import payments

    for module in (botocore, paycorex, payments):
        places = [str(Path(place).resolve()) for place in module.__path__]
        # Folders of a build are links into the cache of builds.
        assert all(
            "site-packages" not in place and not place.startswith((str(ROOT / "layers"), str(ROOT / "functions"))) for place in places
        ), places
    assert sys.modules["awscrt"] is None
