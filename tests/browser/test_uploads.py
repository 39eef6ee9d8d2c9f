"""Files on the merchant's page: a provider's report and a bank's statement, with wrong lines by their numbers; and closing a month."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from paycorex import settings
from tests.browser.conftest import DAY_SECONDS, SCREENSHOTS, Shop, confirm, findings, go, sign_in
from tests.fakes.object_store import ObjectStore
from tests.support import reports
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

WIDTHS = (360, 1280)


@pytest.fixture
def bucket(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """The bucket of reports, which the page may put files into."""
    with ObjectStore() as objects:
        monkeypatch.setattr(settings, "aws_environment", lambda: {**os.environ, **objects.environment()})
        shop.http.world.settings = shop.http.world.settings.model_copy(update={"reports_bucket": "reports"})
        settings.use(shop.http.world.settings)
        shop.others.append(objects.url(""))
        yield objects


def read_on(shop: Shop) -> None:
    """The importer's next run, when it looks for the file."""
    with shop.http.lock:
        from settlements import importer_door

        later = time.time() + 10
        shop.http.world.clock.now = later
        importer_door.handler({}, None)


def part(page: Page, title: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=title))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_and_a_statement_are_uploaded_and_wrong_lines_have_their_number(
    page: Page, shop: Shop, axe: str, bucket: ObjectStore, tmp_path: Path, width: int
) -> None:
    report, statement = tmp_path / "report.csv", tmp_path / "statement.xml"
    report.write_bytes(reports.stripe_file(reports.stripe_row(1), reports.stripe_row(2, gross="abc"), reports.stripe_row(3)))
    statement.write_bytes(files.mock_bank([Movement(9_900, "UTR0000000001"), Movement(-500, "RENT0001")], 0, "camt053"))
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Settlements")
    for title, path, counts in (
        ("Upload a provider's report", report, "3 lines read, 2 new, 1 wrong"),
        ("Upload a bank statement", statement, "2 lines read, 2 new"),
    ):
        card = part(page, title)
        card.locator("input[type=file]").set_input_files(path)
        card.get_by_role("button", name="Upload").click()
        expect(card.get_by_text("Uploading", exact=True)).to_be_visible()
        clock_moved(page, shop)
        expect(card.get_by_text(counts)).to_be_visible()
        card.scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"upload-{'bank' if 'bank' in title else 'report'}-{width}.png")
    expect(part(page, "Upload a provider's report").get_by_text("Line 3")).to_be_visible()
    expect(part(page, "Upload a provider's report").get_by_text("an amount is no number")).to_be_visible()
    # Beside them are the sandbox bank's own statements of what the sandbox paid out.
    assert {report.read_bytes(), statement.read_bytes()} <= set(bucket.objects.values())
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def clock_moved(page: Page, shop: Shop) -> None:
    """The file is looked for some seconds after it was announced."""
    page.wait_for_timeout(6_000)
    read_on(shop)


def test_a_dropped_file_is_taken_and_an_empty_one_is_refused(page: Page, shop: Shop, bucket: ObjectStore) -> None:
    sign_in(page, shop)
    go(page, "Settlements")
    card = part(page, "Upload a bank statement")
    drop = """(zone) => { const data = new DataTransfer(); data.items.add(new File([""], "empty.xml"));
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })); }"""
    card.locator(".drop").evaluate(drop)
    assert card.locator("input[type=file]").evaluate("(input) => input.files[0].name") == "empty.xml"
    card.get_by_role("button", name="Upload").click()
    expect(card.get_by_text("The file is empty.")).to_be_visible()
    assert bucket.objects == {}


@pytest.mark.parametrize("days", [70])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_month_is_closed_and_its_proof_is_taken_away(page: Page, shop: Shop, axe: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Ledger")
    month = f"{datetime.fromtimestamp(time.time() - 32 * DAY_SECONDS, UTC):%Y-%m}"
    card = part(page, "Closed months and invoices")
    card.scroll_into_view_if_needed()
    expect(card.get_by_text("No month is closed yet.")).to_be_visible()
    card.get_by_label("Month that is over").fill(month)
    card.get_by_role("button", name="Close month").click()
    confirm(page, "Close the month")
    expect(card.get_by_text("Closed", exact=True)).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"closed-months-{width}.png")
    with page.expect_download() as loading:
        card.get_by_role("button", name=f"Download the proof of {month}").click()
    assert month in Path(loading.value.path()).read_text(encoding="utf-8")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
