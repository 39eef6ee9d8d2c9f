"""The dust limit of each asset."""

import pytest

from paycorex.evm.networks import NETWORKS, Asset

ASSETS = [asset for network in NETWORKS.values() for asset in network.assets]


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.symbol)
def test_the_limit_is_the_least_amount_that_is_no_dust(asset: Asset) -> None:
    assert [asset.is_dust(units) for units in (0, 1, asset.dust_units - 1, asset.dust_units)] == [True, True, True, False]


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.symbol)
def test_no_limit_is_worth_a_hundredth_of_a_coin_or_more_than_a_cent(asset: Asset) -> None:
    """A limit that is too high would hide payments."""
    assert asset.dust_units * 100 <= 10**asset.decimals
