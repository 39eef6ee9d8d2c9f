const form = document.getElementById("fields");
const trouble = document.getElementById("trouble");
const keep = document.getElementById("keep");
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
  if (!answer.ok) {
    if (!said.card_name || answer.status >= 500) return;
    // A name that was refused has charged nothing: the payer may type the card again.
    confirmed = false;
    trouble.textContent = "{{The payment was not made.}}";
    show(main.dataset.status, main.dataset.failure);
    return;
  }
  const stands = await answer.json();
  show(stands.status, stands.failure_code);
}

async function agree(keeps) {
  const answer = await post("/keep", { keep: keeps });
  if (!answer.ok) throw new Error("status " + answer.status);
  return (await answer.json()).parameters;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (pay.disabled) return;
  trouble.textContent = "";
  pay.disabled = true;
  try {
    const keeps = keep !== null && keep.checked;
    // Said each time: a tick may have been taken back since the last try.
    const agreed = keep === null ? {} : await agree(keeps);
    const tried = await provider.confirm(keeps, agreed);
    if (tried.message) { trouble.textContent = tried.message; return; }
    confirmed = true;
    show(main.dataset.status, main.dataset.failure);
    await wake({ ...tried.said, ...(tried.said && tried.said.card_name ? { payer: payer() } : {}) });
    for (const wait of WAKES) setTimeout(() => { if (!done) wake({}); }, wait);
  } catch (error) {
    // Whether the provider has the card is not known: it is asked.
    trouble.textContent = "{{The provider did not answer. Wait a moment before you try again.}}";
    wake({}).catch(() => {});
  } finally {
    pay.disabled = false;
  }
});

pay.textContent = "{{Pay {amount}}}".replace("{amount}", document.getElementById("amount").textContent);
