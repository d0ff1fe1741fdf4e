// Elements, made of text alone: names from providers are hostile.

/** An element with text and attributes. */
export function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/** Makes the children of `parent` these, moving none that stands right: a moved element loses the keyboard's focus. */
export function arrange(parent, children) {
  let at = parent.firstChild;
  const wanted = new Set(children);
  for (const child of children) {
    while (at && !wanted.has(at)) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (at === child) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** The local time of an RFC 3339 text, as an element that says the exact one. */
export function time(text) {
  if (!text) return element("span", { text: "–" });
  const at = new Date(text);
  const sameDay = at.toDateString() === new Date().toDateString();
  const shown = sameDay ? at.toLocaleTimeString() : at.toLocaleString();
  return element("time", { text: shown, datetime: text, title: text });
}
