"""Records that no code can read, in the middle of others: inserted, repaired, and what operators see of them."""

import argparse
import json
from collections.abc import Callable
from typing import Any

import pytest

from operations import commands
from tests.support.world import World

UNREADABLE = {"BOOL": True}


def spoil(world: World, noun: str, key: dict[str, Any], attribute: str) -> Callable[[], None]:
    """Make an attribute of a stored item unreadable; what mends it again, whatever has become of the item's other attributes."""
    table = world.settings.table(noun)
    item = world.dynamo.get_item(TableName=table, Key=key)["Item"]
    good = item.get(attribute)
    world.dynamo.put_item(TableName=table, Item=item | {attribute: UNREADABLE})

    def mend() -> None:
        now = world.dynamo.get_item(TableName=table, Key=key)["Item"]
        mended = {name: value for name, value in now.items() if name != attribute} | ({} if good is None else {attribute: good})
        world.dynamo.put_item(TableName=table, Item=mended)

    return mend


class Operator:
    """Somebody with the `paycorex` command."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """Exit status and lines of `paycorex admin …`."""
        parser = argparse.ArgumentParser()
        commands.add_to(parser.add_subparsers())
        arguments = parser.parse_args(["admin", *words])
        self._capsys.readouterr()
        status: int = arguments.run(arguments)
        return status, [json.loads(line) for line in self._capsys.readouterr().out.splitlines() if line.startswith('{"loop"')]

    def aside(self) -> list[tuple[str, str | None]]:
        """Loop and merchant of everything that is set aside."""
        return [(line["loop"], line["merchant_id"]) for line in self.run("set-aside", "list")[1]]

    def retry(self, loop: str) -> None:
        """Have the loop try everything of it again."""
        assert self.run("set-aside", "retry", loop)[0] == 0
