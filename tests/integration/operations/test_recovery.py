"""Export and import: every table of a world in another one; what is damaged, incomplete or in the way is refused."""

import base64
import gzip
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from operations.recovery import export_files, export_schedule, exports, imports, places, tables
from operations.recovery.export_files import DamagedExport
from operations.recovery.exports import CannotExport
from operations.recovery.imports import CannotImport
from paycorex import aws, cli, clock, settings
from tests.support import payments as support
from tests.support.tables import create_tables
from tests.support.world import PREFIX, Signer, World

OTHER = "second-"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as world:
        create_tables(world.dynamo, OTHER)
        yield world


@pytest.fixture
def shop(world: World) -> Signer:
    """A merchant with binary values, sets, lists and maps in its rows."""
    who = world.register()
    world.wallet(who, "asha", "100.00")
    assert world.pay(who, "asha", "20.00").status == 201
    assert support.charge(world, who, support.PENDING).status == 201
    return who


def items(world: World, prefix: str) -> dict[str, list[Any]]:
    return {name.removeprefix(prefix): rows for name, rows in world.dynamo.dump().items() if name.startswith(prefix)}


def ignored(_noun: str, _count: int) -> None:
    """No progress is wanted."""


def copy(folder: Path, *, again: bool = False) -> dict[str, int]:
    place = places.Folder(folder)
    return imports.run(place, imports.plan(place, PREFIX), OTHER, ignored, again=again)


def test_a_world_is_the_same_in_other_tables(world: World, shop: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ITEMS_PER_FILE", 3)
    written = exports.scan_all(PREFIX, places.Folder(tmp_path))
    before = items(world, PREFIX)
    assert copy(tmp_path) == written
    assert items(world, OTHER) == before == items(world, PREFIX)
    assert {noun: count for noun, count in written.items() if count} == {noun: len(rows) for noun, rows in before.items() if rows}
    assert copy(tmp_path, again=True) == written
    assert items(world, OTHER) == before


def test_the_commands_say_what_they_did(world: World, shop: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--to", str(tmp_path)]) == 0
    assert f"{PREFIX}payments: 2 items" in capsys.readouterr().out
    settings.use(world.settings.model_copy(update={"table_prefix": OTHER}))
    assert cli.main(["import", "--from", str(tmp_path), "--from-prefix", PREFIX]) == 0
    shown = capsys.readouterr().out
    assert f"{OTHER}payments: 2 changes" in shown
    assert "recovery point" in shown
    assert cli.main(["import", "--from", str(tmp_path), "--from-prefix", PREFIX]) == 1
    assert "not empty" in capsys.readouterr().err


def test_a_table_that_is_filled_or_missing_stops_the_import(world: World, shop: Signer, tmp_path: Path) -> None:
    place = places.Folder(tmp_path)
    exports.scan_all(PREFIX, place)
    chosen = imports.plan(place, PREFIX)
    with pytest.raises(CannotImport, match="not empty: test-api_keys"):
        imports.run(place, chosen, PREFIX, ignored)
    with pytest.raises(CannotImport, match="has no table third-api_keys"):
        imports.run(place, chosen, "third-", ignored)
    with pytest.raises(CannotImport, match="no complete export"):
        imports.plan(place, "another-")
    with pytest.raises(tables.NoTables, match="no tables"):
        exports.scan_all("another-", place)
    assert not any(items(world, OTHER).values())


def damage_bytes(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5] + b"other")


def shorten(file: Path) -> None:
    """A file that its list names with a right checksum, and that lacks a line."""
    content = gzip.compress(b"\n".join(gzip.decompress(file.read_bytes()).splitlines()[:-1]))
    file.write_bytes(content)
    listed = file.parents[1] / "manifest-files.json"
    line = json.loads(listed.read_text())
    line["md5Checksum"] = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    listed.write_text(json.dumps(line))


@pytest.mark.parametrize(
    ("damage", "words"), [(damage_bytes, "checksum"), (shorten, "has 1 items, its manifest says 2"), (Path.unlink, "is missing")]
)
def test_a_damaged_file_is_refused(world: World, shop: Signer, tmp_path: Path, damage: Any, words: str) -> None:
    exports.scan_all(PREFIX, places.Folder(tmp_path))
    (file,) = tmp_path.glob("AWSDynamoDB/*-payments/data/*")
    damage(file)
    with pytest.raises(DamagedExport, match=words):
        copy(tmp_path)


def test_an_export_that_is_not_finished_does_not_count(world: World, shop: Signer, tmp_path: Path) -> None:
    place = places.Folder(tmp_path)
    exports.scan_all(PREFIX, place)
    first = imports.plan(place, PREFIX).moment_ms
    world.clock.now += 60
    exports.scan_all(PREFIX, place)
    (late,) = [
        path for path in tmp_path.glob("AWSDynamoDB/*-payments/manifest-summary.json") if not path.parent.name.startswith(str(first))
    ]
    late.unlink()
    assert imports.plan(place, PREFIX).moment_ms == first


def incremental(folder: Path, table: str, period: tuple[int, int], lines: list[dict[str, Any]]) -> None:
    """What DynamoDB writes for a period, by its documentation."""
    base = folder / "AWSDynamoDB" / f"{period[1]}-inc-{table}"
    content = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())
    (base / "data").mkdir(parents=True)
    (base / "data" / "a.json.gz").write_bytes(content)
    checksum = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    key = f"some/prefix/AWSDynamoDB/{base.name}"
    (base / "manifest-files.json").write_text(
        json.dumps({"itemCount": len(lines), "md5Checksum": checksum, "dataFileS3Key": f"{key}/data/a.json.gz"})
    )
    summary = {
        "tableArn": f"arn:aws:dynamodb:ap-south-1:1:table/{table}",
        "exportType": "INCREMENTAL_EXPORT",
        "exportFromTime": clock.rfc3339(period[0]),
        "exportToTime": clock.rfc3339(period[1]),
        "manifestFilesS3Key": f"{key}/manifest-files.json",
        "itemCount": len(lines),
    }
    (base / "manifest-summary.json").write_text(json.dumps(summary))


