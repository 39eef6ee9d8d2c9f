"""Calling a connector: through its circuit breaker, and with every answer a result, whatever goes wrong on the way."""

from collections.abc import Callable

from paycorex import storage
from paycorex.errors import TemporarilyUnavailable
from payments.connectors import breakers, registry
from payments.connectors.model import Connector
from payments.connectors.results import Unavailable, Unknown


def call[R](merchant_id: str, name: str, ask: Callable[[Connector], R]) -> R | Unavailable | Unknown:
    """What a connector answers; Unavailable when it was not asked."""
    try:
        if not breakers.may_call(merchant_id, name):
            return Unavailable("The provider is failing and is left alone for a while.", is_theirs=False)
        connector = registry.connect_for(merchant_id, name)
    except registry.NotConfigured:
        return Unavailable("The connector is not configured.", is_theirs=False)
    except (TemporarilyUnavailable, storage.Unavailable):
        return Unavailable("The connector's credentials could not be read.", is_theirs=False)
    result = ask(connector)
    if isinstance(result, Unavailable) and not result.is_theirs:
        return result
    if isinstance(result, Unavailable | Unknown):
        breakers.failed(merchant_id, name, rest_seconds=result.rest_seconds if isinstance(result, Unavailable) else None)
    else:
        breakers.succeeded(merchant_id, name)
    return result
