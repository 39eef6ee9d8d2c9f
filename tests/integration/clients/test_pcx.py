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
from unittest.mock import Mock

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from local.clients.contract import CLIENTS, load
from paycorex_client import PayCoreX, webhooks
from paycorex_client.cli import profiles, triggers
from paycorex_client.cli.app import app
from paycorex_client.cli.listening import Listener, Position
from paycorex_client.errors import ApiError
from paycorex_client.resources.endpoints import Endpoints
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
        (("trigger", "crypto.detected", "--no-wait", "--chain-url", "http://127.0.0.1:1"), 1),
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


# This platform's links lead to no server, and it sends nothing to this machine: these two are tried on the deployed one.
ELSEWHERE = {"checkout.paid", "webhook.disabled"}


def test_a_trigger_makes_its_event_happen(merchant: Platform) -> None:
    """Those that no schedule brings."""
    at_once = [event for event in triggers.TRIGGERS if event not in triggers.SLOW_SECONDS and event not in ELSEWHERE]
    assert len(at_once) >= 16
    for event in at_once:
        assert str(answer("trigger", event)["event_id"]).startswith("evt_"), event


def test_a_review_is_triggered_and_the_rules_of_before_come_back(merchant: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "_wait_for_rules", merchant.http.world.restart)
    with PayCoreX(merchant.who.api_key, merchant.who.secret, base_url=merchant.url) as client:
        before = client.merchant.get().risk_rules
        payment_id = triggers.BY_CALLS["payment.reviewed"](client)
        risk = client.payments.get(payment_id).risk
        assert risk is not None
        assert (risk.rule_id, risk.decision) == ("pcx-trigger", "declined")
        assert client.merchant.get().risk_rules == before


def test_every_event_of_the_contract_has_a_trigger() -> None:
    assert set(triggers.TRIGGERS) == set(load().event_data)
    assert set(triggers.SLOW_SECONDS) | set(triggers.NOTES) | set(triggers.ADVICE) <= set(triggers.TRIGGERS)


def test_a_key_that_would_end_by_it_is_not_rotated(merchant: Platform) -> None:
    with PayCoreX(merchant.who.api_key, merchant.who.secret, base_url=merchant.url) as client:
        client.api_keys.rotate(overlap_seconds=600)
        before = {key.key_id: key.expires_at for key in client.api_keys.list()}
        done = pcx("--json", "trigger", "apikey.rotated")
        assert (done.exit_code, "would end" in json.loads(done.stdout.splitlines()[-1])["error"]["message"]) == (1, True)
        assert {key.key_id: key.expires_at for key in client.api_keys.list()} == before


def test_the_key_of_the_profile_goes_on_after_a_rotation(merchant: Platform) -> None:
    made = answer("trigger", "apikey.rotated")["object"]
    with PayCoreX(merchant.who.api_key, merchant.who.secret, base_url=merchant.url) as client:
        keys = {key.key_id: key for key in client.api_keys.list()}
    own = next(key for key in keys.values() if key.key_id != made)
    assert (own.status, own.expires_at, keys[made].status) == ("active", None, "revoked")


def test_what_cannot_be_made_here_says_what_to_do(merchant: Platform, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No chain, a server that is no chain, and a platform that refuses an address of this machine."""
    for url, wanted in (("http://127.0.0.1:1", "no test chain"), (shop.url, "no test chain"), ("no address", "no test chain")):
        done = pcx("--json", "trigger", "crypto.confirmed", "--chain-url", url)
        error = json.loads(done.stdout.splitlines()[-1])["error"]["message"]
        assert (done.exit_code, wanted in error, "make run" in error) == (1, True, True), error
    refused = ApiError(400, {"code": "invalid_url"}, retry_after=None, idempotency_key=None)
    monkeypatch.setattr(Endpoints, "create", Mock(side_effect=refused))
    done = pcx("--json", "trigger", "webhook.disabled")
    assert (done.exit_code, "public address" in done.stdout) == (1, True)


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


def completed(*words: str) -> list[str]:
    """What a shell offers after these words of which the last is unfinished."""
    shell = {"_PCX_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    return CliRunner().invoke(app, env=shell, prog_name="pcx").stdout.split()


def test_a_shell_completes_commands_and_events() -> None:
    assert completed("pcx", "pay") == ["payments"]
    assert {"create", "get", "list", "refund", "capture"} <= set(completed("pcx", "payments", ""))
    assert completed("pcx", "trigger", "payment.s") == ["payment.success"]
    assert completed("pcx", "trigger", "") == list(triggers.TRIGGERS)


def test_long_work_says_that_it_goes_on(merchant: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paycorex_client.cli.clock.WAIT_SECONDS", 0)
    for command, wanted in (
        (("trigger", "wallet.topup"), "waiting for wallet.topup"),
        (("clock", "advance", "P1D"), "what waits is moving"),
    ):
        done = CliRunner().invoke(app, command, env={"FORCE_COLOR": "1", "TERM": "xterm"})
        assert wanted in done.stderr
    # For a program there is nothing but the answer.
    done = CliRunner().invoke(app, ("--json", "trigger", "wallet.topup"), env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert (done.exit_code, done.stderr) == (0, "")


def every_command(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*before, name))
        else:
            yield (*before, name)


def test_every_command_prints_json_alone(merchant: Platform, shop: Shop, tmp_path: Path) -> None:
    """Each is run: a command that is added has to be added here."""
    merchant.http.world.wallet(merchant.who, "asha", "500.00")
    held = answer("payments", "create", "20", "--method", "wallet", "--user", "asha", "--manual")["payment_id"]
    event = answer("trigger", "wallet.topup")["event_id"]
    steps = tmp_path / "steps.json"
    steps.write_text('[{"call": "merchant.get"}]', encoding="utf-8")
    arguments = {
        ("login",): ("--base-url", merchant.url, "--api-key", merchant.who.api_key, "--secret-stdin"),
        ("register",): ("--base-url", merchant.url, "--name", "Tea", "--email", "t@example.com"),
        ("payments", "create"): ("10", "--method", "wallet", "--user", "asha"),
        ("payments", "get"): (held,),
        ("payments", "capture"): (held,),
        ("payments", "refund"): (held,),
        ("payments", "list"): (),
        ("fixtures", "run"): (str(steps),),
        ("clock", "show"): (),
        ("clock", "advance"): ("P1D", "--no-wait"),
        ("logs", "tail"): ("--once",),
        ("listen",): ("--forward-to", shop.url, "--once"),
        ("trigger",): ("wallet.topup",),
        ("resend",): (event,),
        ("profiles",): (),
    }
    assert set(every_command(get_command(app))) == set(arguments)
    shop.secret = profiles.load("default").listen_secret
    for command, given in arguments.items():
        chosen = ("--profile", "tea") if command == ("register",) else ()
        done = pcx("--json", *chosen, *command, *given, given=f"{merchant.who.secret}\n" if command == ("login",) else None)
        # The platform logs in the same process, JSON too.
        assert (done.exit_code, done.stderr) == (0, ""), (command, done.output)
        assert [line for line in done.stdout.splitlines() if not isinstance(json.loads(line), dict)] == []


def test_completion_is_there_and_secrets_are_not() -> None:
    assert "--show-completion" in pcx("--help").stdout
    assert "s3cret" not in repr(profiles.new("http://api", "pk", "s3cret"))
