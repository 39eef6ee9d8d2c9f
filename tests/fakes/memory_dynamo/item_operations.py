"""The operations on items, one function each: (engine, request) -> response members."""

from typing import Any

from tests.fakes.memory_dynamo.capacity import Meter, read_units
from tests.fakes.memory_dynamo.engine import Engine
from tests.fakes.memory_dynamo.expressions import Expressions
from tests.fakes.memory_dynamo.partition import Row
from tests.fakes.memory_dynamo.projections import projected
from tests.fakes.memory_dynamo.reads import Page, Read, query, scan
from tests.fakes.memory_dynamo.refusal import invalid
from tests.fakes.memory_dynamo.schema import ItemKey
from tests.fakes.memory_dynamo.table import Table
from tests.fakes.memory_dynamo.transactions import check_count, planned, requested_writes
from tests.fakes.memory_dynamo.values import Item, admit_item, copy_item
from tests.fakes.memory_dynamo.writes import Write, WriteKind

type Request = dict[str, Any]
type Response = dict[str, Any]

_MAX_BATCH_GET = 100
_MAX_BATCH_WRITE = 25
_TRANSACTION_FACTOR = 2


def _meter(request: Request, direction: str | None = None) -> Meter:
    return Meter(request.get("ReturnConsumedCapacity"), direction)


def get_item(engine: Engine, request: Request) -> Response:
    meter = _meter(request)
    table, consistent = engine.table(request["TableName"]), request.get("ConsistentRead", False)
    lookup = _Lookup(request, table)
    row = _found(engine, table, lookup.key(request["Key"]), consistent=consistent)
    meter.table(table.schema.name, read_units(row.size if row else 0, consistent=consistent))
    return {**({} if row is None else {"Item": lookup.shown(row)}), **meter.one()}


class _Lookup:
    """The key and projection of a get."""

    def __init__(self, request: Request, table: Table) -> None:
        expressions = Expressions(request)
        self._projection = expressions.projection()
        expressions.finish()
        self._table = table

    def key(self, key: Item) -> ItemKey:
        return self._table.schema.keys.checked_key(admit_item(key))

    def shown(self, row: Row) -> Item:
        return copy_item(row.item) if self._projection is None else projected(row.item, self._projection)


def _found(engine: Engine, table: Table, key: ItemKey, *, consistent: bool) -> Row | None:
    return table.find_stale(key) if not consistent and engine.is_stale() else table.find(key)


def batch_get_item(engine: Engine, request: Request) -> Response:
    meter = _meter(request)
    if sum(len(wanted["Keys"]) for wanted in request["RequestItems"].values()) > _MAX_BATCH_GET:
        raise invalid("Too many items requested for the BatchGetItem call")
    responses: dict[str, list[Item]] = {}
    for name, wanted in request["RequestItems"].items():
        table, lookup = engine.table(name), _Lookup(wanted, engine.table(name))
        keys = [lookup.key(key) for key in wanted["Keys"]]
        if len(set(keys)) < len(keys):
            raise invalid("Provided list of item keys contains duplicates")
        consistent = wanted.get("ConsistentRead", False)
        rows = [_found(engine, table, key, consistent=consistent) for key in keys]
        for row in rows:
            meter.table(table.schema.name, read_units(row.size if row else 0, consistent=consistent))
        responses[name] = [lookup.shown(row) for row in rows if row is not None]
    return {"Responses": responses, "UnprocessedKeys": {}, **meter.many()}


def transact_get_items(engine: Engine, request: Request) -> Response:
    meter = _meter(request, "Read")
    check_count(request["TransactItems"])
    responses: list[Response] = []
    for entry in request["TransactItems"]:
        get = entry["Get"]
        table = engine.table(get["TableName"])
        lookup = _Lookup(get, table)
        row = table.find(lookup.key(get["Key"]))
        meter.table(table.schema.name, _TRANSACTION_FACTOR * read_units(row.size if row else 0, consistent=True))
        responses.append({} if row is None else {"Item": lookup.shown(row)})
    return {"Responses": responses, **meter.many()}


def put_item(engine: Engine, request: Request) -> Response:
    return _write(engine, "Put", request)


def update_item(engine: Engine, request: Request) -> Response:
    return _write(engine, "Update", request)


def delete_item(engine: Engine, request: Request) -> Response:
    return _write(engine, "Delete", request)


def _write(engine: Engine, kind: WriteKind, request: Request) -> Response:
    meter = _meter(request)
    write = Write(kind, request, engine.tables)
    key = write.key()
    old = write.table.find(key)
    new = write.judge(old)
    engine.commit([(write.table, key, old, new)], meter)
    return {**write.returned(old, new), **meter.one()}


def batch_write_item(engine: Engine, request: Request) -> Response:
    """Unconditional puts and deletes; here none of them is ever left unprocessed."""
    meter = _meter(request)
    writes: list[Write] = []
    for name, entries in request["RequestItems"].items():
        for entry in entries:
            kind: WriteKind = "Put" if "PutRequest" in entry else "Delete"
            writes.append(Write(kind, {"TableName": name, **entry[f"{kind}Request"]}, engine.tables))
    keys = [(write.table.schema.name, write.key()) for write in writes]
    if len(writes) > _MAX_BATCH_WRITE:
        raise invalid("Too many items requested for the BatchWriteItem call")
    if len(set(keys)) < len(keys):
        raise invalid("Provided list of item keys contains duplicates")
    for write, (_, key) in zip(writes, keys, strict=True):
        old = write.table.find(key)
        engine.commit([(write.table, key, old, write.judge(old))], meter)
    return {"UnprocessedItems": {}, **meter.many()}


def transact_write_items(engine: Engine, request: Request) -> Response:
    items = request["TransactItems"]
    writes = requested_writes(items, engine.tables)
    token = request.get("ClientRequestToken")
    fingerprint = b"" if token is None else engine.tokens.fingerprint(items)
    if token is not None and engine.tokens.replays(token, fingerprint):
        return _replayed(writes, _meter(request, "Read"))
    meter = _meter(request, "Write")
    engine.commit(planned(writes), meter, _TRANSACTION_FACTOR)
    if token is not None:
        engine.tokens.remember(token, fingerprint)
    return meter.many()


def _replayed(writes: list[Write], meter: Meter) -> Response:
    """A replay reads the items instead of writing them."""
    for write in writes:
        row = write.table.find(write.key())
        meter.table(write.table.schema.name, _TRANSACTION_FACTOR * read_units(row.size if row else 0, consistent=True))
    return meter.many()


def query_items(engine: Engine, request: Request) -> Response:
    read = Read(request, engine.table(request["TableName"]))
    return _metered(read, query(read, engine.is_stale), _meter(request))


def scan_items(engine: Engine, request: Request) -> Response:
    read = Read(request, engine.table(request["TableName"]))
    return _metered(read, scan(read, engine.is_stale), _meter(request))


def _metered(read: Read, page: Page, meter: Meter) -> Response:
    units, name = read_units(page.size, consistent=read.consistent), read.table.schema.name
    if read.index is None:
        meter.table(name, units)
    else:
        meter.index(name, read.index.name, units, is_local=read.index.is_local)
    return {**page.response, **meter.one()}
