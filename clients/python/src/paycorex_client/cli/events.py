"""`pcx listen`, `pcx trigger`, `pcx resend` and `pcx logs tail`."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from paycorex_client.cli import chains, profiles, triggers
from paycorex_client.cli.forwarding import forward
from paycorex_client.cli.listening import Listener, Position, find
from paycorex_client.cli.output import Exit
from paycorex_client.cli.session import Session
from paycorex_client.errors import Unreachable

logs = typer.Typer(no_args_is_help=True, help="Requests of this merchant.")
POLL_SECONDS = 1.0


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(listen)
    app.command()(trigger)
    app.command()(resend)
    app.add_typer(logs, name="logs")


def _state(session: Session, url: str) -> Path:
    """Where a listener's position is kept: one for each profile and address."""
    return profiles.folder() / "listen" / f"{session.profile_name}-{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"


def _resends(session: Session) -> Path:
    return profiles.folder() / "listen" / f"{session.profile_name}.resend"


def listen(
    context: typer.Context,
    forward_to: Annotated[str, typer.Option("--forward-to", help="Such as http://127.0.0.1:3000/webhooks.")],
    event: Annotated[list[str] | None, typer.Option(help="Only these events.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Forward what there is, and end.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Forward events to a server on this machine, signed with a secret of this profile. Goes on where it was stopped."""
    session: Session = context.obj
    with session.output.trouble(), _ends_quietly(), httpx.Client() as http:

        def deliver(found: Any) -> None:
            status = _patiently(session, http, forward_to, found)
            session.output.line(status=status, event=found["event"], id=found["id"])

        listener = Listener(session.client, Position.load(_state(session, forward_to)), deliver, frozenset(event or ()))
        listener.begin()
        session.output.line(ready=f"Ready. Forwarding to {forward_to}. Signing secret:", secret=session.profile.listen_secret)
        while True:
            _step(session, listener)
            if once:
                return
            time.sleep(POLL_SECONDS)


def _step(session: Session, listener: Listener) -> None:
    try:
        _resend_asked(session, listener)
        listener.step()
    except Unreachable as error:
        session.output.notes.print(f"the API does not answer, trying again: {error}", markup=False)


def _patiently(session: Session, http: httpx.Client, url: str, event: Any) -> int:
    """Forward until the server answers: an event is not skipped because the server is being restarted."""
    pause = 0.5
    while True:
        try:
            return forward(http, url, event, session.profile.listen_secret)
        except httpx.TransportError as error:
            session.output.notes.print(f"{url} does not answer, trying again: {error}", markup=False)
            time.sleep(pause)
            pause = min(pause * 2, 5.0)


def _resend_asked(session: Session, listener: Listener) -> None:
    """What `pcx resend` left for the listeners of this profile."""
    folder = _resends(session)
    for asked in sorted(folder.glob("evt_*")) if folder.is_dir() else []:
        found = find(session.client, asked.name)
        if found is not None:
            listener.deliver(found)
        asked.unlink(missing_ok=True)


@contextmanager
def _ends_quietly() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _triggerable(incomplete: str) -> list[str]:
    return [event for event in triggers.TRIGGERS if event.startswith(incomplete)]


def trigger(
    context: typer.Context,
    event: Annotated[str, typer.Argument(autocompletion=_triggerable)],
    wait: Annotated[bool, typer.Option(help="Wait until the event is there.")] = True,  # noqa: FBT002 - typer's way
    chain_url: Annotated[str, typer.Option(envvar="PCX_CHAIN_URL", help="Of a test chain, for crypto's events.")] = chains.DEFAULT_URL,
) -> None:
    """Make an event happen in the sandbox, such as payment.success."""
    session: Session = context.obj
    if event not in triggers.TRIGGERS:
        session.output.notes.print(f"no such event; there are: {', '.join(triggers.TRIGGERS)}", markup=False)
        raise typer.Exit(Exit.REFUSED)
    name: Any = event
    if wait and event in triggers.SLOW_SECONDS:
        session.output.notes.print(f"{event} comes by a schedule; on the local platform `paycorex time +10m` is faster", markup=False)
    with session.output.trouble():
        if event in triggers.NOTES:
            session.output.notes.print(triggers.NOTES[event], markup=False)
        before = {found.id for found in next(session.client.events.list(event=name, limit=100).pages()).data}
        made = triggers.make(session.client, event, api_key=session.profile.api_key, chain_url=chain_url)
        session.output.notes.print(f"made {made}", markup=False)
        found_id = _wait_for(session, name, before) if wait else None
        session.output.one({"event": event, "object": made, "event_id": found_id})
        if wait and found_id is None:
            session.output.notes.print(triggers.ADVICE.get(event, f"{event} did not come in time; it may yet"), markup=False)
            raise typer.Exit(Exit.UNREACHABLE)


def _wait_for(session: Session, event: Any, before: set[str]) -> str | None:
    ends = time.monotonic() + triggers.SLOW_SECONDS.get(event, 30)
    with session.output.progress(f"waiting for {event}"):
        while time.monotonic() < ends:
            for found in next(session.client.events.list(event=event, limit=100).pages()).data:
                if found.id not in before:
                    return found.id
            time.sleep(POLL_SECONDS / 2)
    return None


def resend(
    context: typer.Context,
    event_id: str,
    forward_to: Annotated[str | None, typer.Option("--forward-to", help="Straight to this server.")] = None,
) -> None:
    """Send an event again: to the endpoints that had it, and to the listeners of this profile."""
    session: Session = context.obj
    with session.output.trouble():
        if forward_to is not None:
            found = find(session.client, event_id)
            if found is None:
                session.output.notes.print(f"no event {event_id} among the newest", markup=False)
                raise typer.Exit(Exit.REFUSED)
            with httpx.Client() as http:
                session.output.one({"event_id": event_id, "status": _patiently(session, http, forward_to, found)})
            return
        deliveries = [each.delivery_id for each in session.client.deliveries.list(event_id=event_id)]
        for delivery_id in deliveries:
            session.client.deliveries.redeliver(delivery_id)
        profiles.write_private(_resends(session) / event_id, "")
        session.output.one({"event_id": event_id, "deliveries": deliveries, "listeners": "asked"})


@logs.command()
def tail(
    context: typer.Context,
    status: Annotated[str | None, typer.Option(help="Such as 4xx or 402.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Show the newest, and end.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Requests as they are made: time, method, path, status, code, duration, id."""
    session: Session = context.obj
    shown: set[str] = set()
    with session.output.trouble(), _ends_quietly():
        while True:
            listed = session.client.requests.list(limit=50) if status is None else session.client.requests.list(limit=50, status=status)
            for each in reversed(next(listed.json_pages())["data"]):
                if each["request_id"] not in shown:
                    shown.add(each["request_id"])
                    fields = ("at", "method", "path", "status", "code", "duration_ms", "request_id")
                    session.output.line(**{name: each.get(name) for name in fields})
            if once:
                return
            time.sleep(POLL_SECONDS * 2)
