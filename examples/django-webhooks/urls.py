"""Which page is where."""

from django.urls import path
from shop import views

urlpatterns = [
    path("", views.menu, name="menu"),
    path("orders", views.order, name="order"),
    path("orders/<str:order_id>", views.show_order, name="show_order"),
    path("webhooks", views.receive, name="receive"),
]
