// Helps with the place: <div data-position> round the fields latitude and longitude, the choice
// position_is_approximate in [data-position-choice], which becomes the slider [data-position-slider],
// and the button [data-position-find], whose words stand on [data-position-status].
const place = document.querySelector("[data-position]");
const part = (name) => place.querySelector(`[data-position-${name}]`);
const fields = place?.closest("form").elements;
const chosen = () => [...place.querySelectorAll("[name=position_is_approximate]")].find((each) => each.checked);

function slide() {
  const range = part("slider").querySelector("input");
  const label = chosen()?.closest("label");
  range.value = chosen()?.value ?? 0;
  range.setAttribute("aria-valuetext", label?.querySelector("strong").textContent ?? "");
  part("says").textContent = label?.querySelector("span").textContent ?? "";
}

function choose({ target }) {
  const choice = place.querySelector(`[name=position_is_approximate][value="${target.value}"]`);
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}

function write({ coords }) {
  part("status").textContent = part("status").dataset.found;
  fields.latitude.value = coords.latitude.toFixed(4);
  fields.longitude.value = coords.longitude.toFixed(4);
  fields.longitude.dispatchEvent(new Event("input", { bubbles: true }));
}

function find() {
  const { searching, failed } = part("status").dataset;
  const fail = () => (part("status").textContent = failed);
  part("status").textContent = searching;
  navigator.geolocation.getCurrentPosition(write, fail, { timeout: 20_000, maximumAge: 600_000 });
}

if (place) {
  part("choice").hidden = true;
  part("slider").hidden = false;
  part("slider").addEventListener("input", choose);
  place.addEventListener("change", slide);
  place.closest("form").addEventListener("draft:restored", slide);
  slide();
  part("find").hidden = !(navigator.geolocation && isSecureContext);
  part("find").addEventListener("click", find);
}
