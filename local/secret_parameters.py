"""The local stack's secret parameters, written to the emulator as an operator writes them to AWS."""

from typing import Final

from local import containers
from local.emulator import Emulator

# Below the stack's prefix: the same parameters with addresses as a container of `sam local` can use them.
IN_CONTAINERS: Final = "in-containers/"


def prefix(stack: str) -> str:
    """What the names of a stack's parameters begin with."""
    return f"/paycorex/{stack}/"


def write_nodes(emulator: Emulator, stack: str, network: str, addresses: str) -> None:
    """Name the nodes of a network, separated by blanks. Functions see it within minutes, new environments at once."""
    client = emulator.client("ssm")
    for below, value in (("", addresses), (IN_CONTAINERS, containers.address_from_inside(addresses))):
        client.put_parameter(Name=f"{prefix(stack)}{below}rpc-urls/{network}", Value=value, Type="SecureString", Overwrite=True)
