"""What a search answers."""

from paycorex.contract import View


class HitView(View):
    """One record that was found. `kind`: of what; `found_by`: what of it is what was asked for.

    payment_id: the payment that it is or belongs to. label: what people know it by, such as a link's name.
    """

    kind: str
    id: str
    found_by: str
    payment_id: str | None
    label: str | None
    amount: str | None
    currency: str | None
    status: str | None
    created_at: str | None


class SearchView(View):
    """What was found, records that are named themselves first, then payments, newest first. more: there are more payments than these."""

    data: list[HitView]
    more: bool
