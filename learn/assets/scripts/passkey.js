// Passkeys: asks the browser, puts its answer into the form and sends the form like any other.
(function () {
  "use strict";
  if (!window.PublicKeyCredential) return;

  function bytes(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), function (sign) {
      return sign.charCodeAt(0);
    });
  }
  function text(buffer) {
    var signs = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  // What the server reads: buffers as base64url, in the names of the standard's JSON.
  function plain(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
    });
  }

  document.querySelectorAll("[data-passkey]").forEach(function (box) {
    var button = box.querySelector("button");
    var said = box.querySelector("[role=status]");
    var making = box.dataset.passkey === "create";
    var options = JSON.parse(box.dataset.options);
    var waiting; // the offer at the field, ended before the button asks

    options.challenge = bytes(options.challenge);
    if (making) {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials.forEach(function (known) {
        known.id = bytes(known.id);
      });
    }
    function send(credential) {
      box.querySelector("[name=credential]").value = plain(credential);
      button.form.action = button.formAction;
      button.form.submit();
    }
    function ask() {
      if (waiting) waiting.abort();
      said.textContent = "";
      navigator.credentials[making ? "create" : "get"]({ publicKey: options })
        .then(send)
        .catch(function (problem) {
          said.textContent = problem.name === "InvalidStateError" ? said.dataset.known : said.dataset.stopped;
        });
    }
    function offer(possible) {
      if (!possible) return;
      waiting = new AbortController();
      navigator.credentials
        .get({ publicKey: options, mediation: "conditional", signal: waiting.signal })
        .then(send)
        .catch(function () {});
    }
    box.hidden = false;
    document.querySelectorAll("[data-no-passkey]").forEach(function (words) {
      words.hidden = true;
    });
    button.addEventListener("click", function (event) {
      event.preventDefault();
      ask();
    });
    if ("offered" in box.dataset && PublicKeyCredential.isConditionalMediationAvailable) {
      PublicKeyCredential.isConditionalMediationAvailable().then(offer);
    }
  });
})();
