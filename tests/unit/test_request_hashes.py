"""A request that is sent again during a release is the same one: what its body gained has no part in the hash while it is absent."""

import json
import tarfile
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest
from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from local.paths import ROOT
from paycorex.contract import Body
from paycorex.idempotency.claims import hash_request
from tests.support import gateway
from tests.support.world import World

DOCUMENT = "functions/dashboard/openapi.json"


@cache
def released() -> dict[str, Any]:
    """The schemas of the last release, by name."""
    with tarfile.open(ROOT / "tests" / "releases" / "released.tar.xz") as archive:
        content = archive.extractfile(DOCUMENT)
        assert content is not None
        schemas: dict[str, Any] = json.load(content)["components"]["schemas"]
        return schemas


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for info in annotation.model_fields.values():
            yield from models_in(info.annotation)
    for part in get_args(annotation):
        yield from models_in(part)


@cache
def bodies() -> tuple[type[BaseModel], ...]:
    """Every model of a request's body."""
    with World().running():
        given = [route.body for app in gateway.apps() for route in app.routes if route.body is not None]
    return tuple(dict.fromkeys(model for body in given for model in models_in(body)))


def is_left_out(info: FieldInfo) -> bool:
    """Whether the field is in no JSON of its body while it has its default."""
    return info.exclude is True or (info.exclude_if is not None and info.exclude_if(info.default))


def test_what_a_body_gained_since_the_last_release_is_left_out_while_it_is_absent() -> None:
    known = released()
    gained = {
        f"{model.__name__}.{name}"
        for model in bodies()
        if model.__name__ in known and not issubclass(model, RootModel)
        for name, info in model.model_fields.items()
        if (info.alias or name) not in known[model.__name__].get("properties", {}) and not is_left_out(info)
    }
    assert len([model for model in bodies() if model.__name__ in known]) > 10
    assert gained == set()


class _Grown(Body):
    name: str
    later: str | None = None


def test_a_field_that_was_only_added_is_found() -> None:
    assert not is_left_out(_Grown.model_fields["later"])


@pytest.mark.parametrize("code", ["123", "9999"])
def test_a_security_code_is_in_no_hash(code: str) -> None:
    """Of three digits a hash is as good as the digits."""
    create = next(model for model in bodies() if model.__name__ == "CreatePayment")
    body, other = (create.model_validate({"amount": "10", "method": "tokenized", "security_code": given}) for given in (code, "555"))
    assert hash_request("POST", "/v1/payments/create", "k", body) == hash_request("POST", "/v1/payments/create", "k", other)
    assert code not in repr(body)
