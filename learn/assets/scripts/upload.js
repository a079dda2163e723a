// A picture pasted or dropped into the text opens the dialog for pictures, which then holds it. Without this
// file the same form takes it from the disk.
(function () {
  "use strict";
  var body = document.getElementById("body");
  var button = document.querySelector('[data-insert="bild"]');
  if (!body || !button || !window.DataTransfer) return;

  function picture(transfer) {
    return Array.from((transfer && transfer.files) || []).find(function (file) {
      return /^image\//.test(file.type);
    });
  }
  // The form comes from the server, and comes anew when something is missing: each time it gets the picture.
  function offer(file) {
    var held = new DataTransfer();
    var first = true;
    var watch = new MutationObserver(function () {
      var field = document.querySelector("dialog[open] input[type=file][name=picture]");
      if (!field || field.files.length) return;
      field.files = held.files;
      if (first) field.form.elements.description.focus();
      first = false;
      field.closest("dialog").addEventListener("close", stop, { once: true });
    });
    function stop() {
      watch.disconnect();
    }
    held.items.add(file);
    watch.observe(document.body, { childList: true, subtree: true });
    button.click();
  }
  function take(event, transfer) {
    var file = picture(transfer);
    if (!file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    offer(file);
  }
  // What comes with words, from Word say, is text that also has a picture of itself.
  body.addEventListener(
    "paste",
    function (event) {
      if (!event.clipboardData.getData("text/plain").trim()) take(event, event.clipboardData);
    },
    true
  );
  body.addEventListener("dragover", function (event) {
    if (Array.from(event.dataTransfer.types).indexOf("Files") >= 0) event.preventDefault();
  });
  body.addEventListener("drop", function (event) {
    take(event, event.dataTransfer);
  });
})();
