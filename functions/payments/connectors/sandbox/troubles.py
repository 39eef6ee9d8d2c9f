"""The books' trouble, as an acquirer's would look from outside."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from paycorex import storage
from payments.connectors.results import Unavailable, Unknown


def troubled[R](call: Callable[..., R]) -> Callable[..., R | Unavailable | Unknown]:
    """A call whose storage errors are results."""

    @wraps(call)
    def guarded(*arguments: Any) -> R | Unavailable | Unknown:
        try:
            return call(*arguments)
        except storage.Unavailable:
            return Unavailable("The sandbox is overloaded.")
        except storage.OutcomeUnknown:
            return Unknown("The sandbox did not answer.")

    return guarded
