"""The settings of each connector as a merchant gives them: which fields there are, which must be there, and what each looks like.

Compared with the registry's names by a test. What is right here may still be refused by the provider, which
`POST /v1/merchants/connectors/{name}/verify` finds out.
"""

import re
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from merchants import processor_settings
from merchants.processor_settings import listed, named, refuse_fields
from paycorex.contract import NEW_FIELD, Body

MAX_CREDENTIAL_CHARACTERS: Final = 512


def _shaped(pattern: str, problem: str) -> AfterValidator:
    """A value that must look so. Its problem names the shape and never the value."""
    shape = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise PydanticCustomError("credential_shape", "{problem}", {"problem": problem})
        return value

    return AfterValidator(check)


_BOUNDED: Final = StringConstraints(min_length=1, max_length=MAX_CREDENTIAL_CHARACTERS)
_STRIPE_KEY: Final = "a secret or restricted key (sk_test_, sk_live_, rk_test_ or rk_live_), not a publishable one (pk_)"
_STRIPE_PUBLISHABLE: Final = "the publishable key (pk_test_ or pk_live_), never a secret one"
_STRIPE_WEBHOOK: Final = "the signing secret of the webhook endpoint (whsec_)"
_FEATURE: Final = "(multicapture|overcapture|incremental_authorization|extended_authorization)"
_STRIPE_FEATURES: Final = "some of multicapture, overcapture, incremental_authorization and extended_authorization, with commas between"
_RAZORPAY_ID: Final = "the key id (rzp_test_ or rzp_live_)"
_RAZORPAY_KEY: Final = "the key's secret, not its id or another provider's key"
_PRINTABLE: Final = "printable ASCII without spaces around it"
_PERCENT: Final = "whole percent as text, from 0 to 100"
_EMAIL: Final = "an e-mail address"
_CONTACT: Final = "a phone number of 8 to 15 digits, with or without a plus"

StripeSecretKey = Annotated[str, _BOUNDED, _shaped(r"[sr]k_(test|live)_[A-Za-z0-9]+", _STRIPE_KEY)]
StripePublishableKey = Annotated[str, _BOUNDED, _shaped(r"pk_(test|live)_[A-Za-z0-9]+", _STRIPE_PUBLISHABLE)]
StripeWebhookSecret = Annotated[str, _BOUNDED, _shaped(r"whsec_[A-Za-z0-9+/=_\-]+", _STRIPE_WEBHOOK)]
StripeFeatures = Annotated[str, _BOUNDED, _shaped(rf"{_FEATURE}(,{_FEATURE}){{0,3}}", _STRIPE_FEATURES)]
RazorpayKeyId = Annotated[str, _BOUNDED, _shaped(r"rzp_(test|live)_[A-Za-z0-9]+", _RAZORPAY_ID)]
RazorpaySecret = Annotated[str, _BOUNDED, _shaped(r"(?!rzp_(test|live)_|[sprw]k_|whsec_)[\x21-\x7e]+", _RAZORPAY_KEY)]
WebhookSecret = Annotated[str, _BOUNDED, _shaped(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", _PRINTABLE)]
Email = Annotated[str, _BOUNDED, _shaped(r"[^@\s]{1,64}@[^@\s]{1,189}", _EMAIL)]
Contact = Annotated[str, _BOUNDED, _shaped(r"\+?[0-9]{8,15}", _CONTACT)]
Percent = Annotated[str, _BOUNDED, _shaped(r"100|[0-9]{1,2}", _PERCENT)]


class ConnectorSettings(Body):
    """One connector's settings, all of them: what is given replaces what is stored."""

    connector: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, given: Any) -> Any:
        """Say at once what is unknown, what is missing, and what the connector takes."""
        if not isinstance(given, dict):
            return given
        required = [name for name, field in cls.model_fields.items() if field.is_required()]
        refuse_fields(cls.connector, required, [name for name in cls.model_fields if name not in required], given)
        return given


class SandboxSettings(ConnectorSettings):
    """The sandbox's, and its backup's. failure_percent: of its calls."""

    connector = "sandbox"

    failure_percent: Percent | None = None
    webhook_secret: WebhookSecret | None = None


class StripeSettings(ConnectorSettings):
    """Stripe's. Without webhook_secret no callback is believed. card_features: of holds, which Stripe has enabled for the account.
    publishable_key: for Stripe's card fields in a payer's browser.
    """

    connector = "stripe"

    secret_key: StripeSecretKey
    publishable_key: Annotated[StripePublishableKey | None, NEW_FIELD] = None
    webhook_secret: StripeWebhookSecret | None = None
    card_features: Annotated[StripeFeatures | None, NEW_FIELD] = None

    @model_validator(mode="after")
    def _one_mode(self) -> Self:
        """A card typed for live money confirms no test intent, and the other way round."""
        mode = self.secret_key.split("_")[1]
        if self.publishable_key is not None and self.publishable_key.split("_")[1] != mode:
            text = f"publishable_key is not of the same mode as secret_key ({mode})"
            raise PydanticCustomError("connector_mode", "{text}", {"text": text})
        return self


class RazorpaySettings(ConnectorSettings):
    """Razorpay's. Without webhook_secret no callback is believed. email, contact: for cards, whose payers it wants to know."""

    connector = "razorpay"

    key_id: RazorpayKeyId
    key_secret: RazorpaySecret
    webhook_secret: WebhookSecret | None = None
    email: Email | None = None
    contact: Contact | None = None


class Connectors(Body):
    """Settings by connector; null removes one. A processor of the library is `prism:<processor>`, with that processor's own credentials."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, str | None] | None]

    sandbox: SandboxSettings | None = None
    sandbox_backup: SandboxSettings | None = None
    stripe: StripeSettings | None = None
    razorpay: RazorpaySettings | None = None

    @model_validator(mode="before")
    @classmethod
    def _names(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        unknown = [name for name in given if not is_name(name)]
        if unknown:
            there = f"there are {listed(cls.model_fields)}, and prism:<processor> as GET /v1/processors lists"
            text = f"{named(unknown[0])} is no connector; {there}"
            raise PydanticCustomError("connector_name", "{text}", {"text": text})
        processors = {name: fields for name, fields in given.items() if name not in cls.model_fields}
        return {
            **given,
            **{name: None if fields is None else processor_settings.check(name, fields) for name, fields in processors.items()},
        }


NAMES: Final = tuple(Connectors.model_fields)


def is_name(name: str) -> bool:
    """True for a connector that can be configured."""
    return name in NAMES or processor_settings.is_name(name)
