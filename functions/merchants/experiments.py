"""Experiments: two lists of routing rules side by side, one running at a time. A payment's arm follows from its id.

While an experiment runs, its rules stand with the merchant's settings, which routing has at hand anyway: no payment reads anything more.
"""

from merchants import accounts, store
from merchants.requests import NewExperiment
from paycorex import clock, ids, storage
from paycorex.errors import InvalidState, NotFound
from paycorex.idempotency import Claim
from paycorex.records.routing_experiment import ExperimentItem


def start(merchant_id: str, request: NewExperiment, *, claim: Claim) -> ExperimentItem:
    """Begin an experiment.

    Raises NotFound, InvalidRequest for rules that name a connector which is not there, InvalidState while another one runs,
    storage.TransactionRefused when another request was faster.
    """
    merchant = accounts.find(merchant_id)
    running = accounts.running_experiment(merchant)
    if running is not None:
        raise InvalidState("An experiment is running: end it first.", details={"experiment_id": running})
    now = clock.now_ms()
    item = ExperimentItem(
        merchant_id=merchant_id,
        experiment_id=ids.derive_ordered("exp", now, merchant_id, claim.names[0]),
        arms={arm: [each.rule().stored() for each in rules] for arm, rules in (("a", request.a), ("b", request.b))},
        share=request.share,
        started_at=now,
    )
    settings = accounts.with_experiment(merchant, item.running, now)
    storage.transact([settings, store.new_experiment(item), *claim.rows(reference=item.experiment_id)])
    return item


def end(merchant_id: str, experiment_id: str, *, claim: Claim) -> ExperimentItem:
    """End an experiment: from then on the merchant's own rules decide. One that has ended is answered as it is.

    Raises NotFound, storage.TransactionRefused when another request was faster.
    """
    item = find(merchant_id, experiment_id)
    rows = claim.rows(reference=experiment_id, status=200)
    if item.ended_at is not None:
        storage.transact(rows)
        return item
    merchant, now = accounts.find(merchant_id), clock.now_ms()
    storage.transact([accounts.with_experiment(merchant, None, now), store.end_experiment(item, now), *rows])
    return find(merchant_id, experiment_id)


def find(merchant_id: str, experiment_id: str) -> ExperimentItem:
    """One experiment. Raises NotFound."""
    item = store.find_experiment(merchant_id, experiment_id)
    if item is None:
        raise NotFound("experiment")
    return item
