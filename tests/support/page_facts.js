// Returns what is wrong with the page as it stands; by which rules says page_facts.py.
() => {
  const faults = [];
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && element.checkVisibility();
  };
  const name = (element) => {
    const text = (element.innerText || element.value || element.getAttribute("name") || "").trim().slice(0, 40);
    return `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} “${text}”`;
  };
  const hidden = (element) => element.closest(".sr, .skip, .sprite, [aria-hidden=true]");

  // Headings: one first heading, no level left out.
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(visible);
  const firsts = headings.filter((one) => one.tagName === "H1").length;
  if (firsts !== 1) faults.push(`${firsts} h1`);
  let level = 0;
  for (const one of headings) {
    const next = Number(one.tagName[1]);
    if (next > level + 1) faults.push(`heading jumps from ${level} to ${next}: ${name(one)}`);
    level = next;
  }

  // Fields have labels, pictures have words, ids are unique, references lead somewhere.
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!field.labels?.length && !field.getAttribute("aria-label")) faults.push(`no label: ${name(field)}`);
  }
  for (const one of document.querySelectorAll("button, a[href], summary")) {
    if (visible(one) && !(one.innerText || one.getAttribute("aria-label") || "").trim()) faults.push(`no name: ${name(one)}`);
  }
  for (const one of document.querySelectorAll("img, svg")) {
    const named = one.getAttribute("alt") || one.getAttribute("aria-label") || one.querySelector("title");
    if (!named && !hidden(one)) faults.push(`no words for a picture: ${name(one)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push(`id twice: ${id}`);
  for (const one of document.querySelectorAll("[aria-describedby]")) {
    if (!document.getElementById(one.getAttribute("aria-describedby"))) faults.push(`described by nothing: ${name(one)}`);
  }

  // Targets of a finger.
  for (const one of document.querySelectorAll("button, a[href], summary, select, textarea, input:not([type=hidden])")) {
    if (!visible(one) || hidden(one)) continue;
    let box = one.getBoundingClientRect();
    if (one.labels?.length && ["checkbox", "radio"].includes(one.type)) box = one.labels[0].parentElement.getBoundingClientRect();
    if (one.closest("td")) box = one.closest("td").getBoundingClientRect();
    const around = [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 2);
    const inline = one.tagName === "A" && getComputedStyle(one).display === "inline";
    if (box.height < 43.5 && !(inline && around)) faults.push(`target ${Math.round(box.width)}×${Math.round(box.height)}: ${name(one)}`);
  }

  // Contrast.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, two) => {
    const [high, low] = [light(one), light(two)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !visible(element) || hidden(element)) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const found = ratio(over(rgba(style.color), below), below);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${style.color} on ${below.map(Math.round)}`;
    if (found < (large ? 3 : 4.5) && !seen.has(key)) faults.push(`contrast ${found.toFixed(2)}: ${key}: ${name(element)}`);
    if (found < (large ? 3 : 4.5)) seen.add(key);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]):not([type=checkbox]):not([type=file]), select, textarea")) {
    if (!visible(field)) continue;
    const found = ratio(rgba(getComputedStyle(field).borderTopColor).slice(0, 3), ground(field.parentElement));
    if (found < 3) faults.push(`edge of a field ${found.toFixed(2)}: ${name(field)}`);
  }

  // An outcome has a shape and words beside its colour.
  for (const one of document.querySelectorAll(".mark, .verdict, .notice")) {
    if (visible(one) && (!one.querySelector("svg.icon") || !one.innerText.trim())) faults.push(`colour alone: ${name(one)}`);
  }

  // Nothing runs over the edge.
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((one) => {
      const box = one.getBoundingClientRect();
      return !one.closest(".scroll, pre") && (box.right > root.clientWidth + 1 || box.left < -1) && !hidden(one);
    });
    faults.push(`${root.scrollWidth} wide: ${wide.slice(0, 3).map(name).join(" / ")}`);
  }
  return faults;
}
