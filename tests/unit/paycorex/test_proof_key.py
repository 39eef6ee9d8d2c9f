"""Which key's checkpoints count."""

import pytest

from paycorex.ledger.proof import proof_key

ARN = "arn:aws:kms:{}:123456789012:key/{}"
MULTI_REGION = "mrk-1234abcd12ab34cd56ef1234567890ab"
PLAIN = "1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("own", "named", "counts"),
    [
        (ARN.format("ap-south-1", PLAIN), ARN.format("ap-south-1", PLAIN), True),
        (ARN.format("ap-south-1", MULTI_REGION), ARN.format("ap-southeast-1", MULTI_REGION), True),
        (ARN.format("ap-south-1", PLAIN), ARN.format("ap-southeast-1", PLAIN), False),
        (ARN.format("ap-south-1", MULTI_REGION), ARN.format("ap-south-1", "mrk-ffff"), False),
        (ARN.format("ap-south-1", MULTI_REGION), "", False),
    ],
)
def test_a_multi_region_key_is_one_key(monkeypatch: pytest.MonkeyPatch, own: str, named: str, counts: bool) -> None:
    monkeypatch.setattr(proof_key, "public_key", str.encode)
    assert proof_key.only(own)(named) == (own.encode() if counts else None)
