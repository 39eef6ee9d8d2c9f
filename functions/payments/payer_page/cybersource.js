// CyberSource's Microform: number and security code are frames of CyberSource's, and what comes out of them is a token of this one card.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const expiry = expiryField();
  const microform = new Flex(given.capture_context).microform("card");
  microform.createField("number").load("#number");
  microform.createField("securityCode").load("#cvv");
  return {
    confirm: () => new Promise((resolve) => {
      const { month, year } = expiry();
      if (!form.reportValidity()) { resolve({ message: "{{Fill in what is missing.}}" }); return; }
      if (!month) { resolve({ message: "{{Check the expiry date.}}" }); return; }
      microform.createToken({ expirationMonth: month, expirationYear: "20" + year }, (error, token) => {
        resolve(error ? { message: "{{Check the card.}}" } : { said: { card_name: token } });
      });
    }),
  };
})();
