"""The stack's tables by their nouns, for the commands that work on all of them."""

from collections.abc import Iterator

from paycorex import aws


class NoTables(Exception):
    """No table's name begins with the prefix."""


def nouns(prefix: str) -> list[str]:
    """What follows the prefix in the names of the tables that begin with it, in order. Raises ClientError."""
    return sorted(name.removeprefix(prefix) for name in _names() if prefix and name.startswith(prefix))


def some(prefix: str) -> list[str]:
    """As `nouns`; raises NoTables where there are none."""
    found = nouns(prefix)
    if not found:
        raise NoTables(f"there are no tables {prefix}*")
    return found


def _names() -> Iterator[str]:
    for page in aws.dynamodb_for_operators().get_paginator("list_tables").paginate():
        yield from page["TableNames"]


def arn(table: str) -> str:
    """A table's ARN. Raises ClientError."""
    return str(aws.dynamodb_for_operators().describe_table(TableName=table)["Table"]["TableArn"])


def is_empty(table: str) -> bool:
    """Whether it holds no item. Raises ClientError."""
    return not aws.dynamodb_for_operators().scan(TableName=table, Limit=1, ConsistentRead=True)["Items"]
