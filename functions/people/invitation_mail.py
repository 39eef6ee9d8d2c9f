"""The e-mail of an invitation, by Amazon SES, where the deployment has an address to send from."""

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws, redaction, settings
from paycorex.records.person import PersonItem

logger = redaction.logger("people")


def send(person: PersonItem, merchant_name: str, link: str) -> bool:
    """Send the link to the person. False where there is no sender or SES does not take it: then the inviter hands the link over."""
    sender = settings.current().mail_from
    if not sender:
        return False
    text = (
        f"{merchant_name} invites you to its PayCoreX console as {person.role.replace('_', ' ')}.\n\n"
        f"Open this link within seven days and add a passkey; no password is needed:\n\n{link}\n\n"
        "It works once. If you did not expect it, do nothing.\n"
    )
    subject = {"Data": f"{merchant_name} invites you to PayCoreX", "Charset": "UTF-8"}
    content = {"Simple": {"Subject": subject, "Body": {"Text": {"Data": text, "Charset": "UTF-8"}}}}
    try:
        aws.mail().send_email(FromEmailAddress=sender, Destination={"ToAddresses": [person.email]}, Content=content)
    except (ClientError, BotoCoreError) as error:
        # The address is left out: a log keeps no personal data.
        logger.warning("invitation not sent", extra={"person_id": person.person_id, "reason": type(error).__name__})
        return False
    return True
