// Payments through a network that loses answers: node test/storm.mjs URL KEY SECRET COUNT. Prints the payments' ids.
import { PayCoreX } from "../dist/index.js";

const [baseUrl, apiKey, secret, count] = process.argv.slice(2);
const client = new PayCoreX({ baseUrl, apiKey, secret, firstPauseMs: 2 });
const pay = (n) => client.payments.create({ amount: "1", method: "wallet", user_id: "asha", metadata: { n } });
const made = await Promise.all(Array.from({ length: Number(count) }, (_, n) => pay(n)));
console.log(JSON.stringify(made.map((payment) => payment.payment_id)));
