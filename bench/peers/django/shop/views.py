"""The one route of the peer."""

import logging

from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import Wallet
from shop.payments import NotEnough, pay_from_wallet
from shop.serializers import PaymentRequest, PaymentView

logger = logging.getLogger("shop")


class CreatePayment(APIView):
    """POST /v1/payments/create."""

    def post(self, request):
        """201 with the payment, 200 when the key was used before, 400, 402 or 404."""
        asked = PaymentRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        merchant_id, key = request.merchant["id"], request.headers.get("Idempotency-Key")
        try:
            payment, replayed = pay_from_wallet(merchant_id, asked.validated_data["user_id"], asked.validated_data["amount"], key)
        except Wallet.DoesNotExist:
            return Response({"error": "wallet_not_found"}, status=404)
        except NotEnough:
            return Response({"error": "insufficient_funds"}, status=402)
        logger.info("payment %s of merchant %s is %s", payment.id, merchant_id, payment.status)
        return Response(PaymentView(payment).data, status=200 if replayed else 201)
