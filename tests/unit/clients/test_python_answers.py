"""Answers of servers that are earlier or later than the client's contract."""

from typing import Any

import pytest
from pydantic import ValidationError

from paycorex_client import models

# As the contract has it now.
AGE: dict[str, Any] = {"count": 3, "days": 30}


def test_a_field_that_an_earlier_server_does_not_have_is_none_where_it_may_be_null() -> None:
    assert models.AgeCount.model_validate({"count": 3}).days is None
    assert models.AgeCount.model_validate_json(b'{"count": 3}').days is None
    assert models.AgeCount.model_validate(AGE).days == 30


def test_a_field_of_an_object_inside_is_read_alike() -> None:
    read = models.AddressList.model_validate({"data": []})
    assert (read.data, read.next_cursor) == ([], None)


def test_a_field_that_is_never_null_is_not_made_up() -> None:
    with pytest.raises(ValidationError, match="count"):
        models.AgeCount.model_validate({"days": 30})


def test_what_a_later_server_adds_is_kept() -> None:
    assert models.AgeCount.model_validate(AGE | {"oldest": "pay_1"}).model_extra == {"oldest": "pay_1"}


def test_what_is_sent_wrongly_is_still_refused() -> None:
    with pytest.raises(ValidationError, match="days"):
        models.AgeCount.model_validate(AGE | {"days": "many"})
