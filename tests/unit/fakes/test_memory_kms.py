"""Keys in memory behave as KMS does where the vault depends on it."""

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.memory_kms import MemoryKms

CONTEXT = {"merchant": "m1"}


@pytest.fixture
def kms() -> MemoryKms:
    return MemoryKms(seed=1)


def new_key(kms: MemoryKms, **request: str) -> str:
    key_id: str = kms.create_key(**request)["KeyMetadata"]["KeyId"]
    return key_id


def code(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def test_a_data_key_comes_back_only_under_its_context(kms: MemoryKms) -> None:
    key = new_key(kms)
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == made["Plaintext"]
    assert len(opened["Plaintext"]) == 32
    for context in ({}, {"merchant": "m2"}):
        with pytest.raises(kms.exceptions.InvalidCiphertextException):
            kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert kms.calls == {"CreateKey": 1, "GenerateDataKey": 1, "Decrypt": 3}


def test_a_changed_ciphertext_does_not_open(kms: MemoryKms) -> None:
    blob = kms.encrypt(KeyId=new_key(kms), Plaintext=b"secret")["CiphertextBlob"]
    for broken in (b"", blob[:20], blob[:-1] + bytes([blob[-1] ^ 1])):
        with pytest.raises(ClientError) as refused:
            kms.decrypt(CiphertextBlob=broken)
        assert code(refused) == "InvalidCiphertextException"


def test_a_disabled_key_serves_no_call_until_enabled(kms: MemoryKms) -> None:
    key = new_key(kms)
    blob = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    with pytest.raises(kms.exceptions.DisabledException):
        kms.decrypt(CiphertextBlob=blob)
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=blob, KeyId=key)["Plaintext"] == b"secret"
    with pytest.raises(kms.exceptions.IncorrectKeyException):
        kms.decrypt(CiphertextBlob=blob, KeyId=new_key(kms))


def test_a_mac_is_deterministic_and_checked(kms: MemoryKms) -> None:
    key = new_key(kms, KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
    kms.create_alias(AliasName="alias/dedupe", TargetKeyId=key)
    request = {"KeyId": "alias/dedupe", "Message": b"4111", "MacAlgorithm": "HMAC_SHA_256"}
    mac = kms.generate_mac(**request)["Mac"]
    assert mac == kms.generate_mac(**request)["Mac"]
    assert len(mac) == 32
    assert kms.verify_mac(**request, Mac=mac)["MacValid"] is True
    with pytest.raises(kms.exceptions.KMSInvalidMacException):
        kms.verify_mac(**request, Mac=bytes(32))
    with pytest.raises(kms.exceptions.InvalidKeyUsageException):
        kms.encrypt(KeyId=key, Plaintext=b"x")


def test_a_signature_verifies_under_the_public_key(kms: MemoryKms) -> None:
    key = new_key(kms, KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
    request = {"KeyId": key, "Message": b"head", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**request)["Signature"]
    public = serialization.load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"head", ec.ECDSA(hashes.SHA256()))
    assert kms.verify(**request, Signature=signature)["SignatureValid"] is True
    with pytest.raises(kms.exceptions.KMSInvalidSignatureException):
        kms.verify(**{**request, "Message": b"tail"}, Signature=signature)


def test_an_unknown_key_is_not_found(kms: MemoryKms) -> None:
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId="alias/none")
