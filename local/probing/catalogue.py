"""What every processor can do, in one file: `python -m local.probing.catalogue` asks the library and the connectors of our own."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from local import artifacts, processors_library
from local.paths import ROOT
from local.probing import asking, findings, forms, own
from local.sources import content_hash
from payments.connectors.prism import library
from payments.connectors.prism.library import Library, Missing

TARGET: Final = ROOT / "layers" / "common" / "paycorex" / "processors.json"
Entry = dict[str, Any]


def entry(loaded: Library, name: str) -> Entry | None:
    """One processor of the library; None for one by which nothing can be paid with credentials that a merchant can give."""
    processor = asking.Processor(loaded, name)
    found = findings.offers(processor, forms.of(loaded))
    if not found:
        return None
    first = next((offer for offer in found if offer.name == "card"), found[0])
    return {
        "name": f"prism:{name}",
        "methods": findings.methods(found),
        "currencies": findings.currencies(processor, first),
        "credentials": findings.credentials(processor, first),
        "flows": findings.flows(processor, found),
        "lookup_by": findings.looked_up_by(processor, "get", "merchant_transaction_id", first.currency),
        "refund_lookup_by": findings.looked_up_by(processor, "refund_get", "merchant_refund_id", first.currency),
    }


def entries(loaded: Library, names: Iterable[str]) -> list[Entry]:
    """Those of these processors by which something can be paid."""
    return [found for name in names if (found := entry(loaded, name)) is not None]


def source() -> str:
    """A hash of all that decides what is found: the library's pins, and how it is asked."""
    probing = Path(__file__).parent
    pins = ROOT / "layers" / processors_library.LAYER / "requirements.txt"
    return content_hash([pins, *(probing / name for name in ("asking.py", "catalogue.py", "findings.py", "forms.py", "samples.py"))])


def stored() -> dict[str, Any]:
    """The file as it is."""
    table: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
    return table


def render(found: list[Entry]) -> str:
    """The file: one processor a line, so that a change is seen where it is."""
    lines = ",\n".join(json.dumps(one) for one in sorted([*own.entries(), *found], key=lambda one: str(one["name"])))
    about = {"library": {"name": "hyperswitch-prism", "version": asking.version()}, "source": source()}
    return f'{json.dumps(about)[:-1]}, "processors": [\n{lines}\n]}}\n'


def load() -> Library:
    """The library of this machine's layer. Raises SystemExit with the reason where there is none."""
    sys.path.append(str(artifacts.libraries(processors_library.LAYER, artifacts.machine_architecture())))
    loaded = library.load()
    if isinstance(loaded, Missing):
        raise SystemExit(loaded.reason)
    return loaded


def main() -> None:
    """Write the file."""
    loaded = load()
    found = entries(loaded, asking.names(loaded))
    TARGET.write_text(render(found), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(found)} processors of the library's {len(asking.names(loaded))}")


if __name__ == "__main__":
    main()
