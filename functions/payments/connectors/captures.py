"""What a provider says of a capture, compared with what it was asked for."""

from payments.connectors.documents import shown
from payments.connectors.requests import CaptureRequest
from payments.connectors.results import Approved, Contradicts


def checked(request: CaptureRequest, result: Approved) -> Approved | Contradicts:
    """The capture, unless it took another currency. Another amount is for who asked: it was taken, and is booked as it was."""
    taken = result.amount
    if taken is None or taken.currency == request.amount.currency:
        return result
    detail = f"captured {taken.minor} {taken.currency}, asked {request.amount.minor} {request.amount.currency}"
    return Contradicts("currency_differs", shown(detail), result.provider_reference)
