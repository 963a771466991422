// Keys that are pressed before the desk's own scripts have come: kept, and done as soon as these are there.
{
  const kept = [], keep = (event) => kept.push(event);
  document.addEventListener("keydown", keep);
  document.earlyKeys = () => { document.removeEventListener("keydown", keep); return kept.splice(0); };
}
