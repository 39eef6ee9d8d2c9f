// PayPal's Card Fields: they approve the order that was made for this payment. It is paid by the shop's side.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  let answered = null;
  const cards = paypal.CardFields({
    createOrder: async () => given.order_id,
    onApprove: (approved) => answered({ said: { card_name: approved.orderID } }),
    onError: () => answered({ message: "{{Check the card.}}" }),
  });
  if (cards.isEligible()) {
    cards.NumberField().render("#number");
    cards.ExpiryField().render("#expirationDate");
    cards.CVVField().render("#cvv");
  } else {
    trouble.textContent = "{{The card's fields cannot be shown. Pay in another way, or ask the shop.}}";
  }
  return {
    confirm: () => new Promise((resolve, reject) => {
      answered = resolve;
      cards.submit().catch(reject);
    }),
  };
})();
