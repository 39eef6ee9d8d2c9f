// Shift4's components: each is a frame of Shift4's, and what comes out of them is a token that is used once.
const provider = (() => {
  for (const [place, kind] of places(["number", "expirationDate", "cvv"]).map((each, at) => [each, ["number", "expiry", "cvc"][at]])) place.dataset.shift4 = kind;
  const shift4 = Shift4(form.dataset.key);
  const components = shift4.createComponentGroup().automount("#mount");
  return {
    async confirm() {
      try {
        return { said: { card_name: (await shift4.createToken(components)).id } };
      } catch (error) {
        return { message: "{{Check the card.}}" };
      }
    },
  };
})();