def test_what_changed_is_applied_in_order_and_without_a_gap(world: World, tmp_path: Path) -> None:
    for name in ("old-one", "fresh-one"):
        world.dynamo.create_table(TableName=name, **KEYED)
    world.dynamo.put_item(TableName="old-one", Item={"id": {"S": "kept"}, "b": {"B": b"\x00\xff"}})
    world.dynamo.put_item(TableName="old-one", Item={"id": {"S": "gone"}})
    place, start = places.Folder(tmp_path), clock.now_ms() + 1
    exports.scan_all("old-", place)
    (full,) = export_files.found(place)
    ends = [full.to_ms, *(start + hours * 3_600_000 for hours in (1, 2, 4))]
    put = {"Keys": {"id": {"S": "new"}}, "NewImage": {"id": {"S": "new"}, "v": {"N": "1"}}}
    incremental(tmp_path, "old-one", (ends[0], ends[1]), [put, {"Keys": {"id": {"S": "gone"}}}])
    incremental(tmp_path, "old-one", (ends[1], ends[2]), [{**put, "NewImage": {"id": {"S": "new"}, "v": {"N": "2"}}}])
    incremental(tmp_path, "old-one", (ends[2] + 1, ends[3]), [{**put, "NewImage": {"id": {"S": "lost"}}}])
    chosen = imports.plan(place, "old-")
    assert (chosen.moment_ms, len(chosen.exports["one"])) == (ends[2], 3)
    imports.run(place, chosen, "fresh-", ignored)
    shown = {row["id"]["S"]: row for row in world.dynamo.dump()["fresh-one"]}
    assert shown == {"kept": {"id": {"S": "kept"}, "b": {"B": b"\x00\xff"}}, "new": {"id": {"S": "new"}, "v": {"N": "2"}}}


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """Another program's DynamoDB and S3, with forty items in `old-one`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        dynamo, bucket = boto3.client("dynamodb", "ap-south-1"), boto3.client("s3", "ap-south-1")
        bucket.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
        for name in ("old-one", "new-one"):
            dynamo.create_table(TableName=name, **KEYED)
        dynamo.update_continuous_backups(TableName="old-one", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        for row in ROWS:
            dynamo.put_item(TableName="old-one", Item=row)
        aws.use("dynamodb", dynamo)
        aws.use("s3", bucket)
        yield dynamo, bucket
        aws.use("dynamodb", None)
        aws.use("s3", None)


KEYED: Any = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ROWS: list[Any] = [{"id": {"S": str(number)}, "m": {"M": {"l": {"L": [{"N": "1"}, {"BOOL": True}]}}}} for number in range(40)]


def rows_of(dynamo: Any, table: str) -> list[Any]:
    return sorted(dynamo.scan(TableName=table)["Items"], key=lambda row: int(row["id"]["S"]))


def test_data_that_another_program_exported_are_read(moto: tuple[Any, Any]) -> None:
    dynamo, _ = moto
    place = places.named("s3://kept/copies")
    assert isinstance(place, places.Bucket)
    (arn,) = exports.start(["old-one"], place, None, clock.now_ms())
    assert "table/old-one/" in arn
    with pytest.raises(CannotExport, match="15 minutes"):
        exports.start(["old-one"], place, clock.now_ms() - 60_000, clock.now_ms())
    # It leaves the manifest out, which is added as AWS documents it.
    (data,) = place.keys("AWSDynamoDB/")
    checksum = base64.b64encode(hashlib.md5(place.read(data), usedforsecurity=False).digest()).decode()
    key = f"copies/{data}"
    base = data.partition("/data/")[0]
    place.write(f"{base}/manifest-files.json", json.dumps({"itemCount": 40, "md5Checksum": checksum, "dataFileS3Key": key}).encode())
    summary = {
        "tableArn": tables.arn("old-one"),
        "exportTime": "2026-11-28T10:00:00.000Z",
        "itemCount": 40,
        "manifestFilesS3Key": "x/manifest-files.json",
    }
    place.write(f"{base}/manifest-summary.json", json.dumps(summary).encode())
    assert imports.run(place, imports.plan(place, "old-"), "new-", ignored) == {"one": 40}
    assert rows_of(dynamo, "new-one") == ROWS
    assert (tables.nouns("new-"), tables.is_empty("new-one")) == (["one"], False)
    with pytest.raises(KeyError):
        place.read("nothing")


def test_a_schedule_starts_with_a_full_export(moto: tuple[Any, Any]) -> None:
    bucket = places.Bucket("kept", "copies/")
    assert not exports.have_full(["old-one"])
    assert export_schedule.run(["old-one"], bucket, 1, clock.now_ms()) == 1
    assert exports.have_full(["old-one"])
    assert export_schedule.run(["old-one"], bucket, 1, clock.now_ms()) in {3, 4}


def test_two_ticks_ask_for_the_same_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB answers a token that it knows with the export that it began: so a tick beside another starts nothing more."""
    begun: dict[str, str] = {}

    class Client:
        def export_table_to_point_in_time(self, *, ClientToken: str, TableArn: str, **_asked: Any) -> dict[str, Any]:  # noqa: N803 - AWS's names
            arn = begun.setdefault(ClientToken, f"{TableArn}/export/{len(begun)}")
            return {"ExportDescription": {"ExportArn": arn}}

    monkeypatch.setattr(tables, "arn", "arn:aws:dynamodb:ap-south-1:1:table/{}".format)
    aws.use("dynamodb", Client())
    try:
        now = 1_790_000_000_000
        bucket, names = places.Bucket("kept", ""), ["a-payments", "a-refunds"]
        monkeypatch.setattr(exports, "have_full", lambda _names: True)
        first = export_schedule.run(names, bucket, 1, now)
        assert (export_schedule.run(names, bucket, 1, now + 30_000), len(begun)) == (first, first)
        assert export_schedule.run(names, bucket, 1, now + 3_600_000) == first
        assert len(begun) == first + len(names)
    finally:
        aws.use("dynamodb", None)


