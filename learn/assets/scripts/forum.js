// Writing in the forum: drafts, and names after an @. Forms work without this file.
(function () {
  "use strict";
  var store = localStorage;
  var month = Date.now() - 30 * 86400000;

  Object.keys(store).forEach(function (name) {
    if (name.startsWith("entwurf:") && !(JSON.parse(store[name]).at > month)) store.removeItem(name);
  });

  document.querySelectorAll("[data-draft]").forEach(function (form) {
    var areas = Array.from(form.querySelectorAll("textarea"));
    var file = form.elements.picture;
    if (!file) return;
    keepDraft(form, areas);
    if (form.dataset.names) areas.forEach(offerNames);
    file.addEventListener("change", function () {
      var large = file.files[0] && file.files[0].size > 10485760;
      file.setCustomValidity(large ? file.dataset.large : "");
      file.reportValidity();
    });
  });

  // Saved two seconds after the last key; the browser has a copy.
  function keepDraft(form, areas) {
    var said = form.querySelector("[data-saved]");
    var offer = form.querySelector("[data-copy]");
    var number = form.elements.sequence;
    var name = "entwurf:" + form.dataset.person + form.dataset.draft;
    var copy = JSON.parse(store[name] || "{}");
    var timer, busy, over;

    function missing(area) {
      var text = copy.texts[area.name];
      return text && text !== area.value;
    }
    function wait() {
      clearTimeout(timer);
      if (!over) timer = setTimeout(busy ? wait : save, 2000);
    }
    function save() {
      var data = new FormData(form);
      data.delete("picture");
      busy = true;
      number.value++; // what is sent next is newer
      fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(data), redirect: "manual" })
        .then(function (answer) {
          var late = answer.status === 409; // another window was faster, and stays ahead
          over = late || !answer.status; // or signed out
          if (late) number.value--;
          return answer.ok || late ? answer.text() : "";
        })
        .then(function (words) {
          said.innerHTML = words;
        })
        .catch(function () {})
        .then(function () {
          busy = false;
        });
    }
    form.addEventListener("input", function (event) {
      var texts = {};
      if (event.target.name.startsWith("picture")) return;
      areas.forEach(function (area) {
        texts[area.name] = area.value;
      });
      wait();
      store[name] = JSON.stringify({ at: Date.now(), sequence: number.value, texts: texts });
    });
    form.addEventListener("submit", function () {
      clearTimeout(timer);
      delete store[name];
    });
    if (!(copy.sequence - number.value >= 0) || !areas.some(missing)) return;
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", function () {
      areas.filter(missing).forEach(function (area) {
        area.value = copy.texts[area.name];
      });
      offer.hidden = true;
      areas[0].focus();
      wait();
    });
  }

  function offerNames(area) {
    var list = document.createElement("ul");
    var timer, start, at;
    list.className = "sc-names";
    list.id = area.id + "-namen";
    list.role = "listbox";
    list.ariaLabel = "Namen";
    list.hidden = true;
    area.after(list);
    area.ariaAutoComplete = "list";
    area.setAttribute("aria-controls", list.id);

    function close() {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    }
    function choose(index) {
      var options = Array.from(list.children);
      at = (index + options.length) % options.length;
      options.forEach(function (option, i) {
        option.ariaSelected = i === at;
      });
      area.setAttribute("aria-activedescendant", options[at].id);
    }
    function take(option) {
      area.setRangeText(option.dataset.mark + " ", start, area.selectionStart, "end");
      close();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function look(typed) {
      fetch(area.form.dataset.names + "?q=" + encodeURIComponent(typed))
        .then(function (answer) {
          return answer.ok ? answer.text() : "";
        })
        .then(function (options) {
          list.innerHTML = options;
          at = -1;
          list.hidden = !list.children.length || start === null;
        });
    }
    area.addEventListener("input", function () {
      var typed = /(^|[\s(])@(\p{L}[^\n@[\]]{1,40})$/u.exec(area.value.slice(0, area.selectionStart));
      clearTimeout(timer);
      close();
      start = typed && typed.index + typed[1].length;
      if (typed) timer = setTimeout(look, 250, typed[2]);
    });
    area.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (list.hidden) return;
      if (step) choose(at < 0 && step < 0 ? -1 : at + step);
      else if (event.key === "Enter" && at >= 0) take(list.children[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    area.addEventListener("blur", close);
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      take(event.target.closest("li"));
    });
  }
})();
