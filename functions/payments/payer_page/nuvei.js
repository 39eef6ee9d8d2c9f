// Nuvei's Web SDK: each field is a frame of Nuvei's, and what comes out of them is a name of this card, for this session alone.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const session = { sessionToken: given.session_token };
  const nuvei = SafeCharge({
    env: form.dataset.environment, merchantId: given.merchant_id, merchantSiteId: given.merchant_site_id, ...session,
  });
  const fields = nuvei.fields({ locale: document.documentElement.lang });
  const [number] = [["ccNumber", "#number"], ["ccExpiration", "#expirationDate"], ["ccCvc", "#cvv"]].map(([kind, place]) => {
    const field = fields.create(kind);
    field.attach(place);
    return field;
  });
  return {
    async confirm() {
      if (!form.reportValidity()) return { message: "{{Fill in what is missing.}}" };
      try {
        const said = await nuvei.getToken(number, { cardHolderName: payer().name, ...session });
        if (said.status === "SUCCESS" && said.ccTempToken) return { said: { card_name: said.ccTempToken } };
      } catch (error) {
        // A card that is none is refused in either way.
      }
      return { message: "{{Check the card.}}" };
    },
  };
})();
