// BlueSnap's Hosted Payment Fields: they bind the card to the token that was made for this payment.
const provider = (() => {
  for (const [place, kind] of places(["number", "expirationDate", "cvv"]).map((each, at) => [each, ["ccn", "exp", "cvv"][at]])) place.dataset.bluesnap = kind;
  bluesnap.hostedPaymentFieldsCreate({ token: given.pf_token, onFieldEventHandler: {} });
  return {
    confirm: () => new Promise((resolve) => {
      bluesnap.hostedPaymentFieldsSubmitData((said) => {
        resolve(said.cardData ? { said: { card_name: given.pf_token } } : { message: "{{Check the card.}}" });
      });
    }),
  };
})();
