"""How far a payment is whose payer's browser posts a form to confirm it: part of its `method_state`.

Until a form's step is claimed, and the payment goes on by a call of ours, nothing is charged.
"""

from collections.abc import Mapping
from typing import Any, Final

from paycorex.records.payment import PaymentItem
from payments.connectors.results import BrowserForm
from payments.payment import naming
from payments.payment.states import OPEN

_FORM: Final = "browser_form"


def awaited(state: Mapping[str, Any] | None, form: BrowserForm) -> dict[str, Any]:
    """A payment's `method_state` while the browser has a form to post."""
    stored = {"url": form.url, "fields": dict(form.fields), "step": form.step, "state": form.state, "brings": [*form.brings]}
    more = {"proof": None if form.proof is None else [*form.proof], "is_unseen": form.is_unseen}
    return {**(state or {}), _FORM: {**stored, **more}}


def claimed(payment: PaymentItem, claimant: str) -> dict[str, Any]:
    """The same from the claim on, without the form. claimant: which request it was, to know it again when its answer was lost."""
    return {**(payment.method_state or {}), _FORM: {"claimed_by": claimant}}


def form_of(payment: PaymentItem) -> BrowserForm | None:
    """The form that the payment's browser has to post now; None for every other payment."""
    stored = _stored(payment)
    if payment.status not in OPEN or not stored or "url" not in stored:
        return None
    proof = stored["proof"]
    return BrowserForm(
        url=str(stored["url"]),
        fields={str(name): str(value) for name, value in stored["fields"].items()},
        step=str(stored["step"]),
        state=str(stored["state"]),
        brings=tuple(stored["brings"]),
        proof=None if proof is None else (str(proof[0]), str(proof[1])),
        is_unseen=bool(stored["is_unseen"]),
    )


def is_claimed(payment: PaymentItem) -> bool:
    """True once the payment went on after its last form."""
    return "claimed_by" in _stored(payment)


def is_claimed_by(payment: PaymentItem, claimant: str) -> bool:
    """True when this very request claimed the step."""
    return bool(_stored(payment).get("claimed_by") == claimant)


def is_untouched(payment: PaymentItem) -> bool:
    """True while the payer's browser has to bring something before anything is charged, and for ever if the payment ended like that."""
    return naming.is_awaited(payment) or "url" in _stored(payment)


def _stored(payment: PaymentItem) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (payment.method_state or {}).get(_FORM) or {}
    return found
