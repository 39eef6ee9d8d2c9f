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
