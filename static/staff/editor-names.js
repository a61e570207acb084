// The text editor's writing areas have no name of their own; they get that of their field's label.
function nameEditors() {
  for (const area of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const label = area.closest(".prose-editor")?.querySelector("textarea")?.labels?.[0];
    if (label) area.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
  }
}

new MutationObserver(nameEditors).observe(document.documentElement, { childList: true, subtree: true });
nameEditors();
