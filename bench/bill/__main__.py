"""Writes the bill's section of docs/performance.md. Run: `python -m bench.bill [--payments N]`.

`--volume N` prints every line of a month with N payments instead, and writes nothing.
"""

import argparse
import os

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench.bill import deployment as template_reader
from bench.bill import idle, report
from bench.bill.measured import PAYMENTS
from bench.table import write_section

INTRODUCTION = """## The whole bill

`python -m bench.bill`: what a month costs with so many wallet payments, each with one webhook that is delivered at once. Units are measured
on the real handlers over AWS in memory, in stream batches as large as the volume makes them. What costs by being there is read from
`template.yaml` with its defaults (stage prod). Prices are those of `bench/bill/prices.toml`, each with source and date, without free
allowances. Payments come evenly over the month, to one merchant, each from another wallet. A million's dollars are the month's less an idle
month's; at 100 thousand that holds cold starts, signatures, and reads of streams and queues that bring one record.
Waiting is assumed (4 ms a call, 8 more a transaction, a merchant's server 100 ms), as are cold starts (0.9 s) and X-Ray's default rule:
`bench/bill/lines.py`."""
ASIDE = "A rotated key costs a dollar more a month after each of its first two years. Not confirmed by a published statement at hand:"


def section(payments: int) -> str:
    """The whole section."""
    found, bills = template_reader.read(), report.Bills(payments)
    aside = f"{ASIDE} {report.unconfirmed()}."
    parts = (
        report.whole(bills, found),
        report.months(bills, found),
        report.regions(bills, found),
        report.retention(bills, found),
        idle.table(bills),
        report.levers(bills, found),
        aside,
    )
    return "\n\n".join((INTRODUCTION, *parts))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=PAYMENTS, help="payments of a measured run")
    parser.add_argument("--volume", type=int, help="payments of the month whose lines are printed")
    chosen = parser.parse_args()
    if chosen.volume is not None:
        print(report.month(report.Bills(chosen.payments), template_reader.read(), chosen.volume))
    else:
        written = section(chosen.payments)
        write_section("bill", written)
        print(written)
