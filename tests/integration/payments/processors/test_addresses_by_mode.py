"""A merchant's mode decides where a processor is asked: a test merchant at the test address, a live one where money is real."""

from typing import Final
from urllib.parse import urlsplit

import pytest

from paycorex import ids, modes
from paycorex.connectors import PROCESSOR_PREFIX
from paycorex.records.merchant import MerchantItem
from payments.connectors import registry
from payments.connectors.prism.library import Library
from tests.integration.payments.processors import adyen, fake
from tests.integration.payments.processors.test_questions import _answering, _attempt
from tests.support.world import World

# By hand, from each processor's documentation: (test, live). One address for both where the keys alone say the mode.
ADDRESSES: Final = {
    "airwallex": ("api-demo.airwallex.com", "api.airwallex.com"),
    "authorizedotnet": ("apitest.authorize.net", "api.authorize.net"),
    "bluesnap": ("sandbox.bluesnap.com", "ws.bluesnap.com"),
    "braintree": ("payments.sandbox.braintree-api.com", "payments.braintree-api.com"),
    "cashfree": ("sandbox.cashfree.com", "api.cashfree.com"),
    "checkout": ("api.sandbox.checkout.com", "api.checkout.com"),
    "cybersource": ("apitest.cybersource.com", "api.cybersource.com"),
    "datatrans": ("api.sandbox.datatrans.com", "api.datatrans.com"),
    "globalpay": ("apis.sandbox.globalpay.com", "apis.globalpay.com"),
    "nuvei": ("ppp-test.nuvei.com", "secure.safecharge.com"),
    "paypal": ("api-m.sandbox.paypal.com", "api-m.paypal.com"),
    "payu": ("test.payu.in", "info.payu.in"),
    "phonepe": ("api-preprod.phonepe.com", "api.phonepe.com"),
    "shift4": ("api.shift4.com", "api.shift4.com"),
    "stripe": ("api.stripe.com", "api.stripe.com"),
    "worldpay": ("try.access.worldpay.com", "access.worldpay.com"),
    "xendit": ("api.xendit.co", "api.xendit.co"),
}
# Adyen cannot be asked about a payment: its addresses are in `test_questions`.
NOT_ASKED: Final = {adyen.Fake.name}


def test_every_certified_processor_is_here() -> None:
    assert {kind.name for kind in fake.every()} == ADDRESSES.keys() | NOT_ASKED


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@pytest.mark.parametrize("mode", [modes.TEST, modes.LIVE])
def test_a_processor_is_asked_at_the_address_of_the_merchants_mode(
    world: World, monkeypatch: pytest.MonkeyPatch, processors_library: Library, name: str, mode: modes.Mode
) -> None:
    played = next(kind for kind in fake.every() if kind.name == name)
    answers = _answering(monkeypatch, {})
    merchant = MerchantItem(merchant_id=modes.marked(ids.derive("mer", name), mode))
    registry._prism(f"{PROCESSOR_PREFIX}{name}", merchant, played.credentials).lookup(_attempt(currency="USD"))
    assert {urlsplit(url).netloc for url in answers.urls} == {ADDRESSES[name][mode == modes.LIVE]}
