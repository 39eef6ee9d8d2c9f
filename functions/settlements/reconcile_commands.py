"""`paycorex reconcile prove`. Exit status 0 only when every clearing account is explained to the last unit."""

import argparse
from pathlib import Path

from paycorex import storage
from paycorex.ledger.proof import reconciliation_check
from paycorex.money import format_minor
from paycorex.records.reconciliation_position import ReconciliationPosition
from settlements.matching import proving, working
from settlements.stores import reconciliation as store


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `reconcile` commands."""
    reconcile = commands.add_parser("reconcile", help="our journals, the providers' reports and the bank").add_subparsers(
        required=True, metavar="command"
    )
    prove = reconcile.add_parser("prove", help="show that each clearing account is the sum of its open items; names what is not explained")
    prove.add_argument("--merchant", metavar="ID", help="of this merchant alone")
    prove.add_argument("--items", action="store_true", help="list every open item")
    prove.set_defaults(run=_prove)
    check = reconcile.add_parser("check-day", help="check a stated day, without a network")
    check.add_argument("day", type=Path, metavar="DAY.json", help="what GET /v1/reconciliation/days/{day} answered")
    check.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    check.set_defaults(run=lambda arguments: reconciliation_check.run(arguments.day, arguments.public_key))


def _prove(arguments: argparse.Namespace) -> int:
    merchants = (
        [arguments.merchant] if arguments.merchant else sorted({item.merchant_id for item in storage.scan_all(ReconciliationPosition)})
    )
    unproved = 0
    for merchant_id in merchants:
        done = working.run(merchant_id, look_up=False)
        for account in done.accounts:
            _tell(merchant_id, account, with_items=arguments.items)
            if not account.is_proved:
                unproved += 1
                _tell_unexplained(merchant_id, account)
        if not done.is_done:
            unproved += 1
            print(f"UNEXPLAINED {merchant_id}: not all lines of its settlements could be taken in; run it again")
    print("every clearing account is explained" if not unproved else f"{unproved} are not explained")
    return 1 if unproved else 0


def _tell(merchant_id: str, account: proving.Explained, *, with_items: bool) -> None:
    balance = format_minor(account.balance, account.currency)
    word = "EXPLAINED" if account.is_proved else "UNEXPLAINED"
    states = ", ".join(f"{count} {state} {format_minor(minor, account.currency)}" for state, (count, minor) in account.items.items())
    print(f"{word} {merchant_id} {account.source} {account.currency}: balance {balance} = {states or 'no open item'}")
    for item in account.open_items if with_items else ():
        print(f"  {item.item_id} {item.state} {item.record} {format_minor(int(item.booked) - int(item.reported), account.currency)}")


def _tell_unexplained(merchant_id: str, account: proving.Explained) -> None:
    position = store.position(merchant_id, f"{account.source}#{account.currency}")
    named = 0
    for found in proving.find_unexplained(position) if position is not None else ():
        named += found.minor
        print(f"UNEXPLAINED {format_minor(found.minor, account.currency)} {account.currency}: {found.what}")
    rest = account.unexplained - named
    if rest:
        print(f"UNEXPLAINED {format_minor(rest, account.currency)} {account.currency}: no entry, settlement or decision differs by it")
