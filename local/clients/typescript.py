"""The generated files of the TypeScript client."""

from local.clients.contract import Contract


def write(contract: Contract) -> None:
    """Write them."""
