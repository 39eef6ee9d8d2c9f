"""Form bodies for Stripe, judged by the parameter types of its official client."""

import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import typing_extensions
from stripe import RequestOptions
from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCaptureParams,
    PaymentIntentConfirmParams,
    PaymentIntentCreateParams,
    PaymentIntentIncrementAuthorizationParams,
    PaymentIntentRetrieveParams,
    PaymentMethodCreateParams,
    RefundCreateParams,
    RefundRetrieveParams,
)

_BY_PATH: Final[tuple[tuple[str, str, Any], ...]] = (
    ("POST", r"/v1/payment_intents", PaymentIntentCreateParams),
    ("GET", r"/v1/payment_intents/pi_\w+", PaymentIntentRetrieveParams),
    ("POST", r"/v1/payment_intents/pi_\w+/confirm", PaymentIntentConfirmParams),
    ("POST", r"/v1/payment_intents/pi_\w+/capture", PaymentIntentCaptureParams),
    ("POST", r"/v1/payment_intents/pi_\w+/cancel", PaymentIntentCancelParams),
    ("POST", r"/v1/payment_intents/pi_\w+/increment_authorization", PaymentIntentIncrementAuthorizationParams),
    ("POST", r"/v1/refunds", RefundCreateParams),
    ("GET", r"/v1/refunds/re_\w+", RefundRetrieveParams),
)


def _hints(kind: Any) -> dict[str, Any]:
    """Types of its members, without the options of the client itself."""
    own = {name: hint for name, hint in kind.__annotations__.items() if name not in RequestOptions.__annotations__}
    return typing.get_type_hints(types.SimpleNamespace(__annotations__=own), vars(sys.modules[kind.__module__]))


# What the client's types of an intent leave out: a card, which stands among those of a payment method, and the older list of ways to pay,
# which Stripe still documents: https://docs.stripe.com/api/payment_intents/create.
_ELSEWHERE: Final[Mapping[str, Any]] = {
    **{f"payment_method_data[{name}]": _hints(PaymentMethodCreateParams)[name] for name in ("type", "card")},
    "payment_method_types": list[str],
}
_PART: Final = re.compile(r"\[([^\]]*)\]")


def misfits(method: str, path: str, form: str) -> list[str]:
    """What of a request's fields the client's types of that call do not have, or have in another form."""
    types_of_call = [kind for verb, pattern, kind in _BY_PATH if verb == method and re.fullmatch(pattern, path)]
    if not types_of_call:
        return [f"{method} {path} is no call of the client"]
    return list(_of_object(tree(form), types_of_call[0], ""))


def tree(form: str) -> dict[str, Any]:
    """The fields of a form as the objects that its names with brackets mean; lists as objects with numbers."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form)):
        first, *rest = [name.partition("[")[0], *_PART.findall(name)]
        into = found
        for step, following in zip([first, *rest], [*rest, None], strict=False):
            key = step or str(len(into))
            if following is None:
                into[key] = value
            else:
                into = into.setdefault(key, {})
    return found


def _of_object(given: Mapping[str, Any], kind: Any, under: str) -> Iterator[str]:
    known = _hints(kind)
    for name, value in given.items():
        path = f"{under}[{name}]" if under else name
        wanted = _ELSEWHERE.get(path, known.get(name))
        if wanted is None:
            yield f"{path} is no parameter"
        else:
            yield from _of_value(value, wanted, path)
    yield from (f"{under}[{name}] is missing" for name in getattr(kind, "__required_keys__", ()) if name not in given)


def _of_value(value: Any, wanted: Any, path: str) -> Iterator[str]:
    choices = [list(_one(value, each, path)) for each in _choices(wanted)]
    if all(choices):
        # The one that is nearest; an empty text, by which a value is taken away, comes first.
        yield from min(reversed(choices), key=len)


def _choices(wanted: Any) -> tuple[Any, ...]:
    """Where the client names words it lets any text pass beside them: those that it names are the ones that Stripe documents."""
    if typing.get_origin(wanted) not in {typing.Union, types.UnionType}:
        return (wanted,)
    each = typing.get_args(wanted)
    has_words = any(typing.get_origin(one) is typing.Literal and one != typing.Literal[""] for one in each)
    return tuple(one for one in each if not (has_words and one is str))


def _one(value: Any, wanted: Any, path: str) -> Iterator[str]:
    """Against one type, without choices."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in {typing.Required, typing.NotRequired}:
        yield from _of_value(value, arguments[0], path)
    elif isinstance(value, dict):
        yield from _of_members(value, wanted, path)
    elif origin is typing.Literal:
        yield from () if value in arguments else (f"{path} is {value!r}",)
    elif not re.fullmatch({int: r"[0-9]+", bool: "true|false", str: ".+"}.get(wanted, "(?!)"), value):
        yield f"{path} is {value!r} for {wanted}"


def _of_members(value: Mapping[str, Any], wanted: Any, path: str) -> Iterator[str]:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if typing_extensions.is_typeddict(wanted):
        yield from _of_object(value, wanted, path)
    elif origin in {list, dict}:
        for name, each in value.items():
            yield from _of_value(each, arguments[-1], f"{path}[{name}]")
    else:
        yield f"{path} is an object"
