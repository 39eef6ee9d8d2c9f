"""`paycorex`: the operator's commands. Each room adds its own through the entry point group `paycorex.commands`."""

import argparse
import sys
from collections.abc import Sequence

from paycorex import clock, installed, settings, stack_settings

GROUP = "paycorex.commands"
# Each says by how many seconds the clock of the platform that is operated is ahead: of one on a developer's machine it may be.
CLOCKS = "paycorex.clocks"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. The stack is named by --stack, or by the environment as for a Lambda (TABLE_PREFIX and so on)."""
    parser = argparse.ArgumentParser(prog="paycorex", description="Operate a PayCoreX stack.")
    parser.add_argument("--stack", dest="of_stack", metavar="NAME", help="take tables, keys and queues from this stack's outputs")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for point in installed.points(GROUP):
        point.load()(commands)
    chosen = parser.parse_args(arguments)
    for point in installed.points(CLOCKS):
        clock.move(point.load()())
    if chosen.of_stack:
        try:
            settings.use(stack_settings.of(chosen.of_stack))
        except stack_settings.NoStack as reason:
            print(reason, file=sys.stderr)
            return 2
    status: int = chosen.run(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main())
