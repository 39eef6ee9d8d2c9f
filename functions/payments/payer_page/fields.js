const form = document.getElementById("fields");
const trouble = document.getElementById("trouble");
const keep = document.getElementById("keep");
const pay = document.getElementById("pay");
// After the provider took the card its answer may take a while: when it is asked again, in milliseconds.
const WAKES = [4000, 12000, 30000];
// What the provider's script gave: with each question until the shop's side has answered one, which takes it once.
let brought = {};

function post(path, body) {
  return fetch(location.pathname + path + location.search, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
}

// Trouble of the server and a try too many decide nothing.
function passes(answer) {
  return answer.status >= 500 || answer.status === 429;
}

// The shop's side asks the provider. What this page says of the payment is not believed.
async function wake() {
  const said = brought;
  const answer = await post("/look", said);
  if (passes(answer)) return;
  // An answer to what was brought before says nothing of what the payer typed since.
  const latest = said === brought;
  if (latest) brought = {};
  if (!answer.ok) {
    if (!said.card_name || !latest) return;
    // A name that was refused has charged nothing: the payer may type the card again.
    confirmed = false;
    trouble.textContent = "{{The payment was not made.}}";
    show(main.dataset.status, main.dataset.failure);
    return;
  }
  const stands = await answer.json();
  show(stands.status, stands.failure_code);
}

function again() {
  if (!done) wake().catch(() => {});
}

async function agree(keeps) {
  const answer = await post("/keep", { keep: keeps });
  if (!answer.ok) throw new Error("status " + answer.status);
  return (await answer.json()).parameters;
}

// What the provider's script says of a try.
function tell(tried) {
  if (tried.message) { trouble.textContent = tried.message; return; }
  brought = { ...tried.said, ...(tried.said && tried.said.card_name ? { payer: payer() } : {}) };
  confirmed = true;
  show(main.dataset.status, main.dataset.failure);
  for (const wait of WAKES) setTimeout(again, wait);
  again();
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
    tell(tried);
  } catch (error) {
    // Whether the provider has the card is not known: it is asked.
    trouble.textContent = "{{The provider did not answer. Wait a moment before you try again.}}";
    again();
  } finally {
    pay.disabled = false;
  }
});

pay.textContent = "{{Pay {amount}}}".replace("{amount}", document.getElementById("amount").textContent);
// Without an answer for long: the payment waits for this name alone, and nothing else brings it.
setInterval(() => { if (Object.keys(brought).length > 0) again(); }, WAKES[2]);
