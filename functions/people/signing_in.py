"""Signing in: with a passkey, or with a ticket that adds one. Each makes a session with a secret of its own; none is ever taken over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, credentials, ids, modes, storage
from paycorex.credentials import operators, sessions
from paycorex.errors import Conflict, InvalidState, Unauthorized
from paycorex.modes import Mode
from paycorex.records.console_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.person import ACTIVE, INVITED, PersonItem
from people import challenges, passkeys, roster, store, tickets
from people.browser import Browser
from people.passkeys import MAX_PASSKEYS, Passkey, PasskeyRefused
from people.records import NEW_PASSKEY, RECOVERY, STEP_UP
from people.sides import CONSOLE, Side, side_of
from people.tickets import Ticket

MAX_SESSIONS: Final = 20


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """A new session: its secret for the cookie, whose it is, and recovery codes where a first passkey was added.

    merchant: whom the session is about, None of operators. home: whose person it is, where that is another one.
    """

    secret: str
    session: SessionItem
    person: PersonItem
    merchant: MerchantItem | None
    codes: tuple[str, ...] = ()
    home: MerchantItem | None = None


def with_passkey(browser: Browser, answer: Mapping[str, Any], side: Side = CONSOLE) -> SignedIn:
    """Sign in. Raises PasskeyRefused, Conflict when the person was changed at the same moment, storage.Unavailable."""
    challenge = challenges.take(answer["response"]["clientDataJSON"], side.sign_in)
    person = _named(str(answer["response"]["userHandle"]), side)
    used = passkeys.asserted(passkeys.site_of(browser.base_url), challenge, answer, person.passkeys)
    merchant = _merchant_of(person)
    now = clock.now_ms()
    kept = [used if each["passkey_id"] == used["passkey_id"] else each for each in person.passkeys]
    actions = [PersonItem.passkeys.set(kept), PersonItem.last_signed_in_at.set(now)]
    secret, session = _new_session(browser, person, used)
    _write([store.change(person, actions), store.new_session(session), *_replaced(browser, person)])
    return SignedIn(secret, session, person, merchant)


def with_ticket(browser: Browser, secret_of_ticket: str, answer: Mapping[str, Any], *, name: str, side: Side = CONSOLE) -> SignedIn:
    """Add a passkey by an invitation or a recovery code, which is used up, and sign in. A first passkey brings recovery codes.

    It ends every other session of the person: what was lost, by a code or an operator's way back, may be in other hands.
    Raises TicketRefused, PasskeyRefused, InvalidState at the limit of passkeys, Conflict, storage.Unavailable.
    """
    ticket, person = tickets.find(secret_of_ticket, side)
    challenge = challenges.take(answer["response"]["clientDataJSON"], side.new_passkey, person.person_id)
    added = new_passkey(browser, person, challenge, answer, name=name)
    merchant = _merchant_of(person)
    codes = tickets.recovery_codes(person.person_id) if not person.recovery_codes and ticket.kind != RECOVERY else []
    left = [each for each in person.recovery_codes if each != ticket.person_id] + [code.item.person_id for code in codes]
    actions = [
        PersonItem.passkeys.set([*person.passkeys, added]),
        PersonItem.recovery_codes.set(left),
        PersonItem.status.set(ACTIVE),
        PersonItem.last_signed_in_at.set(clock.now_ms()),
        PersonItem.ticket_id.remove(),
        PersonItem.ticket_expires_at.remove(),
    ]
    secret, session = _new_session(browser, person, added)
    ended = _replaced(browser, person, all_of_them=True)
    writes = [store.change(person, actions), store.use_ticket(ticket.person_id), *(store.new_ticket(code.item) for code in codes)]
    if person.ticket_id and person.ticket_id != ticket.person_id:
        writes.append(store.drop_ticket(person.ticket_id))
    _write([*writes, *roster.activated(person), store.new_session(session), *ended])
    return SignedIn(secret, session, store.find(person.person_id) or person, merchant, tuple(code.secret for code in codes))


def add_passkey(browser: Browser, person: PersonItem, answer: Mapping[str, Any], *, name: str, claimed: list[storage.Write]) -> Passkey:
    """Another passkey of one who is signed in. Raises PasskeyRefused, InvalidState at the limit, storage.TransactionRefused."""
    challenge = challenges.take(answer["response"]["clientDataJSON"], NEW_PASSKEY, person.person_id)
    added = new_passkey(browser, person, challenge, answer, name=name)
    storage.transact([store.change(person, [PersonItem.passkeys.set([*person.passkeys, added])]), *claimed])
    return added


def remove_passkey(person: PersonItem, passkey_id: str, *, claimed: list[storage.Write]) -> None:
    """Take a passkey away, never the last one. Raises InvalidState, storage.TransactionRefused."""
    left = [each for each in person.passkeys if each["passkey_id"] != passkey_id]
    if not left:
        raise InvalidState("The last passkey cannot be removed. Add another one first.")
    storage.transact([store.change(person, [PersonItem.passkeys.set(left)]), *claimed])


def renew_codes(person: PersonItem, *, claimed: list[storage.Write]) -> list[Ticket]:
    """New recovery codes in place of all older ones. Raises storage.TransactionRefused."""
    codes = tickets.recovery_codes(person.person_id)
    actions = [PersonItem.recovery_codes.set([code.item.person_id for code in codes])]
    older = [store.drop_ticket(each) for each in person.recovery_codes]
    storage.transact([store.change(person, actions), *older, *(store.new_ticket(code.item) for code in codes), *claimed])
    return codes


def step_up(browser: Browser, person: PersonItem, session_id: str, answer: Mapping[str, Any]) -> None:
    """Use a passkey again in a session, which then counts as fresh. Raises PasskeyRefused, Conflict, storage.Unavailable."""
    challenge = challenges.take(answer["response"]["clientDataJSON"], STEP_UP, person.person_id)
    used = passkeys.asserted(passkeys.site_of(browser.base_url), challenge, answer, person.passkeys)
    kept = [used if each["passkey_id"] == used["passkey_id"] else each for each in person.passkeys]
    _write([store.change(person, [PersonItem.passkeys.set(kept)]), store.verified(session_id)])


def merchant_of_mode(home_id: str, mode: Mode) -> MerchantItem:
    """A person's own merchant, or the test merchant beside it. Raises InvalidState for a mode that the merchant has not."""
    merchant = storage.get(MerchantItem, home_id if mode == modes.of(home_id) else modes.test_id(home_id))
    if merchant is None or modes.of(merchant.merchant_id) != mode:
        raise InvalidState(f"This merchant has no {mode} mode (POST /v1/test makes the one of a live merchant).", details={"mode": mode})
    if merchant.status != "active":
        raise InvalidState(f"The {mode} merchant is {merchant.status}.", details={"mode": mode})
    return merchant


