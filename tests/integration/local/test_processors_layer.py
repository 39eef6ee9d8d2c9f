"""The layer with the processors' library: for Lambda's glibc on both processors, without what debuggers read, the same bytes every time."""

import subprocess
import sys
from pathlib import Path

import pytest

from local import artifacts, build_cache, processors_library, shared_objects
from local.artifacts import InstallFailed
from local.paths import ROOT
from local.sources import content_hash
from tests.support.processors import layer_of

SHARED_OBJECT = f"{processors_library.PACKAGE}/libconnector_service_ffi.so"
LAMBDAS_GLIBC = (2, 34)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.removeprefix("GLIBC_").split(".")))


@pytest.fixture(scope="session", params=["arm64", "x86_64"])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """The shared object as it is published, by the processor it is made for."""
    layer_of(request.param)
    target = tmp_path_factory.mktemp(request.param)
    artifacts._install(ROOT / "layers/processors/requirements.txt", target, artifacts._NEWER_WHEELS[request.param])
    return request.param, (target / "payments/generated/libconnector_service_ffi.so").read_bytes()


def test_the_published_object_asks_for_a_newer_glibc_and_the_layers_does_not(published: tuple[str, bytes]) -> None:
    architecture, content = published
    before = list(shared_objects.needed_versions(content))
    assert max(numbers(one.name) for one in before if one.name.startswith("GLIBC_")) > LAMBDAS_GLIBC
    changed = list(shared_objects.needed_versions(shared_objects.for_older_glibc(content, LAMBDAS_GLIBC)))
    needed = [numbers(one.name) for one in changed if one.name.startswith("GLIBC_") and not one.is_weak]
    assert max(needed) == LAMBDAS_GLIBC
    assert [(one.library, one.name) for one in changed] == [(one.library, one.name) for one in before]
    layer = (layer_of(architecture) / SHARED_OBJECT).read_bytes()
    assert layer == shared_objects.without_symbols(shared_objects.for_older_glibc(content, LAMBDAS_GLIBC))
    assert len(layer) < 0.7 * len(content)


def test_only_a_few_bytes_of_what_is_loaded_are_changed(published: tuple[str, bytes]) -> None:
    _architecture, content = published
    changed = shared_objects.for_older_glibc(content, LAMBDAS_GLIBC)
    assert len(changed) == len(content)
    blocks = [(content[at : at + 4096], changed[at : at + 4096]) for at in range(0, len(content), 4096)]
    different = sum(was != now for old, new in blocks if old != new for was, now in zip(old, new, strict=True))
    # Two symbols' names and versions, and one version that is weakly needed.
    assert 0 < different <= 2 * (4 + 2) + 2


def test_what_an_older_glibc_has_under_no_name_is_an_error(published: tuple[str, bytes]) -> None:
    with pytest.raises(shared_objects.CannotBeChanged, match=r"pthread_create@GLIBC_2\.34"):
        shared_objects.for_older_glibc(published[1], (2, 33))


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x01\x01" + bytes(100), b"MZ" + bytes(100)])
def test_what_is_no_such_object_is_an_error(content: bytes) -> None:
    with pytest.raises(shared_objects.CannotBeChanged):
        shared_objects.for_older_glibc(content, LAMBDAS_GLIBC)


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_layer_is_the_same_bytes_every_time(architecture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = layer_of(architecture)
    monkeypatch.setattr(build_cache.cached, "__kwdefaults__", {"cache": tmp_path})
    again = layer_of(architecture)
    assert once != again
    assert content_hash(once.iterdir()) == content_hash(again.iterdir())


def test_the_layer_carries_the_licence_and_says_what_is_changed() -> None:
    (metadata,) = layer_of("arm64").glob("hyperswitch_prism-*.dist-info")
    assert "Apache License" in (metadata / "LICENSE").read_text()
    assert "It is changed" in (metadata / "NOTICE").read_text()


def test_where_the_index_does_not_give_it_all_else_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refused(*_arguments: object) -> None:
        raise InstallFailed("the index does not answer")

    monkeypatch.setattr(artifacts, "_install", refused)
    monkeypatch.setattr(build_cache.cached, "__kwdefaults__", {"cache": tmp_path / "cache"})
    artifacts.build_layer("processors", tmp_path / "layer")
    assert processors_library.missing(tmp_path / "layer") is not None
    assert "the index does not answer" in capfd.readouterr().err
    with pytest.raises(SystemExit, match="the index does not answer"):
        artifacts.build_layer("common", tmp_path / "common")
    # Nothing was kept: the next build asks again.
    assert list((tmp_path / "cache").glob("processors-*/*")) == []


def test_a_function_loads_it_from_what_is_deployed_alone(tmp_path: Path) -> None:
    """Its own code and its two layers, without this environment's packages: the library itself, and all that it needs."""
    machine = artifacts.machine_architecture()
    artifacts.build_functions(tmp_path)
    paths = [layer_of(machine), artifacts.libraries("common", machine), tmp_path]
    code = (
        f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n"
        "from payments.connectors.prism import library\n"
        "assert library.absence() is None, library.absence()\n"
        "loaded = library.load()\n"
        "print(len(loaded.config.FfiOptions().connector_config.DESCRIPTOR.fields), library.absence())"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, absence = done.stdout.split()
    assert (int(count) > 100, absence) == (True, "None")
