"""Fields of processors that give the payer's browser a name of the card: their scripts, and what each may load and ask on its one page.

The processor's own script makes the name; our page brings it back, and the server charges it once (`methods.named_cards`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from payments.payer_page.parts import Fields

_ALONE: Final = "Your card goes to {provider} alone. This shop does not see its number."


def _braintree(prefix: str) -> Fields:
    """https://developer.paypal.com/braintree/docs/guides/client-sdk/setup/javascript/v3/#content-security-policy, for its card fields."""
    version = "https://js.braintreegateway.com/web/3.144.0/js"
    assets, scripts = "https://assets.braintreegateway.com", "https://js.braintreegateway.com"
    asked = (f"https://api.{prefix}braintreegateway.com", f"https://client-analytics.{prefix}braintreegateway.com")
    sources = {
        "script-src": (scripts, assets),
        "frame-src": (assets,),
        "img-src": (assets,),
        "connect-src": (*asked, "https://*.braintree-api.com"),
    }
    addresses = (f"{version}/client.min.js", f"{version}/hosted-fields.min.js")
    return Fields("Braintree", _ALONE, "braintree.js", addresses, MappingProxyType(sources), gives_name=True)


def _paypal() -> Fields:
    """https://developer.paypal.com/sdk/js/reference/: the script gets our nonce for its styles, and its fields are frames of PayPal's."""
    sources = {
        "script-src": ("https://*.paypal.com", "https://*.paypalobjects.com"),
        "frame-src": ("https://*.paypal.com",),
        "img-src": ("https://*.paypal.com", "https://*.paypalobjects.com"),
        "connect-src": ("https://*.paypal.com",),
    }
    address = "https://www.paypal.com/sdk/js?client-id={publishable_key}&components=card-fields&currency={currency}&intent={intent}"
    return Fields("PayPal", _ALONE, "paypal.js", (address,), MappingProxyType(sources), gives_name=True)


def _bluesnap(host: str) -> Fields:
    """https://developers.bluesnap.com/v8976-Tools/docs/hosted-payment-fields: script and frames are of one host."""
    origin = f"https://{host}"
    sources = {"script-src": (origin,), "frame-src": (origin,), "connect-src": (origin,)}
    return Fields("BlueSnap", _ALONE, "bluesnap.js", (f"{origin}/web-sdk/5/bluesnap.js",), MappingProxyType(sources), gives_name=True)


def _shift4() -> Fields:
    """https://dev.shift4.com/docs/components: one host for test and production, the key says which."""
    origin = "https://js.dev.shift4.com"
    sources = {"script-src": (origin,), "frame-src": (origin,), "connect-src": (origin, "https://api.shift4.com")}
    return Fields("Shift4", _ALONE, "shift4.js", (f"{origin}/shift4.js",), MappingProxyType(sources), gives_name=True)


def _cybersource(host: str) -> Fields:
    """https://developer.cybersource.com/docs/cybs/en-us/digital-accept-flex/: script and frames are of one host, named by the context."""
    origin = f"https://{host}"
    sources = {"script-src": (origin,), "frame-src": (origin,), "connect-src": (origin,)}
    return Fields("CyberSource", _ALONE, "cybersource.js", ("{client_library}",), MappingProxyType(sources), gives_name=True)


def _datatrans(host: str) -> Fields:
    """https://docs.datatrans.ch/docs/secure-fields: script and frames are of one host."""
    origin = f"https://{host}"
    sources = {"script-src": (origin,), "frame-src": (origin,), "connect-src": (origin,)}
    address = f"{origin}/upp/payment/js/secure-fields-2.0.0.min.js"
    return Fields("Datatrans", _ALONE, "datatrans.js", (address,), MappingProxyType(sources), gives_name=True)


def _globalpay(environment: str, scripts: str, api: str) -> Fields:
    """https://developer.globalpayments.com/docs/payments/online/hosted-fields-guide: frames of the script's host ask the API."""
    origin = f"https://{scripts}"
    sources = {"script-src": (origin,), "frame-src": (origin,), "connect-src": (origin, f"https://{api}")}
    address = f"{origin}/5.0.1/globalpayments.js"
    fields = ("Global Payments", _ALONE, "globalpay.js", (address,), MappingProxyType(sources))
    return Fields(*fields, gives_name=True, environment=environment)


def _nuvei(environment: str) -> Fields:
    """https://docs.nuvei.com/documentation/accept-payment/web-sdk/: the script has one address for both environments."""
    script, hosts = "https://cdn.safecharge.com", ("https://*.safecharge.com", "https://*.nuvei.com")
    sources = {"script-src": (script,), **dict.fromkeys(("frame-src", "connect-src", "img-src"), hosts)}
    address = f"{script}/safecharge_resources/v1/websdk/safecharge.js"
    return Fields("Nuvei", _ALONE, "nuvei.js", (address,), MappingProxyType(sources), gives_name=True, environment=environment)


TEST: Final[Mapping[str, Fields]] = MappingProxyType(
    {
        "prism:bluesnap": _bluesnap("sandpay.bluesnap.com"),
        "prism:braintree": _braintree("sandbox."),
        "prism:cybersource": _cybersource("testflex.cybersource.com"),
        "prism:datatrans": _datatrans("pay.sandbox.datatrans.com"),
        "prism:globalpay": _globalpay("sandbox", "js-cert.globalpay.com", "apis.sandbox.globalpay.com"),
        "prism:nuvei": _nuvei("int"),
        "prism:paypal": _paypal(),
        "prism:shift4": _shift4(),
    }
)
LIVE: Final[Mapping[str, Fields]] = MappingProxyType(
    {
        **TEST,
        "prism:bluesnap": _bluesnap("pay.bluesnap.com"),
        "prism:braintree": _braintree(""),
        "prism:cybersource": _cybersource("flex.cybersource.com"),
        "prism:datatrans": _datatrans("pay.datatrans.com"),
        "prism:globalpay": _globalpay("production", "js.globalpay.com", "apis.globalpay.com"),
        "prism:nuvei": _nuvei("prod"),
    }
)
