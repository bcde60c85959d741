// Shows a description as readers will see it: <div data-description data-url="…"> round the text,
// with the button [data-description-show] and the place [data-description-answer] (data-failed).
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-description-show]");
  if (!button) return;
  event.preventDefault();
  const place = button.closest("[data-description]");
  const text = place.querySelector("textarea");
  const shown = place.querySelector("[data-description-answer]");
  const token = text.form.elements.csrfmiddlewaretoken.value;
  shown.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ description: text.value, csrfmiddlewaretoken: token });
    const answer = await fetch(place.dataset.url, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    shown.textContent = shown.dataset.failed;
  }
  shown.removeAttribute("aria-busy");
});
