"""The payments' app. Its routes are in the modules beside this one; `payments.door` loads them all."""

from paycorex.http import App

app = App("payments")
