"""The processors' library: loaded once, or a reason why not; and what it makes of a request is what the processor documents."""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processors_library as layer
from payments.connectors.prism import library


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path in which the package of this test lies; nothing was loaded before, and is not after."""
    for name in [name for name in sys.modules if name.partition(".")[0] == library.PACKAGE]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(library, "_loaded", None)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == library.PACKAGE]:
        del sys.modules[name]


def package(folder: Path, **files: str) -> None:
    """A package of this name with these files, made for this machine unless one of them says otherwise."""
    inside = folder / library.PACKAGE
    inside.mkdir()
    machine = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    for name, text in {"__init__.py": "", layer.BUILT_FOR: machine, **files}.items():
        (inside / name).write_text(text)
    importlib.invalidate_caches()


def test_without_its_layer_the_reason_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not (Path(path) / library.PACKAGE).is_dir()])
    assert library.load() == library.Missing("The layer with the processors' library is not here.")
    assert library.absence() == "The layer with the processors' library is not here."


def test_a_layer_that_could_not_be_made_says_why(folder: Path) -> None:
    layer.leave_out(folder, "no route to the index")
    importlib.invalidate_caches()
    loaded = library.load()
    assert isinstance(loaded, library.Missing)
    assert loaded.reason == "The processors' library could not be had when this version was built."


def test_the_library_of_another_processor_is_not_loaded(folder: Path) -> None:
    package(folder, **{layer.BUILT_FOR: "riscv64"})
    assert "made for riscv64" in (library.absence() or "")
    assert isinstance(library.load(), library.Missing)


@pytest.mark.parametrize("said", ["glibc 2.33", "", None])
def test_an_older_or_another_c_library_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    package(folder)

    def confstr(_name: str) -> str:
        if said is None:
            raise ValueError("unrecognized configuration name")
        return said

    monkeypatch.setattr(os, "confstr", confstr)
    assert library.load() == library.Missing("The processors' library needs glibc 2.34 or newer.")


def test_another_system_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "this is darwin" in (library.absence() or "")


@pytest.mark.parametrize("fault", ["raise OSError('not found')", "raise AttributeError('symbol')", "raise RuntimeError('other version')"])
def test_what_cannot_be_loaded_is_a_reason_and_is_not_tried_again(folder: Path, fault: str) -> None:
    counted = f"from pathlib import Path\nwith (Path(__file__).parent / 'tries').open('a') as file: file.write('.')\n{fault}"
    package(folder, **{"connector_service_ffi.py": counted})
    first, second = library.load(), library.load()
    assert isinstance(first, library.Missing)
    assert first is second
    assert library.absence() == first.reason
    assert (folder / library.PACKAGE / "tries").read_text() == "."


def test_a_request_is_translated_as_its_processor_documents_it(processors_library: library.Library) -> None:
    config, payment = processors_library.config, processors_library.payment
    options = config.FfiOptions(environment=config.SANDBOX)
    options.connector_config.stripe.api_key.value = "sk_test_1"
    request = payment.PaymentServiceCaptureRequest(merchant_capture_id="cap_1", connector_transaction_id="pi_1")
    request.amount_to_capture.minor_amount, request.amount_to_capture.currency = 250, payment.USD
    result = config.FfiResult.FromString(
        processors_library.ffi.capture_req_transformer(request.SerializeToString(), options.SerializeToString())
    )
    assert result.type == config.FfiResult.HTTP_REQUEST, result
    assert result.http_request.url == "https://api.stripe.com/v1/payment_intents/pi_1/capture"
    assert "amount_to_capture=250" in result.http_request.body.decode()


def test_an_answer_is_read_back(processors_library: library.Library) -> None:
    config, payment = processors_library.config, processors_library.payment
    options = config.FfiOptions(environment=config.SANDBOX)
    options.connector_config.stripe.api_key.value = "sk_test_1"
    request = payment.PaymentServiceGetRequest(connector_transaction_id="pi_1")
    request.amount.minor_amount, request.amount.currency = 250, payment.USD
    document = {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 250,
        "currency": "usd",
        "status": "requires_capture",
        "created": 1,
        "livemode": False,
    }
    answer = config.FfiConnectorHttpResponse(status_code=200, body=json.dumps(document).encode())
    result = config.FfiResult.FromString(
        processors_library.ffi.get_res_transformer(answer.SerializeToString(), request.SerializeToString(), options.SerializeToString())
    )
    assert result.type == config.FfiResult.HTTP_RESPONSE, result
    found = payment.PaymentServiceGetResponse.FromString(result.http_response.body)
    assert found.status == payment.AUTHORIZED
