// Answers the list of sources with single keys. Everything here can be done without it: each key presses what is shown.
const rows = [...document.querySelectorAll(".source")];
const live = document.querySelector("[data-told]");
const keys = document.getElementById("keys");
const power = document.querySelector("[data-keys]");
const OFF = "imprimatur-source-keys-off";
const ANSWERS = { 1: "unchanged", 2: "changed", 3: "gone", 4: "login-needed" };

const tell = (words) => { live.textContent = words; };
const titleOf = (row) => row.querySelector("h3").textContent;

function current() {
  return document.activeElement?.closest(".source") ?? null;
}

function go(by) {
  const here = rows.indexOf(current());
  const there = here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[there]?.focus();
  rows[there]?.scrollIntoView({ block: "nearest" });
}

function support(row) {
  const [yes, no] = row.querySelectorAll("[name=supports]");
  (yes.checked ? no : yes).checked = true;
  tell(yes.checked ? "Supports the article: yes" : "Supports the article: no");
}

function share(row) {
  const box = row.querySelector("[name=share]");
  if (!box) return tell("No other article cites it");
  box.checked = !box.checked;
  tell(box.checked ? "Shared with the other articles, if unchanged" : "Not shared");
}

const onRow = (act) => () => {
  const row = current() ?? rows[0];
  if (row) act(row);
};

const DOES = {
  j: () => go(1), n: () => go(1), k: () => go(-1), p: () => go(-1),
  o: onRow((row) => row.querySelector("[data-open]").click()),
  s: onRow(support),
  c: onRow(share),
  u: () => document.querySelector("[data-undo]")?.click(),
  "?": () => { keys.open = !keys.open; },
};
for (const [key, found] of Object.entries(ANSWERS)) {
  // Only on a row that is looked at: a key must not answer for one that nobody chose.
  DOES[key] = () => {
    const row = current();
    if (!row) return tell("Choose a source first: press j");
    row.querySelector(`button[value="${found}"]`).click();
  };
}

const WRITING = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const isTyping = (target) => target.closest(WRITING);
const isOff = () => power.getAttribute("aria-pressed") === "false";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isTyping(event.target)) return;
  const does = DOES[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

// A second press, while the first is on its way, would answer the next source unseen.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// Single keys can be switched off, for people whose speech or switch input would press them (WCAG 2.1.4).
function show(on) {
  power.setAttribute("aria-pressed", String(on));
  power.textContent = on ? "Keys are on" : "Keys are off";
}

power.hidden = false;
show(localStorage.getItem(OFF) === null);
power.addEventListener("click", () => {
  const on = isOff();
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
  show(on);
});

function goTo(row, said) {
  row.focus();
  const isNext = said && !row.matches("[data-answered]");
  tell(`${said} ${isNext ? "Next: " : ""}${titleOf(row)}`.trim());
}

function goToNothing(nothing, said) {
  nothing.focus();
  tell(`${said} ${nothing.querySelector("h2").textContent}`);
}

window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  const said = document.querySelector(".messagelist li")?.textContent.trim() ?? "";
  const row = document.querySelector(".source[data-answered]") ?? document.getElementById(location.hash.slice(1));
  const nothing = document.querySelector("[data-nothing]");
  if (row?.matches(".source")) goTo(row, said);
  else if (said && nothing) goToNothing(nothing, said);
});
