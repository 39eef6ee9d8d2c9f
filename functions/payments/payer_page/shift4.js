// Shift4's components: each is a frame of Shift4's, and what comes out of them is a token that is used once.
const provider = (() => {
  for (const [place, kind] of places(["number", "expirationDate", "cvv"]).map((each, at) => [each, ["number", "expiry", "cvc"][at]])) place.dataset.shift4 = kind;
  const shift4 = Shift4(form.dataset.key);
  const components = shift4.createComponentGroup().automount("#mount");
  return {
    async confirm() {
      try {
        const token = await shift4.createToken(components);
        if (given.three_ds !== "required") return { said: { card_name: token.id } };
        // Shift4 shows the bank's question itself. Whether it was answered is for Shift4 to say, when the token is charged.
        const asked = { amount: Number(form.dataset.minor), currency: document.getElementById("amount").dataset.currency, card: token.id };
        return { said: { card_name: (await shift4.verifyThreeDSecure(asked)).id } };
      } catch (error) {
        return { message: "{{Check the card.}}" };
      }
    },
  };
})();
