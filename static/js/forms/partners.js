// Adds and takes off rows without a reload: <div data-rows="partner_" data-most="30"> holds rows
// <fieldset data-row>, whose fields are named partner_0_…, and the buttons [data-row-add] and
// [data-row-remove]. Without it, the server adds a row.
const place = document.querySelector("[data-rows]");
const adder = place?.querySelector("[data-row-add]");
const rows = () => [...place.querySelectorAll("[data-row]")];
const stem = (number) => `${place.dataset.rows}${number}_`;
const numberIn = (name) => parseInt(name.slice(place.dataset.rows.length), 10);
const numberOf = (row) => numberIn(row.querySelector("input").name);
const blank = place?.querySelector("[data-row]") && emptied(rows().at(-1).cloneNode(true));

function emptied(row) {
  for (const part of row.querySelectorAll("img, .field__error")) part.remove();
  for (const field of row.querySelectorAll(".field--error")) field.classList.remove("field--error");
  for (const input of row.querySelectorAll("input")) {
    input.removeAttribute("value");
    input.removeAttribute("aria-invalid");
    input.value = "";
  }
  return row;
}

function look() {
  const all = rows();
  adder.hidden = all.length >= Number(place.dataset.most);
  all.forEach((row, index) => {
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, index + 1);
  });
}

function add(number = Math.max(-1, ...rows().map(numberOf)) + 1) {
  const row = blank.cloneNode(true);
  for (const element of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const { name, value } of [...element.attributes]) {
      element.setAttribute(name, value.replaceAll(stem(numberOf(blank)), stem(number)));
    }
  }
  adder.closest("p").before(row);
  look();
  return row;
}

function takeOff(row) {
  const neighbour = row.previousElementSibling ?? row.nextElementSibling;
  row.remove();
  look();
  (neighbour.querySelector("input") ?? adder).focus();
  place.dispatchEvent(new Event("input", { bubbles: true }));
}

if (blank) {
  look();
  place.addEventListener("click", (event) => {
    const remover = event.target.closest("[data-row-remove]");
    if (remover) takeOff(remover.closest("[data-row]"));
    if (!event.target.closest("[data-row-add]")) return;
    event.preventDefault();
    add().querySelector("input").focus();
  });
  // A draft has more rows than the page.
  place.closest("form").addEventListener("draft:missing", ({ detail }) => {
    const isOurs = detail.startsWith(place.dataset.rows) && !adder.hidden;
    if (isOurs && !rows().some((row) => numberOf(row) === numberIn(detail))) add(numberIn(detail));
  });
}
