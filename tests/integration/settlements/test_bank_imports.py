"""A bank's file on its whole way: announced, put to its link, read by the importer, matched with what providers paid out."""

import pytest

from paycorex.records.bank_line import MATCHED
from settlements.bank import importing
from tests.support.bank import Payout, bank_lines, books, report, state_of
from tests.support.expectations import assert_refused
from tests.support.reports import announce, imported, put, shown, tick
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

pytestmark = pytest.mark.usefixtures("bucket")
ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")
MOVEMENTS = (Movement(10_000, "UTR0000000001"), Movement(-500, "RENT0001"))
CSV = b"Datum;Betrag;Ref\n27.11.2026;100,00;UTR0000000001\n27.11.2026;-5,00;RENT0001\n27.11.2026;abc;X\n"
MAPPING = {
    "account": "ACC-1", "currency": "EUR", "date": "Datum", "date_format": "%d.%m.%Y", "amount": "Betrag", "references": ["Ref"],
    "decimal": ",", "delimiter": ";",
}  # fmt: skip


@pytest.mark.parametrize("form", ["camt053", "mt940", "ofx", "csv"])
def test_a_file_of_each_format_is_imported_and_matched(world: World, merchant: Signer, form: str) -> None:
    report(merchant, ONE)
    content = {
        "camt053": lambda: files.mock_bank(MOVEMENTS, 0, "camt053"),
        "mt940": lambda: files.mt940(MOVEMENTS, 0),
        "ofx": lambda: files.ofx(MOVEMENTS),
        "csv": lambda: CSV,
    }[form]()
    done = imported(world, merchant, content, source="bank", format=form, mapping=MAPPING if form == "csv" else None)
    assert (done["status"], done["accepted"], done["rejected"]) == ("done", 2, int(form == "csv"))
    assert books(merchant)["in transit stripe"] == 0
    assert [line.state for line in bank_lines(merchant) if line.amount > 0] == [MATCHED]
    again = imported(world, merchant, content, source="bank", format=form, mapping=MAPPING if form == "csv" else None)
    assert (again["status"], again["accepted"], again["known"]) == ("done", 0, 2)


def test_bai2_is_imported_too(world: World, merchant: Signer) -> None:
    done = imported(world, merchant, files.mock_bank(MOVEMENTS, 0, "bai2"), source="bank", format="bai2")
    assert (done["status"], done["accepted"]) == ("done", 2)


def test_a_payout_that_is_reported_after_its_bank_line_is_matched_by_the_next_run(world: World, merchant: Signer) -> None:
    imported(world, merchant, files.mock_bank(MOVEMENTS, 0, "camt053"), source="bank", format="camt053")
    report(merchant, ONE, is_looked_at=False)
    assert books(merchant)["bank"] == 0
    tick(world)
    assert books(merchant)["bank"] == -10_000
    assert state_of(merchant, ONE).bank_line_id is not None


def test_an_unreadable_file_fails_with_its_reason_and_a_cut_one_books_nothing(world: World, merchant: Signer) -> None:
    whole = files.mock_bank(MOVEMENTS, 0, "camt053")
    failed = imported(
        world, merchant, b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + whole[whole.index(b"<Document") :], source="bank", format="camt053"
    )
    assert (failed["status"], failed["accepted"]) == ("failed", 0)
    assert "document type" in failed["problem"]
    cut = imported(world, merchant, whole[:-200], source="bank", format="camt053")
    assert (cut["status"], cut["accepted"], cut["rejected"]) == ("done", 0, 1)
    assert "cut" in cut["errors"][0]["reason"]
    assert bank_lines(merchant) == []


def test_a_file_that_is_put_again_while_it_is_read_fails(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    content = files.mt940(MOVEMENTS, 0)
    begun = announce(world, merchant, content, source="bank", format="mt940")
    assert put(begun, content) == 200
    monkeypatch.setattr("settlements.imports.objects.digest_of", lambda item, _etag: item.sha256)
    monkeypatch.setattr("settlements.imports.bank_files._whole", lambda _item, _etag: None)
    tick(world)
    assert shown(world, merchant, str(begun["import_id"]))["status"] == "failed"


@pytest.mark.parametrize("changed", [
    {"format": "stripe"},
    {"format": "camt053", "size": importing.MAX_BYTES + 1},
    {"format": "camt053", "mapping": MAPPING},
    {"format": "csv"},
    {"format": "csv", "mapping": MAPPING | {"decimal": "x"}},
    {"format": "csv", "mapping": MAPPING | {"unknown": "x"}},
    {"format": "csv", "mapping": {name: value for name, value in MAPPING.items() if name != "amount"}},
    {"source": "stripe", "format": "camt053"},
])  # fmt: skip
def test_what_cannot_be_read_is_refused_when_it_is_announced(world: World, merchant: Signer, changed: dict[str, object]) -> None:
    body = {"source": "bank", "size": 10, "sha256": "0" * 64} | changed
    assert_refused(world.call(merchant, "POST", "/v1/settlements/import", body), "invalid_request")
