"""Writes, alone or in one transaction. A `Write` is one element of a TransactWriteItems call, in its wire shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action, Update

from paycorex import aws
from paycorex.storage.failures import translated
from paycorex.storage.items import Item

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """One write: its kind and DynamoDB's parameters for it."""

    kind: Literal["Put", "Update", "Delete", "ConditionCheck"]
    parameters: dict[str, Any]


def put(item: Item, condition: Condition | None = None) -> Write:
    """Write the whole item."""
    return _conditional("Put", {"TableName": item.physical_table(), "Item": item.serialize()}, condition)


def put_raw(table: str, attributes: Attributes, condition_expression: str) -> Write:
    """Write an item given in wire shape. For the ledger, which writes thousands of entries a second."""
    parameters = {"TableName": table, "Item": attributes, "ConditionExpression": condition_expression}
    return Write("Put", parameters | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"})


def update(model: type[Item], key: Mapping[str, Any], actions: Sequence[Action], condition: Condition | None) -> Write:
    """Change some attributes of one item; `key` as `Item.wire_key` makes it."""
    return _conditional("Update", {"TableName": model.physical_table(), "Key": key}, condition, actions)


def delete(model: type[Item], key: Mapping[str, Any], condition: Condition | None) -> Write:
    """Remove one item."""
    return _conditional("Delete", {"TableName": model.physical_table(), "Key": key}, condition)


def check(model: type[Item], key: Mapping[str, Any], condition: Condition) -> Write:
    """A condition on an item that the transaction does not change."""
    return _conditional("ConditionCheck", {"TableName": model.physical_table(), "Key": key}, condition)


def run(write: Write) -> Attributes:
    """Carry out one write; the item as it is afterwards (empty for a delete).

    Raises ConditionRefused, Unavailable or OutcomeUnknown.
    """
    client: Any = aws.dynamodb()
    with translated():
        if write.kind == "Put":
            client.put_item(**write.parameters)
            item: Attributes = write.parameters["Item"]
            return item
        if write.kind == "Update":
            answer: Attributes = client.update_item(ReturnValues="ALL_NEW", **write.parameters).get("Attributes", {})
            return answer
        client.delete_item(**write.parameters)
        return {}


def transact(writes: Sequence[Write]) -> None:
    """Carry out all writes or none.

    Raises TransactionRefused (with a reason per write), Unavailable or OutcomeUnknown.
    """
    client: Any = aws.dynamodb()
    with translated():
        client.transact_write_items(TransactItems=[{write.kind: write.parameters} for write in writes])


def _conditional(
    kind: Literal["Put", "Update", "Delete", "ConditionCheck"],
    parameters: dict[str, Any],
    condition: Condition | None,
    actions: Sequence[Action] = (),
) -> Write:
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    if actions:
        parameters["UpdateExpression"] = Update(*actions).serialize(names, values)
    if condition is not None:
        parameters["ConditionExpression"] = condition.serialize(names, values)
        parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        parameters["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    if values:
        parameters["ExpressionAttributeValues"] = values
    return Write(kind, parameters)
