// Make what is on the screen look like what the server says, and leave every node that already does in peace: focus,
// selection, scroll and half-written words stay. Nodes with an id are known again wherever they stand.
const OURS = { hidden: true, open: true, "aria-current": true, "aria-expanded": true };

export function merge(now, then) {
  if (now.isEqualNode(then)) return;
  attributes(now, then);
  if (now.tagName === "TEXTAREA") words(now, then);
  else if (!now.hasAttribute("data-own")) children(now, then);
}

function attributes(now, then) {
  for (const { name, value } of [...then.attributes]) {
    if (!OURS[name] && now.getAttribute(name) !== value && !kept(now, name)) now.setAttribute(name, value);
  }
  for (const { name } of [...now.attributes]) if (!OURS[name] && name !== "class" && !then.hasAttribute(name)) now.removeAttribute(name);
}

// What a person has begun to write keeps its words, and keeps saying which message it answers.
function kept(node, name) {
  if (name !== "value" || !node.form) return false;
  const text = node.form.elements.text;
  if (node.type !== "hidden" || node.name === "tab") return true;
  if (node.name === "version") return Boolean(text) && (text.value !== text.defaultValue || text === document.activeElement);
  return node.name === "seen" && Boolean(text?.value.trim());
}

function words(now, then) {
  if (now.value !== now.defaultValue || now === document.activeElement) return;
  now.defaultValue = then.defaultValue;
}

function children(now, then) {
  const wanted = new Set([...then.children].map((child) => child.id).filter(Boolean));
  for (const child of [...now.children]) if (child.id && !wanted.has(child.id)) child.remove();
  const known = new Map([...now.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = past(now.firstChild);
  for (const next of [...then.childNodes].filter((child) => !stays(child))) {
    const found = next.id ? known.get(next.id) : alike(at, next);
    if (!found) { now.insertBefore(document.importNode(next, true), at); continue; }
    // What stands between goes, rather than that what is found moves: a node that moves loses the focus.
    while (at && at !== found && !at.id) { const gone = at; at = past(at.nextSibling); gone.remove(); }
    if (found === at) at = past(at.nextSibling); else now.insertBefore(found, at);
    if (found.nodeType === Node.ELEMENT_NODE) merge(found, next);
    else if (found.data !== next.data) found.data = next.data;
  }
  while (at) { const gone = at; at = past(at.nextSibling); gone.remove(); }
}

// Words about what one just did stay until one does the next thing.
const stays = (node) => Boolean(node.hasAttribute?.("data-stay"));
function past(node) {
  while (node && stays(node)) node = node.nextSibling;
  return node;
}

// The next node of the same kind before any that is known by its id; a text only where it stands.
function alike(at, next) {
  if (next.nodeType !== Node.ELEMENT_NODE) return at?.nodeType === next.nodeType ? at : null;
  while (at && !at.id && kind(at) !== kind(next)) at = past(at.nextSibling);
  return at && !at.id ? at : null;
}
// What a script fills becomes nothing else, nor anything else it: its content would stay.
const kind = (node) => `${node.nodeName} ${Boolean(node.hasAttribute?.("data-own"))}`;
