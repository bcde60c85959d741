// Copies a field: <button data-copies="its id"> with a [data-copied] status after it (data-failed).
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[data-copied]");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value.trim());
    status.textContent = status.dataset.copied;
  } catch {
    status.textContent = status.dataset.failed;
  }
});
