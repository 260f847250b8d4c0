// Remembers what is typed into a form in this browser alone, for a day, until it was sent.
// Without it forms work as well: then the server keeps what could not be taken.
"use strict";
(() => {
  const DAY = 24 * 60 * 60 * 1000;
  const PREFIX = "entwurf:";
  // The address without the language: the words survive a change of language.
  const place = (form) => {
    const part = (name) => form.elements[name]?.value ?? "";
    const address = new URL(form.action || location.href).pathname.split("/").slice(2).join("/");
    return `${PREFIX}${address}|${part("stelle")}|${part("antwort")}`;
  };
  const words = (form) => [...form.querySelectorAll("textarea")];
  const load = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && Date.now() - kept.at < DAY ? kept.words : null;
    } catch {
      return null;
    }
  };
  const save = (key, form) => {
    const typed = Object.fromEntries(words(form).map((field) => [field.name, field.value]));
    try {
      if (Object.values(typed).some((text) => text.trim())) {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), words: typed }));
      } else {
        localStorage.removeItem(key);
      }
    } catch {
      // A browser that keeps nothing has told its owner so.
    }
  };
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const shown = new Set(forms.map(place));
  try {
    // Sent, and another page came: it was taken.
    const sent = sessionStorage.getItem("entwurf-gesendet");
    if (sent && !shown.has(sent)) localStorage.removeItem(sent);
    sessionStorage.removeItem("entwurf-gesendet");
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !load(key)) localStorage.removeItem(key);
    }
  } catch {
    return;
  }
  for (const form of forms) {
    const key = place(form);
    const kept = load(key) ?? {};
    for (const field of words(form)) {
      if (!field.value && kept[field.name]) field.value = kept[field.name];
    }
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => save(key, form), 400);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(waiting);
      if (event.submitter?.hasAttribute("data-draft-clear")) {
        localStorage.removeItem(key);
        return;
      }
      save(key, form);
      sessionStorage.setItem("entwurf-gesendet", key);
    });
  }
})();
