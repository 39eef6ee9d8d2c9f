/** What a scope of an API key lets its bearer do, a sentence for each. */

import { byPrefix } from "./choosing.js";
import { scopes } from "./contract.js";
import { t } from "./texts.js";

const titles = () => ({
  payments: t("Payments"), disputes: t("Disputes"), settlements: t("Settlements and books"), wallet: t("Wallets"), tokens: t("Stored cards"), webhooks: t("Webhooks"), crypto: t("Crypto"),
  dashboard: t("Dashboard"), customers: t("Customers"), checkout: t("Checkout and links"), merchant: t("Settings and keys"), people: t("People"), audit: t("Audit log"),
});

const sentences = () => ({
  "payments:read": t("Look at payments, refunds and captures."), "payments:write": t("Take payments, capture, cancel and refund."),
  "disputes:read": t("Look at disputes."), "disputes:write": t("Answer disputes and add evidence."),
  "settlements:read": t("Look at payouts, reconciliation, statements and the journal."), "settlements:write": t("Import reports and bank files, decide open items, close months."),
  "wallet:read": t("Look at wallets and their transfers."), "wallet:write": t("Open wallets and top them up."),
  "tokens:read": t("Look at stored cards, without their numbers."), "tokens:write": t("Store and delete cards."),
  "webhooks:read": t("Look at endpoints, deliveries and events."), "webhooks:write": t("Add and change endpoints, send again."),
  "crypto:read": t("Look at deposits and watched addresses."), "crypto:write": t("Watch addresses and make new ones."),
  "dashboard:read": t("Look at figures and lists of this console."),
  "customers:read": t("Look at customers."), "customers:write": t("Make, change and erase customers."),
  "checkout:read": t("Look at checkouts and links."), "checkout:write": t("Make checkouts and links."),
  "merchant:read": t("Look at settings and at the list of keys."), "merchant:write": t("Change settings, connectors and routing; make and revoke keys."),
  "people:read": t("Look at people and their sessions."), "people:write": t("Invite, change and remove people."),
  "audit:read": t("Look at who changed what."),
});

/** The scopes that may be given, in groups with a title. @param {(scope: string) => boolean} isOffered */
export function scopeGroups(isOffered) {
  const means = sentences(), named = titles();
  return byPrefix(scopes.filter(isOffered), ":").map(([prefix, all]) => [named[prefix] ?? prefix, all.map((each) => [each, each, means[each]])]);
}
