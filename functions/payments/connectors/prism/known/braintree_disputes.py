"""Braintree's disputes by GraphQL (https://developer.paypal.com/braintree/graphql/guides/disputes): how one is read, asked for and listed.

The disputed amount is debited when the dispute is opened, and awarded back when it is won; a retrieval asks for an answer only.
"""

import base64
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.prism import witness
from payments.connectors.prism.ways import Ask

PATH: Final = "/graphql"
OPEN: Final = "OPEN"
_SHOWN: Final = (
    "id status type amountDisputed { value currencyCode } amountWon { value currencyCode } responseDeadline "
    "processorResponse { reason reasonCode } transaction { id } evidence { __typename ... on DisputeTextEvidence { content } }"
)
_SEARCH: Final = (
    f"query Disputes($input: DisputeSearchInput!, $first: Int) {{ search {{ disputes(input: $input, first: $first) "
    f"{{ edges {{ node {{ {_SHOWN} }} }} }} }} }}"
)
_NAMED: Final = "query Named($legacyId: ID!) { idFromLegacyId(legacyId: $legacyId, type: DISPUTE) }"
# https://developer.paypal.com/braintree/graphql/reference/types/dispute-status
_RULINGS: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        OPEN: Ruling.NEEDS_RESPONSE,
        "DISPUTED": Ruling.UNDER_REVIEW,
        "UNDER_REVIEW": Ruling.UNDER_REVIEW,
        "ACCEPTED": Ruling.LOST,
        "AUTO_ACCEPTED": Ruling.LOST,
        "EXPIRED": Ruling.LOST,
        "LOST": Ruling.LOST,
        "WON": Ruling.WON,
    }
)
_STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {"RETRIEVAL": Stage.INQUIRY, "CHARGEBACK": Stage.CHARGEBACK, "PRE_ARBITRATION": Stage.PRE_ARBITRATION}
)
# The most of one charge that are asked for.
_MOST: Final = 10


def signed(credentials: Mapping[str, str]) -> dict[str, str]:
    """https://developer.paypal.com/braintree/graphql/guides/making_api_calls."""
    named = f"{credentials['public_key']}:{credentials['private_key']}"
    return {"Authorization": f"Basic {base64.b64encode(named.encode()).decode()}", "Braintree-Version": "2021-06-01"}


def query_of(query: str, variables: Mapping[str, Any]) -> bytes:
    """A request's body."""
    return json.dumps({"query": query, "variables": variables}, ensure_ascii=False).encode()


def look_up(ask: Ask, reference: str) -> Dispute | None:
    """A dispute as it stands; None when Braintree knows none. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    found = shown(ask, reference)
    return None if found is None else _read(found)


def shown(ask: Ask, reference: str) -> Any:
    """The same, as Braintree shows it. Raises what look_up raises."""
    nodes = _search(ask, {"id": {"is": reference}}, 1)
    if not nodes:
        return None
    documents.expect(nodes[0], reference, "id")
    return nodes[0]


def listed(ask: Ask, charge_reference: str) -> tuple[Dispute, ...]:
    """Those of a transaction. Raises what look_up raises."""
    found = [_read(node) for node in _search(ask, {"transaction": {"transactionId": {"is": charge_reference}}}, _MOST)]
    return tuple(dispute for dispute in found if dispute.charge_reference == charge_reference)


def name_of(ask: Ask, legacy_id: str) -> str:
    """What GraphQL calls a dispute that a webhook names. Raises NotSent, OutcomeUnknown, Malformed."""
    return documents.reference(_asked(ask, _NAMED, {"legacyId": legacy_id}), "idFromLegacyId")


def _search(ask: Ask, wanted: Mapping[str, Any], most: int) -> list[Any]:
    data = _asked(ask, _SEARCH, {"input": wanted, "first": most})
    edges = documents.objects(documents.find(data, "search", "disputes"), "edges")
    if len(edges) > most:
        raise documents.Malformed("more than was asked for")
    return [documents.find(edge, "node") for edge in edges]


def _asked(ask: Ask, query: str, variables: Mapping[str, Any]) -> Any:
    """A question's data. Errors come with 200, and say nothing of what was asked about. Raises OutcomeUnknown, NotSent."""
    answer = ask("POST", PATH, query_of(query, variables)).body()
    if documents.find(answer, "errors") or documents.find(answer, "data") is None:
        raise OutcomeUnknown("Braintree did not answer the question.")
    return documents.find(answer, "data")


def _read(dispute: Any) -> Dispute:
    reference, status = documents.reference(dispute, "id"), documents.text(dispute, "status")
    amount = _amount(dispute, "amountDisputed", reference)
    ruling, stage = _RULINGS.get(status), _STAGES.get(documents.text(dispute, "type"), Stage.CHARGEBACK)
    is_back = ruling is Ruling.WON and stage is not Stage.INQUIRY
    if is_back and documents.find(dispute, "amountWon") is not None and _amount(dispute, "amountWon", reference) != amount:
        # Awarded in part: no rule of ours says what the rest is.
        ruling, is_back = None, False
    return Dispute(
        reference=reference,
        charge_reference=documents.reference(dispute, "transaction", "id"),
        amount=amount,
        status=status.lower()[: documents.MAX_CODE_CHARACTERS],
        reason=documents.code_or(dispute, "", "processorResponse", "reason").lower() or None,
        ruling=Ruling.CLOSED if stage is Stage.INQUIRY and ruling in {Ruling.WON, Ruling.LOST} else ruling,
        stage=stage,
        reason_code=documents.code_or(dispute, "", "processorResponse", "reasonCode") or None,
        respond_by_ms=_moment_ms(dispute, "responseDeadline"),
        withdrawn=0 if stage is Stage.INQUIRY else 1,
        reinstated=1 if is_back else 0,
        said_ms=clock.now_ms(),
    )


def _amount(dispute: Any, name: str, reference: str) -> Money:
    return witness.decimal_amount(documents.find(dispute, name, "value"), documents.text(dispute, name, "currencyCode"), reference)


def _moment_ms(document: Any, *where: str) -> int | None:
    """A time of RFC 3339 as milliseconds since the epoch; None where there is none."""
    try:
        return clock.parse_rfc3339(documents.text_or(document, "", *where))
    except ValueError:
        return None
