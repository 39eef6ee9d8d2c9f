// Global Payments' hosted fields: the button is a frame of theirs too, in the place of ours. What it gives is a name that is used once.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const button = document.createElement("div");
  button.id = "send";
  pay.before(button);
  pay.hidden = true;
  let named = null;
  GlobalPayments.configure({
    accessToken: given.access_token, apiVersion: "2021-03-22", env: form.dataset.environment, language: document.documentElement.lang,
  });
  const fields = GlobalPayments.ui.form({
    fields: {
      "card-number": { target: "#number" }, "card-expiration": { target: "#expirationDate" }, "card-cvv": { target: "#cvv" },
      submit: { target: "#send", text: pay.textContent },
    },
  });
  fields.on("token-error", () => { trouble.textContent = "{{Check the card.}}"; });
  fields.on("token-success", (said) => {
    named = said.paymentReference;
    form.requestSubmit();
  });
  return {
    async confirm() {
      const name = named;
      named = null;
      if (!form.reportValidity()) return { message: "{{Fill in what is missing.}}" };
      return name ? { said: { card_name: name } } : { message: "{{Check the card.}}" };
    },
  };
})();
