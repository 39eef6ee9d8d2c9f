"""Tables of the peer, as the seed has them, and an account's row, which a posting locks."""

import uuid

from django.db import models


class Merchant(models.Model):
    """Who is paid, and what its requests are signed with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    api_key = models.CharField(max_length=64, unique=True)
    secret = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)


class Account(models.Model):
    """A wallet's or a merchant's balance; locked while an entry is written to it."""

    entity = models.CharField(max_length=16)
    entity_id = models.UUIDField()
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entity", "entity_id"], name="one_account_each"),)


class Wallet(models.Model):
    """A user's wallet at a merchant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user_id = models.CharField(max_length=128)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user_id", "merchant"], name="one_wallet_each"),)


class Payment(models.Model):
    """A payment; the idempotency key is unique for its merchant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    user_id = models.CharField(max_length=128)
    method = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    status = models.CharField(max_length=16, default="pending")
    idempotency_key = models.CharField(max_length=128, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["merchant", "idempotency_key"], name="one_payment_a_key"),)


class Ledger(models.Model):
    """An entry: credit, debit, and the balance after it. Never changed."""

    entity = models.CharField(max_length=16)
    entity_id = models.UUIDField()
    credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    balance = models.DecimalField(max_digits=18, decimal_places=2)
    reference_type = models.CharField(max_length=16)
    reference_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["entity", "entity_id"]),)


class WebhookEndpoint(models.Model):
    """Where a merchant's webhooks go."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    url = models.URLField()
    is_active = models.BooleanField(default=True)


class WebhookDelivery(models.Model):
    """The outbox: written with the payment, sent by a worker later."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT)
    event = models.CharField(max_length=64)
    payload = models.JSONField()
    status = models.CharField(max_length=16, default="pending")
    created_at = models.DateTimeField(auto_now_add=True)
