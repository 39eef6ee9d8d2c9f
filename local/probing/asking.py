"""One question to the library: a flow, a processor, a request, credentials; and what kind of answer it gave."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, Final

from local.paths import ROOT
from local.probing import samples
from local.processors_library import LAYER
from payments.connectors.prism.library import Library

# protobuf's numbers of types.
_TEXT, _BOOLEAN, _MESSAGE = 9, 8, 11
_HIDDEN: Final = "SecretString"
_REQUESTS: Final = {
    "authorize": "PaymentServiceAuthorizeRequest",
    "capture": "PaymentServiceCaptureRequest",
    "void": "PaymentServiceVoidRequest",
    "get": "PaymentServiceGetRequest",
    "refund": "PaymentServiceRefundRequest",
    "refund_get": "RefundServiceGetRequest",
    "incremental_authorization": "PaymentServiceIncrementalAuthorizationRequest",
    "accept": "DisputeServiceAcceptRequest",
    "defend": "DisputeServiceDefendRequest",
    "submit_evidence": "DisputeServiceSubmitEvidenceRequest",
    "pre_authenticate": "PaymentMethodAuthenticationServicePreAuthenticateRequest",
    "authenticate": "PaymentMethodAuthenticationServiceAuthenticateRequest",
    "post_authenticate": "PaymentMethodAuthenticationServicePostAuthenticateRequest",
    "tokenize": "PaymentMethodServiceTokenizeRequest",
    "charge": "RecurringPaymentServiceChargeRequest",
}


class Kind(Enum):
    """made: a request. absent: the processor has no such flow here. refused: it has, and not for this. asks: for other or more data."""

    MADE = "made"
    ABSENT = "absent"
    REFUSED = "refused"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Answer:
    """code: the library's own, empty for a request. text: the whole request, or the library's message."""

    kind: Kind
    code: str
    text: str

    def names(self, reference: str) -> bool:
        """Whether a request is about this name: it stands in the address or in the body. A header may have it for the log only."""
        head, _, body = self.text.partition("\n\n")
        return self.kind is Kind.MADE and (reference in head.partition("\n")[0] or reference in body)


_ABSENT: Final = frozenset({"FLOW_NOT_SUPPORTED", "INVALID_CONNECTOR_TYPE", "INVALID_CONNECTOR_CONFIG_VARIANT", "WEBHOOKS_NOT_IMPLEMENTED"})
_REFUSED: Final = frozenset({"NOT_SUPPORTED", "NOT_IMPLEMENTED", "CURRENCY_NOT_SUPPORTED"})
_NO_FLOW: Final = re.compile(r"This feature is not implemented: \w+ flow for ")
# The library's types know it, its code does not.
_NO_CONNECTOR: Final = "Invalid data format: connector"


class Processor:
    """A processor of the library. currency: of its requests, where credentials name one."""

    def __init__(self, library: Library, name: str) -> None:
        self._library, self.name = library, name
        self.fields = {field.name: field for field in getattr(library.config.FfiOptions().connector_config, name).DESCRIPTOR.fields}

    def scalars(self) -> list[str]:
        """Names of the credentials that are a text, a secret text, or yes or no."""
        return [name for name, field in self.fields.items() if _is_scalar(field)]

    def is_secret(self, name: str) -> bool:
        """Whether the library hides this credential in its own words."""
        field = self.fields[name]
        return bool(field.type == _MESSAGE and field.message_type.name == _HIDDEN)

    def ask(self, flow: str, *, without: Collection[str] = (), currency: str = "USD", **changed: Any) -> Answer:
        """What the library answers. without: credentials that are left out. changed: fields of the request; None leaves one out."""
        document = {name: value for name, value in {**samples.payment(currency), **changed}.items() if value is not None}
        request = parsed(getattr(self._library.payment, _REQUESTS[flow]), document)
        transform = getattr(self._library.ffi, f"{flow}_req_transformer")
        return _read(self._library, transform(request.SerializeToString(), self._options(without, currency)))

    def ask_about_callback(self) -> Answer:
        """What the library answers to a callback in no processor's form."""
        request = self._library.events.EventServiceHandleRequest()
        request.request_details.body = b'{"id": "1"}'
        return _read(self._library, self._library.ffi.handle_event_transformer(request.SerializeToString(), self._options((), "USD")))

    def _options(self, without: Collection[str], currency: str) -> bytes:
        options = self._library.config.FfiOptions(environment=self._library.config.SANDBOX)
        config = getattr(options.connector_config, self.name)
        config.SetInParent()
        for name in self.scalars():
            if name in without or self.is_address(name):
                continue
            if self.is_secret(name):
                getattr(config, name).value = samples.credential(name, currency)
            elif self.fields[name].type == _TEXT:
                setattr(config, name, samples.credential(name, currency))
        return bytes(options.SerializeToString())

    @staticmethod
    def is_address(name: str) -> bool:
        """Where the processor is asked: the library knows it, a merchant does not choose it."""
        return "base_url" in name


def parsed(kind: Any, document: Mapping[str, Any]) -> Any:
    """A message of a document. Fields that it does not have are left out."""
    return _json_format().ParseDict(document, kind(), ignore_unknown_fields=True)


@cache
def _json_format() -> Any:
    """protobuf comes with the library's layer."""
    return import_module("google.protobuf.json_format")


def names(library: Library) -> list[str]:
    """Every processor that the library has credentials for."""
    return sorted(field.name for field in library.config.FfiOptions().connector_config.DESCRIPTOR.fields)


def version() -> str:
    """The library's version, as its layer's pins say."""
    pins = (ROOT / "layers" / LAYER / "requirements.txt").read_text(encoding="utf-8")
    (found,) = re.findall(r"^hyperswitch-prism==(\S+)", pins, re.MULTILINE)
    return str(found)


def _is_scalar(field: Any) -> bool:
    if field.is_repeated:
        return False
    return field.type in {_TEXT, _BOOLEAN} or (field.type == _MESSAGE and field.message_type.name == _HIDDEN)


def _read(library: Library, answer: bytes) -> Answer:
    result = library.config.FfiResult.FromString(answer)
    match result.WhichOneof("payload"):
        case "http_request":
            made = result.http_request
            headers = "\n".join(f"{name}: {value}" for name, value in sorted(made.headers.items()))
            kind = Kind.MADE if made.url else Kind.ABSENT
            return Answer(kind, "", f"{made.method} {made.url}\n{headers}\n\n{made.body.decode(errors='replace')}")
        case "proto_response" | "http_response":
            return Answer(Kind.MADE, "", "")
        case _:
            error = result.integration_error if result.HasField("integration_error") else result.connector_error
            return Answer(_kind_of(error.error_code, error.error_message), error.error_code, error.error_message)


def _kind_of(code: str, message: str) -> Kind:
    if code in _ABSENT or message == _NO_CONNECTOR or _NO_FLOW.match(message):
        return Kind.ABSENT
    return Kind.REFUSED if code in _REFUSED else Kind.ASKS
