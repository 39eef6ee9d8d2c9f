
"use strict";
const main = document.querySelector("main");
const open = document.getElementById("open");
const outcome = document.getElementById("outcome");
const countdown = document.getElementById("countdown");
const final = { success: "Paid. Thank you.", failed: "This payment was not made." };
const failed = { expired: "The time to pay is over.", canceled: "This payment was canceled." };
let end = main.dataset.left === "" ? null : Date.now() + Number(main.dataset.left) * 1000;
let done = false;

function show(status, code) {
  done = status in final;
  main.dataset.status = status;
  open.hidden = done;
  outcome.textContent = done ? (failed[code] || final[status]) : "";
}

function tick() {
  if (done || end === null) { countdown.textContent = ""; return; }
  const left = Math.max(0, Math.round((end - Date.now()) / 1000));
  const minutes = Math.floor(left / 60);
  countdown.textContent = left === 0 ? "Checking…" : minutes + ":" + String(left % 60).padStart(2, "0") + " left";
}

async function ask() {
  if (done) return;
  try {
    const answer = await fetch(location.pathname + "/status" + location.search, { cache: "no-store" });
    if (answer.ok) {
      const said = await answer.json();
      if (said.seconds_left !== null) end = Date.now() + said.seconds_left * 1000;
      show(said.status, said.failure_code);
    }
  } catch (error) {
    outcome.textContent = "Waiting for a connection…";
  }
  if (!done) setTimeout(ask, document.hidden ? 15000 : 3000);
}

for (const button of document.querySelectorAll("[data-outcome]")) {
  button.addEventListener("click", async () => {
    await fetch(location.pathname + "/sandbox" + location.search, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ outcome: button.dataset.outcome }),
    });
    ask();
  });
}

show(main.dataset.status, main.dataset.failure);
setInterval(tick, 1000);
tick();
setTimeout(ask, 1500);
