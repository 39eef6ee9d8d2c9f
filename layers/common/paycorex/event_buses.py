"""Event buses of Amazon EventBridge as webhook endpoints: one policy for registration and delivery.

A bus belongs to one merchant by its name, `paycorex-<merchant_id>`: whichever account it is in, no merchant can have events put on
another's, and the sender's role allows no other bus.
"""

import re
from typing import Final

from paycorex import settings
from paycorex.errors import InvalidRequest

MAX_ARN_CHARACTERS: Final = 256
_ARN: Final = re.compile(r"arn:(aws|aws-cn|aws-us-gov):events:([a-z0-9-]{1,30}):([0-9]{12}):event-bus/([A-Za-z0-9._-]{1,200})")
_REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")


def is_bus(target: str) -> bool:
    """True when an endpoint's target is a bus, and no URL."""
    return target.startswith("arn:")


def name_for(merchant_id: str) -> str:
    """What a merchant's bus is called."""
    return f"paycorex-{merchant_id}"


def check(merchant_id: str, arn: str) -> None:
    """Raises InvalidRequest for a bus that no event of this merchant is put on."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise InvalidRequest("bus_arn: not the ARN of an event bus.", details={"field": "bus_arn"})
    environment, name = settings.aws_environment(), name_for(merchant_id)
    region = next((environment[each] for each in _REGIONS if environment.get(each)), "")
    if found[2] != region:
        raise InvalidRequest(f"bus_arn: the bus must be in {region}, where this API is.", details={"field": "bus_arn", "region": region})
    if found[4] != name:
        raise InvalidRequest(f"bus_arn: the bus must be called {name}.", details={"field": "bus_arn", "name": name})
