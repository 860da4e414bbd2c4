// Pages work without this; with it they are a little kinder.
"use strict";

// A form sent twice by an impatient hand is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What was refused is read out first.
document.getElementById("summary")?.focus();

// One open menu at a time; Escape, or a click elsewhere, closes it.
const opened = () => document.querySelectorAll("details.choose[open]");
document.addEventListener("click", (event) => {
  for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// On a narrow screen the main menu waits to be opened.
const narrow = window.matchMedia("(max-width: 62rem)");
const fold = () => {
  for (const menu of document.querySelectorAll("details.menu")) menu.open = !narrow.matches;
};
narrow.addEventListener("change", fold);
fold();
