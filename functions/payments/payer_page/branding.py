"""How a merchant shows itself on payers' pages: its name, its logo, and its colour in shades that can be read (WCAG 2.2, AA)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from paycorex import colours, storage
from paycorex.caching import TimedCache
from paycorex.records.brand_logo import LogoItem
from paycorex.records.merchant import MerchantItem

_KNOWN_SECONDS: Final = 60

# As old as settings may be; by its digest, so that a new logo is read at once where the settings are known.
_logos: TimedCache[str] = TimedCache(lifetime_seconds=_KNOWN_SECONDS, max_entries=50)


@dataclass(frozen=True, slots=True)
class Branding:
    """name: not escaped. head: HTML of the logo and the name. style: CSS after the page's own. sources: for the page's policy."""

    name: str
    head: str
    style: str
    sources: Mapping[str, tuple[str, ...]]


def of(merchant: MerchantItem) -> Branding:
    """The merchant's. One read at most once a minute where there is a logo. Raises storage.Unavailable."""
    brand, name = merchant.settings.brand, name_of(merchant)
    address = None if brand.logo is None else _address(merchant.merchant_id, brand.logo.digest)
    picture = "" if address is None else f'<img class="logo" alt="" src="{address}">'
    style = "" if brand.colour is None else colours.stylesheet(brand.colour)
    return Branding(name, f"{picture}<span>{escape(name)}</span>", style, {} if address is None else {"img-src": ("data:",)})


def name_of(merchant: MerchantItem) -> str:
    """Whom payers pay, as they know it."""
    return merchant.settings.shown_name(merchant.name)


def _address(merchant_id: str, digest: str) -> str | None:
    """The logo within the page: no request, and nothing by which pages of merchants could be counted. None where it is gone meanwhile."""
    known = _logos.get(digest)
    if known is not None:
        return known
    found = storage.get(LogoItem, merchant_id, consistent=False)
    if found is None:
        return None
    address = f"data:{found.content_type};base64,{base64.b64encode(bytes(found.content)).decode()}"
    _logos.put(digest, address)
    return address
