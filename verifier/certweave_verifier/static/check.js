// Sends the check form without leaving the page, and fills in the answer that the server has written.
// Without this, the form does the same by loading a page.

const form = document.querySelector("form.drop");
const running = document.querySelector("[data-running]");
const failed = document.querySelector("[data-failed]");

const run = async (from) => {
  running.hidden = false;
  failed.hidden = true;
  running.scrollIntoView({ block: "nearest" });
  const body = from.enctype === "multipart/form-data" ? new FormData(from) : new URLSearchParams(new FormData(from));
  try {
    const answer = await fetch(from.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main) throw new TypeError("no page");
    main.classList.add("arrived");
    const wrong = main.querySelector("[autofocus]");
    wrong?.removeAttribute("autofocus"); // it is for pages that are loaded; here the script moves the focus
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    if (answer.ok) history.pushState({ filled: true }, "", answer.url);
    (wrong ?? main).focus({ preventScroll: true });
    if (!wrong) scrollTo(0, 0);
    for (const button of main.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard) break;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.classList.add("done");
        setTimeout(() => button.classList.remove("done"), 1500);
      });
    }
  } catch {
    running.hidden = true;
    failed.hidden = false;
    delete from.dataset.sent;
  }
};

for (const from of document.querySelectorAll("form[data-check]")) {
  from.addEventListener("submit", (event) => {
    event.preventDefault();
    run(from);
  });
}

// Going back from a filled page means loading the form anew.
addEventListener("popstate", () => location.reload());

const over = (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
};
form.addEventListener("dragenter", over);
form.addEventListener("dragover", over);
form.addEventListener("dragleave", (event) => {
  if (!form.contains(event.relatedTarget)) form.classList.remove("over");
});
form.addEventListener("drop", (event) => {
  form.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  form.querySelector('input[type="file"]').files = event.dataTransfer.files;
  form.requestSubmit();
});
