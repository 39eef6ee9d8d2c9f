"""Every `pcx trigger <event>` on the running platform makes its event happen; what a schedule brings, while the platform's clock moves."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local.clients.contract import load
from local.time_machine import advance, asking
from paycorex_client.cli import profiles, triggers
from paycorex_client.cli.app import app
from tests.e2e.deployed import Deployed

PCX = Path(sys.executable).with_name("pcx")
AT_ONCE = sorted(set(triggers.TRIGGERS) - set(triggers.SLOW_SECONDS))
# How far the clock is moved at once: by minutes, for what is looked at every minute, then for what is asked for less and less often.
STEPS_SECONDS = (60.0,) * 12 + (1800.0,) * 30
# How long a command has to read, after the last step, what happened in it.
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module", autouse=True)
def merchants(deployed: Deployed, platform_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A login for each event, of a merchant of its own, so that no other trigger's event is taken for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(profiles.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("pcx")))
        for event in triggers.TRIGGERS:
            who = deployed.register()
            profiles.save(event, profiles.new(platform_url, who.api_key, who.secret))
        yield


def test_every_event_of_the_contract_has_a_trigger() -> None:
    assert set(triggers.TRIGGERS) == set(load().event_data)
    assert len(AT_ONCE) >= 18


@pytest.mark.parametrize("event", AT_ONCE)
def test_an_event_happens_at_once(event: str) -> None:
    done = CliRunner().invoke(app, ["--json", "--profile", event, "trigger", event])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1])["event_id"].startswith("evt_")


def begin(event: str, log: Path, chain_url: str | None) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [PCX, "--json", "--profile", event, "trigger", event]
    command += [] if chain_url is None else ["--chain-url", chain_url]
    with log.open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, env=os.environ)


def ended(running: Mapping[str, subprocess.Popen[bytes]]) -> bool:
    return all(process.poll() is not None for process in running.values())


# It takes blocks off the chain on which the others pay.
ALONE = {"crypto.reorged"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("events", [set(triggers.SLOW_SECONDS) - ALONE, ALONE], ids=["side by side", "alone"])
def test_what_a_schedule_brings_happens_while_time_passes(deployed: Deployed, tmp_path: Path, events: set[str]) -> None:
    """All of them wait side by side, as their users would, while the clock is moved a minute at a time."""
    if deployed.chain is None:
        events = {event for event in events if not event.startswith("crypto.")}
    logs = {event: tmp_path / f"{event}.log" for event in events}
    chain_url = None if deployed.chain is None else deployed.chain.url
    running = {event: begin(event, log, chain_url) for event, log in logs.items()}
    try:
        for seconds in STEPS_SECONDS:
            time.sleep(1)
            advance(asking(deployed.emulator.url), seconds, chain_url=chain_url)
            if ended(running):
                break
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not ended(running) and time.monotonic() < deadline:
            time.sleep(1)
        wrong = {event: logs[event].read_text() for event, process in running.items() if process.poll() != 0}
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    assert not wrong, "\n".join(f"{event}: {said}" for event, said in wrong.items())
    for event, log in logs.items():
        (answer,) = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        assert (answer["event"], answer["event_id"][:4]) == (event, "evt_")
