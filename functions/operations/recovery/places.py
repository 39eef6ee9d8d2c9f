"""Where exports lie: a folder, or a bucket of S3. Keys are the relative paths of S3."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from paycorex import aws

SCHEME: Final = "s3://"


class Place(Protocol):
    """What an export is written to and read from."""

    def write(self, key: str, content: bytes) -> None:
        """Write an object, whole."""

    def read(self, key: str) -> bytes:
        """An object's bytes. Raises KeyError when there is none."""

    def keys(self, under: str) -> Iterator[str]:
        """The keys that begin with `under`, in order."""


class Folder:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, key: str, content: bytes) -> None:
        """Write a file and the folders above it."""
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def read(self, key: str) -> bytes:
        """A file's bytes. Raises KeyError when there is none."""
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def keys(self, under: str) -> Iterator[str]:
        """The files below a folder, in order."""
        found = (str(path.relative_to(self._root)) for path in self._root.rglob("*") if path.is_file())
        return iter(sorted(key for key in found if key.startswith(under)))


class Bucket:
    """A bucket, or a part of it. An export may be kept in another region than its tables."""

    def __init__(self, name: str, prefix: str) -> None:
        self.name, self.prefix = name, prefix

    @property
    def _client(self) -> Any:
        """Made when it is needed: a function that has DynamoDB write here has no right to S3 and no model of it."""
        return aws.for_operators("s3")

    def write(self, key: str, content: bytes) -> None:
        """Write an object. Raises ClientError."""
        self._client.put_object(Bucket=self.name, Key=self.prefix + key, Body=content)

    def read(self, key: str) -> bytes:
        """An object's bytes. Raises KeyError when there is none, ClientError."""
        try:
            body: bytes = self._client.get_object(Bucket=self.name, Key=self.prefix + key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            raise KeyError(key) from None
        return body

    def keys(self, under: str) -> Iterator[str]:
        """The objects below a prefix, in order. Raises ClientError."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix + under):
            yield from (found["Key"].removeprefix(self.prefix) for found in page.get("Contents", []))


def named(text: str) -> Folder | Bucket:
    """The place that an operator names: `s3://bucket/prefix`, or a folder. Raises ValueError for a bucket without a name."""
    if not text.startswith(SCHEME):
        return Folder(Path(text))
    bucket, _, prefix = text.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise ValueError("a bucket is named as s3://bucket or s3://bucket/prefix")
    return Bucket(bucket, f"{prefix.rstrip('/')}/" if prefix else "")
