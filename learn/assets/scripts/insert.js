// The forms for inserting in a dialog of the editor, and pasted HTML as Markdown. Without it the forms are pages.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  var editor = document.getElementById("editor");
  if (!editor || !window.HTMLDialogElement) return;
  var body = editor.elements.body;
  var said = document.createElement("p");
  var dialog = document.createElement("dialog");
  var opener;
  var going; // stops what waits for an answer
  var busy = false; // until the answer is there nothing is sent twice and nothing typed into a form that goes
  said.className = "sc-insert__said";
  said.setAttribute("role", "status");
  body.after(said);
  dialog.className = "sc-dialog";
  dialog.setAttribute("aria-labelledby", "einfuegen-h");
  document.body.append(dialog);

  function ask(address, options) {
    return fetch(address, Object.assign({ headers: { "HX-Request": "true" }, redirect: "error" }, options));
  }
  function wait(address, options, focus) {
    var focused = document.activeElement;
    var form = dialog.firstElementChild;
    going = new AbortController();
    busy = true;
    if (form) form.inert = true;
    return ask(address, Object.assign({ signal: going.signal }, options))
      .then(function (answer) {
        return answered(answer, focus, form);
      })
      .finally(function () {
        busy = false;
        if (!form || form.parentNode !== dialog) return;
        form.inert = false;
        focused.focus();
      });
  }
  function insert(text, alone) {
    body.dispatchEvent(new CustomEvent("einfuegen", { detail: { text: text, alone: alone } }));
  }
  // Behind a quiz a question joins it, unless it has a heading of its own.
  var ends = /\n*<!-- \/quiz -->/;
  function join(form) {
    var heading = form.elements.heading;
    var before = body.value.slice(0, body.selectionStart).trimEnd();
    if (!heading || heading.value.trim() || !before.endsWith("<!-- /quiz -->")) return;
    before = before.slice(0, -14).trimEnd();
    body.setSelectionRange(before.length, before.length);
  }
  function leave() {
    var at = body.selectionEnd;
    var end = ends.exec(body.value.slice(at));
    if (end && !end.index) body.setSelectionRange(at + end[0].length, at + end[0].length);
  }

  // ---------- Dialog ----------
  function show(html, focus) {
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    var found = focus && dialog.querySelectorAll('[id="' + focus + '"], [id^="' + focus + '"]:not([id$="-h"]):not([id$="-e"])');
    var place = dialog.querySelector("#fehler") || (found && found[found.length - 1]) || dialog.querySelector("h2");
    place.focus();
  }
  // `form`: in the dialog that asked; none when it is only about to open. Who closed it wants nothing more.
  function answered(answer, focus, form) {
    var type = answer.headers.get("Content-Type") || "";
    if (!answer.ok && answer.status !== 422) throw answer;
    return answer.text().then(function (text) {
      if (form && !dialog.open) return;
      if (type.indexOf("text/markdown") < 0) return show(text, focus);
      dialog.close();
      insert(text, opener.dataset.insert !== "verweis"); // a link stands in a sentence, all else by itself
      leave();
    });
  }
  function failed() {
    if (!dialog.open) return;
    var note = dialog.querySelector("[data-failed]") || document.createElement("p");
    note.dataset.failed = "";
    note.setAttribute("role", "alert");
    note.textContent = words.failed;
    dialog.append(note);
  }
  editor.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]");
    if (!button) return;
    event.preventDefault();
    if (busy) return;
    opener = button;
    wait(button.formAction).catch(function () {
      editor.requestSubmit(button); // the form as a page of its own, or the way to sign in
    });
  });
  dialog.addEventListener("submit", function (event) {
    var form = event.target;
    var data = new FormData(form, event.submitter);
    var focus = event.submitter && event.submitter.dataset.focus;
    var options = {};
    event.preventDefault();
    if (busy) return;
    if (form.method === "get") {
      wait(form.action + "?" + new URLSearchParams(data), {}, "e-target-1").catch(failed);
      return;
    }
    join(form);
    data.set("body", body.value);
    data.set("line", body.value.slice(0, body.selectionStart).split("\n").length - 1);
    options.method = "POST";
    options.body = data;
    wait(form.action, options, focus).catch(failed);
  });
  dialog.addEventListener("click", function (event) {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", function () {
    going.abort();
    dialog.replaceChildren();
    if (document.activeElement !== body) opener.focus();
  });

  // ---------- Pasting ----------
  var structure = /<(?:h[1-6]|[uo]l|li|table|tr|a|b|strong|i|em|pre|blockquote|img|p[^>]*mso-)[\s>]/i;
  function slim(html) {
    return html
      .replace(/<!--[^]*?-->/g, "")
      .replace(/<style[^]*?<\/style>/gi, "")
      .replace(/(["'(])data:[^"')]*/g, "$1");
  }
  body.addEventListener("paste", function (event) {
    var pasted = event.clipboardData;
    var html = slim(pasted.getData("text/html"));
    var plain = pasted.getData("text/plain");
    var data = new URLSearchParams({ csrf_token: editor.elements.csrf_token.value, html: html });
    if (!structure.test(html) || !plain.trim() || html.length > 1000000) return;
    event.preventDefault();
    said.textContent = "";
    ask("/werkstatt/einfuegen/umwandeln", { method: "POST", body: data, signal: AbortSignal.timeout(8000) })
      .then(function (answer) {
        if (!answer.ok) throw answer;
        return answer.text();
      })
      .then(function (text) {
        insert(text);
        said.textContent = text.indexOf("\\[Bild") < 0 ? words.pasted : words.pasted + " " + words.pictures;
      })
      .catch(function () {
        body.focus();
        document.execCommand("insertText", false, plain);
      });
  });
})();
