"""The local platform's link for the first operator: made until someone has a passkey, and not afterwards."""

from typing import Any

import pytest

from local import first_operator

LINK = "http://localhost:8080/operator#welcome=secret"


class Commands:
    """`paycorex operators`, with what its list says."""

    def __init__(self, listed: str) -> None:
        self.listed = listed
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, _aws: Any, _stack: str, *arguments: str) -> str:
        self.asked.append(arguments)
        return self.listed if arguments == ("list",) else f"operator@localhost, admin, opr_1. Works once, for seven days:\n{LINK}\n"


@pytest.mark.parametrize("listed", ["", "opr_1 operator@localhost admin active, 0 passkeys\n"])
def test_a_link_is_made_until_an_operator_has_a_passkey(monkeypatch: pytest.MonkeyPatch, listed: str) -> None:
    commands = Commands(listed)
    monkeypatch.setattr(first_operator, "_command", commands)
    assert first_operator.link("http://127.0.0.1:8080", None, "paycorex-local") == LINK  # type: ignore[arg-type]  # asked by the command alone
    assert [words[0] for words in commands.asked] == ["list", "invite"]


@pytest.mark.parametrize("passkeys", [1, 10, 20])
def test_none_is_made_when_one_has(monkeypatch: pytest.MonkeyPatch, passkeys: int) -> None:
    commands = Commands(f"opr_1 a@b.example admin active, {passkeys} passkeys\nopr_2 c@d.example read active, 0 passkeys\n")
    monkeypatch.setattr(first_operator, "_command", commands)
    assert first_operator.link("http://127.0.0.1:8080", None, "paycorex-local") is None  # type: ignore[arg-type]  # asked by the command alone
    assert commands.asked == [("list",)]
