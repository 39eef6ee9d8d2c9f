import { MENU } from "@/lib/orders";

export default function Menu() {
  return (
    <form method="post" action="/orders">
      <fieldset>
        <legend>What would you like?</legend>
        {Object.entries(MENU).map(([tea, price], number) => (
          <label key={tea}>
            <input type="radio" name="tea" value={tea} required defaultChecked={number === 0} /> {tea} ₹{price}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>How do you pay?</legend>
        <label>
          <input type="radio" name="way" value="card" defaultChecked /> Card
        </label>
        <label>
          <input type="radio" name="way" value="upi" /> UPI
        </label>
      </fieldset>
      <button>Order and pay</button>
    </form>
  );
}
