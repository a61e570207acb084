// Hides the fields that the chosen type does not print, and shows beside the form how the reference will be printed.
const form = document.getElementById("reference_form");

// Beside others in one row, a field's words of help stand next to its box.
const boxOf = (field) => field.closest(".fieldBox")?.parentElement ?? field.closest(".form-row");
const isShown = (box) => !box.hidden;

// What is filled in stays in sight, whatever the type.
function fitTo(type) {
  for (const field of form.querySelectorAll("[data-used-by]")) {
    boxOf(field).hidden = !field.dataset.usedBy.split("|").includes(type) && field.value.trim() === "";
  }
  for (const row of form.querySelectorAll(".form-row:has(.fieldBox)")) {
    row.hidden = ![...row.querySelectorAll(".fieldBox")].some((box) => isShown(box.parentElement));
  }
  for (const group of form.querySelectorAll("fieldset.module")) {
    const rows = [...group.querySelectorAll(".form-row")];
    group.hidden = rows.length > 0 && !rows.some(isShown);
  }
}

function fit(type) {
  type.addEventListener("change", () => fitTo(type.value));
  fitTo(type.value);
}

function preview(panel) {
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

  document.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // A new one comes filled in by the box, or by an older version.
  if (panel.dataset.preview.endsWith("/reference/preview/") && document.getElementById("id_title").value) soon();
  // The form came filled in.
  if (document.getElementById("from")?.value) soon();
}

// People who may only look have nothing to choose or to type.
const type = document.getElementById("id_type");
if (type) fit(type);
const panel = document.querySelector("[data-preview]");
if (type && panel?.dataset.preview) preview(panel);
