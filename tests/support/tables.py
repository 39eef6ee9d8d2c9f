"""The stack's tables, as template.yaml declares them, in an in-memory DynamoDB, in moto or in an emulator."""

from typing import Any

from tests.support import template


def create_tables(client: Any, prefix: str) -> None:
    """Create every table under `<prefix><noun>`."""
    for request in template.table_requests(prefix):
        client.create_table(**request)
    for request in template.times_to_live(prefix):
        client.update_time_to_live(**request)
