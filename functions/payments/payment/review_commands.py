"""`paycorex admin reviews` and `reviewed`: payments that a provider's answer contradicts, for the operator who looks at them."""

import argparse
from typing import TYPE_CHECKING

from paycorex import storage
from paycorex.errors import NotFound
from paycorex.records.payment import PaymentItem
from payments.payment import contradictions

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the commands to those of `paycorex admin`."""
    reviews = subparsers.add_parser("reviews", help="payments that a provider's answer contradicts; exit status 1 when there are any")
    reviews.set_defaults(run=_list)
    reviewed = subparsers.add_parser("reviewed", help="end a payment's review: it was looked at, and what had to be done is done")
    reviewed.add_argument("payment", metavar="pay_...")
    reviewed.add_argument("--by", required=True, help="who looked at it, for the log")
    reviewed.add_argument("--reason", required=True, help="what was found")
    reviewed.set_defaults(run=_end)


def _list(_arguments: argparse.Namespace) -> int:
    found = [item for item in storage.scan_all(PaymentItem) if item.review is not None]
    for item in found:
        review = item.review
        where = f"({review['connector']}, {review['at']})"
        print(item.payment_id, item.merchant_id, item.status, f"{review['reason']}: {review['detail']}", where)
    return 1 if found else 0


def _end(arguments: argparse.Namespace) -> int:
    try:
        payment = contradictions.find(arguments.payment)
    except NotFound:
        print("No such payment, or it is not in review.")
        return 1
    contradictions.end_review(payment, by=arguments.by, reason=arguments.reason)
    print(f"{payment.payment_id} is no longer in review.")
    return 0
