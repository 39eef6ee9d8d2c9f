"""What comes before a call: short-lived tokens, orders, sessions, cards kept for one charge. None of it moves money."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from paycorex import clock
from paycorex.caching import TimedCache
from payments.connectors.documents import Malformed
from payments.connectors.http_calls import LOOKUP_SECONDS
from payments.connectors.one_time import OneTime, ProcessorToken
from payments.connectors.prism import errors
from payments.connectors.prism.exchange import Exchange
from payments.connectors.prism.facts import Step
from payments.connectors.prism.message_parts import Known, Paying
from payments.connectors.prism.messages import Messages
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined
from tokens.instruments import Card

# An access token is asked for again so long before it ends, and never kept for longer than this.
_EARLY_SECONDS: Final = 60
_LONGEST_SECONDS: Final = 1800
# What the payer's browser gets of a session, where its fields are of one.
SESSION: Final = "session_token"
_tokens: TimedCache[tuple[str, int]] = TimedCache(lifetime_seconds=_LONGEST_SECONDS, max_entries=256)


def with_access(exchange: Exchange, messages: Messages, known: Known, *, is_fresh: bool = False) -> Known | Declined:
    """With a token for the calls, where the processor wants one. is_fresh: asked for now, not remembered.

    Raises NotSent, OutcomeUnknown, Malformed, Untranslatable.
    """
    if Step.ACCESS not in exchange.known.before:
        return known
    # By credentials, so that changed ones ask for another; in no log or table.
    cached = hashlib.sha256(exchange.translator.options).hexdigest()
    found = None if is_fresh else _tokens.get(cached)
    if found is not None and found[1] > clock.now_seconds():
        return replace(known, access_token=found[0])
    kind = messages.library.payment.MerchantAuthenticationServiceCreateServerAuthenticationTokenResponse
    answer = exchange.ask("create_server_authentication_token", messages.access_token(), kind, timeout_seconds=LOOKUP_SECONDS).message
    if isinstance(answer, Refused):
        return errors.refusal(answer, exchange.known, tuple(exchange.credentials.values()))
    token = answer.access_token.value
    if not token:
        raise Malformed("no access token")
    _tokens.put(cached, (token, int(clock.now_seconds()) + answer.expires_in_seconds - _EARLY_SECONDS))
    return replace(known, access_token=token)


def before_charge(exchange: Exchange, messages: Messages, attempt: Attempt, instrument: Paying, known: Known) -> Known | Declined:
    """After every step that this processor wants before a charge. Raises NotSent, OutcomeUnknown, Malformed, Untranslatable."""
    done = {Step.ACCESS}
    if isinstance(instrument, ProcessorToken):
        # The payer's browser has had the card kept there already.
        done, known = done | {Step.TOKENIZE}, replace(known, card_token=instrument.payload)
        if SESSION in attempt.begun:
            # What the card was typed in; its name is good there alone.
            done, known = done | {Step.SESSION}, replace(known, session_token=attempt.begun[SESSION])
    steps = [*exchange.known.before]
    if instrument is not None and instrument.kind in exchange.known.tokenizes:
        steps.append(Step.TOKENIZE)
    for step in steps:
        if step in done:
            continue
        after = _step(step, exchange, messages, attempt, instrument, known)
        if isinstance(after, Declined):
            return after
        known = after
    return known


def secret_of(instrument: Paying) -> str:
    """What of an instrument no text may repeat; empty for nothing."""
    match instrument:
        case Card(number=number):
            return number
        case OneTime(payload=payload):
            return payload
        case _:
            return ""


def _step(step: Step, exchange: Exchange, messages: Messages, attempt: Attempt, instrument: Paying, known: Known) -> Known | Declined:
    flow, message, kind_name, field, name = _call(step, messages, attempt, instrument, known)
    kind = getattr(messages.library.payment, kind_name)
    key = f"{attempt.attempt_id}-{step}"
    answer = exchange.ask(flow, message, kind, key=key, timeout_seconds=LOOKUP_SECONDS).message
    # The card goes along with some of them.
    hidden = (*exchange.credentials.values(), secret_of(instrument), attempt.security_code or "")
    if isinstance(answer, Refused):
        return errors.refusal(answer, exchange.known, hidden)
    found = getattr(answer, field)
    if not found and answer.HasField("error"):
        return errors.declined(answer.error, exchange.known, hidden, is_payers=False)
    if not found:
        raise Malformed(f"no {field}")
    brought: Mapping[str, Any] = {name: found}
    return replace(known, **brought)


def _call(step: Step, messages: Messages, attempt: Attempt, instrument: Paying, known: Known) -> tuple[str, Any, str, str, str]:
    """Flow, message, kind of the answer, its field that matters, and what that is here."""
    match step:
        case Step.ORDER:
            return "create_order", messages.order(attempt, known), "PaymentServiceCreateOrderResponse", "connector_order_id", "order"
        case Step.SESSION:
            kind = "MerchantAuthenticationServiceCreateServerSessionAuthenticationTokenResponse"
            return "create_server_session_authentication_token", messages.session(attempt, known), kind, "session_token", "session_token"
        case Step.TOKENIZE:
            made = messages.tokenize(attempt, instrument, known)
            return "tokenize", made, "PaymentMethodServiceTokenizeResponse", "payment_method_token", "card_token"
        case Step.ACCESS:
            raise AssertionError("asked for before any other call")
