// Adds and removes rows without losing the place on the page, and warns before typed words are lost.
// Without it the same buttons send the form, and it comes back as it was typed.

const find = () => document.querySelector("form[data-entry]");
let typed = false;

async function change(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.append(button.name, button.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-entry]");
  if (!fresh) return false;
  form.replaceWith(document.adoptNode(fresh));
  return true;
}

function settle(value) {
  const [act, place] = value.split(" ");
  const list = document.getElementById(`f-${act === "add" ? place : place.replace(/\/\d+$/, "")}`);
  const rows = list?.querySelectorAll(":scope > .row");
  const target = act === "add" ? rows?.[rows.length - 1]?.querySelector("input, select") : list;
  target?.focus();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-rows]");
  const form = find();
  if (!button || !form?.contains(button) || form.dataset.busy) return;
  event.preventDefault();
  form.dataset.busy = "1";
  try {
    if (await change(form, button)) settle(button.value);
    else form.requestSubmit(button);
  } catch {
    form.requestSubmit(button);
  }
  delete form.dataset.busy;
});

document.addEventListener("input", (event) => { if (find()?.contains(event.target)) typed = true; });
document.addEventListener("submit", () => { typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
document.getElementById("complaints")?.focus();
