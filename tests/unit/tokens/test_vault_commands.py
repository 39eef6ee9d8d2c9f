"""What an operator types, and what comes back."""

import pytest

from paycorex import cli
from tests.support.world import Signer, World
from tests.unit.tokens.vault_calls import CARD, PAN, UPI, kept, reveal, rows


def test_rotate_retire_and_shred_say_what_they_did(world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    token_id = kept(world, merchant, CARD)
    kept(world, merchant, UPI)
    capsys.readouterr()
    assert cli.main(["vault", "rotate"]) == 0
    assert "done: 2 seen, 2 re-sealed, 0 broken" in capsys.readouterr().out
    assert cli.main(["vault", "rotate", "--reseal-only", "--merchant", merchant.merchant_id, "--items-per-second", "5"]) == 0
    assert "0 re-sealed" in capsys.readouterr().out
    assert cli.main(["vault", "retire"]) == 0
    assert f"{merchant.merchant_id} version 1: too_recent" in capsys.readouterr().out
    world.clock.now += 601
    assert cli.main(["vault", "retire", "--merchant", merchant.merchant_id]) == 0
    assert f"{merchant.merchant_id} version 1: retired" in capsys.readouterr().out
    assert cli.main(["vault", "retire"]) == 0
    assert "nothing to retire" in capsys.readouterr().out
    assert reveal(merchant.merchant_id, token_id).number == PAN
    capsys.readouterr()
    assert cli.main(["vault", "shred", merchant.merchant_id, "--confirm", merchant.merchant_id]) == 0
    assert f"{merchant.merchant_id}: 2 keys destroyed" in capsys.readouterr().out


def test_shredding_the_wrong_merchant_takes_two_equal_mistakes(world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    kept(world, merchant, CARD)
    before = rows(world, "vault_keys")
    assert cli.main(["vault", "shred", merchant.merchant_id, "--confirm", "mer_other"]) == 2
    assert "nothing was shredded" in capsys.readouterr().out
    assert rows(world, "vault_keys") == before


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "x"])
def test_a_limit_is_a_positive_number(world: World, merchant: Signer, limit: str) -> None:
    kept(world, merchant, CARD)
    before = rows(world, "vault_keys")
    with pytest.raises(SystemExit):
        cli.main(["vault", "rotate", "--items-per-second", limit])
    assert rows(world, "vault_keys") == before
