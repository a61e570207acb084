// Loads what still has to be fixed beside the form, and leads from each finding to its field.

async function load(panel) {
  const answer = await fetch(panel.dataset.readiness, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  panel.innerHTML = await answer.text();
  for (const link of panel.querySelectorAll("a[href*='#']")) stayOnThisPage(link);
}

// The panel is also a page of its own, so its links name this form in full: following one would load the form anew.
function stayOnThisPage(link) {
  const target = new URL(link.href);
  if (target.pathname !== location.pathname) return;
  link.setAttribute("href", target.hash);
  link.addEventListener("click", (event) => {
    if (show(target.hash)) event.preventDefault();
  });
}

function show(hash) {
  const target = hash.length > 1 && document.getElementById(hash.slice(1));
  if (!target) return false;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const row = target.closest(".inline-related");
  row?.dispatchEvent(new CustomEvent("row:open"));
  // The editor hides the text field that the finding names.
  const editor = target.closest(".prose-editor");
  const place = editor ?? target;
  place.scrollIntoView({ block: "center" });
  const field = editor?.querySelector(".ProseMirror") ?? firstField(target);
  field?.focus({ preventScroll: true });
  return true;
}

function firstField(target) {
  const fields = ":is(input:not([type=hidden]), select, textarea)";
  // In a form row: the first box of a section is the one that deletes it.
  const field = target.matches(fields) ? target : target.querySelector(`.form-row ${fields}`);
  // A list that is searched by typing stands beside the one it replaces, which nobody sees.
  return field?.parentElement.querySelector(".select2-selection") ?? field;
}

export function showReadiness() {
  window.addEventListener("load", () => show(location.hash));
  const panel = document.querySelector("[data-readiness]");
  if (panel) load(panel).catch(() => { panel.querySelector("[data-failed]").hidden = false; });
}
