// Stripe's own fields (Payment Element). The card, and the bank's question about it, stay between the payer's browser and Stripe.
const provider = (() => {
  const stripe = Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe" } });
  elements.create("payment").mount("#mount");
  // After a page of the bank's own: there Stripe is asked, and the payer goes on to the shop.
  const back = location.origin + location.pathname + "/back" + location.search;
  return {
    async confirm() {
      // What the tick changed of the intent, Stripe's fields have to know before they confirm it.
      if (keep !== null) await elements.fetchUpdates();
      const tried = await stripe.confirmPayment({ elements, redirect: "if_required", confirmParams: { return_url: back } });
      return tried.error ? { message: tried.error.message || "{{Check the card.}}" } : {};
    },
  };
})();
