// The list as it is once these rows stand in it: each at its place, or out of it when it left the view. Nothing when it
// stays as it is. A row behind the last one that is shown comes with its page.
export function withRows(list, rows) {
  if (!Object.keys(rows).length) return null;
  const then = list.cloneNode(true), lines = then.querySelector("#rows"), before = lines.innerHTML;
  for (const [number, [place, markup]] of Object.entries(rows)) {
    lines.querySelector(`#line-${number}`)?.remove();
    if (markup) put(lines, place, line(markup));
  }
  return lines.innerHTML === before ? null : then;
}

function line(markup) {
  return new DOMParser().parseFromString(markup, "text/html").querySelector(".line");
}

function put(lines, place, line) {
  const next = [...lines.querySelectorAll(".line")].find((one) => later(one.dataset.place, place, "latest" in lines.dataset));
  const more = lines.querySelector("#more");
  if (next || !more) lines.insertBefore(line, next ?? lines.querySelector("#nothing"));
}

// Whether a place stands behind another one; what is done stands latest first.
function later(one, other, latest) {
  const [at, number] = one.split("_").map(Number), [than, last] = other.split("_").map(Number);
  return (at - than || number - last) * (latest ? -1 : 1) > 0;
}
