"""Write the generated parts of both clients. Those in TypeScript need npm; without it they stay as they are, and it says so."""

from local.clients import python, typescript
from local.clients.contract import load


def main() -> None:
    """Write what has changed."""
    contract = load()
    python.write(contract)
    typescript.write(contract)
    print(f"clients: {len(contract.operations)} operations")


if __name__ == "__main__":
    main()
