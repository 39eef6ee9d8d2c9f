"""The settlements' app. Its routes are in the modules beside this one."""

from paycorex.http import App

app = App("settlements")
