"""What operators can do by a command they can do on their page, or the reason why not is written here: no command is forgotten."""

import argparse
from collections.abc import Iterator
from importlib.metadata import entry_points

from paycorex import cli
from paycorex.credentials.operators import ROUTES

_V1 = "/operator/v1"
_ONE = f"{_V1}/merchants/{{merchant_id}}"
ON_THE_PAGE = {
    "admin merchants": ("GET", f"{_V1}/merchants"),
    "admin suspend": ("POST", f"{_ONE}/suspend"),
    "admin resume": ("POST", f"{_ONE}/resume"),
    "admin rate": ("POST", f"{_ONE}/rate"),
    "admin fee-plans": ("GET", f"{_ONE}/fee_plans"),
    "admin invite-owner": ("POST", f"{_ONE}/owners"),
    "admin fee-plan": ("POST", f"{_ONE}/fee_plans"),
    "admin stuck": ("GET", f"{_V1}/payments/stuck"),
    "admin reviews": ("GET", f"{_V1}/reviews"),
    "admin reviewed": ("POST", f"{_V1}/reviews"),
    "admin answers": ("GET", f"{_V1}/answers"),
    "admin answered": ("POST", f"{_V1}/answers"),
    "admin queues": ("GET", f"{_V1}/queues"),
    "webhooks redrive": ("POST", f"{_V1}/queues/webhooks_dead/redrive"),
    "admin set-aside list": ("GET", f"{_V1}/set_aside"),
    "admin set-aside retry": ("POST", f"{_V1}/set_aside/{{loop}}/{{item_id}}/retry"),
    "admin recover": ("POST", f"{_V1}/lost_records"),
    "admin checkpoints": ("GET", f"{_V1}/ledger/checkpoints"),
    "admin verify": ("POST", f"{_V1}/ledger/verifications"),
    "admin verify-audit": ("POST", f"{_V1}/ledger/verifications"),
    "admin verifications": ("GET", f"{_V1}/ledger/verifications"),
    "operators invite": ("POST", f"{_V1}/operators"),
    "operators list": ("GET", f"{_V1}/operators"),
}
_FILES = "reads or writes files of the machine that it runs on"
_LONG = "runs for longer than a request may, and is gone on with by the command when it was cut off"
_RECOVERY = "works on a stack whose page may be down, with rights that no function has"
BY_COMMAND_ALONE = {
    "admin recover-key": "gives a machine every right, unseen by any person: an owner who is let in on the page makes a key",
    "admin check-merchant": "writes a secret parameter of the deployment",
    "audit check": _FILES,
    "audit pack": _FILES,
    "doctor": _RECOVERY,
    "export": _RECOVERY,
    "fence": _RECOVERY,
    "import": _RECOVERY,
    "keys admit": _RECOVERY,
    "keys replicate": _RECOVERY,
    "ledger check-proof": _FILES,
    "ledger list-accounts": _LONG,
    "ledger public-key": _FILES,
    "ledger verify": _LONG,
    "migrate list": _LONG,
    "migrate run": _LONG,
    "reconcile check-day": _FILES,
    "reconcile prove": _LONG,
    "restore": _RECOVERY,
    "secrets list": "names what only a deployment writes",
    "secrets set": "a secret is typed into no page",
    "vault retire": _LONG,
    "vault rotate": _LONG,
    "vault shred": "destroys what cannot be brought back, so it stays with who holds AWS credentials",
}
# Whole groups, with one reason for each.
GROUPS_BY_COMMAND_ALONE = {"time": "moves the local platform's clock alone"}


def leaves(parser: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    """Every command that runs, by its whole name."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name
    for action in below:
        for each, child in action.choices.items():
            yield from leaves(child, f"{name} {each}".strip())


def commands() -> set[str]:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    for point in entry_points(group=cli.GROUP):
        point.load()(subparsers)
    return {name for name in leaves(parser) if name.partition(" ")[0] not in GROUPS_BY_COMMAND_ALONE}


def test_every_command_is_on_the_page_or_says_why_not() -> None:
    assert commands() == ON_THE_PAGE.keys() | BY_COMMAND_ALONE.keys()


def test_what_is_on_the_page_is_there() -> None:
    assert set(ON_THE_PAGE.values()) <= ROUTES.keys()
    assert not ON_THE_PAGE.keys() & BY_COMMAND_ALONE.keys()
