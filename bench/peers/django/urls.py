"""Routes of the peer."""

from django.urls import path
from shop.views import CreatePayment

urlpatterns = [path("v1/payments/create", CreatePayment.as_view())]
