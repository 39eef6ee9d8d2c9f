"""The `ledgers` table: entries in wire shape. Only appended to, each put with the condition that its sequence number is free."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws, settings
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry
from paycorex.ledger.journal import Reference, ReferenceType
from paycorex.storage import Page, Write, put_raw
from paycorex.storage.failures import translated

TABLE: Final = "ledgers"
# Without it an existing entry could be overwritten: IAM cannot demand a condition, so it stands here, once.
SLOT_IS_FREE: Final = "attribute_not_exists(seq)"

_NO_END: Final = 10**18

Wire = Mapping[str, Any]


def append(entry: Entry) -> Write:
    """The write that appends an entry to its chain."""
    return put_raw(settings.current().table(TABLE), to_wire(entry), SLOT_IS_FREE)


def head(account: Account, *, consistent: bool) -> Entry | None:
    """The newest entry, which is the account's balance; None when there is none. Raises Unavailable."""
    page = read(account, newest_first=True, limit=1, consistent=consistent)
    return page.items[0] if page.items else None


def read(
    account: Account,
    *,
    first_seq: int = 1,
    last_seq: int | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    consistent: bool = False,
) -> Page[Entry]:
    """Entries of one chain between two sequence numbers, inclusive; none when the last lies before the first. Raises Unavailable."""
    last = _NO_END if last_seq is None else last_seq
    if last < first_seq:
        return Page([], None)
    values = {":a": {"S": account.key}, ":f": {"N": str(first_seq)}, ":l": {"N": str(last)}}
    parameters: dict[str, Any] = {
        "TableName": settings.current().table(TABLE),
        "KeyConditionExpression": "account = :a AND seq BETWEEN :f AND :l",
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not newest_first,
        "ConsistentRead": consistent,
    }
    if limit is not None:
        parameters["Limit"] = limit
    client: Any = aws.dynamodb()
    with translated():
        answer: dict[str, Any] = client.query(**parameters)
    return Page([from_wire(item) for item in answer["Items"]], answer.get("LastEvaluatedKey"))


def to_wire(entry: Entry) -> dict[str, Any]:
    """An entry as DynamoDB stores it."""
    wire: dict[str, Any] = {
        "account": {"S": entry.account.key},
        "seq": {"N": str(entry.seq)},
        "credit": {"N": str(entry.credit)},
        "debit": {"N": str(entry.debit)},
        "balance": {"N": str(entry.balance)},
        "total_credit": {"N": str(entry.total_credit)},
        "total_debit": {"N": str(entry.total_debit)},
        "count": {"N": str(entry.count)},
        "journal_id": {"S": entry.journal_id},
        "reference_type": {"S": entry.reference.type.value},
        "reference_id": {"S": entry.reference.id},
        "created_at": {"N": str(entry.created_at)},
        "prev_hash": {"B": entry.prev_hash},
        "hash": {"B": entry.hash},
    }
    if entry.description is not None:
        wire["description"] = {"S": entry.description}
    return wire


def from_wire(item: Wire) -> Entry:
    """The entry of a stored item."""
    return Entry(
        account=Account.from_key(item["account"]["S"]),
        seq=int(item["seq"]["N"]),
        credit=int(item["credit"]["N"]),
        debit=int(item["debit"]["N"]),
        balance=int(item["balance"]["N"]),
        total_credit=int(item["total_credit"]["N"]),
        total_debit=int(item["total_debit"]["N"]),
        count=int(item["count"]["N"]),
        journal_id=item["journal_id"]["S"],
        reference=Reference(ReferenceType(item["reference_type"]["S"]), item["reference_id"]["S"]),
        description=item["description"]["S"] if "description" in item else None,
        created_at=int(item["created_at"]["N"]),
        prev_hash=bytes(item["prev_hash"]["B"]),
        hash=bytes(item["hash"]["B"]),
    )
