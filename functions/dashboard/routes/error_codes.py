"""The page that every error's `doc_url` leads to: each code with its status, cause and cure, as the contract has them."""

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from paycorex.http import Answer

_CODE: Final = re.compile(r"`([^`]+)`")
# Nothing is loaded, and nothing runs.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{margin-top:2rem}code{font-family:ui-monospace,monospace}h2:target{outline:2px solid;outline-offset:.4rem}"
)


def page(codes: Mapping[str, Mapping[str, Any]]) -> Answer:
    """All codes, each under its own name as the anchor."""
    parts = "".join(_section(code, codes[code]) for code in sorted(codes))
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Errors of PayCoreX</title><style>{_STYLE}</style></head><body><main><h1>Errors</h1>"
        f"<p>What each code means, and what to do. A request that was refused has changed nothing.</p>{parts}</main></body></html>"
    )
    headers = {
        "Content-Security-Policy": _POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Answer(200, text, "text/html; charset=utf-8", headers=headers)


def _section(code: str, entry: Mapping[str, Any]) -> str:
    what = f"<p>Status {entry['status']}. {_shown(entry['cause'])}</p><p><strong>What to do.</strong> {_shown(entry['cure'])}</p>"
    return f'<h2 id="{code}"><code>{code}</code></h2>{what}'


def _shown(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text))
