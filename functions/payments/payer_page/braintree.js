// Braintree's Hosted Fields: each is a frame of Braintree's, and what comes out of them is a name that is used once.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const made = braintree.client.create({ authorization: given.client_token }).then((client) => braintree.hostedFields.create({
    client, fields: { number: { container: "#number" }, expirationDate: { container: "#expirationDate" }, cvv: { container: "#cvv" } },
  }));
  return {
    async confirm() {
      const fields = await made;
      try {
        return { said: { card_name: (await fields.tokenize()).nonce } };
      } catch (error) {
        if (error.type === "CUSTOMER") return { message: "{{Check the card.}}" };
        throw error;
      }
    },
  };
})();
