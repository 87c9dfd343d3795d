// Makes pages a little easier; every page works without it. No request leaves from here.

for (const box of document.querySelectorAll("[data-filter]")) {
  const table = document.getElementById(box.dataset.filter);
  const none = document.getElementById(`${box.dataset.filter}-none`);
  const rows = [...table.tBodies[0].rows];
  const input = box.querySelector("input");
  const count = box.querySelector("output");
  const key = `filter-${table.id}`;

  const apply = () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    none.hidden = shown > 0;
    count.textContent = words.length ? `${shown} / ${rows.length}` : "";
    // A filtered table can be linked to.
    const address = new URL(location.href);
    if (input.value) address.searchParams.set(key, input.value);
    else address.searchParams.delete(key);
    history.replaceState(null, "", address);
  };

  if (rows.length < 8) continue;
  box.hidden = false;
  input.value = new URL(location.href).searchParams.get(key) ?? "";
  input.addEventListener("input", apply);
  if (input.value) apply();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  });
}

// Back to a form that was refused: what was typed is still there.
for (const button of document.querySelectorAll("[data-back]")) {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back());
}

// A form is sent once: a second press of the button would ask for the same act again.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Long work reloads its page until it is done.
const wait = document.querySelector("[data-reload]");
if (wait) setTimeout(() => location.reload(), Number(wait.dataset.reload) * 1000);
