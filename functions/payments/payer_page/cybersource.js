// CyberSource's Microform: number and security code are frames of CyberSource's, and what comes out of them is a token of this one card.
const provider = (() => {
  places(["number", "expirationDate", "cvv"]);
  const expiry = document.createElement("input");
  expiry.inputMode = "numeric";
  expiry.autocomplete = "cc-exp";
  expiry.placeholder = "MM / YY";
  expiry.setAttribute("aria-label", labels.expirationDate);
  document.getElementById("expirationDate").append(expiry);
  const microform = new Flex(given.capture_context).microform("card");
  microform.createField("number").load("#number");
  microform.createField("securityCode").load("#cvv");
  return {
    confirm: () => new Promise((resolve) => {
      const [, month, year] = /^\s*(\d{1,2})\D*(\d{2})\s*$/.exec(expiry.value) || [];
      if (!form.reportValidity()) { resolve({ message: "{{Fill in what is missing.}}" }); return; }
      if (!month || Number(month) < 1 || Number(month) > 12) { resolve({ message: "{{Check the expiry date.}}" }); return; }
      microform.createToken({ expirationMonth: month.padStart(2, "0"), expirationYear: "20" + year }, (error, token) => {
        resolve(error ? { message: "{{Check the card.}}" } : { said: { card_name: token } });
      });
    }),
  };
})();
