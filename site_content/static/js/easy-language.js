// While somebody writes, the report of "Verständlich schreiben" follows a second behind.
(() => {
  const PAUSE = 1000;

  const texts = (form) =>
    [...form.querySelectorAll("textarea, [contenteditable=true]")]
      .filter((field) => field.offsetParent !== null && !field.closest("[data-easy-language]"))
      .map((field) => (field.value ?? field.innerText).trim())
      .filter(Boolean);

  const watch = (panel) => {
    const form = panel.closest("form");
    const report = panel.querySelector("[data-easy-language-report]");
    let waiting;
    let asked = 0;
    const check = async () => {
      const number = ++asked;
      const body = new FormData();
      body.append("language", panel.dataset.language);
      for (const text of texts(form)) body.append("text", text);
      const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(panel.dataset.easyLanguage, {
        method: "POST", body, headers: { "X-CSRFToken": token },
      }).catch(() => null);
      if (answer?.ok && number === asked) report.innerHTML = await answer.text();
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(check, PAUSE);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-easy-language]").forEach(watch);
  });
})();
