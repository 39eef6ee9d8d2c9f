"""`paycorex doctor`: looks whether a deployed stack works, and says what is wrong and what to do. Exit status 1 when something is."""

import argparse
import json
import sys
from dataclasses import asdict

from operations.doctor import examination, stack
from operations.doctor.examination import Wanted
from operations.doctor.findings import Finding
from paycorex import settings, stack_settings


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `doctor`."""
    command = subparsers.add_parser("doctor", help="look whether a deployed stack works; exit status 1 when something is wrong")
    command.add_argument("stack", help="the stack's name")
    command.add_argument("--url", help="where the API is called (default: PublicBaseUrl, else the stack's own address)")
    command.add_argument("--webhook-url", help="a receiver of yours; a test webhook is sent to it")
    command.add_argument("--wait-for-proof", type=float, default=240, metavar="SECONDS", help="how long to wait for a payment's proof")
    command.add_argument("--no-payment", action="store_true", help="make no trial payment")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        settings.use(stack_settings.of(arguments.stack))
        examined = stack.read(arguments.stack)
    except stack_settings.NoStack as reason:
        print(reason, file=sys.stderr)
        return 2
    url = arguments.url or examined.parameters.get("PublicBaseUrl") or examined.outputs["ApiUrl"]
    wanted = Wanted(url, arguments.wait_for_proof, arguments.webhook_url, pays=not arguments.no_payment)
    found = []
    for finding in examination.examine(examined, wanted):
        found.append(finding)
        if not arguments.json:
            _show(finding)
    wrong = sum(one.status == "wrong" for one in found)
    if arguments.json:
        print(json.dumps({"stack": examined.name, "wrong": wrong, "findings": [asdict(one) for one in found]}, indent=2))
    else:
        print(f"{len(found)} findings, {wrong} wrong")
    return 1 if wrong else 0


def _show(finding: Finding) -> None:
    print(f"{'WRONG' if finding.status == 'wrong' else finding.status:8}{finding.check}: {finding.what}", flush=True)
    if finding.todo:
        print(f"{'':8}  {finding.todo}", flush=True)
