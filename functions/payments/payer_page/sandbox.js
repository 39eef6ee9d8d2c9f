// The sandbox's script. The card's number stays in its frame, which has an origin of its own and may send nothing anywhere.
const provider = (() => {
  const frame = document.createElement("iframe");
  frame.title = "{{Card details}}";
  frame.setAttribute("sandbox", "allow-scripts allow-forms");
  frame.src = location.pathname + "/fields" + location.search;
  document.getElementById("mount").append(frame);
  let hear = null;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow) return;
    if (event.data.height) frame.style.height = event.data.height + "px";
    else if (event.data.submit) form.requestSubmit();
    else if (hear) hear(event.data);
  });
  // The frame has no origin that could be named.
  const ask = (what) => new Promise((resolve) => { hear = resolve; frame.contentWindow.postMessage(what, "*"); });

  async function say(body) {
    const answer = await post("/fields", { client_secret: form.dataset.secret, ...body });
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.json();
  }

  return {
    async confirm(keeps) {
      const typed = await ask("card");
      if (!typed.card) return { message: typed.message };
      let said = await say(keeps ? { card: typed.card, kept: typed.kept } : { card: typed.card });
      if (said.status === "requires_action") said = await say({ answer: (await ask("question")).answer });
      if (said.status === "no_answer") throw new Error("no answer");
      return said.status === "requires_card" ? { message: said.message || "{{Check the card.}}" } : {};
    },
  };
})();
