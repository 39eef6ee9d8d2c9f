const form = document.getElementById("fields");
const trouble = document.getElementById("trouble");
const pay = document.getElementById("pay");
// After the provider took the card its answer may take a while: when it is asked again, in milliseconds.
const WAKES = [4000, 12000, 30000];

function post(path, body) {
  return fetch(location.pathname + path + location.search, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
}

// The shop's side asks the provider. What this page says of the payment is not believed.
async function wake(said) {
  const answer = await post("/look", said);
  if (!answer.ok) return;
  const stands = await answer.json();
  show(stands.status, stands.failure_code);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (pay.disabled) return;
  trouble.textContent = "";
  pay.disabled = true;
  try {
    const tried = await provider.confirm();
    if (tried.message) { trouble.textContent = tried.message; return; }
    confirmed = true;
    show(main.dataset.status, main.dataset.failure);
    await wake(tried.said || {});
    for (const wait of WAKES) setTimeout(() => { if (!done) wake({}); }, wait);
  } catch (error) {
    // Whether the provider has the card is not known: it is asked.
    trouble.textContent = "The provider did not answer. Wait a moment before you try again.";
    wake({}).catch(() => {});
  } finally {
    pay.disabled = false;
  }
});

pay.textContent = "Pay " + document.getElementById("amount").textContent;
