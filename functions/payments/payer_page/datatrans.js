// Datatrans' Secure Fields: number and security code are frames of Datatrans's. Where the payer's bank asks, it does so on a page of its own,
// and the payer comes back to ours.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const expiry = expiryField();
  const fields = new SecureFields();
  const refused = { message: "{{Check the card.}}" };
  let answer = () => {};
  fields.init(given.transaction_id, { cardNumber: "number", cvv: "cvv" });
  fields.on("validate", (said) => { if (said.hasErrors) answer(refused); });
  fields.on("error", () => answer(refused));
  fields.on("success", (said) => {
    if (said.redirect) location.assign(said.redirect);
    else answer(said.transactionId === given.transaction_id ? { said: { card_name: given.transaction_id } } : refused);
  });
  return {
    confirm: () => new Promise((resolve) => {
      const { month, year } = expiry();
      if (!month) { resolve({ message: "{{Check the expiry date.}}" }); return; }
      answer = resolve;
      fields.submit({ expm: month, expy: year });
    }),
  };
})();
