"""Injected bugs that storms find, by the kind of storm: each disables what one rule depends on."""

from dataclasses import replace
from typing import Any

import pytest

from paycorex import ids, storage
from paycorex.money import Money
from paycorex.records.payment_link import LinkItem
from payments.captures import bookings as capture_bookings
from payments.captures import guards, observations
from payments.checkout import store as checkout_store
from payments.connectors.results import NotFound, Released
from payments.connectors.sandbox.connector import Sandbox
from payments.counter import incoming, look_ups
from payments.counter import store as counter_store
from payments.disputes import look_ups as dispute_look_ups
from payments.payment import session_writes
from payments.risk import blocklist, counters, guard
from tests.scenarios.simulator.injected_bugs import late_money_dropped, without_version


def payments_remembered_before_they_are_counted(patch: pytest.MonkeyPatch) -> None:
    """Risk rules: a payment that is cut off while it is counted is taken for counted."""

    def counted(asked: Any, by: str, windows: Any, *, is_new: bool) -> Any:
        merchant_id, _, value = asked.named(by)
        if is_new:
            return counters.add(merchant_id, by, value, windows, asked.minor)
        return counters.look(merchant_id, by, value, windows)

    def count(once: str, asked: Any) -> Any:
        is_new = counters.first_time(once)
        return {by: counted(asked, by, windows, is_new=is_new) for by, windows in asked.windows.items()}

    patch.setattr(guard, "_count", count)


def payments_counted_with_each_request(patch: pytest.MonkeyPatch) -> None:
    """Risk rules: who asks again counts again."""
    add = counters.add

    def forgetful(merchant_id: str, by: str, value: str, windows: Any, minor: int, *, once: str | None = None) -> Any:
        del once
        return add(merchant_id, by, value, windows, minor)

    patch.setattr(counters, "was_counted", lambda _once: False)
    patch.setattr(counters, "add", forgetful)


def strangers_who_are_not_counted_go_on(patch: pytest.MonkeyPatch) -> None:
    """Risk rules: where the counters do not answer everybody pays."""
    patch.setattr(guard, "fails_closed", lambda _order: False)


def blocklist_that_is_not_asked(patch: pytest.MonkeyPatch) -> None:
    """Blocklist: who is blocked pays all the same."""
    patch.setattr(blocklist, "hit", lambda *_arguments: None)


def reviews_decided_again(patch: pytest.MonkeyPatch) -> None:
    """Reviews: a decision is carried out whatever was decided before."""
    patch.setattr(guards, "waits_for_review", lambda _payment: None)


def money_of_codes_under_new_ids(patch: pytest.MonkeyPatch) -> None:
    """Static codes: money that is reported twice is two payments."""
    original = incoming._order

    def order(code: Any, credit: Any) -> Any:
        made = original(code, credit)
        return replace(made, claim=replace(made.claim, names=(f"qr_code:{ids.new('pay')}",)))

    patch.setattr(incoming, "_order", order)


def codes_of_any_merchant(patch: pytest.MonkeyPatch) -> None:
    """Static codes: any merchant that signs a callback pays by everybody's code."""
    original = incoming.apply

    def apply(_merchant_id: str, connector: str, credit: Any) -> bool:
        code = counter_store.find(credit.qr_code_id)
        return code is not None and original(code.merchant_id, connector, replace(credit, code_reference=code.provider_reference))

    patch.setattr(incoming, "apply", apply)


def codes_that_are_not_asked_about(patch: pytest.MonkeyPatch) -> None:
    """Static codes: what was paid and not reported is not looked for."""
    patch.setattr(look_ups, "_bring", lambda *_arguments: None)


def places_without_a_bound(patch: pytest.MonkeyPatch) -> None:
    """Links: of two payers of one moment both take the last place."""

    def take_place(link: LinkItem, minor: int) -> storage.Write:
        actions = [LinkItem.taken.add(1), LinkItem.claimed.add(minor)]
        return storage.update(LinkItem, LinkItem.wire_key(link.link_id), actions, None)

    patch.setattr(checkout_store, "take_place", take_place)


def places_that_are_kept(patch: pytest.MonkeyPatch) -> None:
    """Links: the place of a payer who went away is lost."""
    patch.setattr(checkout_store, "give_place_back", lambda _session: None)


def two_ways_at_once(patch: pytest.MonkeyPatch) -> None:
    """Checkouts: another choice does not stop the one before."""
    patch.setattr(session_writes, "of_first", lambda *_arguments: [])


def checkouts_apart_from_their_payments(patch: pytest.MonkeyPatch) -> None:
    """Checkouts: what is paid is not written with its payment."""
    patch.setattr(session_writes, "of_change", lambda *_arguments: [])


def sums_of_a_provider_without_a_bound(patch: pytest.MonkeyPatch) -> None:
    """Holds: whatever a provider says it captured is booked."""
    patch.setattr(observations, "_problem", lambda *_arguments: None)


def disputes_that_are_not_asked_about(patch: pytest.MonkeyPatch) -> None:
    """Disputes: what is decided at the provider is not looked for."""
    patch.setattr(dispute_look_ups, "ask", lambda _item: NotFound())


def releases_that_reach_no_provider(patch: pytest.MonkeyPatch) -> None:
    """Holds: the rest is said to be released, and stays held there."""
    patch.setattr(Sandbox, "void", lambda _self, request: Released(request.authorization_reference, request.captured_minor))


def captures_booked_short(patch: pytest.MonkeyPatch) -> None:
    """Holds: less is booked than the provider captured."""
    original = capture_bookings.made

    def made(context: Any, amount: Money, *more: Any) -> Any:
        return original(context, replace(amount, minor=max(amount.minor - 1, 1)), *more)

    patch.setattr(capture_bookings, "made", made)


OF_CARD_TESTERS = (
    payments_remembered_before_they_are_counted,
    payments_counted_with_each_request,
    strangers_who_are_not_counted_go_on,
    blocklist_that_is_not_asked,
)
OF_REVIEWERS = (reviews_decided_again, without_version)
OF_COUNTER_PAYERS = (
    money_of_codes_under_new_ids,
    codes_of_any_merchant,
    codes_that_are_not_asked_about,
    late_money_dropped,
)
OF_LINK_PAYERS = (places_without_a_bound, places_that_are_kept, two_ways_at_once, checkouts_apart_from_their_payments)
OF_HOLDERS = (sums_of_a_provider_without_a_bound, without_version)
OF_HELD_LOAD = (captures_booked_short, disputes_that_are_not_asked_about, releases_that_reach_no_provider)
