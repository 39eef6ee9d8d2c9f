// Adyen's card component in the session that was made for this payment. The card, and the bank's question about it, stay between the
// payer's browser and Adyen; the result is asked for by the shop's side, and Adyen tells it besides.
const provider = (() => {
  const given = JSON.parse(form.dataset.given);
  const refused = ["refused", "error", "cancelled"];
  // After a page of the bank's own: what it brought back, which is used once.
  const resumed = new URLSearchParams(location.hash.slice(1)).get("redirectResult");
  if (resumed !== null) history.replaceState(null, "", location.pathname + location.search);
  let answered = null;
  let keeps = false;
  let failed = null;

  function ends(result) {
    const tried = refused.includes(result.resultCode.toLowerCase()) ? { message: "{{The payment was not made.}}" } : { said: { session_result: result.sessionResult } };
    if (answered !== null) answered(tried); else tell(tried);
  }

  function breaks(error) {
    if (failed !== null) failed(error); else trouble.textContent = "{{The card's fields cannot be shown. Pay in another way, or ask the shop.}}";
  }

  function begin(session) {
    return AdyenCheckout({
      environment: form.dataset.key.startsWith("live_") ? "live" : "test", clientKey: form.dataset.key, session, locale: document.documentElement.lang,
      beforeSubmit: (data, element, actions) => actions.resolve(keep === null ? data : { ...data, storePaymentMethod: keeps }),
      analytics: { enabled: false }, showPayButton: false, onPaymentCompleted: ends, onError: breaks,
    });
  }

  const whole = { id: given.session_id, sessionData: given.session_data };
  // The script remembers how far a session is, in the browser in which it began.
  const begun = resumed === null ? begin(whole) : begin({ id: given.session_id }).catch(() => begin(whole));
  const card = begun.then((checkout) => {
    const made = checkout.create("card", { hasHolderName: false, enableStoreDetails: false }).mount("#mount");
    if (resumed !== null) checkout.submitDetails({ details: { redirectResult: resumed } });
    return made;
  });
  card.catch(breaks);
  return {
    async confirm(ticked) {
      keeps = ticked;
      const made = await card;
      if (!made.isValid) { made.showValidation(); return { message: "{{Check the card.}}" }; }
      const outcome = new Promise((resolve, reject) => { answered = resolve; failed = reject; });
      made.submit();
      return outcome;
    },
  };
})();
