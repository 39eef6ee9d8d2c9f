"""One step in this version: `begin OUT`, `go-on IN OUT`, `look IN`. Ends with 0 when all that must hold does."""

import sys
from pathlib import Path

from tests.releases import journey, state
from tests.support.world import World


def main(step: str, *files: str) -> None:
    """Carry out a step on these files. Raises AssertionError when the other version's data do not hold."""
    paths = [Path(name) for name in files]
    if step == "begin":
        with World().running() as world:
            shops = journey.begin(world)
            state.save(paths[0], world, shops)
        return
    world, shops, streams = state.load(paths[0])
    with world.running():
        journey.look(world, shops)
        if step == "go-on":
            journey.go_on(world, shops, streams)
            state.save(paths[1], world, shops)


main(*sys.argv[1:])
