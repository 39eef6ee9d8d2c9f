"""What the console's forms offer, out of the contract: `python -m local.web_contract` writes `web/contract.js`.

A list that a form had of its own would miss the next event or scope. A test holds the file to its sources.
"""

import json
from typing import Any, Final

from local.paths import ROOT
from paycorex.credentials import ALL_SCOPES
from paycorex.currencies import EXPONENTS
from paycorex.ledger import Entity
from paycorex.records.stamps import EVENTS

TARGET: Final = ROOT / "web" / "contract.js"
_HEAD: Final = "/** Made by `make openapi` from the contract: what forms offer. Not written by hand. */\n"


def render() -> str:
    """The module's text. events, scopes: in the contract's order. currencies: how many decimals each has (ISO 4217). entities: of the
    ledger's accounts."""
    parts: dict[str, Any] = {"events": list(EVENTS), "scopes": list(ALL_SCOPES), "currencies": dict(sorted(EXPONENTS.items()))}
    parts["entities"] = [str(each) for each in Entity]
    return _HEAD + "".join(f"\nexport const {name} = {json.dumps(content)};\n" for name, content in parts.items())


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(TARGET.relative_to(ROOT))
