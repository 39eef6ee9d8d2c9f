"""Values on the wire and inside are botocore's."""

import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from paycorex.aws_client import SERVICES
from paycorex.aws_client.codec import decode, encode

DYNAMODB = ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")
# Attributes may have the names of types.
NAMES = st.sampled_from(["B", "BS", "S", "M", "L", "a", "é", '"B"'])
VALUES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text(max_size=5)),
        st.builds(lambda number: {"N": str(number)}, st.integers()),
        st.builds(lambda raw: {"B": raw}, st.binary(max_size=5)),
        st.builds(lambda raws: {"BS": raws}, st.lists(st.binary(min_size=1, max_size=3), min_size=1, max_size=3)),
        st.builds(lambda texts: {"SS": texts}, st.lists(st.sampled_from(["B", "BS", "x"]), min_size=1, max_size=3)),
        st.sampled_from([{"BOOL": True}, {"NULL": True}]),
    ),
    lambda inner: (
        st.builds(lambda members: {"M": members}, st.dictionaries(NAMES, inner, max_size=3))
        | st.builds(lambda members: {"L": members}, st.lists(inner, max_size=3))
    ),
    max_leaves=6,
)
ITEMS = st.dictionaries(NAMES, VALUES, max_size=4)


@given(ITEMS)
def test_a_request_is_serialised_as_botocore_does(item: dict[str, Any]) -> None:
    request = {"TableName": "t", "Item": item}
    expected = create_serializer("json").serialize_to_request(request, DYNAMODB.operation_model("PutItem"))
    assert json.loads(encode(request)) == json.loads(expected["body"])


@given(st.lists(ITEMS, max_size=3))
def test_an_answer_is_read_as_botocore_does(items: list[dict[str, Any]]) -> None:
    body = encode({"Items": items, "Count": len(items)})
    response = {"status_code": 200, "headers": {}, "body": body}
    shape: Any = DYNAMODB.operation_model("Query").output_shape
    expected = create_parser("json").parse(response, shape)
    del expected["ResponseMetadata"]
    assert decode(SERVICES["dynamodb"], body) == expected


def test_binary_members_of_kms_are_bytes() -> None:
    body = b'{"Plaintext":"AAE=","CiphertextBlob":"/w==","KeyId":"k"}'
    assert decode(SERVICES["kms"], body) == {"Plaintext": b"\x00\x01", "CiphertextBlob": b"\xff", "KeyId": "k"}


@pytest.mark.parametrize("service", SERVICES)
def test_operations_and_binary_members_are_those_of_the_services_model(service: str) -> None:
    known = SERVICES[service]
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    assert set(known.operations.values()) <= set(model.operation_names)
    assert known.target_prefix == model.metadata["targetPrefix"]
    assert known.content_type == f"application/x-amz-json-{model.metadata['jsonVersion']}"
    if not known.has_items:
        shapes = [model.operation_model(name).output_shape for name in known.operations.values()]
        members = {name: member.type_name for shape in shapes if shape for name, member in shape.members.items()}
        # What an enclave alone gets.
        assert {name for name, kind in members.items() if kind == "blob"} - {"CiphertextForRecipient"} == known.blobs
        assert not {name for name, kind in members.items() if kind == "timestamp"}


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan")])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        encode({"Item": value})


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"Item":{"a":{"B":"***"}}}', b"\xff"])
def test_what_is_no_answer_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - of whichever library, whatever it says
        decode(SERVICES["dynamodb"], body)
    assert error.value.args
