// Ctrl+S saves and stays; leaving with unsaved text asks first.

export function guardWhatIsTyped(form) {
  const cameBack = document.querySelector(".errornote") !== null;
  let before = null;
  let isLeaving = false;

  function written() {
    return new URLSearchParams(new FormData(form)).toString();
  }

  // Read when the person first touches the form: by then the text editor has settled.
  function remember() {
    before ??= written();
  }

  for (const touch of ["pointerdown", "keydown", "focusin"]) form.addEventListener(touch, remember, { capture: true });
  form.addEventListener("submit", () => { isLeaving = true; });

  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = cameBack || (before !== null && before !== written());
    if (isUnsaved && !isLeaving) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const save = form.querySelector("[name=_continue]");
    if (!save) return;
    event.preventDefault();
    form.requestSubmit(save);
  });
}
