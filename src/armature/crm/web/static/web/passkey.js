// Passkeys: asks the browser for one and hands what it gives to the form. Without passkeys in the browser nothing shows.
const bytes = (words) => Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function given(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: key };
}

function told(found) {
  const response = { clientDataJSON: words(found.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[part]) response[part] = words(found.response[part]);
  }
  if (found.response.getTransports) response.transports = found.response.getTransports();
  return { id: found.id, rawId: words(found.rawId), type: found.type, response, clientExtensionResults: found.getClientExtensionResults() };
}

// A passkey that opens the door alone stands in the device, which asks for the finger, the face or the PIN.
function alone(key) {
  key.authenticatorSelection = { ...key.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const reply = await fetch(form.dataset.ask, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!reply.ok) throw new Error(`${reply.status}`);
  return (await reply.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const asked = given(await options(form));
      if (form.elements.passwordless?.checked) alone(asked.publicKey);
      const found = await navigator.credentials[form.dataset.passkey](asked);
      form.elements.credential.value = JSON.stringify(told(found));
      form.submit();
    } catch { failed.hidden = false; }
  });
}
