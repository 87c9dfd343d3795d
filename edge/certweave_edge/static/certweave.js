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

// A page that waits is loaded anew once there is something else to see, and is left alone until then: who reads
// it with their ears or moves through it by keyboard would begin again each time.
const wait = document.querySelector("[data-reload]");
const look = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !page.querySelector("[data-reload]")) return location.reload();
  } catch {
    // the line is down: look again
  }
  setTimeout(look, Number(wait.dataset.reload) * 1000);
};
if (wait) setTimeout(look, Number(wait.dataset.reload) * 1000);
