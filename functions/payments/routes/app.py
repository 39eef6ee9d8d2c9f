"""The payments' app. Its routes are in `door` and the modules named `*_routes`."""

from paycorex.http import App

app = App("payments")
