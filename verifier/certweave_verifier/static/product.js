// Asks for a new answer and puts it in place of the old one; without it, the page has a link that does the same.

const renew = async () => {
  const when = document.querySelector("[data-check]");
  if (!when) return;
  const busy = when.querySelector(".busy");
  const failed = when.querySelector(".failed");
  busy.hidden = false;
  try {
    const answer = await fetch(when.dataset.check, { headers: { Accept: "text/html" }, credentials: "omit" });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = document.querySelector(".how")?.open;
    const reading = document.activeElement?.matches(".how > summary");
    document.querySelector("main").replaceChildren(...fresh.querySelector("main").childNodes);
    if (open) document.querySelector(".how")?.setAttribute("open", "");
    if (reading) document.querySelector(".how > summary")?.focus();
  } catch {
    busy.hidden = true;
    failed.hidden = false;
  }
};

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
addEventListener("beforeprint", () => document.querySelector(".how")?.setAttribute("open", ""));
renew();
