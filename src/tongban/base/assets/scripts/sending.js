// Sending once, and saving a draft while somebody is still typing.

export function watchSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.sendingMany !== undefined || event.defaultPrevented) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  // Coming back by the back button shows the page as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
    }
  });
}

function saver(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = 0;
  let running = false;
  const say = (words) => {
    if (status) {
      status.textContent = words ?? "";
    }
  };
  async function save() {
    if (running) {
      plan();
      return;
    }
    running = true;
    say(form.dataset.wordsSaving);
    try {
      const typed = new FormData(form);
      for (const [name, value] of [...typed]) {
        if (value instanceof File) {
          typed.delete(name);
        }
      }
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: typed,
        headers: { Accept: "application/json" },
      });
      const told = answer.ok ? await answer.json() : {};
      if (told.revision !== undefined && form.elements.revision) {
        form.elements.revision.value = told.revision;
      }
      say(answer.ok ? form.dataset.wordsSaved : form.dataset.wordsNotSaved);
    } catch {
      say(form.dataset.wordsNotSaved);
    } finally {
      running = false;
    }
  }
  function plan() {
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  }
  form.addEventListener("input", plan);
  form.addEventListener("submit", () => clearTimeout(timer));
}

export function watchDrafts() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    saver(form);
  }
}
