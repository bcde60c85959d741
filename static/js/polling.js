// Shows what changes while one waits: <div id="…" data-polling="3"> is fetched again every 3 seconds
// with its page, until it asks for that no more. Whatever goes wrong, its own link still works.
const GIVE_UP_AFTER = 100;
let asked = 0;

async function poll() {
  const before = document.querySelector("[data-polling]");
  if (!before || asked++ === GIVE_UP_AFTER) return;
  const seconds = Number(before.dataset.polling) || 3;
  const isBusy = document.hidden || before.contains(document.activeElement);
  try {
    const answer = isBusy ? null : await fetch(location.href);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const after = page.getElementById(before.id);
      if (after) before.replaceWith(after);
    }
  } finally {
    setTimeout(poll, seconds * 1000);
  }
}

const waiting = document.querySelector("[data-polling]");
if (waiting) setTimeout(poll, 1500);
