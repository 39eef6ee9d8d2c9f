// What the processor's script needs, as it was begun for this payment.
const given = JSON.parse(form.dataset.given);
const labels = { number: "{{Card number}}", expirationDate: "{{Expiry}}", cvv: "{{Security code}}" };

// A labelled place for each field of the processor's.
function places(names) {
  return names.map((name) => {
    const row = document.createElement("div");
    const label = document.createElement("span");
    const place = document.createElement("div");
    row.className = "place";
    label.textContent = labels[name];
    place.id = name;
    row.append(label, place);
    document.getElementById("mount").append(row);
    return place;
  });
}

// Where the processor has no field for the expiry: the page's own, and how it is read. Two digits each; nothing for what is no date.
function expiryField() {
  const expiry = document.createElement("input");
  expiry.inputMode = "numeric";
  expiry.autocomplete = "cc-exp";
  expiry.placeholder = "MM / YY";
  expiry.setAttribute("aria-label", labels.expirationDate);
  document.getElementById("expirationDate").append(expiry);
  return () => {
    const [, month, year] = /^\s*(\d{1,2})\D*(\d{2})\s*$/.exec(expiry.value) || [];
    return month && Number(month) >= 1 && Number(month) <= 12 ? { month: month.padStart(2, "0"), year } : {};
  };
}

// What of the payer this processor wants to know with a charge: typed here, passed on once, and kept nowhere.
const wanted = form.dataset.wants === "" ? [] : [...form.dataset.wants.split(" "), ...(form.dataset.wants.includes("line1") ? ["state", "postal_code"] : [])];
const kinds = { name: "{{Name}}", email: "{{E-mail}}", line1: "{{Address}}", city: "{{City}}", state: "{{State}}", postal_code: "{{Postal code}}", country: "{{Country (two letters)}}" };
const fills = { name: "cc-name", email: "email", line1: "address-line1", city: "address-level2", state: "address-level1", postal_code: "postal-code", country: "country" };
for (const field of wanted) {
  const row = document.createElement("label");
  const input = document.createElement("input");
  row.className = "place";
  row.textContent = kinds[field];
  input.name = field;
  input.autocomplete = fills[field];
  input.required = form.dataset.wants.split(" ").includes(field);
  if (field === "country") { input.maxLength = 2; input.pattern = /[A-Za-z]{2}/.source; }
  if (field === "email") input.type = "email";
  row.append(input);
  document.getElementById("mount").before(row);
}

function payer() {
  const typed = Object.fromEntries(wanted.map((field) => [field, form.elements[field].value.trim()]).filter(([, text]) => text !== ""));
  if (typed.country) typed.country = typed.country.toUpperCase();
  return wanted.length === 0 ? undefined : typed;
}
