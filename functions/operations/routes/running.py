"""Routes about what runs: chains, alarms, volumes, reconciliation over all merchants, and records that were lost to their functions."""

from typing import Annotated, Final

from pydantic import Field

from operations import alarms, chains, clearing, failed_stream_records, lost_record_runs, volumes
from operations.routes.requests import Because, PageQuery
from operations.running_views import Alarms, Chains, ClearingList, LostRecordRun, LostRecords, Volumes
from paycorex.contract import ListQuery
from paycorex.credentials.operators import scope_of
from paycorex.http import Answer, App, Call

_V1: Final = "/operator/v1"


class VolumesQuery(ListQuery):
    """GET /operator/v1/volumes."""

    days: Annotated[int, Field(ge=1, le=volumes.MAX_DAYS)] = 7


def add_to(app: App) -> None:
    """Add these routes to the door."""
    for path, answer, function in (
        (f"{_V1}/chains", Chains, operator_show_chains),
        (f"{_V1}/alarms", Alarms, operator_show_alarms),
        (f"{_V1}/lost_records", LostRecords, operator_list_lost_records),
    ):
        app.route("GET", path, scope=scope_of("GET", path), answer=answer)(function)
    path = f"{_V1}/lost_records"
    scope = scope_of("POST", path)
    app.route("POST", path, scope=scope, body=Because, answer=LostRecordRun, status=201, other_status=200, self_idempotent=True)(
        operator_run_lost_records
    )
    path = f"{_V1}/volumes"
    app.route("GET", path, scope=scope_of("GET", path), query=VolumesQuery, answer=Volumes)(operator_show_volumes)
    path = f"{_V1}/reconciliation"
    app.route("GET", path, scope=scope_of("GET", path), query=PageQuery, answer=ClearingList)(operator_list_clearing)


def operator_show_chains(_call: Call[None, None]) -> Answer:
    """How far each network's scanner is, and how many blocks it is behind."""
    return Answer(200, chains.lines())


def operator_show_alarms(_call: Call[None, None]) -> Answer:
    """The stack's alarms, those that ring first."""
    return Answer(200, alarms.states())


def operator_show_volumes(call: Call[None, VolumesQuery]) -> Answer:
    """What merchants were paid in the last days, over one page of merchants."""
    found, more = volumes.page(call.query.days, call.query.limit, call.position("operator_volumes"))
    return Answer(200, found.model_copy(update={"next_cursor": call.next_cursor("operator_volumes", more)}))


def operator_list_clearing(call: Call[None, PageQuery]) -> Answer:
    """Clearing accounts of all merchants: what they hold, and what was not explained when each was last proved."""
    found, more = clearing.page(call.query.limit, call.position("operator_clearing"))
    return Answer(200, ClearingList(data=found, next_cursor=call.next_cursor("operator_clearing", more)))


def operator_list_lost_records(_call: Call[None, None]) -> Answer:
    """Notes of records that failed all retries of their function, and the last runs that handed some over again."""
    data, waiting = failed_stream_records.waiting()
    runs = [lost_record_runs.view(each) for each in lost_record_runs.newest(lost_record_runs.SHOWN)]
    return Answer(200, LostRecords(data=data, waiting=waiting, runs=runs))


def operator_run_lost_records(_call: Call[Because, None]) -> Answer:
    """Have lost records handed over to their functions again, within about five minutes; 200 and the run that is not over, if one is."""
    line, is_new = lost_record_runs.start()
    return Answer(201 if is_new else 200, line)
