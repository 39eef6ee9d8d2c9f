"""The parts of the local platform that need neither emulator nor network."""

import hashlib
import hmac
import os
import stat
from pathlib import Path

import pytest

from local import ahead, build_cache, logs, platform_file, webhook_receiver
from local.options import BadOption, Options
from local.paths import ROOT
from local.sources import Stamp, content_hash


def test_a_hash_follows_names_and_contents_but_not_dates_or_caches(tmp_path: Path) -> None:
    file = tmp_path / "room" / "door.py"
    file.parent.mkdir()
    file.write_text("one")
    before = content_hash([tmp_path / "room"], "x86_64")

    os.utime(file, (0, 0))
    (tmp_path / "room" / "__pycache__").mkdir()
    (tmp_path / "room" / "__pycache__" / "door.pyc").write_text("compiled")
    assert content_hash([tmp_path / "room"], "x86_64") == before
    assert content_hash([tmp_path / "room"], "arm64") != before

    file.rename(file.with_name("exit.py"))
    renamed = content_hash([tmp_path / "room"], "x86_64")
    assert renamed != before
    file.with_name("exit.py").write_text("two")
    assert content_hash([tmp_path / "room"], "x86_64") not in {before, renamed}


def test_a_stamp_remembers_what_it_was_made_from(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "deep" / "stamp")
    assert not stamp.says("one")
    stamp.write("one")
    assert stamp.says("one")
    assert not stamp.says("two")


def test_a_part_is_made_once_per_key_and_after_an_interrupted_try(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(directory: Path) -> None:
        made.append(directory)
        directory.mkdir()
        if len(made) == 1:
            (directory / "half").write_text("interrupted")
            raise KeyboardInterrupt
        (directory / "file").write_text(str(len(made)))

    with pytest.raises(KeyboardInterrupt):
        build_cache.cached("rooms", "a", make, cache=tmp_path)
    first = build_cache.cached("rooms", "a", make, cache=tmp_path)
    assert build_cache.cached("rooms", "a", make, cache=tmp_path) == first
    assert [file.name for file in first.iterdir()] == ["file"]

    second = build_cache.cached("rooms", "b", make, cache=tmp_path)
    assert len(made) == 3
    assert not first.exists()
    build_cache.link_tree(second, tmp_path / "artifact")
    assert (tmp_path / "artifact" / "file").samefile(second / "file")


def test_options_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "EMULATOR_PORT", "FRESH", "DETACH", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    assert Options.from_environment() == Options(port=8080, emulator_port=None, fresh=False, detach=False, demo=False)
    for name, value in {"PORT": "9000", "EMULATOR_PORT": "9001", "FRESH": "1", "DETACH": "0"}.items():
        monkeypatch.setenv(name, value)
    assert Options.from_environment() == Options(port=9000, emulator_port=9001, fresh=True, detach=False, demo=False)


@pytest.mark.parametrize("port", ["http", "-1", "0", "65536", "80 81"])
def test_a_port_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(BadOption, match=f"PORT={port}"):
        Options.from_environment()


def test_files_with_credentials_are_private(tmp_path: Path) -> None:
    file = tmp_path / "platform.json"
    platform_file.write_private(file, {"secret": "sk"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert platform_file.read(file) == {"secret": "sk"}
    file.write_text("{half")
    assert platform_file.read(file) is None
    assert platform_file.read(tmp_path / "none") is None


BODY = b'{"event":"payment.success","data":{"payment_id":"pay_1"}}'


@pytest.mark.parametrize(("secret", "genuine"), [("whsec_x", True), ("whsec_y", False)])
def test_the_inbox_tells_genuine_webhooks_from_others(secret: str, *, genuine: bool) -> None:
    came: list[webhook_receiver.Received] = []
    receiver = webhook_receiver.WebhookReceiver(came.append)
    receiver.secret = "whsec_x"
    signature = hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()
    assert (
        receiver.receive(webhook_receiver.PATH, [("X-Webhook-Signature", signature), ("X-Webhook-Event", "payment.success")], BODY) == 200
    )
    received = receiver.wait_for("payment.success", "pay_1", seconds=0)
    assert received is not None
    assert received.genuine is genuine
    assert came == [received]
    line = logs.webhook_line(received)
    assert ("payment.success" in line, "pay_1" in line, line.endswith("right")) == (True, True, genuine)


def test_the_inbox_waits_for_the_payment_it_was_asked_about() -> None:
    receiver = webhook_receiver.WebhookReceiver(lambda _received: None)
    assert receiver.wait_for("payment.success", "pay_1", seconds=0) is None
    assert receiver.receive("/_local/else", [], BODY) == 404
    assert receiver.receive(webhook_receiver.PATH, [], b"not json") == 400
    receiver.receive(webhook_receiver.PATH, [("x-webhook-event", "payment.success")], BODY)
    assert receiver.wait_for("payment.success", "pay_2", seconds=0) is None
    assert receiver.wait_for("payment.created", "pay_1", seconds=0) is None
    assert receiver.wait_for("payment.success", "pay_1", seconds=0) is not None


def test_a_request_is_one_line_with_what_its_function_logged() -> None:
    logged = {"merchant_id": "mer_1", "code": "insufficient_funds", "replayed": True}
    line = logs.request_line(0.0, "POST", "/v1/wallet/pay", 402, 12.4, logged)
    for word in ("POST", "/v1/wallet/pay", "402", "12 ms", "mer_1", "insufficient_funds", "replayed"):
        assert word in line
    assert "\n" not in line
    assert logs.request_line(0.0, "GET", "/none", 404, 1.0, None).endswith("1 ms")


def test_only_work_worth_a_line_is_shown() -> None:
    assert logs.work_line(0.0, {"level": "INFO", "message": "dispatched", "service": "webhook_dispatcher"}) is None
    shown = logs.work_line(0.0, {"level": "INFO", "message": "deliveries", "service": "webhook_sender", "delivered": 2, "_aws": {}})
    assert shown is not None
    assert shown.endswith("webhook_sender: deliveries  delivered=2")
    assert logs.work_line(0.0, {"level": "ERROR", "message": "x", "service": "s", "stack": ["frame"]}) is not None


def test_the_functions_that_are_started_ahead_are_in_the_template() -> None:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    assert [name for name in ahead._FIRST if f"\n  {name}:\n" not in template] == []
