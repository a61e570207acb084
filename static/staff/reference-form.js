"use strict";

// Hides the fields that the chosen type does not print, and shows beside the form how the reference will be printed.
(() => {
  const form = document.getElementById("reference_form");
  const type = document.getElementById("id_type");
  if (!form || !type) return;

  // Beside others in one row, a field's words of help stand next to its box.
  const boxOf = (field) => field.closest(".fieldBox")?.parentElement ?? field.closest(".form-row");
  const isShown = (box) => !box.hidden;

  // What is filled in stays in sight, whatever the type.
  function fit() {
    for (const field of form.querySelectorAll("[data-used-by]")) {
      boxOf(field).hidden = !field.dataset.usedBy.split("|").includes(type.value) && field.value.trim() === "";
    }
    for (const row of form.querySelectorAll(".form-row:has(.fieldBox)")) {
      row.hidden = ![...row.querySelectorAll(".fieldBox")].some((box) => isShown(box.parentElement));
    }
    for (const group of form.querySelectorAll("fieldset.module")) {
      const rows = [...group.querySelectorAll(".form-row")];
      group.hidden = rows.length > 0 && !rows.some(isShown);
    }
  }

  const panel = document.querySelector("[data-preview]");
  let waiting = null;
  let asking = null;

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(`${panel.dataset.preview}?panel`, {
      method: "POST", body: new FormData(form), credentials: "same-origin", signal: asking.signal,
    });
    if (answer.ok) panel.innerHTML = await answer.text();
  }

  function soon() {
    clearTimeout(waiting);
    // What failed is asked again with the next letter.
    waiting = setTimeout(() => show().catch(() => {}), 400);
  }

  type.addEventListener("change", fit);
  fit();
  if (panel?.dataset.preview) {
    document.querySelector("[data-without-script]").hidden = true;
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    // A new one comes filled in by the box, or by an older version.
    if (panel.dataset.preview.endsWith("/reference/preview/") && document.getElementById("id_title").value) soon();
    // The form came filled in.
    if (document.getElementById("from")?.value) soon();
  }
})();
