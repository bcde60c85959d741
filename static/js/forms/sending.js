// Sends a form once, and never into the void: <form data-sending>, which may hold a hidden element
// [data-offline-note] that says that nothing can be sent now and nothing is lost.
const PATIENCE = 20_000;
const forms = () => [...document.querySelectorAll("[data-sending]")];

function note(form, isNeeded) {
  const sentence = form.querySelector("[data-offline-note]");
  if (!sentence) return;
  sentence.hidden = !isNeeded;
  if (isNeeded) sentence.scrollIntoView({ block: "nearest" });
}

function mark(form, isSending) {
  form.toggleAttribute("data-sent", isSending);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (isSending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-sending]");
  if (!form || event.defaultPrevented) return;
  if (form.hasAttribute("data-sent") || !navigator.onLine) event.preventDefault();
  note(form, !navigator.onLine);
  if (event.defaultPrevented) return;
  mark(form, true);
  // Whoever has stopped the page while it was sent may send it again.
  setTimeout(() => mark(form, false), PATIENCE);
});

// Coming back to the page, too.
addEventListener("pageshow", () => forms().forEach((form) => mark(form, false)));
addEventListener("online", () => forms().forEach((form) => note(form, false)));
