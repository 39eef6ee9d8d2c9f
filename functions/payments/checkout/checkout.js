/* Opens a checkout of PayCoreX from a button of the shop. No dependency.
   <script src="https://…/checkout.js"></script>
   <button data-paycorex-checkout="<url of the session>">Pay</button>
   or PayCoreX.open(url, {onEnd: ({session_id, status}) => …}). What it gets proves nothing: ask GET /v1/checkout/sessions/{session_id}. */
(function () {
  "use strict";
  function open(url, options) {
    var target = new URL(url, location.href);
    if (target.protocol !== "https:" && target.hostname !== "localhost" && target.hostname !== "127.0.0.1") throw new Error("A checkout's address begins with https.");
    if (!/^\/(?:[^/]+\/)*c\/chk_[a-z2-7]{26}$/.test(target.pathname)) throw new Error("This is no checkout's address.");
    var onEnd = (options && options.onEnd) || function () {};
    var left = Math.max(0, (screen.width - 460) / 2);
    var popup = window.open(target.href, "paycorex", "popup,width=460,height=760,left=" + left);
    // A browser that opens no window, as on many phones: this tab goes there.
    if (!popup) { location.assign(target.href); return null; }
    function receive(event) {
      if (event.origin !== target.origin || event.source !== popup || !event.data || event.data.paycorex !== "checkout") return;
      window.removeEventListener("message", receive);
      clearInterval(timer);
      onEnd({ session_id: event.data.session_id, status: event.data.status });
    }
    var timer = setInterval(function () {
      if (!popup.closed) return;
      clearInterval(timer);
      window.removeEventListener("message", receive);
      onEnd({ session_id: target.pathname.split("/").pop(), status: "closed" });
    }, 500);
    window.addEventListener("message", receive);
    return popup;
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-paycorex-checkout]");
    if (!button) return;
    event.preventDefault();
    open(button.dataset.paycorexCheckout, {
      onEnd: function (end) { button.dispatchEvent(new CustomEvent("paycorex:end", { bubbles: true, detail: end })); },
    });
  });
  window.PayCoreX = Object.freeze({ open: open });
})();
