"""Bodies of requests and answers."""

from decimal import Decimal

from rest_framework import serializers

from shop.models import Payment


class PaymentRequest(serializers.Serializer):
    """What a client asks for."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal("0.01"))
    method = serializers.ChoiceField(choices=["wallet"])
    user_id = serializers.CharField(max_length=128)


class PaymentView(serializers.ModelSerializer):
    """What it gets."""

    class Meta:
        model = Payment
        fields = ("id", "merchant_id", "user_id", "method", "amount", "status", "created_at", "updated_at")
