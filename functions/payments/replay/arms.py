"""How the arms of an experiment did: counted from the payments themselves, so that nothing is written for it."""

from dataclasses import dataclass, field
from typing import Final

from paycorex import clock, storage
from paycorex.errors import NotFound
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_routing import Noted
from paycorex.records.routing_experiment import ExperimentItem
from payments.payment import attempts
from payments.payment.states import OPEN
from payments.replay.counterfactual import happened
from payments.replay.newest import Newest

# The newest payments since the experiment began; what is older is not counted, and the answer says so.
MAX_LISTED: Final = 5_000
# Payments end where their experiment's rules may still have been in use for this long after its end.
_STALE_MS: Final = 75_000


@dataclass(slots=True)
class Arm:
    """Payments that went by one arm's rules. volume: of those approved, minor units by currency."""

    payments: int = 0
    decided: int = 0
    approved: int = 0
    volume: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Arms:
    """Both arms; complete: every payment since the experiment began was counted."""

    a: Arm = field(default_factory=Arm)
    b: Arm = field(default_factory=Arm)
    complete: bool = True


def find(merchant_id: str, experiment_id: str) -> ExperimentItem:
    """One experiment of the merchant. Raises NotFound, storage.Unavailable."""
    item = storage.get(ExperimentItem, merchant_id, experiment_id)
    if item is None:
        raise NotFound("experiment")
    return item


def count(item: ExperimentItem) -> Arms:
    """The newest payments of an experiment, by arm. Raises storage.Unavailable."""
    arms = Arms()
    until = clock.now_ms() if item.ended_at is None else int(item.ended_at) + _STALE_MS
    newest = Newest(item.merchant_id, most=MAX_LISTED, from_ms=int(item.started_at), to_ms=until)
    for payment in newest:
        _add(arms, item, payment)
    arms.complete = newest.complete
    return arms


def _add(arms: Arms, item: ExperimentItem, payment: PaymentItem) -> None:
    noted = Noted.load(payment.routing)
    if payment.routing is None or noted.experiment != item.experiment_id:
        return
    arm = arms.b if noted.arm == "b" else arms.a
    arm.payments += 1
    tried = attempts.of(payment)
    if payment.status in OPEN or attempts.is_open(payment) or not tried:
        return
    arm.decided += 1
    if happened(tried).approved:
        arm.approved += 1
        arm.volume[payment.currency] = arm.volume.get(payment.currency, 0) + int(payment.amount)
