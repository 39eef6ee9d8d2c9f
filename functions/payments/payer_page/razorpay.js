// Razorpay's checkout.js opens a window of its own, in which the payer may try more than one card. What it hands over is signed and checked.
const provider = {
  confirm: (keeps, agreed) => new Promise((resolve) => {
    const amount = document.getElementById("amount");
    new Razorpay({
      key: form.dataset.key,
      order_id: form.dataset.order,
      amount: form.dataset.minor,
      currency: amount.dataset.currency,
      ...(keeps ? { customer_id: agreed.customer_id, save: 1 } : {}),
      name: document.querySelector(".merchant").textContent,
      handler: (said) => resolve({ said: {
        razorpay_payment_id: said.razorpay_payment_id, razorpay_order_id: said.razorpay_order_id, razorpay_signature: said.razorpay_signature,
      } }),
      modal: { ondismiss: () => resolve({ message: "{{The payment was not made.}}" }) },
    }).open();
  }),
};
