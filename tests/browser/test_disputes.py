"""Disputes on the merchant's page: found, answered with a file, and taken away as a pack."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from paycorex import settings, storage
from paycorex.records.dispute import DisputeItem
from tests.browser.conftest import SCREENSHOTS, Shop, findings, go, sign_in
from tests.fakes.object_store import ObjectStore
from tests.support import payments as support

DISPUTED = "4000000000000259"
PDF = b"%PDF-1.7 the signed receipt"


@pytest.fixture
def bucket(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with ObjectStore() as objects:
        monkeypatch.setattr(settings, "aws_environment", objects.environment)
        settings.use(shop.http.world.settings.model_copy(update={"evidence_bucket": "evidence"}))
        shop.others.append(objects.url("/evidence/"))
        yield objects
        shop.others.clear()
        settings.use(shop.http.world.settings)


def test_a_dispute_is_answered_with_a_file_and_won(page: Page, shop: Shop, axe: str, bucket: ObjectStore, tmp_path: Path) -> None:
    world = shop.http.world
    with shop.http.lock:
        support.charge(world, shop.who, DISPUTED)
        support.tick(world)
        (item,) = storage.scan_all(DisputeItem)
    sign_in(page, shop)
    go(page, "Payments")
    page.locator(f'[data-opens="{item.payment_id}"]').click()
    expect(page.get_by_role("dialog").get_by_text("a refund would lose it twice", exact=False)).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    go(page, "Disputes")
    page.locator(f'[data-opens="{item.dispute_id}"]').click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", name="Answer")).to_be_visible()
    drawer.get_by_label("Text", exact=True).fill("Delivered. winning_evidence")
    drawer.get_by_role("button", name="Keep text").click()
    expect(drawer.get_by_text("winning_evidence", exact=False).first).to_be_visible()
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(PDF)
    drawer.locator("input[type=file]").set_input_files(receipt)
    drawer.get_by_role("button", name="Upload").click()
    expect(drawer.get_by_text("receipt.pdf")).to_be_visible()
    assert list(bucket.objects.values()) == [PDF]
    page.screenshot(path=SCREENSHOTS / "dispute-1440.png")
    assert findings(page, axe) == []
    drawer.get_by_role("button", name="Submit evidence").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Submit").click()
    expect(drawer.get_by_text("Under review").first).to_be_visible()
    with page.expect_download() as loading:
        drawer.get_by_role("button", name="Evidence pack").click()
    assert "proof.json" in zipfile.ZipFile(loading.value.path()).namelist()
