"""`make run`: the whole platform on this machine, until Ctrl-C or `make stop`."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Final

from local import platform, platform_file, processes
from local.build import BuildFailed
from local.crypto_demo import Offer
from local.demo import DemoFailed, Shown
from local.deploy import DeployFailed
from local.emulator import STOP_SECONDS, EmulatorFailed
from local.first_operator import NoInvitation
from local.options import BadOption, Options
from local.paths import LOGS, ROOT
from local.platform import AlreadyRunning, NotEmpty, Platform
from local.ports import PortTaken

_DETACHED_START_SECONDS: Final = 900
_ADVICE: Final[dict[type[Exception], str]] = {
    DeployFailed: "If the state kept from earlier starts is in the way: make run FRESH=1",
    DemoFailed: "The functions' own words are in .local/logs/functions.log; to start with nothing: make run FRESH=1",
    EmulatorFailed: "If the state kept from earlier starts is in the way: make run FRESH=1",
}


class _Asked(BaseException):
    """The platform was asked to stop."""


def main() -> int:
    """Run until asked to end; the exit status."""
    try:
        options = Options.from_environment()
    except BadOption as bad:
        print(bad, file=sys.stderr)
        return 2
    return _detached() if options.detach else _attached(options)


def _attached(options: Options) -> int:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _ask_to_end)
    print("PayCoreX\n", flush=True)
    try:
        with platform.running(options, os.getpid()) as started:
            print(summary(started), flush=True)
            started.logs.start()
            threading.Event().wait()
    except _Asked:
        print("\nStopped. The state is kept for the next start.", flush=True)
        return 0
    except (AlreadyRunning, NotEmpty, PortTaken, BuildFailed, EmulatorFailed, DeployFailed, DemoFailed, NoInvitation) as failure:
        print(f"\n{failure}\n{_ADVICE.get(type(failure), '')}".rstrip(), file=sys.stderr, flush=True)
        return 1
    return 0


def _ask_to_end(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C would tear the saving of the state.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise _Asked


def summary(started: Platform) -> str:
    """What is to be seen when the platform is ready: what was paid, and three things to do next."""
    return "\n".join(
        [
            "",
            _payment_text(started.shown),
            "",
            f"Ready after {started.seconds:.0f} s. Next:",
            "",
            f"  Look   {started.base_url}/  and sign in with the demo merchant of .local/platform.json",
            f"  Read   {started.base_url}/docs/  the quickstart, guides, and every operation to try",
            "  Call   bash .local/try.sh  a signed request by hand, to read and to change",
            "",
            *_waiting(started.offer),
            *([] if started.invitation is None else [f"The first operator adds a passkey, once: {started.invitation}", ""]),
            f"Ctrl-C stops it. The emulator of AWS is at {started.emulator.url} (stack {started.stack.name}). Every request from here on:",
            "",
        ]
    )


def _payment_text(shown: Shown) -> str:
    payment = shown.payment
    paid = f"  Paid       {payment['amount']} {payment['currency']} from a wallet: {payment['payment_id']} is {payment['status']}"
    left = f"  Wallet     {shown.balance} {payment['currency']} left"
    if shown.webhook_seconds is None:
        return f"{paid}\n{left}\n  Webhook    payment.success has not arrived yet; see GET /v1/webhooks/deliveries"
    checked = "its signature is right" if shown.webhook_genuine else "ITS SIGNATURE IS WRONG"
    return f"{paid}\n{left}\n  Webhook    payment.success arrived after {shown.webhook_seconds:.1f} s, {checked}"


def _waiting(offer: Offer | None) -> list[str]:
    if offer is None:
        return []
    line = f"A payment of {offer.amount} waits on the test chain ({offer.payment_id}). This pays it; it settles within two minutes:"
    return [line, "", offer.command, ""]


def _detached() -> int:
    """Start in the background, show its start, return when it is ready."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "platform.log"
    with log.open("wb") as output:
        environment = {**os.environ, "DETACH": ""}
        child = subprocess.Popen(
            [sys.executable, "-m", "local.run"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + _DETACHED_START_SECONDS
    with log.open() as shown:
        while time.monotonic() < deadline:
            ended = child.poll()
            print(shown.read(), end="", flush=True)
            if ended is not None:
                return ended or 1
            known = platform_file.find_running()
            if known is not None and known.process_id == child.pid and known.ready:
                time.sleep(0.2)
                print(shown.read(), end="", flush=True)
                print(f"It runs in the background (process {child.pid}, log {log.relative_to(ROOT)}). To end it: make stop")
                return 0
            time.sleep(0.1)
    processes.end_gently(child.pid, patience_seconds=STOP_SECONDS)
    print(f"The platform was not ready after {_DETACHED_START_SECONDS} seconds; see {log.relative_to(ROOT)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
