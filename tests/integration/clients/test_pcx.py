"""The command line, run as a merchant runs it, against a platform in this process."""

import json
import re
import shlex
import stat
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.clients.contract import CLIENTS, load
from paycorex_client import PayCoreX, webhooks
from paycorex_client.cli import profiles, triggers
from paycorex_client.cli.app import app
from paycorex_client.cli.listening import Listener, Position
from tests.integration.clients.conftest import Platform

README = (CLIENTS / "python" / "README.md").read_text(encoding="utf-8")


class Shop:
    """A merchant's server on this machine. It notes what is genuine, and answers `status`."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.secret, self.status = "", 204
        handler = type("Handler", (_Receiver,), {"shop": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"

    def start(self) -> None:
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Receiver(BaseHTTPRequestHandler):
    shop: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = webhooks.parse(body, dict(self.headers.items()), self.shop.secret)
        assert self.headers["X-Webhook-Event"] == event.event
        self.shop.events.append(json.loads(body))
        self.send_response(self.shop.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(profiles.FOLDER_VARIABLE, str(tmp_path / "pcx"))
    monkeypatch.setenv("COLUMNS", "200")
    # Settled after a moment instead of half a minute: the test has no time, and the order of things is the same.
    monkeypatch.setattr("webhooks.events.log.SETTLING_MS", 50)
    return tmp_path / "pcx"


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    shop.start()
    yield shop
    shop.stop()


def pcx(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=given)


def answer(*arguments: str) -> Any:
    done = pcx("--json", *arguments)
    assert done.exit_code == 0, done.output
    # The platform logs in the same process.
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def merchant(platform: Platform) -> Platform:
    """Signed in."""
    done = pcx("login", "--base-url", platform.url, "--api-key", platform.who.api_key, "--secret-stdin", given=f"{platform.who.secret}\n")
    assert done.exit_code == 0, done.output
    assert platform.who.secret not in done.output
    return platform


def test_a_login_is_kept_for_its_owner_alone(merchant: Platform, folder: Path) -> None:
    file = folder / "profiles.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    assert pcx("profiles").stdout.split() == ["default", merchant.url]
    assert (
        answer("--profile", "tea", "register", "--base-url", merchant.url, "--name", "Tea", "--email", "t@example.com")["profile"] == "tea"
    )
    assert profiles.names() == ["default", "tea"]


def test_a_wrong_secret_is_not_kept(platform: Platform) -> None:
    done = pcx("--json", "login", "--base-url", platform.url, "--api-key", platform.who.api_key, "--secret-stdin", given="wrong\n")
    assert (done.exit_code, json.loads(done.stdout)["error"]["code"]) == (1, "unauthorized")
    assert profiles.names() == []


def test_payments_from_the_command_line(merchant: Platform) -> None:
    merchant.http.world.wallet(merchant.who, "asha", "500.00")
    made = answer(
        "payments", "create", "100.50", "--method", "wallet", "--user", "asha", "--metadata", "order=A-1", "--idempotency-key", "A-1"
    )
    again = answer(
        "payments", "create", "100.50", "--method", "wallet", "--user", "asha", "--metadata", "order=A-1", "--idempotency-key", "A-1"
    )
    assert (made["status"], made["metadata"], again["payment_id"]) == ("success", {"order": "A-1"}, made["payment_id"])
    assert answer("payments", "refund", made["payment_id"], "--amount", "0.50")["amount"] == "0.50"
    assert answer("payments", "get", made["payment_id"])["amount_refunded"] == "0.50"
    held = answer("payments", "create", "20", "--method", "wallet", "--user", "asha", "--manual")["payment_id"]
    assert answer("payments", "capture", held, "--amount", "5")["amount"] == "5.00"
    listed = [json.loads(line) for line in pcx("--json", "payments", "list", "--limit", "1").stdout.splitlines()]
    assert [each["payment_id"] for each in listed] == [held]
    assert made["payment_id"] in pcx("payments", "list", "--status", "success").stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("payments", "get", "pay_aaaaaaaaaaaaaaaaaaaaaaaaaa"), 1),
        (("payments", "create"), 2),
        (("payments", "create", "10", "--method", "cash"), 2),
        (("--profile", "none", "payments", "list"), 4),
        (("trigger", "crypto.detected", "--no-wait"), 1),
        (("trigger", "payment.succeeded"), 1),
    ],
)
def test_exit_statuses(merchant: Platform, arguments: tuple[str, ...], status: int) -> None:
    assert pcx(*arguments).exit_code == status


def test_no_answer_is_another_status_than_a_refusal(merchant: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles.save("gone", profiles.new("http://127.0.0.1:1", "pk", "sk"))
    monkeypatch.setattr("paycorex_client.client.RETRY_FOR_SECONDS", 0)
    monkeypatch.setattr("paycorex_client.attempts.Attempts._may_change", lambda *_: False)
    assert pcx("--profile", "gone", "payments", "list").exit_code == 3


def test_a_listener_forwards_what_happens_after_it_began(merchant: Platform, shop: Shop) -> None:
    merchant.http.world.wallet(merchant.who, "asha", "500.00")
    merchant.http.move()
    shop.secret = profiles.load("default").listen_secret
    began = pcx("--json", "listen", "--forward-to", shop.url, "--once")
    assert (began.exit_code, shop.events) == (0, [])
    assert json.loads(began.stdout.splitlines()[0])["secret"] == shop.secret
    made = answer("payments", "create", "10", "--method", "wallet", "--user", "asha")["payment_id"]
    shown = pcx("listen", "--forward-to", shop.url, "--once").stdout
    assert [(each["event"], each["data"]["payment_id"]) for each in shop.events] == [("payment.success", made)]
    assert "204  payment.success" in shown
    assert pcx("listen", "--forward-to", shop.url, "--once").exit_code == 0
    assert len(shop.events) == 1, "forwarded once"


def test_resend_reaches_the_listener(merchant: Platform, shop: Shop) -> None:
    shop.secret = profiles.load("default").listen_secret
    pcx("listen", "--forward-to", shop.url, "--once")
    done = answer("trigger", "wallet.topup")
    pcx("listen", "--forward-to", shop.url, "--once")
    assert answer("resend", done["event_id"])["event_id"] == done["event_id"]
    pcx("listen", "--forward-to", shop.url, "--once")
    assert answer("resend", done["event_id"], "--forward-to", shop.url)["status"] == 204
    assert [each["id"] for each in shop.events] == [done["event_id"]] * 3


class Killed(BaseException):
    """The process is gone."""


def test_ten_kills_lose_no_event_and_keep_the_order_of_each_object(merchant: Platform, tmp_path: Path) -> None:
    """Killed each time either before the server was asked or after it answered and before that was noted."""
    merchant.http.world.wallet(merchant.who, "asha", "500.00")
    merchant.http.move()
    got: list[Any] = []
    with PayCoreX(merchant.who.api_key, merchant.who.secret, base_url=merchant.url) as client:
        Listener(client, Position.load(tmp_path / "position"), got.append).begin()
        ids = []
        for kill in range(10):
            paid = client.payments.create(amount=1, method="wallet", user_id="asha", capture_method="manual").payment_id
            ids += [paid, client.payments.capture(paid).payment_id]
            left = 1 + kill % 2

            def deliver(event: Any, *, before: bool = kill % 3 == 0) -> None:
                nonlocal left
                left -= 1
                if left == 0 and before:
                    raise Killed
                got.append(event)
                if left == 0:
                    raise Killed

            with pytest.raises(Killed):
                Listener(client, Position.load(tmp_path / "position"), deliver).step()
        Listener(client, Position.load(tmp_path / "position"), got.append).step()
        wanted = [
            event for page in client.events.list(limit=100).json_pages() for event in page["data"] if event["data"].get("payment_id") in ids
        ]
    times = Counter(event["id"] for event in got)
    assert set(times) >= {event["id"] for event in wanted}
    assert len(wanted) >= 20
    first = {event["id"]: number for number, event in reversed(list(enumerate(got)))}
    assert all(first[each["previous_event_id"]] < first[each["id"]] for each in got if each["previous_event_id"] in first)
    assert sum(times.values()) <= len(times) + 10, "twice only what was under way at a kill"


def test_a_trigger_makes_its_event_happen(merchant: Platform) -> None:
    """Those that no schedule brings."""
    at_once = [event for event in triggers.TRIGGERS if event not in triggers.SLOW_SECONDS]
    assert len(at_once) >= 14
    for event in at_once:
        assert str(answer("trigger", event)["event_id"]).startswith("evt_"), event


def test_every_event_is_triggered_or_says_why_not() -> None:
    events = set(load().event_data)
    assert set(triggers.TRIGGERS) <= events
    assert {event for event in events - set(triggers.TRIGGERS) if triggers.why_not(event) is None} == set()
    assert set(triggers.SLOW_SECONDS) <= set(triggers.TRIGGERS)


def test_a_file_of_calls_runs(merchant: Platform, tmp_path: Path) -> None:
    done = pcx("fixtures", "run", str(CLIENTS / "cases.json"))
    assert done.exit_code == 0, done.stdout
    assert done.stdout.count("ok  ") == len(json.loads((CLIENTS / "cases.json").read_text(encoding="utf-8"))["cases"])
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps([{"call": "merchant.get", "expect": {"name": "Someone else"}}]), encoding="utf-8")
    assert pcx("fixtures", "run", str(wrong)).exit_code == 1
    for bad in ("{", "[1]", '[{"call": "payments.steal"}]', '[{"call": "payments.get", "path": {"payment_id": "${none}"}}]'):
        wrong.write_text(bad, encoding="utf-8")
        assert pcx("fixtures", "run", str(wrong)).exit_code == 1


def test_the_readmes_commands_run(platform: Platform, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (step,) = re.findall(r"makes the calls of a JSON file: `(.*)`", README)
    (tmp_path / "steps.json").write_text(step, encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines():
        command = line.replace("http://127.0.0.1:8080", platform.url).replace("http://127.0.0.1:3000/webhooks", shop.url)
        program, *arguments = shlex.split(command)
        assert program == "pcx"
        done = pcx(*arguments, *(["--once"] if arguments[0] == "listen" else []))
        assert done.exit_code == 0, done.output
    shop.secret = profiles.load("default").listen_secret
    pcx("listen", "--forward-to", shop.url, "--once")
    assert "payment.success" in [each["event"] for each in shop.events]


def test_completion_is_there_and_secrets_are_not() -> None:
    assert "--show-completion" in pcx("--help").stdout
    assert "s3cret" not in repr(profiles.new("http://api", "pk", "s3cret"))
