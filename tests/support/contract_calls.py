"""What routes answer while tests run, held to the contract: a refusal whose code an operation does not list fails the test.

CONTRACT_CALLS=add keeps what was answered in `.local/contract_calls/`, a file per process; `python -m tests.support.contract_examples`
then writes from it the examples of the document and the codes that no operation lists yet. Run it after the tests of a new route.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from local import openapi
from local.openapi import refusals
from local.paths import ROOT
from paycorex import clock, events
from paycorex.events import Event
from paycorex.http import App
from paycorex.http.routes import Route
from paycorex.records.event import EventItem
from paycorex.records.event import body as event_body

_KEEPS: Final = os.environ.get("CONTRACT_CALLS") == "add"
_FOLDER: Final = ROOT / ".local" / "contract_calls"
# A compressed answer begins so (RFC 1952).
_GZIP: Final = b"\x1f\x8b"
# What every refusal has.
_ERROR: Final = b'"error"'
# An example that is longer is not read.
_LONGEST: Final = 8_000
_best: Final[dict[tuple[str, int], int]] = {}
_codes: Final[set[tuple[str, str]]] = set()


def note(route: Route, raw: bytes, content_type: str) -> None:
    """Hold an answer to the contract."""
    if not raw or "json" not in content_type or _KEEPS:
        return
    text = gzip.decompress(raw) if raw.startswith(_GZIP) else raw
    # Most answers are no refusals, and are not parsed for it.
    code = _code_of(json.loads(text)) if _ERROR in text else None
    if code is not None:
        assert code in _listed()[id(route)], f"{route.method} {route.path} answers {code}, which its operation does not list"


def _code_of(answer: object) -> str | None:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error["code"]) if isinstance(error, dict) and "code" in error else None


@cache
def _listed() -> Mapping[int, frozenset[str]]:
    return {id(route): frozenset(refusals.codes(route)) for app in openapi.apps() for route in app.routes}


def _keep(route: Route, body: bytes, status: int, answer: Any, code: str | None) -> None:
    name = route.function.__name__
    if code is not None:
        if (name, code) not in _codes:
            _codes.add((name, code))
            _write({"operation": name, "code": code, "answer": answer})
        return
    try:
        sent = json.loads(body) if body else None
    except ValueError:
        return
    worth = _facts(answer) + 3 * _facts(sent)
    if worth > _best.get((name, status), -1) and len(json.dumps([sent, answer])) <= _LONGEST:
        _best[name, status] = worth
        _write({"operation": name, "status": status, "sent": sent, "answer": answer, "worth": worth})


def _keeping(of_record: Callable[..., Event]) -> Callable[..., Event]:
    def kept_event(*given: Any) -> Event:
        event = of_record(*given)
        created_at = clock.rfc3339(event.event_at)
        body = {"id": event.event_id, "event": event.event, "created_at": created_at, "sequence": event.sequence}
        _keep_event(event.event, body | {"previous_event_id": event.previous_event_id, "data": event.data})
        return event

    return kept_event


def _keep_event(name: str, body: Mapping[str, Any]) -> None:
    worth = _facts(body["data"])
    if _best.setdefault((name, 0), worth) <= worth:
        _best[name, 0] = worth + 1
        _write({"event": name, "answer": body, "worth": worth})


def keep_events(dump: Callable[[], Mapping[str, list[Any]]], stream: Callable[[str], list[Any]]) -> None:
    """Keep what the records of a world that ends would send to endpoints: no test need deliver each event for its example.

    dump: reads the items by table. stream: the changes of a table that nothing has read yet. Both only where calls are recorded.
    """
    if not _KEEPS:
        return
    items = dump()
    for image in items.get("events", ()):
        stored = EventItem.load(image)
        # The one event that is of no record's change.
        if stored.event == "webhook.test":
            _keep_event(stored.event, json.loads(event_body(stored)))
    for table in events.KINDS:
        for record in stream(table):
            events.from_stream(record)
    for table, kind in events.KINDS.items():
        for image in items.get(table, ()):
            item = kind.model.load(image)
            if item.event is not None:
                events.of_record(item, kind.record_id(item), kind.view(item).model_dump(mode="json"))


def _facts(content: Any) -> int:
    """How much an example shows: values that are not null, of lists the first item's."""
    if isinstance(content, dict):
        return sum(_facts(value) for value in content.values())
    if isinstance(content, list):
        return _facts(content[0]) if content else 0
    return 0 if content is None else 1


def _write(line: Mapping[str, Any]) -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def kept() -> Iterator[dict[str, Any]]:
    """What was kept, a line for each answer."""
    for path in sorted(_FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _watching(handler: Callable[[App, Any, object], dict[str, Any]]) -> Callable[[App, Any, object], dict[str, Any]]:
    def watched(app: App, event: Any, context: object) -> dict[str, Any]:
        answer = handler(app, event, context)
        found = app._router.find(str(event.get("httpMethod", "")), event["path"])
        is_json = "json" in str({**(answer.get("headers") or {}), **(answer.get("multiValueHeaders") or {})})
        if found is not None and is_json and answer.get("body") and not answer.get("isBase64Encoded"):
            content = json.loads(answer["body"])
            _keep(found[0], (event.get("body") or "").encode(), answer["statusCode"], content, _code_of(content))
        return answer

    return watched


if _KEEPS:
    events.of_record = _keeping(events.of_record)
    App.handler = _watching(App.handler)  # type: ignore[method-assign, assignment]  # tests that call a door without a gateway are kept too
