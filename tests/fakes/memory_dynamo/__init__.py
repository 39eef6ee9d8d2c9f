"""A DynamoDB in memory for property and load tests: conditional semantics, capacity, indexes, streams, stale reads."""

from tests.fakes.memory_dynamo.client import MemoryDynamo

__all__ = ["MemoryDynamo"]
