"""Adyen's own card fields on the payer's page: which script, and what it may load and ask.

The script of version 5 is the one that pays in sessions of the API's version that the processors' library asks for
(https://docs.adyen.com/online-payments/upgrade-your-integration/upgrade-to-web-v6: version 6 wants a later one).
"""

from types import MappingProxyType
from typing import Final

from payments.payer_page.parts import Fields

_VERSION: Final = "5.72.0"
# Of `dist/adyen.js` and `dist/adyen.css` of the package @adyen/adyen-web, which Adyen's hosts serve.
_DIGESTS: Final = {
    "adyen.js": "sha384-vMlh+Kcp/4nWlzIY+D5Ptwo2PP/hdfWXPQDVUV4xl0CJa8RjasS0/8Ql4pWKpzeO",
    "adyen.css": "sha384-UyhjL3xoxLXYCa8jDKGA9PWlbdSEAC3v0bxvtmtzagzaTy+PJPkY7i9L6hLTCYS8",
}


def _adyen(environment: str) -> Fields:
    """https://docs.adyen.com/online-payments/script-security-compliance/manage-script-security: script, frames and calls are of one host.

    In a 3-D Secure confirmation the script posts a form to the card's bank, in a frame or in the page's place; it may be any bank's.
    """
    origin = f"https://checkoutshopper-{environment}.adyen.com"
    addresses = {name: f"{origin}/checkoutshopper/sdk/{_VERSION}/{name}" for name in _DIGESTS}
    sources = {
        "script-src": (origin,),
        "style-src": (origin,),
        "style-src-attr": ("'unsafe-inline'",),
        "img-src": (origin,),
        "connect-src": (origin, f"https://checkoutanalytics-{environment}.adyen.com"),
        "frame-src": ("https:",),
        "form-action": ("https:",),
    }
    return Fields(
        "Adyen",
        "Your card goes to {provider} alone. This shop does not see its number.",
        "adyen.js",
        (addresses["adyen.js"],),
        MappingProxyType(sources),
        styles=(addresses["adyen.css"],),
        integrity=MappingProxyType({addresses[name]: digest for name, digest in _DIGESTS.items()}),
        resumes="redirectResult",
    )


TEST: Final = _adyen("test")
LIVE: Final = _adyen("live")
