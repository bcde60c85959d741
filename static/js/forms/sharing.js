// Shares a field by whatever the device has: <button data-shares="its id" hidden>, shown where it can.
for (const button of document.querySelectorAll("[data-shares]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () =>
    navigator.share({ text: document.getElementById(button.dataset.shares).value }).catch(() => {}),
  );
}
