"use strict";

// Whoever writes a combined text means to use it.
(() => {
  function choose(event) {
    if (!event.target.closest(".combined .field")) return;
    event.target.closest(".combined").querySelector("input[type=radio]").checked = true;
  }

  document.addEventListener("input", choose);
  document.addEventListener("keydown", (event) => {
    if (event.key.length === 1 || event.key === "Backspace" || event.key === "Delete" || event.key === "Enter") choose(event);
  });
})();
