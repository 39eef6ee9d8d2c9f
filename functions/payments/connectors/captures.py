"""What a provider says of a capture, compared with what it was asked for."""

from payments.connectors.documents import shown
from payments.connectors.requests import CaptureRequest
from payments.connectors.results import Approved, Contradicts


def checked(request: CaptureRequest, result: Approved) -> Approved | Contradicts:
    """The capture, when it took exactly what was asked."""
    taken = result.amount
    if taken is None or taken == request.amount:
        return result
    code = "currency_differs" if taken.currency != request.amount.currency else "amount_differs"
    detail = f"captured {taken.minor} {taken.currency}, asked {request.amount.minor} {request.amount.currency}"
    return Contradicts(code, shown(detail), result.provider_reference)
