// Sections and citations: move one up or down, fold it, and number all in the order they stand in.

function rowsOf(group) {
  return [...group.querySelectorAll(".inline-related:not(.empty-form)")];
}

function button(name, words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `row-${name}`;
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

function equip(row, group) {
  if (row.querySelector(".row-tools")) return;
  const tools = document.createElement("span");
  tools.className = "row-tools";
  const fold = button("fold", "Fold", () => setFolded(row, !row.classList.contains("folded")));
  fold.setAttribute("aria-expanded", "true");
  if (position(row)) {  // people who may only look have nothing to move
    tools.append(button("up", "Move up", () => move(row, group, -1)));
    tools.append(button("down", "Move down", () => move(row, group, 1)));
  }
  tools.append(fold);
  row.querySelector("h3").append(tools);
  row.addEventListener("row:open", () => setFolded(row, false));
  keepTitle(row);
}

function setFolded(row, folded) {
  row.classList.toggle("folded", folded);
  row.querySelector(".row-fold").textContent = folded ? "Unfold" : "Fold";
  row.querySelector(".row-fold").setAttribute("aria-expanded", String(!folded));
}

function keepTitle(row) {
  const heading = row.querySelector("input[name$='-heading']");
  const level = row.querySelector("input[name$='-level']");
  if (!heading) return;
  const title = row.querySelector(".inline_label");
  const write = () => {
    title.textContent = heading.value.trim() || "without heading";
    row.dataset.level = level.value;
  };
  heading.addEventListener("input", write);
  level.addEventListener("input", write);
  write();
}

function move(row, group, by) {
  const rows = rowsOf(group);
  const other = rows[rows.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  row.querySelector(by < 0 ? ".row-up" : ".row-down").focus();
  row.scrollIntoView({ block: "nearest" });
}

function isBlank(row) {
  return [...row.querySelectorAll("input:not([type=hidden]), select, textarea")].every(isUntouched);
}

function isUntouched(field) {
  if (field.tagName === "TEXTAREA") return !field.value.replaceAll(/<[^>]*>/g, "").trim();
  if (field.tagName === "SELECT") return !field.value || [...field.options].every(isAsItCame);
  return field.value === field.defaultValue;
}

const isAsItCame = (option) => option.selected === option.defaultSelected;
const isStored = (row) => row.classList.contains("has_original");
const position = (row) => row.querySelector("input._reorder_");

// Numbers are left alone where they already rise: a save without a change must stay one.
function number(group) {
  const rows = rowsOf(group).filter((row) => isStored(row) || !isBlank(row));
  let last = -1;
  let isRising = true;
  rows.forEach((row, index) => {
    if (!rows.slice(index).some(isStored)) return;  // new ones at the end get their numbers from the server
    const here = Number(position(row).value);
    isRising &&= here > last && isStored(row);
    last = here;
  });
  if (!isRising) rows.forEach((row, index) => { position(row).value = index + 1; });
}

// After an error the form comes back in its stored order, while the numbers hold the order that was chosen.
function sort(group) {
  const rows = rowsOf(group).filter(isStored);
  const wanted = rows.toSorted((one, two) => Number(position(one).value) - Number(position(two).value));
  if (wanted.every((row, index) => row === rows[index])) return;
  const first = rows[0].previousElementSibling;
  wanted.reduce((before, row) => { before.after(row); return row; }, first);
}

// Django numbers the fields by where they stand when a new row is removed; stored rows must keep the first numbers.
function reindex(group) {
  const prefix = group.id.replace(/-group$/, "");
  const stored = rowsOf(group).filter(isStored);
  const added = rowsOf(group).filter((row) => !isStored(row));
  [...stored, ...added].forEach((row, index) => {
    for (const part of [row, ...row.querySelectorAll("[id], [name], [for]")]) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const old = part.getAttribute(name);
        if (old) part.setAttribute(name, old.replace(new RegExp(`\\b${prefix}-\\d+`), `${prefix}-${index}`));
      }
    }
  });
}

function foldAll(group) {
  const all = button("fold-all", "Fold all", () => {
    const folded = all.textContent === "Fold all";
    rowsOf(group).forEach((row) => setFolded(row, folded));
    all.textContent = folded ? "Unfold all" : "Fold all";
  });
  group.querySelector(".inline-heading").append(all);
}

export function equipRows() {
  document.querySelectorAll(".inline-group:has(fieldset.sortable)").forEach(equipGroup);
}

function equipGroup(group) {
  if (position(group)) {
    sort(group);
    group.closest("form").addEventListener("submit", () => number(group));
  }
  rowsOf(group).forEach((row) => equip(row, group));
  if (rowsOf(group).length > 1) foldAll(group);
  group.addEventListener("formset:added", (event) => equip(event.target, group));
  document.addEventListener("formset:removed", (event) => {
    // Told before Django numbers the fields, so ours waits until it is done.
    if (`${event.detail.formsetName}-group` === group.id) setTimeout(() => reindex(group));
  });
}
