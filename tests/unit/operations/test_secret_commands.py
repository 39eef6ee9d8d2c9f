"""`paycorex secrets`: what is written, what is refused, and that no value is shown."""

import io
from collections.abc import Iterator

import pytest

from paycorex import cli, parameters
from tests.support.world import World

SECRET = "https://one.example/v2/verysecret"
LONG = "https://e.example/" + "x" * 4_096


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


def run(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return cli.main(["secrets", *words])


def test_what_is_written_is_what_functions_read_encrypted_and_never_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "set", "rpc-urls/polygon", typed=f"{SECRET}\nhttps://two.example/\n") == 0
    assert parameters.read("rpc-urls/polygon") == f"{SECRET} https://two.example/"
    assert world.ssm.get_parameter(Name="/paycorex/test/rpc-urls/polygon")["Parameter"]["Type"] == "SecureString"
    assert run(monkeypatch, "list") == 0
    shown = capsys.readouterr().out
    assert "/paycorex/test/rpc-urls/polygon: version 1, SecureString" in shown
    assert "/paycorex/test/rpc-urls/bsc: missing" in shown
    assert "verysecret" not in shown


def test_a_stack_that_is_not_deployed_yet_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "set", "rpc-urls/bsc", "--stack", "paycorex-prod", typed=SECRET) == 0
    assert world.ssm.get_parameter(Name="/paycorex/paycorex-prod/rpc-urls/bsc", WithDecryption=True)["Parameter"]["Value"] == SECRET


def test_one_node_alone_is_warned_about(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "set", "rpc-urls/bsc", typed=SECRET) == 0
    assert "name two" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "  \n", "one.example", "ftp://one.example/verysecret", "https:///verysecret", LONG])
def test_what_is_no_address_is_refused_and_not_quoted(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert run(monkeypatch, "set", "rpc-urls/bsc", typed=typed) == 1
    assert world.ssm.calls["PutParameter"] == 0
    said = capsys.readouterr()
    assert "not written" in said.err
    assert "verysecret" not in said.err + said.out


def test_a_name_that_no_function_reads_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, "set", "rpc-urls/tron", typed=SECRET)
    assert world.ssm.calls["PutParameter"] == 0
