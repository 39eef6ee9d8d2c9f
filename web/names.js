/** What the API's words are called on the page. */

import { t, word } from "./texts.js";

const METHODS = { wallet: () => t("Wallet"), tokenized: () => t("Card token"), upi_intent: () => t("UPI"), crypto: () => t("Crypto") };
const NETWORKS = { ethereum: "Ethereum", polygon: "Polygon", bsc: "BNB Smart Chain" };

/** "card_declined" → "Card declined". */
export const words = (name) => word(sentence(String(name).replaceAll("_", " ")));
export const method = (name) => METHODS[name]?.() ?? words(name);
export const network = (name) => NETWORKS[name] ?? words(name);
export const isId = (text, prefix) => new RegExp(`^${prefix}_[a-z2-7]{26}$`).test(text ?? "");
export const choices = (names, called = words) => names.map((name) => [name, called(name)]);
export const methods = Object.keys(METHODS);
export const networks = Object.keys(NETWORKS);

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
