"""Routes of processors: by which of them a merchant may be paid, what each can do, and why one cannot be used here."""

from typing import TYPE_CHECKING

from paycorex.connectors import SANDBOXES, has_sandbox
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from payments.routes.app import app

if TYPE_CHECKING:
    from paycorex.processors import Processor

with later():
    from paycorex import processors
    from payments.connectors import capabilities
    from payments.connectors.prism import library

_LIBRARYS = "prism:"


class CredentialView(View):
    """A field of the processor's settings, `connectors` of `PATCH /v1/merchants/me`."""

    name: str
    required: bool
    secret: bool


class LimitView(View):
    """A flow that the library or the processor has, and that cannot be used here."""

    flow: str
    reason: str


class ProcessorView(View):
    """What a processor can do. `name`: as `connectors` and routing rules name it. `methods`: `any` where it asks the payer itself.

    `currencies`: null where the account decides. `lookup_by`, `refund_lookup_by`: `our_reference` or `provider_reference`.
    `limits`: flows that cannot be used although the processor has them, and why.
    `unavailable_reason`: why it cannot be used here; null when it can.
    """

    name: str
    certified: bool
    methods: list[str]
    currencies: list[str] | None
    credentials: list[CredentialView]
    flows: dict[str, bool]
    limits: list[LimitView]
    lookup_by: str | None
    refund_lookup_by: str | None
    unavailable_reason: str | None


class ProcessorList(View):
    """A page of processors, by name."""

    data: list[ProcessorView]
    next_cursor: str | None


@app.route("GET", "/v1/processors", scope="merchant:read", query=ListQuery, answer=ProcessorList)
def list_processors(call: Call[None, ListQuery]) -> Answer:
    """Processors by which merchants may be paid, by name."""
    after = call.position("processors") or ""
    following = [one for one in processors.every() if one.name > after and _is_offered(one, call.caller)]
    page = following[: call.query.limit]
    position = page[-1].name if len(following) > len(page) else None
    return Answer(200, ProcessorList(data=[_view(one) for one in page], next_cursor=call.next_cursor("processors", position)))


@app.route("GET", "/v1/processors/{name}", scope="merchant:read", answer=ProcessorView)
def show_processor(call: Call[None, None]) -> Answer:
    """One processor."""
    found = processors.find(call.path["name"])
    if found is None or not _is_offered(found, call.caller):
        raise NotFound("processor")
    return Answer(200, _view(found))


def _is_offered(processor: "Processor", caller: Caller) -> bool:
    return processor.name not in SANDBOXES or has_sandbox(caller.merchant_id)


def _view(processor: "Processor") -> ProcessorView:
    flows = capabilities.flows_of(processor.name, processor.flows)
    return ProcessorView(
        name=processor.name,
        certified=processor.is_certified,
        methods=list(processor.methods),
        currencies=None if processor.currencies is None else list(processor.currencies),
        credentials=[CredentialView(name=one.name, required=one.required, secret=one.secret) for one in processor.credentials],
        flows=flows,
        limits=[LimitView(flow=flow, reason=why) for flow, why in capabilities.limits_of(processor.name).items()],
        lookup_by=capabilities.looked_up_by(processor.name, "get", processor.lookup_by if flows["lookup"] else None),
        refund_lookup_by=capabilities.looked_up_by(processor.name, "refund_get", processor.refund_lookup_by),
        # Looked at without loading anything.
        unavailable_reason=library.absence() if processor.name.startswith(_LIBRARYS) else None,
    )
