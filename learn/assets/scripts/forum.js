// Writing in the forum: keeps drafts and offers names after an @. Every form works without this file.
(function () {
  "use strict";
  var MONTH = 30 * 86400000;

  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }
  Object.keys(localStorage).forEach(function (name) {
    if (name.startsWith("entwurf:") && !((kept(name) || {}).at > Date.now() - MONTH)) localStorage.removeItem(name);
  });

  document.querySelectorAll("[data-draft]").forEach(function (form) {
    var areas = form.querySelectorAll("textarea");
    var file = form.elements.picture;
    if (form.querySelector("[data-saved]")) keepDraft(form, areas);
    if (form.dataset.names) areas.forEach(offerNames);
    if (file) {
      file.addEventListener("change", function () {
        var large = file.files[0] && file.files[0].size > 10485760;
        file.setCustomValidity(large ? file.dataset.large : "");
        file.reportValidity();
      });
    }
  });

  // Two seconds after the last key the draft is saved; until then, and without a network, the browser has it.
  function keepDraft(form, areas) {
    var said = form.querySelector("[data-saved]");
    var offer = form.querySelector("[data-copy]");
    var number = form.elements.sequence;
    var name = "entwurf:" + form.dataset.person + form.dataset.draft;
    var copy = kept(name);
    var timer, busy, over;

    function copied(area) {
      return copy && copy.texts[area.name];
    }
    function missing(area) {
      return copied(area) && copied(area) !== area.value;
    }
    function save() {
      var data = new FormData(form);
      if (busy) return wait();
      data.delete("picture");
      busy = true;
      number.value = Number(number.value) + 1; // the next save, or the form itself, is newer than this one
      fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(data), redirect: "manual" })
        .then(function (answer) {
          over = !answer.ok && answer.status < 429; // a newer draft elsewhere, or the session has ended
          return answer.ok || answer.status === 409 ? answer.text() : "";
        })
        .then(function (words) {
          said.innerHTML = words;
        })
        .catch(function () {}) // no network: the browser has it
        .finally(function () {
          busy = false;
        });
    }
    function wait() {
      clearTimeout(timer);
      if (!over) timer = setTimeout(save, 2000);
    }
    form.addEventListener("input", function (event) {
      var texts = {};
      if (/^picture/.test(event.target.name)) return;
      areas.forEach(function (area) {
        texts[area.name] = area.value;
      });
      try {
        localStorage.setItem(name, JSON.stringify({ at: Date.now(), sequence: number.value, texts: texts }));
      } catch {} // full or forbidden
      wait();
    });
    form.addEventListener("submit", function () {
      clearTimeout(timer);
      localStorage.removeItem(name);
    });
    if (copy && Number(copy.sequence) >= Number(number.value) && Array.from(areas).some(missing)) {
      offer.hidden = false;
      offer.querySelector("button").addEventListener("click", function () {
        areas.forEach(function (area) {
          if (missing(area)) area.value = copied(area);
        });
        offer.hidden = true;
        areas[0].focus();
        wait();
      });
    }
  }

  // A list of names below the text; arrows choose, Enter takes, Escape closes.
  function offerNames(area) {
    var list = document.createElement("ul");
    var timer, start, at;
    list.className = "sc-names";
    list.id = area.id + "-namen";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Namen");
    list.hidden = true;
    area.after(list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);

    function close() {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    }
    function choose(index) {
      var options = list.children;
      at = (index + options.length) % options.length;
      Array.from(options).forEach(function (option, i) {
        option.setAttribute("aria-selected", i === at);
      });
      area.setAttribute("aria-activedescendant", options[at].id);
    }
    function take(option) {
      area.setRangeText(option.dataset.mark + " ", start, area.selectionStart, "end");
      close();
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function look(typed) {
      fetch(area.form.dataset.names + "?q=" + encodeURIComponent(typed))
        .then(function (answer) {
          return answer.ok ? answer.text() : "";
        })
        .then(function (options) {
          if (start === undefined) return;
          list.innerHTML = options;
          at = -1;
          list.hidden = !list.children.length;
        })
        .catch(close);
    }
    area.addEventListener("input", function () {
      var before = area.value.slice(0, area.selectionStart);
      var typed = /(?:^|[\s(])@([^\W\d_][^\n@[\]]{1,40})$/.exec(before.normalize("NFC").replace(/[äöüß]/gi, "a"));
      clearTimeout(timer);
      close();
      start = typed ? before.length - typed[1].length - 1 : undefined;
      if (typed) timer = setTimeout(look, 250, before.slice(start + 1));
    });
    area.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (list.hidden) return;
      if (step) choose(at + step);
      else if (event.key === "Enter" && at >= 0) take(list.children[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    area.addEventListener("blur", close);
    list.addEventListener("mousedown", function (event) {
      event.preventDefault(); // the text keeps the focus
      if (event.target.closest("[data-mark]")) take(event.target.closest("[data-mark]"));
    });
  }
})();
