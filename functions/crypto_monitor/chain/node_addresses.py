"""Where the nodes of a network are: a secret parameter of the stack, because providers put their key into the address."""

from typing import Final

from paycorex import parameters, redaction, settings

logger: Final = redaction.logger("node_addresses")


def of(network: str) -> tuple[str, ...]:
    """The addresses, each once, or a node would be its own witness; none when the network is not followed.

    At most five minutes old. Raises parameters.ParameterMissing and parameters.ParameterUnavailable.
    """
    if not settings.current().watch(network):
        return ()
    return tuple(dict.fromkeys(parameters.read(f"rpc-urls/{network}").split()))


def of_if_known(network: str) -> tuple[str, ...]:
    """The same for a client who waits: none when the parameter is missing or cannot be read, and the log says why."""
    try:
        return of(network)
    except (parameters.ParameterMissing, parameters.ParameterUnavailable) as problem:
        logger.warning("nodes are not known", extra={"network": network, "problem": str(problem)})
        return ()
