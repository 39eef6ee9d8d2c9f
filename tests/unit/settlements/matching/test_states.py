"""The states of items: a test for each cell of both tables."""

import pytest

from settlements.matching.states import (
    EFFECTS,
    EXCEPTIONS,
    OF_TRANSFERS,
    RESPONSIBLE,
    Action,
    Effect,
    Responsible,
    Standing,
    State,
    judge,
    responsible_for,
)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(100, 100, lines=1), State.MATCHED),
        (Standing(100, 100, lines=1, is_due=True), State.MATCHED),
        (Standing(0, 0), State.MATCHED),
        (Standing(100, 60, 40, lines=1, is_due=True), State.MATCHED),
        (Standing(100, 0, 100, is_due=True), State.MATCHED),
        (Standing(100, 100, lines=1, fee_differs=True), State.FEE_DIFFERS),
        (Standing(100, 0), State.EXPECTED),
        (Standing(100, 0, is_due=True), State.MISSING),
        (Standing(-50, 0), State.EXPECTED),
        (Standing(-50, 0, is_due=True), State.MISSING),
        (Standing(100, 60, lines=1), State.EXPECTED),
        (Standing(100, 60, lines=1, is_due=True), State.AMOUNT_DIFFERS),
        (Standing(100, 60, lines=1, is_due=True, fee_differs=True), State.AMOUNT_DIFFERS),
        (Standing(100, 120, lines=1), State.AMOUNT_DIFFERS),
        (Standing(100, 120, lines=1, is_due=True), State.AMOUNT_DIFFERS),
        (Standing(-50, -60, lines=1), State.AMOUNT_DIFFERS),
        (Standing(-50, -20, lines=1), State.EXPECTED),
        (Standing(0, 100, lines=1), State.UNEXPECTED),
        (Standing(0, -100, lines=1, is_due=True), State.UNEXPECTED),
    ],
)
def test_each_standing_has_one_state(standing: Standing, state: State) -> None:
    assert judge(standing) is state


@pytest.mark.parametrize(
    ("state", "write_off", "correct", "claim", "accept"),
    [
        (State.MATCHED, Effect.REFUSE, Effect.REFUSE, Effect.REFUSE, Effect.REFUSE),
        (State.EXPECTED, Effect.REFUSE, Effect.REFUSE, Effect.REFUSE, Effect.REFUSE),
        (State.MISSING, Effect.TO_COST, Effect.TO_MERCHANT, Effect.NOTE, Effect.REFUSE),
        (State.UNEXPECTED, Effect.TO_COST, Effect.TO_MERCHANT, Effect.NOTE, Effect.REFUSE),
        (State.AMOUNT_DIFFERS, Effect.TO_COST, Effect.TO_MERCHANT, Effect.NOTE, Effect.REFUSE),
        (State.DUPLICATE, Effect.TO_COST, Effect.TO_MERCHANT, Effect.NOTE, Effect.REFUSE),
        (State.FEE_DIFFERS, Effect.REFUSE, Effect.REFUSE, Effect.NOTE, Effect.CLOSE),
    ],
)
def test_each_state_and_action_has_one_effect(state: State, write_off: Effect, correct: Effect, claim: Effect, accept: Effect) -> None:
    row = EFFECTS[state]
    assert [row[action] for action in Action] == [write_off, correct, claim, accept]


def test_a_transfer_that_is_booked_nowhere_is_booked_by_no_ones_word() -> None:
    assert {action: effect for action, effect in OF_TRANSFERS.items() if effect is not Effect.REFUSE} == {
        Action.CLAIM: Effect.NOTE,
        Action.ACCEPT: Effect.CLOSE,
    }
    assert set(OF_TRANSFERS) == set(Action)


@pytest.mark.parametrize("state", sorted(EXCEPTIONS | {State.EXPECTED}))
def test_at_the_bank_the_bank_has_the_providers_turn_and_on_a_chain_it_is_ours(state: State) -> None:
    usual = RESPONSIBLE[state]
    at_the_bank = responsible_for(state, is_at_the_bank=True)
    assert at_the_bank is (Responsible.BANK if usual is Responsible.PROVIDER else usual)
    assert responsible_for(state, is_at_the_bank=False, is_on_chain=True) is Responsible.US
    assert responsible_for(State.MATCHED, is_at_the_bank=False, is_on_chain=True) is None


def test_every_state_says_whose_turn_it_is() -> None:
    assert set(RESPONSIBLE) == set(State) == set(EFFECTS)
    assert RESPONSIBLE[State.UNEXPECTED] is Responsible.US
    assert {state for state in State if RESPONSIBLE[state] is Responsible.PROVIDER} == EXCEPTIONS - {State.UNEXPECTED} | {State.EXPECTED}
