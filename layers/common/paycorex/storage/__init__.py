"""DynamoDB, as the stores use it: items declared with PynamoDB, sent through the process's one low-level client.

Reads and single writes are typed by a model; transactions are lists of `Write`. Every failure becomes one of `storage.failures`.
"""

from paycorex.storage.changes import copy_of, difference
from paycorex.storage.failures import ConditionRefused, OutcomeUnknown, Reason, TransactionRefused, Unavailable, WriteRefused
from paycorex.storage.items import Item
from paycorex.storage.listing import listed
from paycorex.storage.merging import Merged, merge_newest_first, take_newest
from paycorex.storage.reads import Page, get, get_many, get_raw, is_empty, query, scan_all, scan_segment, scan_wire
from paycorex.storage.writes import Write, check, delete, put, put_raw, run, transact, update

__all__ = [
    "ConditionRefused",
    "Item",
    "Merged",
    "OutcomeUnknown",
    "Page",
    "Reason",
    "TransactionRefused",
    "Unavailable",
    "Write",
    "WriteRefused",
    "check",
    "copy_of",
    "delete",
    "difference",
    "get",
    "get_many",
    "get_raw",
    "is_empty",
    "listed",
    "merge_newest_first",
    "put",
    "put_raw",
    "query",
    "run",
    "scan_all",
    "scan_segment",
    "scan_wire",
    "take_newest",
    "transact",
    "update",
]
