"""`paycorex`: the operator's commands. Each room adds its own through the entry point group `paycorex.commands`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

GROUP = "paycorex.commands"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. The stack is named by the environment, as for a Lambda (TABLE_PREFIX and so on)."""
    parser = argparse.ArgumentParser(prog="paycorex", description="Operate a PayCoreX stack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        point.load()(commands)
    chosen = parser.parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main())
