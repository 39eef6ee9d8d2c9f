"""The Postman collection, sent whole by newman to the running platform: every request is signed, and they work in their order."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.postman import collection

SEND_SECONDS = 240


@pytest.fixture
def newman(tools_folder: Path) -> Path:
    return tools_folder / "newman"


def send(newman: Path, base_url: str, report: Path, *options: str) -> Any:
    """What newman reports of a run."""
    command: list[str | Path] = [newman, "run", collection.COLLECTION, "-e", collection.ENVIRONMENT, "--env-var", f"base_url={base_url}"]
    command += [*options, "--reporters", "json", "--reporter-json-export", report]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SEND_SECONDS)
    assert report.exists(), done.stdout + done.stderr
    return json.loads(report.read_text(encoding="utf-8"))["run"]


def answers(run: Any) -> dict[str, int]:
    """The status that each request was answered with."""
    return {each["item"]["name"]: each["response"]["code"] for each in run["executions"]}


def test_every_request_is_signed_and_those_that_make_something_make_it(newman: Path, platform_url: str, tmp_path: Path) -> None:
    run = send(newman, platform_url, tmp_path / "report.json")
    wrong = [(each["source"]["name"], each["error"]["test"], each["error"]["message"]) for each in run["failures"]]
    assert wrong == []
    statuses = [each["response"]["code"] for each in run["executions"]]
    assert len(statuses) == len(list(collection.requests())) > 90
    assert 401 not in statuses
    expected = sum(1 for each in run["executions"] for made in each["assertions"] if made["assertion"].startswith("it answers"))
    assert expected == len(collection.asked())
    assert statuses.count(201) >= 20


def test_a_wrong_secret_is_seen(newman: Path, platform_url: str, tmp_path: Path) -> None:
    options = ("--folder", "Dashboard", "--env-var", "api_key=pk_wrong", "--env-var", "secret=wrong")
    run = send(newman, platform_url, tmp_path / "report.json", *options)
    assert set(answers(run).values()) == {401}
    missed: dict[str, set[str]] = {name: set() for name in answers(run)}
    for each in run["failures"]:
        missed[each["source"]["name"]].add(each["error"]["test"])
    # Each of them says so; and one that states its status does not have it.
    asserted = {each["item"]["name"]: {made["assertion"] for made in each["assertions"]} for each in run["executions"]}
    wanted = {name: {text for text in texts if text.startswith("it answers")} for name, texts in asserted.items()}
    assert missed == {name: {"the signature was accepted", *texts} for name, texts in wanted.items()}
