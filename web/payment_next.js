/** What a merchant does next about a payment, and why: one sentence, by what it waits for. */

import { h } from "./dom.js";
import { isInReview } from "./reviewing.js";
import { t } from "./texts.js";
import { moment } from "./time.js";

const OPEN = ["pending", "processing"];
// The provider is asked again by itself; a payment that waits longer is one to ask about.
const advice = {
  card_declined: () => t("The card's bank refused. Ask the payer for another card or another way to pay; the same card is refused again mostly."),
  payment_declined: () => t("The payer or their bank refused. Offer another way to pay."),
  insufficient_funds: () => t("The balance was too low. The payer can try again when there is money, or pay in another way."),
  expired: () => t("The payer did not pay in time. Make a new payment, or send a payment link that stays open longer."),
  canceled: () => t("It was canceled. Make a new payment if the payer still wants to pay."),
  provider_unavailable: () => t("No provider could be reached. Try again in some minutes; a second connector in the routing rules takes over next time."),
  provider_configuration: () => t("The provider refuses the request itself: check its credentials under Settings, Connectors, and test them."),
  unsupported_amount: () => t("The provider does not take this amount or currency. Route such payments to another connector."),
  risk_rule: () => t("A risk rule or the blocklist stopped it, and no provider was asked. Change the rule if this payer is known to you."),
  underpaid: () => t("Less came than was asked. What came is held: accept it or give it back."),
  reorged: () => t("The network took the transfer back. Ask the payer to pay again."),
  returned: () => t("The provider gave the money back to the payer. Make a new payment if it was meant."),
};

/** @param {object} payment as the API shows it */
export function nextStep(payment) {
  const [title, text, link] = step(payment);
  return h("aside", { class: "next", "aria-label": t("What to do next") }, h("strong", {}, title), h("p", {}, text, link && [" ", link]));
}

function step(payment) {
  const waits = payment.late_money.some((each) => each.status === "held");
  if (payment.review) return [t("An operator looks at it"), t("What the provider answered contradicts what was asked. Nothing is booked until an operator decides; there is nothing for you to do.")];
  if (payment.disputes.some((each) => ["needs_response", "open"].includes(each.status))) return [t("Answer the dispute"), t("The payer's bank asks the money back. Without evidence in time it is lost."), h("a", { href: "#disputes" }, t("To the disputes"))];
  if (waits) return [t("Decide about the money that is held"), t("More money came than was asked, or it came late. Accept it or give it back below.")];
  if (isInReview(payment)) return [t("Approve or decline it"), t("A risk rule holds it until a person decides. Without a decision the payer has the money again when the hold ends.")];
  if (payment.status === "authorized") return [t("Capture it or release it"), held(payment.authorization)];
  if (OPEN.includes(payment.status)) return open(payment);
  if (payment.status === "failed") return [t("Nothing was taken"), advice[payment.failure_code]?.() ?? t("The payer was not charged. Offer another way to pay.")];
  return done(payment);
}

const held = ({ expires_at: until }) => (until ? t("The amount is reserved with the payer until {moment}; then it is released by itself.", { moment: moment(until) }) : t("The amount is reserved with the payer until you decide."));

function open(payment) {
  const asked = payment.next_action;
  if (!asked) return [t("Wait for the provider"), t("It has not said yet whether the payment was made. It is asked again and again; do not charge the payer a second time.")];
  if (payment.status === "processing" && asked.type === "crypto_transfer") return [t("Wait for the network"), t("A transfer was seen and is being confirmed.")];
  const until = payment.expires_at ?? asked.expires_at;
  return [t("The payer has not paid yet"), until ? t("Send the pay link, or wait: it ends {moment}.", { moment: moment(until) }) : t("Send the pay link, or wait.")];
}

function done(payment) {
  if (payment.refund_status === "full") return [t("Nothing to do"), t("All of it was given back.")];
  return [t("Nothing to do"), t("It is paid. Where its money is stands below.")];
}
