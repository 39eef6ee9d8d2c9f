"""Routes of imports: announce a report, and see how far it was read."""

from paycorex import clock
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.records import settlement_import
from paycorex.records.settlement_import import UPLOADING, SettlementImportItem, SettlementImportView
from settlements.imports import beginning, objects
from settlements.requests import ImportReport
from settlements.routes.app import app


class ReportUpload(View):
    """Where the file is put, with exactly these headers, until expires_at."""

    url: str
    method: str
    headers: dict[str, str]
    expires_at: str


class BegunImport(View):
    """The import, and where its file is put; without a link once it was read."""

    import_id: str
    upload_url: str | None
    upload: ReportUpload | None
    settlement_import: SettlementImportView


def _begun(item: SettlementImportItem) -> BegunImport:
    upload = None
    if item.status == UPLOADING:
        link, expires_ms = objects.link(item), clock.now_ms() + objects.LINK_SECONDS * 1000
        upload = ReportUpload(url=link.url, method=link.method, headers=dict(link.headers), expires_at=clock.rfc3339(expires_ms))
    view = settlement_import.view(item)
    return BegunImport(import_id=item.import_id, upload_url=upload.url if upload else None, upload=upload, settlement_import=view)


def _found(caller: Caller, import_id: str) -> SettlementImportItem:
    item = beginning.find(caller.merchant_id, import_id)
    if item is None:
        raise NotFound("import")
    return item


def _replay(caller: Caller, import_id: str) -> BegunImport:
    return _begun(_found(caller, import_id))


@app.route("POST", "/v1/settlements/import", scope="settlements:write", body=ImportReport, answer=BegunImport, status=201, replay=_replay)
def import_report(call: Call[ImportReport, None]) -> Answer:
    """Announce a provider's report and get a link to put it to; it is read from then on, line by line."""
    return Answer(201, _begun(beginning.begin(call.caller.merchant_id, call.body, call.claim)))


@app.route("GET", "/v1/settlements/imports/{import_id}", scope="settlements:read", answer=SettlementImportView)
def show_import(call: Call[None, None]) -> Answer:
    """How far an import was read, and which lines were refused."""
    return Answer(200, settlement_import.view(_found(call.caller, call.path["import_id"])))
