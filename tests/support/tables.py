"""The stack's tables in an in-memory DynamoDB (or any client)."""

from typing import Any

# noun: (hash key, range key, {index: (hash key, range key, projection)}, TTL attribute)
_SPEC: dict[str, tuple[str, str | None, dict[str, tuple[str, str, str]], str | None]] = {
    "merchants": ("merchant_id", None, {}, None),
    "api_keys": ("key_hash", None, {"by_merchant": ("merchant_id", "created_at:N", "ALL")}, None),
    "payments": (
        "payment_id",
        None,
        {"by_merchant_lane": ("merchant_lane", "order_key", "ALL"), "by_due": ("due_shard", "due_at", "KEYS_ONLY")},
        None,
    ),
    "refunds": (
        "refund_id",
        None,
        {"by_payment": ("payment_id", "order_key", "ALL"), "by_due": ("due_shard", "due_at", "KEYS_ONLY")},
        None,
    ),
    "wallets": ("wallet_id", None, {"by_user": ("merchant_user", "currency", "ALL")}, None),
    "ledgers": ("account", "seq:N", {}, None),
    "tokens": ("token_id", None, {"by_user": ("merchant_user", "order_key", "ALL")}, None),
    "crypto_addresses": (
        "address_id",
        None,
        {"by_merchant": ("merchant_id", "order_key", "ALL"), "by_network": ("network_shard", "watch_key", "ALL")},
        None,
    ),
    "crypto_transactions": (
        "network",
        "transfer_id",
        {"by_merchant": ("merchant_id", "order_key", "ALL"), "by_state": ("state_key", "block_number:N", "ALL")},
        None,
    ),
    "crypto_cursors": ("network", None, {}, None),
    "webhook_endpoints": ("merchant_id", "endpoint_id", {}, None),
    "webhook_deliveries": ("merchant_shard", "delivery_id", {"by_due": ("due_shard", "due_at", "KEYS_ONLY")}, None),
    "events": ("merchant_shard", "event_id", {}, None),
    "transfers": ("transfer_id", None, {"by_wallet": ("wallet_id", "order_key", "ALL")}, None),
    "idempotency": ("claim_id", None, {}, "expires_at"),
    "replay_guard": ("guard_id", None, {}, "expires_at"),
    "ledger_checkpoints": ("scope", "sealed_at", {}, None),
    "rollups": ("merchant_id", "bucket", {}, None),
    "vault_keys": ("key_scope", "version:N", {}, None),
    "vault_audit": ("merchant_id", "audited_at", {}, None),
}


def create_tables(client: Any, prefix: str) -> None:
    """Create every table under `<prefix><noun>`."""
    for noun, (hash_key, range_key, indexes, ttl) in _SPEC.items():
        types: dict[str, str] = {}

        def schema(*keys: str | None, types: dict[str, str] = types) -> list[dict[str, str]]:
            elements = []
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=True):
                if key is not None:
                    name, _, number = key.partition(":")
                    types[name] = number or "S"
                    elements.append({"AttributeName": name, "KeyType": kind})
            return elements

        properties: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST", "KeySchema": schema(hash_key, range_key)}
        if indexes:
            properties["GlobalSecondaryIndexes"] = [
                {"IndexName": name, "KeySchema": schema(h, r), "Projection": {"ProjectionType": projection}}
                for name, (h, r, projection) in indexes.items()
            ]
        properties["AttributeDefinitions"] = [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]
        properties["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        if ttl:
            properties["TimeToLiveSpecification"] = {"AttributeName": ttl, "Enabled": True}
        client.create_table_from_properties(properties, name=prefix + noun)
