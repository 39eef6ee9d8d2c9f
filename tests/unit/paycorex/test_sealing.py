"""Sealed values open for their merchant, purpose and record, through KMS, and for nothing else."""

import base64
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet

from paycorex import aws, caching, clock, sealing, settings
from paycorex.errors import TemporarilyUnavailable
from paycorex.sealing import Context, SealBroken
from paycorex.sealing.seals import PAD_BYTES
from tests.fakes.memory_kms import MemoryKms

CONTEXT = Context("credentials", "mer_a")
SECRET = b"sk_secret"


@pytest.fixture
def kms() -> Iterator[MemoryKms]:
    kms = MemoryKms()
    keys = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2)]
    aws.use("kms", kms)
    settings.use(settings.Settings(sealing_key_id=keys[0], vault_key_id=keys[1]))
    caching.forget_everything()
    yield kms
    aws.use("kms", None)
    settings.use(None)
    clock.use(None)
    caching.forget_everything()


def seal(kms: MemoryKms, value: bytes = SECRET) -> str:
    return sealing.seal(value, context=CONTEXT, bound_to="key_a")


def test_a_sealed_value_opens_again(kms: MemoryKms) -> None:
    sealed = seal(kms)
    caching.forget_everything()
    assert sealing.unseal(sealed, context=CONTEXT, bound_to="key_a") == SECRET


@pytest.mark.parametrize("value", [b"", b"\x00\xff", b"x" * 5000])
def test_any_bytes_can_be_sealed(kms: MemoryKms, value: bytes) -> None:
    assert sealing.unseal(seal(kms, value), context=CONTEXT, bound_to="key_a") == value


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize(
    ("context", "bound_to"),
    [
        (Context("credentials", "mer_b"), "key_a"),
        (Context("webhook", "mer_a"), "key_a"),
        (Context("vault", "mer_a"), "key_a"),
        (CONTEXT, "key_b"),
    ],
)
def test_it_opens_for_no_other_context(kms: MemoryKms, cached: bool, context: Context, bound_to: str) -> None:
    """Whether its data key is remembered or not: a cache must not open what KMS would refuse."""
    sealed = seal(kms)
    if not cached:
        caching.forget_everything()
    with pytest.raises(SealBroken):
        sealing.unseal(sealed, context=context, bound_to=bound_to)


def test_swapped_ciphertexts_do_not_open(kms: MemoryKms) -> None:
    mine, theirs = seal(kms), sealing.seal(SECRET, context=CONTEXT, bound_to="key_b")
    version, wrapped, _token = mine.split(".")
    mixed = ".".join((version, wrapped, theirs.split(".")[2]))
    for sealed in (theirs, mixed):
        with pytest.raises(SealBroken):
            sealing.unseal(sealed, context=CONTEXT, bound_to="key_a")


@pytest.mark.parametrize("sealed", ["", "1", "1..", "2.a.b", "1.é.b", "1.!!.b", "a.b.c.d", "1.AAAA.gAAAA"])
def test_what_was_never_sealed_does_not_open(kms: MemoryKms, sealed: str) -> None:
    with pytest.raises(SealBroken):
        sealing.unseal(sealed, context=CONTEXT, bound_to="key_a")


def test_one_changed_character_breaks_the_seal(kms: MemoryKms) -> None:
    sealed = seal(kms)
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            sealing.unseal(changed, context=CONTEXT, bound_to="key_a")


def test_a_warm_environment_asks_kms_nothing_for_five_minutes(kms: MemoryKms) -> None:
    now = 1_800_000_000.0
    clock.use(lambda: now)
    sealed = seal(kms)
    calls = sum(kms.calls.values())
    for _ in range(10):
        sealing.unseal(sealed, context=CONTEXT, bound_to="key_a")
    assert sum(kms.calls.values()) == calls
    now += 300
    sealing.unseal(sealed, context=CONTEXT, bound_to="key_a")
    assert sum(kms.calls.values()) == calls + 1


def test_without_kms_nothing_is_sealed_or_opened(kms: MemoryKms) -> None:
    sealed = seal(kms)
    kms.disable_key(KeyId=settings.current().sealing_key_id)
    caching.forget_everything()
    with pytest.raises(TemporarilyUnavailable):
        sealing.unseal(sealed, context=CONTEXT, bound_to="key_a")
    with pytest.raises(TemporarilyUnavailable):
        seal(kms)


def test_the_length_tells_nothing_about_the_value(kms: MemoryKms) -> None:
    lengths = {len(seal(kms, b"x" * length)) for length in range(1, 60)}
    assert len(lengths) == 1


def test_the_wrapped_key_is_no_key(kms: MemoryKms) -> None:
    _version, wrapped, token = seal(kms).split(".")
    raw = base64.urlsafe_b64decode(wrapped)
    for start in range(len(raw) - 32):
        with pytest.raises(Exception, match=r"^$"):
            Fernet(base64.urlsafe_b64encode(raw[start : start + 32])).decrypt(token)
    assert PAD_BYTES >= 256


def test_two_seals_of_one_value_differ(kms: MemoryKms) -> None:
    assert seal(kms) != seal(kms)


def test_keys_are_not_shown_by_accident(kms: MemoryKms) -> None:
    key = sealing.generate(CONTEXT)
    assert key.fernet_key.decode() not in repr(key)
