// Shows what was chosen at once, without the button: <form data-choices> is sent at every choice.
document
  .querySelector("[data-choices]")
  .addEventListener("change", ({ currentTarget }) => currentTarget.requestSubmit());
