"""A processor on 127.0.0.1. Each file beside this one plays one: what it documents, in its own words, and books of what it took.

A subclass says what it answers (`answer`), which cases it certifies (`certifies`), and how its callbacks look (`callback`).
`problems` collects what the real one would not have accepted; a test ends with none.
"""

import base64
import email.policy
import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urlsplit

from payments.connectors import documents
from payments.connectors.prism import processors
from tests.fakes.http_servers import Recorded, RecordingServer
from tests.fakes.receiver_behaviours import Behaviour, Reply

# Cards by number: what the payer's bank does. Processors document numbers of their own; here all know these.
APPROVED, DECLINED, REDIRECTED = "4242424242424242", "4000000000000002", "4000000000003220"
# Names that processors' own fields give in the payer's browser, and the cards behind them.
NAMED: Final = {"name_of_approved": APPROVED, "name_of_declined": DECLINED}
# What is certified of a processor. `authorize` and `timeout` of every one.
CASES: Final = ("authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "callback", "redirect")
WEBHOOK_SECRET: Final = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"


def wallet(kind: str, number: str) -> str:
    """A wallet's payload as Apple and Google document theirs, with the number in place of what is encrypted.

    https://developer.apple.com/documentation/passkit/payment-token-format-reference,
    https://developers.google.com/pay/api/web/guides/resources/payment-data-cryptography
    """
    if kind == "google_pay":
        signed = json.dumps({"encryptedMessage": "ZW5j", "ephemeralPublicKey": "ZXBo", "tag": "dGFn"})
        return json.dumps({"signature": number, "protocolVersion": "ECv1", "signedMessage": signed})
    data = base64.b64encode(json.dumps({"card": number}).encode()).decode()
    header = {"publicKeyHash": "aA==", "ephemeralPublicKey": "ZXBo", "transactionId": "2cd8"}
    return json.dumps({"version": "EC_v1", "data": data, "signature": "c2ln", "header": header})


Document = dict[str, Any]
Answer = tuple[int, Any]


@dataclass
class Asked:
    """A request as the processor got it. path: with its query. content: of JSON, or the fields of a form."""

    method: str
    path: str
    content: Document
    headers: Mapping[str, str]


@dataclass
class Taken:
    """A payment in the processor's books; amounts in minor units. ours: our reference.

    status: redirected, held, taken, refused, released.
    """

    reference: str
    ours: str
    amount: int
    currency: str
    status: str
    captured: int = 0
    refunds: dict[str, int] = field(default_factory=dict)


class FakeProcessor(RecordingServer):
    """One processor.

    `trouble`: what happens to the next request whose path (or body) contains it; with `acts`, after it was carried out.
    `lies`: what it says other than it is, by paths into its answers; `lies_at`: to which requests.
    """

    name: ClassVar[str]
    # The processor's own host in its test environment.
    host: ClassVar[str]
    # Hosts of other APIs of the same processor.
    other_hosts: ClassVar[frozenset[str]] = frozenset()
    credentials: ClassVar[Mapping[str, str]]
    certifies: ClassVar[frozenset[str]] = frozenset(CASES)
    # What pays one payment only, and is passed on as the processor documents.
    one_time: ClassVar[frozenset[str]] = frozenset()
    # "card", or "upi" where the payer's own app pays.
    pays_by: ClassVar[str] = "card"
    # Where a merchant's own charge refers to the payer's first payment, in the body; empty: it cannot.
    refers_at: ClassVar[str] = ""
    # Whether a UPI address may be asked here, beside the link.
    asks_addresses: ClassVar[bool] = False
    # Before every answer: some begin with a byte order mark.
    begins_with: ClassVar[bytes] = b""
    currency: ClassVar[str] = "USD"
    # What a decline of the card is called here, and a part of the path (or body) of a charge.
    decline_code: ClassVar[str]
    charges_at: ClassVar[str]
    # The same of the call that pays an order.
    pays_orders_at: ClassVar[str] = "/capture"

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.trouble: dict[str, Behaviour] = {}
        self.acts = False
        self.lies: dict[str, Any] = {}
        self.lies_at = ""
        self.payments: dict[str, Taken] = {}
        self.webhook_secret = WEBHOOK_SECRET
        # Of the next answer, beside its type.
        self.headers: list[tuple[str, str]] = []
        self._by_key: dict[str, tuple[tuple[str, bytes], Answer]] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        """Status and document, as the processor's reference says."""
        raise NotImplementedError

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """Headers and body of a callback; kind: taken, refused, refunded."""
        raise NotImplementedError

    def signed_parts(self, body: bytes) -> list[bytes]:
        """What of a callback's body the signature is of."""
        return [body]

    def confirm(self, payment: Taken) -> None:
        """The payer confirms."""
        payment.status, payment.captured = "taken", payment.amount

    def take(self, reference: str, ours: str, amount: int, currency: str, *, number: str, later: bool = False) -> Taken:
        """A new payment by this card. later: it is captured by another request."""
        self.check(ours not in {known.ours for known in self.payments.values()}, f"{ours} twice")
        status = {DECLINED: "refused", REDIRECTED: "redirected"}.get(number, "held" if later else "taken")
        made = Taken(reference, ours, amount, currency, status, amount if status == "taken" else 0)
        self.payments[reference] = made
        return made

    def number_of(self, given: str | dict[str, Any], *, encoded: bool = False) -> str:
        """The card behind a wallet's payload, which these tests write into it (`WALLETS`). encoded: in base64."""
        text = base64.b64decode(given).decode() if encoded and isinstance(given, str) else given
        document = json.loads(text) if isinstance(text, str) else text
        kind = "apple_pay" if "header" in document else "google_pay"
        number: str = json.loads(base64.b64decode(document["data"]))["card"] if kind == "apple_pay" else document["signature"]
        self.check(document == json.loads(wallet(kind, number)), "the payload as it came")
        return number

    def check(self, ok: bool, problem: str) -> None:
        if not ok:
            self.problems.append(problem)

    def behaviour_for(self, request: Recorded) -> Behaviour:
        part = next((part for part in self.trouble if _is_at(request, part)), None)
        trouble = None if part is None else self.trouble.pop(part)
        if trouble is not None and not self.acts:
            return trouble
        try:
            status, document = self._answered(request)
        except (KeyError, ValueError, AssertionError, StopIteration) as error:
            self.problems.append(f"{request.method} {request.path}: {error!r}")
            status, document = 400, {}
        lies = self.lies if _is_at(request, self.lies_at) else {}
        body = document if isinstance(document, bytes) else json.dumps(_lied(document, lies)).encode()
        headers, self.headers = [("Content-Type", "application/json"), *self.headers], []
        return trouble or Reply(status, self.begins_with + body, headers)

    def _answered(self, request: Recorded) -> Answer:
        _, host, rest = request.path.split("/", 2)
        assert host in {self.host, *self.other_hosts}, host
        header = processors.of(self.name).idempotency
        key = request.headers.get(header.lower()) if header and request.method == "POST" else None
        asked = Asked(request.method, f"/{rest}", _content(request), request.headers)
        if key is None:
            return self.answer(asked)
        same = (request.path, request.body)
        if key not in self._by_key:
            self._by_key[key] = (same, self.answer(asked))
        self.check(self._by_key[key][0] == same, f"the key {key} with another request")
        return self._by_key[key][1]

    def asked(self, part: str) -> list[Recorded]:
        return [request for request in self.requests if _is_at(request, part)]


def _is_at(request: Recorded, part: str) -> bool:
    """By its path; where one path serves all, by what is in its body."""
    return part in request.path or part.encode() in request.body


def _content(request: Recorded) -> Document:
    if "json" in request.headers.get("content-type", ""):
        content: Document = json.loads(request.body or b"{}")
        return content
    if "multipart/form-data" in request.headers.get("content-type", ""):
        return {"parts": _parts(request)}
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _parts(request: Recorded) -> list[tuple[str, str | None, str, bytes]]:
    """Name, file's name, type and content of each, as Python's own reader of mail finds them (RFC 7578)."""
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    found = []
    for part in message_from_bytes(head + request.body, policy=email.policy.HTTP).iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = part.get_param("name", header="content-disposition")
        found.append((str(name), part.get_filename(), part.get_content_type(), content))
    return found


def _lied(document: Any, lies: Mapping[str, Any]) -> Any:
    if not lies:
        return document
    changed = json.loads(json.dumps(document))
    for paths, value in lies.items():
        for path in paths.split("|"):
            *steps, last = path.split(".")
            found = changed
            for step in steps:
                found = next(iter(found.values())) if step == "*" else documents.find(found, int(step) if step.isdecimal() else step)
            if isinstance(found, dict) and last in found:
                # A number stays one.
                found[last] = json.loads(value) if isinstance(value, str) and isinstance(found[last], int | float) else value
    return changed


def query_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def every() -> tuple[type[FakeProcessor], ...]:
    """The processors that are played, by name."""
    folder = __name__.rpartition(".")[0]
    package = importlib.import_module(folder)
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith(("test_", "fake")))
    played = [importlib.import_module(f"{folder}.{name}") for name in names]
    return tuple(module.Fake for module in played)