def test_a_table_that_is_refused_keeps_no_other_from_its_export(moto: tuple[Any, Any]) -> None:
    bucket = places.Bucket("kept", "copies/")
    with pytest.raises(CannotExport, match="1 tables are exported; not exported: missing: "):
        exports.start(["missing", "old-one"], bucket, None, clock.now_ms())
    assert len(list(bucket.keys("AWSDynamoDB/"))) == 1


def test_another_program_imports_what_was_exported(moto: tuple[Any, Any]) -> None:
    dynamo, _ = moto
    place = places.named("s3://kept")
    assert exports.scan_all("old-", place) == {"one": 40}
    (data,) = [key for key in place.keys("AWSDynamoDB/") if "/data/" in key]
    begun = dynamo.import_table(
        S3BucketSource={"S3Bucket": "kept", "S3KeyPrefix": data.rpartition("/")[0]},
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={"TableName": "imported", **KEYED},
    )["ImportTableDescription"]
    for _try in range(100):
        described = dynamo.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
        if described["ImportStatus"] != "IN_PROGRESS":
            break
        time.sleep(0.05)
    assert described["ImportStatus"] == "COMPLETED", described
    assert rows_of(dynamo, "imported") == ROWS


def test_a_command_that_cannot_be_says_why(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--to", str(tmp_path), "--by-dynamodb"]) == 2
    assert "into a bucket only" in capsys.readouterr().err
    assert cli.main(["import", "--from", str(tmp_path), "--from-prefix", "x-"]) == 1
    assert "no complete export" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["export", "--to", "s3://"])
    assert "s3://bucket" in capsys.readouterr().err
