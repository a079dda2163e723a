// The editor of the Werkstatt: toolbar, keeping what is typed, jumps to lines. Its form works without this file.
(function () {
  "use strict";
  var form = document.getElementById("editor");
  if (!form) return;
  var body = form.elements.body;
  var bar = form.querySelector("[role=toolbar]");
  var state = form.querySelector("[data-state]");
  var offer = form.querySelector("[data-offer]");
  var fixed = ["csrf_token", "window", "sequence", "base_revision", "adopted", "view"];

  // ---------- Inserting, so that Ctrl+Z takes it back ----------
  function put(text, start, end) {
    body.focus();
    body.setSelectionRange(start, end);
    if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
    body.setRangeText(text, start, end, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function around(mark, other) {
    var start = body.selectionStart;
    var end = body.selectionEnd;
    var text = body.value;
    var chosen = text.slice(start, end);
    if (text.slice(0, start).endsWith(mark) && text.slice(end).startsWith(other)) {
      put(chosen, start - mark.length, end + other.length);
      body.setSelectionRange(start - mark.length, end - mark.length);
      return;
    }
    put(mark + chosen + other, start, end);
    body.setSelectionRange(start + mark.length, end + mark.length);
  }
  function lines(mark) {
    var text = body.value;
    var start = text.lastIndexOf("\n", body.selectionStart - 1) + 1;
    var end = text.indexOf("\n", body.selectionEnd);
    var old = text.slice(start, end < 0 ? text.length : end).split("\n");
    var kind = mark === "## " ? /^#{1,6} / : /^(?:[-*+]|\d+\.) /;
    var has = mark === "1. " ? /^\d+\. / : mark === "- " ? /^- / : /^## /;
    var on = old.every(function (row) {
      return has.test(row);
    });
    var fresh = old
      .map(function (row, i) {
        return (on ? "" : mark === "1. " ? i + 1 + ". " : mark) + row.replace(kind, "");
      })
      .join("\n");
    put(fresh, start, start + old.join("\n").length);
    if (old.length > 1) body.setSelectionRange(start, start + fresh.length);
  }
  // A block stands between empty lines.
  function block(text) {
    var start = body.selectionStart;
    var end = body.selectionEnd;
    var before = /\n*$/.exec(body.value.slice(0, start))[0].length;
    var after = /^\n*/.exec(body.value.slice(end))[0].length;
    var lead = start === before ? "" : "\n\n".slice(Math.min(before, 2));
    put(lead + text.trim() + "\n\n".slice(Math.min(after, 2)), start, end);
  }
  body.addEventListener("einfuegen", function (event) {
    var text = event.detail.text;
    if (event.detail.alone || /\n/.test(text.trim())) block(text);
    else put(text, body.selectionStart, body.selectionEnd);
  });

  // ---------- Toolbar: one tab stop, arrow keys inside ----------
  var marks = {
    bold: ["**", "**"],
    italic: ["_", "_"],
    link: ["[", "](https://)"],
  };
  var prefixes = { heading: "## ", ul: "- ", ol: "1. " };
  function write(name) {
    if (marks[name]) around(marks[name][0], marks[name][1]);
    else lines(prefixes[name]);
  }
  var stops = bar ? Array.from(bar.querySelectorAll("a, button")) : [];
  function settle(at) {
    stops.forEach(function (stop, i) {
      stop.tabIndex = i === at ? 0 : -1;
    });
  }
  if (bar) {
    settle(0);
    bar.addEventListener("keydown", function (event) {
      var at = stops.indexOf(event.target);
      var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      to = (to + stops.length) % stops.length;
      settle(to);
      stops[to].focus();
    });
    bar.addEventListener("click", function (event) {
      var button = event.target.closest("[data-md]");
      if (stops.includes(event.target.closest("a, button"))) settle(stops.indexOf(event.target.closest("a, button")));
      if (button) write(button.dataset.md);
    });
  }
  form.addEventListener("keydown", function (event) {
    var name = { b: "bold", i: "italic", k: "link" }[event.key];
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key === "s") form.requestSubmit(form.querySelector("[value=speichern]"));
    else if (name && event.target === body) write(name);
    else return;
    event.preventDefault();
  });

  // ---------- Lines: counted in the file, whose front matter stands in other fields ----------
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-line], a[href^='#zeile-']");
    if (!link) return;
    event.preventDefault();
    toLine(link.dataset.line || link.hash.slice(7));
  });
  function toLine(line) {
    form.elements.view[0].checked = true;
    var rows = body.value.split("\n");
    var at = line - body.dataset.first;
    if (at < 0) return form.elements.title.focus();
    at = Math.min(at, rows.length - 1);
    var start = rows.slice(0, at).join("\n").length + (at ? 1 : 0);
    body.focus();
    body.setSelectionRange(start, start + rows[at].length);
    body.scrollTop = height(rows.slice(0, at).join("\n")) - body.clientHeight / 3;
  }
  if (/^#zeile-\d+$/.test(location.hash)) toLine(location.hash.slice(7)); // from the page of a review
  // How high a part of the text is, long lines wrapped: measured in a field like this one.
  function height(text) {
    var twin = body.cloneNode();
    twin.removeAttribute("id");
    twin.removeAttribute("name");
    twin.className = "sc-md sc-md--twin";
    twin.value = text;
    body.after(twin);
    var found = twin.scrollHeight;
    twin.remove();
    return found;
  }

  // ---------- Keeping what is typed ----------
  var prefix = "entwurf:" + form.dataset.person + "/" + form.dataset.key + "#";
  var mine = prefix + form.elements.window.value;
  var copies = []; // of other windows, taken over
  var base = fields(); // as the page came
  var held = base; // what the server has
  var first, timer, busy, failures, stopped, leaving;

  function fields() {
    return JSON.stringify(
      Array.from(new FormData(form)).filter(function (pair) {
        return !fixed.includes(pair[0]);
      })
    );
  }
  function fill(text) {
    JSON.parse(text).forEach(function (pair) {
      var element = form.elements[pair[0]];
      if (element && element.value !== pair[1]) element.value = pair[1];
    });
  }
  function store(text) {
    var copy = { at: Date.now(), base: form.elements.base_revision.value, fields: text };
    try {
      localStorage.setItem(mine, JSON.stringify(copy));
      return true;
    } catch (_full) {
      return false;
    }
  }
  function unstore() {
    try {
      [mine].concat(copies).forEach(function (name) {
        localStorage.removeItem(name);
      });
    } catch (_forbidden) {
      // Nothing is kept there.
    }
    copies = [];
  }
  function stored() {
    try {
      return mine in localStorage;
    } catch (_forbidden) {
      return false;
    }
  }
  // Live regions speak whenever their words change: the time stands outside.
  function say(name, time) {
    var words = state.dataset[name];
    if (state.textContent !== words) state.textContent = words;
    state.nextElementSibling.textContent = time || "";
    state.parentNode.dataset.now = name;
  }
  function changed() {
    var text = fields();
    if (text === held) {
      unstore();
      return;
    }
    store(text);
    if (!failures && !stopped) say("open", state.nextElementSibling.textContent);
    if (!first) first = Date.now();
    plan();
  }
  // One second after the last key, and while somebody types every two and a half.
  function plan() {
    if (busy || stopped || leaving || (failures && timer)) return;
    clearTimeout(timer);
    var wait = failures ? Math.min(500 * 2 ** failures, 5000) : Math.min(1000, first + 2500 - Date.now());
    timer = setTimeout(keep, Math.max(wait, 0));
  }
  function keep() {
    var text = fields();
    var data = new FormData(form);
    if (busy || (text === held && !failures)) return Promise.resolve(busy ? "" : "kept");
    clearTimeout(timer);
    timer = 0;
    busy = true;
    first = 0;
    form.elements.sequence.value++;
    data.set("sequence", form.elements.sequence.value);
    return fetch(form.dataset.keep, {
      method: "POST",
      body: new URLSearchParams(data),
      redirect: "manual",
      signal: AbortSignal.timeout(8000),
    })
      .then(function (answer) {
        if (answer.status >= 500 || answer.status === 429) throw answer;
        if (answer.ok) return answer.text().then(done.bind(null, text));
        stopped = true; // signed out, or refused: saving will say why
        say(answer.status ? "refused" : "signedout");
        return "refused";
      })
      .catch(function () {
        failures = (failures || 0) + 1;
        say(stored() ? "offline" : "lost");
        return "offline";
      })
      .then(function (outcome) {
        busy = false;
        if (fields() !== held) plan();
        return outcome;
      });
  }
  function done(text, time) {
    failures = 0;
    held = text;
    if (fields() === text) {
      unstore();
      say("kept", time);
    }
    return "kept";
  }

  form.addEventListener("input", function (event) {
    if (event.target.name !== "view") changed();
  });
  window.addEventListener("online", function () {
    if (failures) keep();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && fields() !== held && !stopped) keep();
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && fields() !== held && !stored()) event.preventDefault();
  });

  // The server has the text before the page is left: without a connection nothing is left at all.
  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (leaving || (button && button.value === "verwerfen")) {
      leaving = true;
      clearTimeout(timer);
      if (button && button.value === "verwerfen") unstore();
      return;
    }
    event.preventDefault();
    (function attempt() {
      if (busy) return setTimeout(attempt, 50);
      if (stopped) return go("refused");
      return keep().then(go);
    })();
    function go(outcome) {
      if (outcome === "offline" || outcome === "") return;
      leaving = true;
      try {
        sessionStorage.setItem(prefix, [body.selectionStart, body.selectionEnd, body.scrollTop, scrollY].join(" "));
      } catch (_forbidden) {
        // The page begins at its top.
      }
      setTimeout(function () {
        form.requestSubmit(button); // not within the event, which would swallow it
      });
    }
  });

  // After saving, writing goes on where it was.
  (function () {
    var place = null;
    try {
      place = sessionStorage.getItem(prefix);
      sessionStorage.removeItem(prefix);
    } catch (_forbidden) {
      return;
    }
    if (!place || document.querySelector("[autofocus]")) return;
    place = place.split(" ").map(Number);
    body.focus({ preventScroll: true });
    body.setSelectionRange(place[0], place[1]);
    body.scrollTop = place[2];
    scrollTo(0, place[3]);
  })();

  // A text that only this device has, from a window that is gone: newer than what the server keeps.
  (function () {
    var found = [];
    try {
      found = Object.keys(localStorage)
        .filter(function (name) {
          return name.startsWith(prefix);
        })
        .map(function (name) {
          return Object.assign({ name: name }, JSON.parse(localStorage[name]));
        });
    } catch (_forbidden) {
      return;
    }
    found.sort(function (one, other) {
      return other.at - one.at;
    });
    var copy = found.find(function (each) {
      if (each.fields === base) localStorage.removeItem(each.name);
      return each.fields !== base && each.at > form.dataset.since;
    });
    if (!copy) return;
    copies = [copy.name];
    form.elements.base_revision.value = copy.base;
    fill(copy.fields);
    offer.hidden = false;
    offer.querySelector("time").textContent = new Date(copy.at).toLocaleTimeString("de-DE", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/Berlin",
    });
    body.dispatchEvent(new Event("input", { bubbles: true }));
  })();

  // ---------- Preview ----------
  // Only a drawn preview takes the place of the old one; a busy server is asked again later.
  function guard(event) {
    var context = event.detail.ctx || { response: event.detail.xhr };
    if (event.target !== body || !context.response) return;
    var status = context.response.status;
    var raw = context.response.raw;
    if (status === 200 && !(raw && raw.redirected)) return;
    event.preventDefault();
    if (status !== 429) return;
    setTimeout(function () {
      body.dispatchEvent(new Event("vorschau"));
    }, 5000);
  }
  document.addEventListener("htmx:before:response", guard);
  document.addEventListener("htmx:beforeSwap", guard);
  // Not while somebody has chosen text in it.
  document.addEventListener("htmx:before:request", function (event) {
    var chosen = getSelection();
    var view = document.getElementById("vorschau");
    if (event.target === body && !chosen.isCollapsed && view && view.contains(chosen.anchorNode)) event.preventDefault();
  });
})();
