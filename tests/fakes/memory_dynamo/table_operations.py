"""The operations on tables, one function each: (engine, request) -> response members."""

from dataclasses import replace
from typing import Any

from tests.fakes.memory_dynamo.engine import Engine
from tests.fakes.memory_dynamo.refusal import RefusedError
from tests.fakes.memory_dynamo.schema import table_schema
from tests.fakes.memory_dynamo.streams import table_arn
from tests.fakes.memory_dynamo.table import Table

type Request = dict[str, Any]
type Response = dict[str, Any]


def create_table(engine: Engine, request: Request) -> Response:
    """The table is ACTIVE at once. Raises ResourceInUseException for a name that is taken."""
    name = request["TableName"]
    if name in engine.tables:
        raise RefusedError("ResourceInUseException", f"Table already exists: {name}")
    table = engine.create(table_schema(request))
    return {"TableDescription": _description(engine, table)}


def describe_table(engine: Engine, request: Request) -> Response:
    name = request["TableName"]
    if name not in engine.tables:
        raise RefusedError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return {"Table": _description(engine, engine.tables[name])}


def delete_table(engine: Engine, request: Request) -> Response:
    table = engine.table(request["TableName"])
    del engine.tables[table.schema.name]
    return {"TableDescription": _description(engine, table)}


def list_tables(engine: Engine, request: Request) -> Response:
    return {"TableNames": sorted(engine.tables)}


def update_time_to_live(engine: Engine, request: Request) -> Response:
    table, specification = engine.table(request["TableName"]), request["TimeToLiveSpecification"]
    attribute = specification["AttributeName"] if specification["Enabled"] else None
    table.schema = replace(table.schema, ttl_attribute=attribute)
    return {"TimeToLiveSpecification": dict(specification)}


def describe_time_to_live(engine: Engine, request: Request) -> Response:
    attribute = engine.table(request["TableName"]).schema.ttl_attribute
    if attribute is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": attribute}}


def _description(engine: Engine, table: Table) -> Response:
    properties, name = table.schema.properties, table.schema.name
    arn = table_arn(name, engine.region)
    kept: Response = {
        field: properties[field] for field in ("AttributeDefinitions", "KeySchema", "StreamSpecification") if field in properties
    }
    for field in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if properties.get(field):
            kept[field] = [
                {**index, "IndexStatus": "ACTIVE", "IndexArn": f"{arn}/index/{index['IndexName']}"} for index in properties[field]
            ]
    return {
        **kept,
        "TableName": name,
        "TableStatus": "ACTIVE",
        "TableArn": arn,
        "ItemCount": sum(len(partition.rows) for partition in table.partitions.values()),
        "BillingModeSummary": {"BillingMode": properties.get("BillingMode", "PROVISIONED")},
        "LatestStreamArn": f"{arn}/stream/2026-01-01T00:00:00.000",
    }
