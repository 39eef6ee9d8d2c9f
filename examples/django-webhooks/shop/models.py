"""Orders, and the events that came from PayCoreX."""

import secrets
from decimal import Decimal

from django.db import models

from paycorex_client.models import PaymentView


def new_id() -> str:
    """Not to be guessed: who has it sees the order."""
    return secrets.token_urlsafe(12)


class Order(models.Model):
    """What a payer wants. It is paid when PayCoreX says so, and by `take` alone."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        PAID = "paid"
        NOT_PAID = "not paid"

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    tea = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    payment_id = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)

    class Meta:
        db_table = "orders"

    @classmethod
    def take(cls, payment: PaymentView) -> None:
        """Write down what PayCoreX says about an order's payment. Paid stays paid: webhooks may come late and out of order."""
        status = {"success": cls.Status.PAID, "failed": cls.Status.NOT_PAID}.get(payment.status)
        if status is not None:
            mine = cls.objects.filter(id=(payment.metadata or {}).get("order"), amount=Decimal(payment.amount))
            mine.exclude(status=cls.Status.PAID).update(status=status)


class Event(models.Model):
    """An event that was handled. A delivery may come twice: the second one finds it here."""

    id = models.CharField(primary_key=True, max_length=40)
    event = models.CharField(max_length=100)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "events"
