"""What every processor can do, in one file: `python -m local.probing.catalogue` asks the library and the connectors of our own."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from local import artifacts, processors_library
from local.paths import ROOT
from local.probing import asking, documents, own
from local.probing.entries import LIBRARYS, Entry, entries
from local.sources import content_hash
from payments.connectors.prism import library
from payments.connectors.prism.library import Library, Missing

TARGET: Final = ROOT / "layers" / "common" / "paycorex" / "processors.json"


def source() -> str:
    """A hash of all that decides what is found: the library's pins, and how it is asked."""
    probing = Path(__file__).parent
    pins = ROOT / "layers" / processors_library.LAYER / "requirements.txt"
    return content_hash([pins, *(probing / name for name in ("asking.py", "entries.py", "findings.py", "forms.py", "samples.py"))])


def stored() -> dict[str, Any]:
    """The file as it is."""
    table: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
    return table


def render(found: list[Entry], asked_with: str) -> str:
    """The file: one processor a line, so that a change is seen where it is. asked_with: the hash of what decided `found`."""
    lines = ",\n".join(json.dumps(one) for one in sorted([*own.entries(), *found], key=lambda one: str(one["name"])))
    about = {"library": {"name": "hyperswitch-prism", "version": asking.version()}, "source": asked_with}
    return f'{json.dumps(about)[:-1]}, "processors": [\n{lines}\n]}}\n'


def load() -> Library:
    """The library of this machine's layer. Raises SystemExit with the reason where there is none."""
    sys.path.append(str(artifacts.libraries(processors_library.LAYER, artifacts.machine_architecture())))
    loaded = library.load()
    if isinstance(loaded, Missing):
        raise SystemExit(loaded.reason)
    return loaded


def main(arguments: list[str]) -> None:
    """Write the file. `own`: only what concerns our own connectors, in a moment and without the library."""
    if arguments == ["own"]:
        found, asked_with = [one for one in stored()["processors"] if str(one["name"]).startswith(LIBRARYS)], stored()["source"]
    else:
        loaded, asked_with = load(), source()
        found = entries(loaded, asking.names(loaded))
    TARGET.write_text(render(found, asked_with), encoding="utf-8")
    documents.write()
    print(f"{TARGET.relative_to(ROOT)}: {len(found)} processors of the library, {len(own.entries())} connectors of our own")


if __name__ == "__main__":
    main(sys.argv[1:])
