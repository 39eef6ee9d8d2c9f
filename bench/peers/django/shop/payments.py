"""A payment from a wallet: payment, both entries and the outbox's row in one transaction, the accounts' rows locked."""

from django.db import IntegrityError, transaction

from shop.models import Account, Ledger, Payment, Wallet, WebhookDelivery, WebhookEndpoint


class NotEnough(Exception):
    """The wallet holds less than the amount."""


def pay_from_wallet(merchant_id, user_id, amount, idempotency_key):
    """The payment, and whether it was there before. Raises Wallet.DoesNotExist, NotEnough."""
    wallet = Wallet.objects.get(user_id=user_id, merchant_id=merchant_id)
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                merchant_id=merchant_id, user_id=user_id, method="wallet", amount=amount, idempotency_key=idempotency_key
            )
            source = Account.objects.select_for_update().get(entity="wallet", entity_id=wallet.id)
            if source.balance < amount:
                raise NotEnough
            target = Account.objects.select_for_update().get(entity="merchant", entity_id=merchant_id)
            _post(source, -amount, payment)
            _post(target, amount, payment)
            payment.status = "success"
            payment.save(update_fields=["status", "updated_at"])
            _note_webhooks(payment)
    except IntegrityError:
        return Payment.objects.get(merchant_id=merchant_id, idempotency_key=idempotency_key), True
    return payment, False


def _post(account, change, payment):
    account.balance += change
    account.save(update_fields=["balance"])
    Ledger.objects.create(
        entity=account.entity,
        entity_id=account.entity_id,
        credit=max(change, 0),
        debit=max(-change, 0),
        balance=account.balance,
        reference_type="payment",
        reference_id=payment.id,
    )


def _note_webhooks(payment):
    data = {"payment_id": str(payment.id), "amount": str(payment.amount), "status": payment.status}
    for endpoint in WebhookEndpoint.objects.filter(merchant_id=payment.merchant_id, is_active=True):
        WebhookDelivery.objects.create(endpoint=endpoint, event="payment.success", payload={"event": "payment.success", "data": data})