def with_test_mode(home: MerchantItem) -> MerchantItem:
    """A merchant that says whether it has a test merchant as it is now: what is remembered may be older than that."""
    if home.test_merchant_id is not None or modes.of(home.merchant_id) == modes.TEST:
        return home
    return storage.get(MerchantItem, home.merchant_id) or home


def choose_mode(home_id: str, session_id: str, mode: Mode, *, claimed: list[storage.Write]) -> None:
    """Let a session be about the merchant of this mode. Raises storage.TransactionRefused."""
    chosen = None if mode == modes.of(home_id) else mode
    storage.transact([store.choose_mode(session_id, chosen), *claimed])


def end_session(session_id: str, *, claimed: list[storage.Write]) -> None:
    """End a session, at once and everywhere. Raises storage.TransactionRefused."""
    storage.transact([store.end_session(session_id), *claimed])


def new_passkey(browser: Browser, person: PersonItem, challenge: bytes, answer: Mapping[str, Any], *, name: str) -> Passkey:
    """A passkey that the person may be given. Nothing is stored yet. Raises PasskeyRefused, InvalidState."""
    if len(person.passkeys) >= MAX_PASSKEYS:
        raise InvalidState(f"A person has at most {MAX_PASSKEYS} passkeys. Remove one first.", details={"limit": MAX_PASSKEYS})
    added = passkeys.registered(passkeys.site_of(browser.base_url), challenge, answer, name=name)
    if any(each["passkey_id"] == added["passkey_id"] for each in person.passkeys):
        raise PasskeyRefused("the passkey is there already")
    return added


def _named(handle: str, side: Side) -> PersonItem:
    """The person whom a passkey names. Raises PasskeyRefused."""
    person_id = passkeys.bytes_of(handle).decode("ascii", "replace")
    person = store.find(person_id) if ids.is_id(side.prefix, person_id) else None
    if person is None:
        raise PasskeyRefused("no such person")
    if person.status != ACTIVE:
        raise PasskeyRefused(f"the person is {person.status}")
    return person


def _merchant_of(person: PersonItem) -> MerchantItem | None:
    if person.merchant_id == operators.REALM:
        return None
    merchant = credentials.find_merchant(person.merchant_id)
    if merchant is None or merchant.status != "active":
        raise PasskeyRefused("the merchant is not active")
    return merchant


def _new_session(browser: Browser, person: PersonItem, passkey: Passkey) -> tuple[str, SessionItem]:
    """Always a secret of its own: one that a request brings along is never kept (no fixation)."""
    secret, now = sessions.new_secret(), clock.now_ms()
    item = SessionItem(
        session_id=sessions.session_id(secret),
        merchant_id=person.merchant_id,
        person_id=person.person_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now // 1000 + sessions.LIFETIME_SECONDS,
        agent=sessions.agent_of(browser.headers),
        source_ip=browser.source_ip,
        passkey_id=passkey["passkey_id"],
    )
    return secret, item


def _replaced(browser: Browser, person: PersonItem, *, all_of_them: bool = False) -> list[storage.Write]:
    """The writes that end the session which this browser had, those beyond the most that one may have, or all."""
    own = [] if person.status == INVITED else [item.session_id for item in store.sessions_of(person.person_id)]
    ended = set(own if all_of_them else own[MAX_SESSIONS - 1 :])
    try:
        before = sessions.secret_of(browser.headers, cookie=side_of(person.merchant_id).cookie)
    except Unauthorized:
        before = None
    if before is not None:
        ended.add(sessions.session_id(before))
    return [store.end_session(each) for each in sorted(ended)]


def _write(writes: list[storage.Write]) -> None:
    try:
        storage.transact(writes)
    except storage.TransactionRefused as refused:
        raise Conflict("The person was changed at the same moment. Try again.") from refused
