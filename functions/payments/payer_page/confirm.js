const posted = document.getElementById("confirm");
const collect = document.getElementById("collect");
// Data of the browser may take ten seconds; a bank can be asked without.
const COLLECT_MS = 12000;
let collected = false;

// What the unseen page gave goes to the shop's side, which asks the processor. What this page says of the payment is not believed.
async function bring(given) {
  if (collected) return;
  collected = true;
  const here = location.pathname + "/back" + location.search;
  try {
    await fetch(here, { method: "POST", body: new URLSearchParams(given), redirect: "manual" });
  } finally {
    location.replace(here);
  }
}

// Only the texts that the processor names, and only from its own page.
function received(event) {
  if (event.origin !== posted.dataset.origin) return;
  let said = event.data;
  try {
    if (typeof said === "string") said = JSON.parse(said);
  } catch (error) {
    return;
  }
  if (said === null || typeof said !== "object") return;
  const given = posted.dataset.brings.split(" ").filter((name) => typeof said[name] === "string").map((name) => [name, said[name]]);
  if (given.length > 0) bring(given);
}

if (collect !== null) {
  window.addEventListener("message", received);
  setTimeout(() => bring([["collected", "no"]]), COLLECT_MS);
  posted.submit();
} else {
  posted.submit();
}
