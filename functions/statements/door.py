"""HTTP door of the statements."""

from paycorex import aws
from paycorex.http import App
from statements.routes import closed_periods, journal_export, statements

app = App("statements")

journal_export.add_to(app)
statements.add_to(app)
closed_periods.add_to(app)
aws.warm("dynamodb")
handler = app.handler
