"""What a payer's page may load, ask and post to: nothing but what is named here (Content Security Policy Level 3)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType


def both(one: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """What either needs of a page's policy."""
    return {name: (*one.get(name, ()), *other.get(name, ())) for name in {**one, **other}}


def headers(nonce: str, sources: Mapping[str, Sequence[str]] = MappingProxyType({})) -> dict[str, str]:
    """What bounds a page of a payer's. sources: what more a provider's fields or form need, by directive."""
    own = {"style-src": f"'nonce-{nonce}'", "script-src": f"'nonce-{nonce}'", "connect-src": "'self'"}
    own |= {} if "form-action" in sources else {"form-action": "'none'"}
    allowed = {name: " ".join((*([own[name]] if name in own else []), *sources.get(name, ()))) for name in {**own, **sources}}
    policy = "; ".join(
        [
            "default-src 'none'",
            *(f"{name} {text}" for name, text in allowed.items()),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
    return {
        "Content-Security-Policy": policy,
        # The token is in the address: it must not be sent on.
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
